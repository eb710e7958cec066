import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WireRoom } from '../../../src/api/protocol.ts';
import type { RoomView } from '../../../src/client/view.ts';
import type { AuthorId, RoomId } from '../../../src/core/ids.ts';
import { roomList, waiting } from './room-list.ts';

function room(id: string, name: string, rest: Partial<WireRoom> = {}, counts: Partial<RoomView> = {}): [RoomId, RoomView] {
  const kind = id[0] === '#' ? 'public' : id[0] === '!' ? 'private' : 'direct';
  const wire = { id: id as RoomId, kind, name, topic: '', description: '', archived: false, slowSeconds: 0, retentionSeconds: 0 } as const;
  const view = { timeline: [], isWhole: true, isLoading: false, unread: 0, mentions: 0, firstUnread: null, typing: [], members: [] };
  return [id as RoomId, { room: { ...wire, joined: true, power: 1, members: 1, ...rest }, ...view, ...counts }];
}

describe('the rooms at the side', () => {
  const eve = 'ee' as AuthorId;
  const rooms = new Map([
    room('#zoo', '#zoo', {}, { unread: 3, mentions: 1 }),
    room('!a1', 'backstage'),
    room('#Den', '#Den', {}, { unread: 2 }),
    room('#left', '#left', { joined: false }),
    room('@1', 'mia', {}, { unread: 1, mentions: 1 }),
    room('@2', 'eve', { with: eve }),
  ]);

  it('[WB4] stand in an order that does not move: rooms by name, then people; not those one has left, nor people one does not want to see', () => {
    const list = roomList({ rooms, muted: new Set(), blocked: new Set([eve]) });
    assert.deepEqual(
      list.rooms.map(({ name }) => name),
      ['backstage', 'Den', 'zoo'],
    );
    assert.deepEqual(
      list.direct.map(({ name }) => name),
      ['mia'],
    );
  });

  it('[WB4] what waits is counted, but for rooms that are to be quiet', () => {
    assert.deepEqual(waiting(roomList({ rooms, muted: new Set(), blocked: new Set() })), { unread: 6, mentions: 2 });
    assert.deepEqual(waiting(roomList({ rooms, muted: new Set(['#zoo' as RoomId]), blocked: new Set() })), { unread: 3, mentions: 1 });
  });
});

/** Where one's own latest messages are: how many of them each node holds. Pure. */

import type { RoomView } from '../../../src/client/view.ts';
import type { AuthorId, MessageId, NodeId, RoomId } from '../../../src/core/ids.ts';

/** One's own latest messages that nodes have taken, by room, at most `most`. */
export function ownLatest(rooms: ReadonlyMap<RoomId, RoomView>, me: AuthorId | null, most: number): Map<RoomId, MessageId[]> {
  const all = [...rooms.values()].flatMap(({ room, timeline }) =>
    timeline
      .filter(({ author, delivery, removed }) => author === me && !removed && (delivery === undefined || delivery.state === 'held'))
      .map(({ id, atMs }) => ({ room: room.id, id, atMs })),
  );
  all.sort((one, other) => other.atMs - one.atMs);
  const byRoom = new Map<RoomId, MessageId[]>();
  for (const { room, id } of all.slice(0, most)) byRoom.set(room, [...(byRoom.get(room) ?? []), id]);
  return byRoom;
}

export interface Copies {
  /** Of how many messages it is known who holds them. */
  readonly messages: number;
  readonly byNode: ReadonlyMap<NodeId, number>;
  /** On how many nodes the one is that is on the fewest. */
  readonly least: number;
}

export function copiesOf(holders: readonly (readonly NodeId[])[]): Copies {
  const byNode = new Map<NodeId, number>();
  for (const node of holders.flat()) byNode.set(node, (byNode.get(node) ?? 0) + 1);
  return { messages: holders.length, byNode, least: holders.length === 0 ? 0 : Math.min(...holders.map(({ length }) => length)) };
}

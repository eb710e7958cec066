import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apiScene } from '../../../test/people/api-scene.ts';
import type { WireMessage } from '../../api/protocol.ts';
import type { MessageId, RoomId } from '../../core/ids.ts';
import type { ApiClient } from './testing/client.ts';

const ROOM = '#square' as RoomId;
const textsOf = (messages: readonly { text: string | null }[]): (string | null)[] => messages.map(({ text }) => text);
const posting =
  (by: ApiClient, room: RoomId) =>
  async (text: string): Promise<MessageId> =>
    (await by.ask<'post'>({ do: 'post', to: { room }, style: 'text', text })).id;
const refusedOf = async (by: ApiClient, request: object): Promise<string | null> => {
  const reply = await by.reply(request as never);
  return reply.type === 'refused' ? reply.refused.type : null;
};

/** Somebody in a room of their own (its owner), and a stranger. */
async function scene() {
  const { client, bot, url } = await apiScene();
  const ann = await client();
  const { token } = await bot('ann');
  await ann.ask<'token'>({ do: 'token', name: 'ann', token });
  const stranger = await client('eve');
  const { room } = await ann.ask<'make private room'>({ do: 'make private room', name: 'den' });
  await ann.ask<'join'>({ do: 'join', room: ROOM });
  await stranger.ask<'join'>({ do: 'join', room: ROOM });
  return { ann, stranger, den: room.id, url, token };
}

describe('what hangs on messages, over the API', () => {
  it('[AP20] what is pinned in a room is told, newest pin first, with who pinned it; of a room that is not for the asker nothing', async () => {
    const { ann, stranger, den, url, token } = await scene();
    for (const room of [ROOM, den]) {
      const post = posting(ann, room);
      for (const target of [await post('one'), await post('two'), await post('three')])
        await ann.ask<'pin'>({ do: 'pin', room, target, on: true });
    }
    const first = await ann.ask<'pins'>({ do: 'pins', room: den, limit: 2 });
    assert.deepEqual(
      first.pins.map(({ message, byName }) => [message.text, message.pinned, byName]),
      [
        ['three', true, 'ann'],
        ['two', true, 'ann'],
      ],
    );
    const rest = await ann.ask<'pins'>({ do: 'pins', room: den, before: first.next!, limit: 2 });
    assert.deepEqual([textsOf(rest.pins.map(({ message }) => message)), rest.next], [['one'], null]);
    assert.equal((await stranger.ask<'pins'>({ do: 'pins', room: ROOM, limit: 9 })).pins.length, 3);
    assert.equal(await refusedOf(stranger, { do: 'pins', room: den, limit: 9 }), 'no such room');
    const rest2 = await fetch(`${url}/api/v1/rooms/square/pins?limit=2`, { headers: { authorization: `Bearer ${token}` } });
    const page = (await rest2.json()) as { pins: { message: WireMessage }[]; next: string };
    assert.deepEqual(textsOf(page.pins.map(({ message }) => message)), ['three', 'two']);
    const more = await fetch(`${url}/api/v1/rooms/square/pins?before=${page.next}`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(((await more.json()) as { pins: unknown[] }).pins.length, 1);
  });

  it('[AP21] what a message said before its edits is told with times, to whoever may read the room, and nothing of what was removed', async () => {
    const { ann, stranger, den, url, token } = await scene();
    const id = await posting(ann, den)('teh');
    for (const text of ['the', 'the cat']) await ann.ask<'edit'>({ do: 'edit', room: den, target: id, text });
    const { texts, more } = await ann.ask<'edits'>({ do: 'edits', room: den, id, limit: 10 });
    assert.deepEqual([textsOf(texts), more], [['teh', 'the', 'the cat'], false]);
    assert.ok(texts.every(({ atMs, style }, i) => style === 'text' && atMs >= (texts[i - 1]?.atMs ?? 1_600_000_000_000)));
    const last = await ann.ask<'edits'>({ do: 'edits', room: den, id, limit: 1 });
    assert.deepEqual([textsOf(last.texts), last.more], [['the cat'], true]);
    const before = await ann.ask<'edits'>({ do: 'edits', room: den, id, before: last.texts[0]!.place, limit: 9 });
    assert.deepEqual(textsOf(before.texts), ['teh', 'the']);
    for (const room of [den, ROOM]) assert.equal(await refusedOf(stranger, { do: 'edits', room, id, limit: 9 }), 'no such message');
    const path = `${url}/api/v1/rooms/${encodeURIComponent(den)}/messages/${id}/edits`;
    const rest = await fetch(path, { headers: { authorization: `Bearer ${token}` } });
    assert.deepEqual(textsOf(((await rest.json()) as { texts: { text: string }[] }).texts), ['teh', 'the', 'the cat']);
    await ann.ask<'remove'>({ do: 'remove', room: den, target: id, reason: '' });
    assert.deepEqual((await ann.ask<'edits'>({ do: 'edits', room: den, id, limit: 9 })).texts, []);
  });

  it('[AP21] of somebody whom the asker blocks no former text is told, and no pin', async () => {
    const { ann, stranger } = await scene();
    const id = await posting(stranger, ROOM)('rude');
    await ann.ask<'pin'>({ do: 'pin', room: ROOM, target: id, on: true });
    const { person } = await ann.ask<'person'>({ do: 'person', name: 'eve' });
    await ann.ask<'prefer'>({ do: 'prefer', person: person!.author, on: true });
    assert.equal(await refusedOf(ann, { do: 'edits', room: ROOM, id, limit: 9 }), 'no such message');
    assert.deepEqual((await ann.ask<'pins'>({ do: 'pins', room: ROOM, limit: 9 })).pins, []);
  });

  it('[AP22] which nodes hold a message is told for messages of rooms that the asker may read, and for no others', async () => {
    const { ann, stranger, den, url, token } = await scene();
    const [mine, open] = [await posting(ann, den)('mine'), await posting(ann, ROOM)('open')];
    const self = ann.hello.node.id;
    const { holders } = await ann.ask<'holders'>({ do: 'holders', room: den, ids: [mine, open] });
    assert.deepEqual(holders, { [mine]: [self] });
    assert.equal(await refusedOf(stranger, { do: 'holders', room: den, ids: [mine] }), 'no such room');
    assert.deepEqual((await stranger.ask<'holders'>({ do: 'holders', room: ROOM, ids: [mine, open] })).holders, { [open]: [self] });
    assert.equal(await refusedOf(ann, { do: 'holders', room: den, ids: Array.from({ length: 51 }, () => mine) }), 'bad request');
    const rest = await fetch(`${url}/api/v1/rooms/square/messages/${open}/holders`, { headers: { authorization: `Bearer ${token}` } });
    assert.deepEqual(((await rest.json()) as { holders: object }).holders, { [open]: [self] });
  });

  it('[AP23] pages go forward from a place or a time as they go back, and say whether there is more', async () => {
    const { ann, stranger, den, url, token } = await scene();
    for (const text of ['0', '1', '2', '3', '4', '5']) {
      await posting(ann, ROOM)(text);
      // So that no two share a millisecond.
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const { messages } = await ann.ask<'page'>({ do: 'page', room: ROOM, limit: 9 });
    const page = async (at: object, limit = 2) => {
      const found = await ann.ask<'page'>({ do: 'page', room: ROOM, limit, ...at });
      return [textsOf(found.messages), found.more];
    };
    assert.deepEqual(await page({ after: messages[1]!.place }), [['2', '3'], true]);
    assert.deepEqual(await page({ after: messages[3]!.place }), [['4', '5'], false]);
    assert.deepEqual(await page({ after: messages[5]!.place }), [[], false]);
    const { atMs } = messages[3]!;
    assert.deepEqual(await page({ before: { atMs } }), [['1', '2'], true]);
    assert.deepEqual(await page({ after: { atMs } }), [['4', '5'], false]);
    // A jump to a date: what was before it, and from it on.
    assert.deepEqual(await page({ after: { atMs: atMs - 1 } }, 1), [['3'], true]);
    assert.deepEqual(await page({ after: { atMs: 0 } }, 1), [['0'], true]);
    assert.equal(await refusedOf(ann, { do: 'page', room: ROOM, before: { atMs }, after: { atMs }, limit: 1 }), 'bad request');
    assert.equal(await refusedOf(stranger, { do: 'page', room: den, after: { atMs: 0 }, limit: 1 }), 'no such room');
    const rest = await fetch(`${url}/api/v1/rooms/square/messages?afterMs=${atMs - 1}&limit=2`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.deepEqual(textsOf(((await rest.json()) as { messages: WireMessage[] }).messages), ['3', '4']);
    const [, link] = /<([^>]+)>; rel="next"/.exec(rest.headers.get('link')!)!;
    const next = await fetch(url + link!, { headers: { authorization: `Bearer ${token}` } });
    assert.deepEqual(textsOf(((await next.json()) as { messages: WireMessage[] }).messages), ['5']);
  });
});

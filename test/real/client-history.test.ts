/** A long history in one room of a real node, scrolled back to its first message, through the client library. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MILLION, writeHistory } from '../../bench/scale-log.ts';
import { connect } from '../../src/client/index.ts';
import type { RoomId } from '../../src/core/ids.ts';
import { NodeGroup, until } from '../../src/demo/processes.ts';

const ROOM = '#long' as RoomId;
const MESSAGES = 20_000;
const READY_MS = 120_000;

describe('a long history', () => {
  it('[CB13] 20,000 messages are scrolled wholly back: each once, in order, page by page, while others talk', {
    timeout: 300_000,
  }, async (t) => {
    const group = new NodeGroup();
    t.after(() => group.remove());
    const node = group.add('ash', { floods: 'off' });
    await node.start([], [], READY_MS);
    await node.kill('SIGTERM');
    const say = (no: number, said: { guest: number }) => ({ guest: said.guest, room: ROOM, text: `n${no}` });
    writeHistory(node.directory, { ...MILLION, messages: MESSAGES, incarnations: 4, rooms: 1, say });
    await node.start([], [], READY_MS);
    const [reader, talker] = await Promise.all(
      ['reader', 'talker'].map(async (guest) => {
        const client = await connect({ urls: [node.http], as: { guest } });
        t.after(() => client.close());
        await client.ready;
        await client.join(ROOM);
        return client;
      }),
    );
    const shown = () => reader!.view.rooms.get(ROOM)?.timeline ?? [];
    await until('the end of the room is there', () => shown().length > 0, READY_MS);
    // Whoever looks at a room keeps all of it.
    reader!.open(ROOM);
    let [pages, live] = [0, 0];
    for (let more = true; more; pages++) {
      const before = shown();
      more = await reader!.older(ROOM);
      const after = shown();
      const old = after.filter(({ text }) => text!.startsWith('n'));
      const first = Number(old[0]!.text!.slice(1));
      assert.equal(old.length, MESSAGES - first, 'from the first that shows on, none is missing and none is twice');
      assert.ok(after.length > before.length || !more, 'each page brings something');
      if (pages % 20 === 0) await talker!.post(ROOM, `live ${live++}`);
    }
    assert.equal(reader!.view.rooms.get(ROOM)!.isWhole, true);
    await until('what was said meanwhile is there', () => shown().length === MESSAGES + live, READY_MS);
    const texts = [...Array.from({ length: MESSAGES }, (_, no) => `n${no}`), ...Array.from({ length: live }, (_, no) => `live ${no}`)];
    assert.deepEqual(
      shown().map(({ text }) => text),
      texts,
    );
    assert.equal(new Set(shown().map(({ id }) => id)).size, MESSAGES + live);
    t.diagnostic(`${pages} pages`);
  });
});

/** Bits that flip in a node's database: nothing but what was written is ever served, and peers make up for what is gone. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type NodeProcess, until, untilEqual } from '../../src/demo/processes.ts';
import { seededRandom } from '../../src/lib/prng.ts';
import { askNode } from '../../src/node/control.ts';
import { controlPath } from '../../src/node/directory.ts';
import { canonicalExport, exportsAtOneVector, inRoom, Scene, SEED, settled } from './faults.ts';
import { rawClient } from './raw-client.ts';

const FLIPS = 200;
const MESSAGES = 900;
/** How long a node may take to start anew with what is mended, on a busy machine, and how often it is asked meanwhile. */
const ANEW_MS = 30_000;
const PAUSE_MS = 200;

/** Flips bits anywhere in the database of a node that is stopped. */
function flipBits(node: NodeProcess, flips: number, seed: number): void {
  const random = seededRandom(seed);
  const file = join(node.directory, 'log.db');
  const bytes = readFileSync(file);
  for (let i = 0; i < flips; i++) bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
  writeFileSync(file, bytes);
}

/** Every text of the room that the node serves as history; one that starts anew meanwhile is asked again. */
async function served(node: NodeProcess, scene: Scene): Promise<string[]> {
  for (const began = performance.now(); ; await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))) {
    try {
      return await pages(node, scene);
    } catch (error) {
      if (performance.now() - began > ANEW_MS) throw new Error(`${(error as Error).message}; ${node.log}`);
    }
  }
}

let readers = 0;

/** Page by page from the newest on. */
async function pages(node: NodeProcess, scene: Scene): Promise<string[]> {
  const client = await rawClient(node, scene, `reader${++readers}`);
  const texts: string[] = [];
  let anchor = '*';
  for (let page = 0; ; page++) {
    const from = client.lines.length;
    client.say(page === 0 ? 'CHATHISTORY LATEST #r * 100' : `CHATHISTORY BEFORE #r msgid=${anchor} 100`);
    await until(
      'the page is there',
      () => client.lines.slice(from).some((line) => /^(@\S+ )?:\S+ BATCH :?-|FAIL CHATHISTORY/.test(line)),
      5000,
    );
    const found = client.lines.slice(from).flatMap((line) => {
      const match = /msgid=([0-9a-f]{64}).* PRIVMSG #r :(?:\[\d\d:\d\d\] )?(.*)/.exec(line);
      return match ? [{ id: match[1]!, text: match[2]! }] : [];
    });
    if (found.length === 0) return texts;
    texts.push(...found.map(({ text }) => text));
    anchor = found[0]!.id;
  }
}

describe('damage', () => {
  for (const round of [0, 1, 2]) {
    const seed = SEED + round;
    it(`[RP20, ST12] a node with ${FLIPS} flipped bits serves only what was written, is mended by its peers, and ends alike (seed ${seed})`, async (t) => {
      const scene = new Scene(t);
      const group = scene.group();
      const nodes = await group.network(['a', 'b', 'c']);
      const people = await scene.peopleAt(nodes);
      await inRoom(people);
      const talk = scene.talk(people, 2);
      await until('there is talk', () => people.every(({ echoed }) => echoed >= MESSAGES / people.length), 60_000);
      talk.end();
      await settled(people);
      for (const { client } of people) client.end();
      const [a, b, c] = nodes as [NodeProcess, NodeProcess, NodeProcess];
      const written = new Set((await canonicalExport(a)).split('\n').flatMap((line) => /"text":"([^"]*)","to"/.exec(line)?.[1] ?? []));
      assert.ok(written.size >= MESSAGES);
      await c.kill('SIGTERM');
      flipBits(c, FLIPS, seed);
      await c.start();
      const texts = await served(c, scene);
      assert.deepEqual(
        texts.filter((text) => !written.has(text)),
        [],
      );
      await untilWhole(c);
      const [state] = await untilEqual([a, b, c], 30_000);
      assert.ok(state!.state.messages >= MESSAGES);
      assert.equal(new Set(await exportsAtOneVector([a, c])).size, 1);
      assert.deepEqual([...new Set(await served(c, scene))].length, written.size);
    });
  }
});

/** Waits until `verify` finds the whole log as it was; a node that starts anew meanwhile is asked again. */
async function untilWhole(node: NodeProcess): Promise<void> {
  let last = '';
  const isWhole = async (): Promise<boolean> => {
    const found = (await askNode(controlPath(node.directory), { command: 'verify' }).catch(String)) as
      | { damaged: number; corrupt: string | null }
      | string;
    last = JSON.stringify(found);
    return typeof found !== 'string' && found.damaged === 0 && found.corrupt === null;
  };
  await until('verify finds nothing', isWhole, 60_000).catch(async (error: Error) => {
    const told = await node.status().then(({ links, vector, warnings }) => ({ links, vector, warnings }), String);
    throw new Error(`${error.message}; at last it found ${last}; ${JSON.stringify(told)}; ${node.log}`);
  });
}

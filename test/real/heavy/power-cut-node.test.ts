/** Power cuts of a whole node with clients, from the first start in an empty folder on: the disk is made again as a cut may have left it, and the node started on it. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { type NodeProcess, until } from '../../../src/demo/processes.ts';
import { seededRandom } from '../../../src/lib/prng.ts';
import { ModelDisk } from '../disk-model.ts';
import { exportedTexts, Scene, SEED } from '../faults.ts';
import { type DiskStep, readTrace, recording, traceless } from '../trace.ts';

const POINTS = Number(process.env['SKEIN_NODE_POINTS'] ?? 40);
const ECHO = /PRIVMSG #r :([^\r]*)\r\n/g;

/** What clients were told so far. */
class Word {
  readonly echoed = new Set<string>();
  ready = false;

  hear(step: DiskStep): void {
    if (step.type !== 'said') return;
    const text = Buffer.from(step.bytes).toString('latin1');
    if (text.startsWith('ready ')) this.ready = true;
    for (const [, echo] of text.matchAll(ECHO)) this.echoed.add(echo!);
  }
}

async function traceOf(node: NodeProcess, trace: string): Promise<DiskStep[]> {
  const { pid } = node;
  await node.kill('SIGKILL');
  await until('the trace is whole', () => readFileSync(trace, 'latin1').slice(-4000).includes(`${pid} +++`), 60_000);
  return readTrace(trace, node.directory);
}

describe('power cuts of a node, replayed from a trace', { skip: traceless() }, () => {
  it(`[RP12] at ${POINTS} points of its life it starts again as who it was, with everything that was echoed`, async (t) => {
    const scene = new Scene(t);
    const group = scene.group();
    const a = group.add('a');
    const trace = join(group.folder, 'trace');
    await a.start([], recording(trace));
    const { network } = await a.status();
    const people = await scene.peopleAt([a, a]);
    const talk = scene.talk(people, 5);
    await until('there is talk', () => people.every(({ echoed }) => echoed >= 150));
    talk.end();
    for (const { client } of people) client.end();
    const steps = await traceOf(a, trace);
    const sent = new Set(people.flatMap(({ client }) => client.sent.map(({ text }) => text)));
    const firstEcho = steps.findIndex((step) => step.type === 'said' && Buffer.from(step.bytes).includes('PRIVMSG #r'));
    t.diagnostic(`seed ${SEED}; ${steps.length} steps, ${firstEcho} of them before the first echo`);
    const random = seededRandom(SEED);
    const points = Array.from({ length: POINTS }, (_, i) =>
      i % 3 === 0 ? random.below(firstEcho) : firstEcho + random.below(steps.length - firstEcho),
    ).sort((x, y) => x - y);
    const disk = new ModelDisk();
    const word = new Word();
    let done = 0;
    for (const point of points) {
      for (; done < point; done++) {
        disk.apply(steps[done]!);
        word.hear(steps[done]!);
      }
      const copy = group.add('a');
      for (const [path, bytes] of disk.cut(random)) writeFileSync(join(copy.directory, basename(path)), bytes, { mode: 0o600 });
      await copy.start().catch((error: Error) => {
        throw new Error(`seed ${SEED}, step ${point}, ready ${word.ready}: ${error.message}`);
      });
      assert.ok(!copy.log.includes('set aside'), `seed ${SEED}, step ${point}: ${copy.log}`);
      if (word.ready) assert.equal((await copy.status()).network.id, network.id, `seed ${SEED}, step ${point}`);
      const texts = await exportedTexts(copy);
      assert.deepEqual([...word.echoed].filter((text) => texts.get(text) !== 1).slice(0, 5), [], `seed ${SEED}, step ${point}`);
      assert.deepEqual([...texts].filter(([text, times]) => times !== 1 || !sent.has(text)).slice(0, 5), [], `seed ${SEED}, step ${point}`);
      await copy.kill('SIGKILL');
    }
    t.diagnostic(`${word.echoed.size} echoed before the last cut`);
    assert.ok(word.echoed.size > 0);
  });
});

/** Clocks that are wrong, drift and jump while people talk: nodes as processes, each with a clock of its own (shifted-clock.ts). */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type NodeProcess, until, untilEqual } from '../../src/demo/processes.ts';
import { exportedTimes, exportsAtOneVector, inRoom, judged, type Person, Scene, untilLinked } from './faults.ts';

const HOUR_MS = 3_600_000;
/** Clocks that are less apart are let be (sync/limits.ts), and a clock that was that far ahead is waited for. */
const APART_MS = 5000;
/** Between saying something and its time, at most, beside that: a busy machine. */
const LATE_MS = 2000;

const LOADED = `--import ${new URL('./shifted-clock.ts', import.meta.url).href}`;

/** A node with a clock of its own. */
interface Wrong {
  readonly node: NodeProcess;
  set(shiftMs: number, drift?: number): void;
}

/** A network of nodes whose clocks are off by so much from their start on. */
async function networkWith(scene: Scene, shifts: Readonly<Record<string, number>>): Promise<Map<string, Wrong>> {
  const group = scene.group();
  const made = new Map<string, Wrong>();
  let first: NodeProcess | null = null;
  for (const [name, shiftMs] of Object.entries(shifts)) {
    const node = group.add(name);
    const file = join(node.directory, 'clock');
    const set = (ms: number, drift = 0): void => writeFileSync(file, `${ms} ${drift}`);
    set(shiftMs);
    const wrap = ['env', `NODE_OPTIONS=${LOADED}`, `SKEIN_CLOCK=${file}`];
    await node.start(first ? ['--join', await first.invite()] : [], wrap);
    first ??= node;
    made.set(name, { node, set });
  }
  return made;
}

/** Waits until the node’s status warns of its clocks in these words; of nothing, without any. */
async function untilWarned({ node }: Wrong, words: RegExp | null): Promise<void> {
  let said: string[] = [];
  const isSaid = async (): Promise<boolean> => {
    said = (await node.status()).warnings.filter((warning) => warning.includes('clock'));
    return words ? said.some((warning) => words.test(warning)) : said.length === 0;
  };
  await until(`${node.name} warns of ${words ?? 'nothing'}`, isSaid, 30_000).catch((error: Error) => {
    throw new Error(`${error.message}; it said: ${said.join('; ')}`);
  });
}

async function untilSaid(people: readonly Person[], more: number): Promise<void> {
  const before = people.map(({ echoed }) => echoed);
  await until(`everybody says ${more} more`, () => people.every(({ echoed }, i) => echoed >= before[i]! + more));
}

/** What somebody said stands after all that they had been shown before, in the history of each. */
function orderFaults(people: readonly Person[]): string[] {
  const place = new Map(people[0]!.client.history.map(({ text }, i) => [text, i]));
  return people.flatMap((person) => {
    const shown = [...person.shownMs].sort(([, a], [, b]) => a - b);
    let [i, last] = [0, -1];
    return [...person.postedMs].flatMap(([text, ms]) => {
      for (; i < shown.length && shown[i]![1] < ms; i++) last = Math.max(last, place.get(shown[i]![0])!);
      return place.get(text)! > last ? [] : [`‘${text}’ stands before what its author had been shown`];
    });
  });
}

/** Messages whose time is not when they were said. */
async function timeFaults(node: NodeProcess, people: readonly Person[]): Promise<string[]> {
  const times = await exportedTimes(node);
  return people
    .flatMap(({ postedMs }) => [...postedMs])
    .flatMap(([text, ms]) => {
      const off = times.get(text)! - (performance.timeOrigin + ms);
      return Math.abs(off) <= APART_MS + LATE_MS ? [] : [`‘${text}’ is ${Math.round(off / 1000)} s off`];
    });
}

async function wholeAndInOrder(nodes: readonly NodeProcess[], people: readonly Person[]): Promise<void> {
  await judged(people);
  assert.deepEqual(orderFaults(people).slice(0, 5), []);
  assert.deepEqual((await timeFaults(nodes[0]!, people)).slice(0, 5), []);
  await untilEqual(nodes);
  assert.equal(new Set(await exportsAtOneVector(nodes)).size, 1);
}

describe('faults of clocks', () => {
  it('[RP22, CK1] clocks an hour off, one that jumps and one that drifts: people are told, times are right, nothing is lost or out of order', async (t) => {
    const scene = new Scene(t);
    const made = await networkWith(scene, { a: 0, b: HOUR_MS, c: -HOUR_MS, d: 0, e: 0 });
    const all = [...made.values()];
    const [a, b, c, d, e] = all as [Wrong, Wrong, Wrong, Wrong, Wrong];
    const nodes = all.map(({ node }) => node);
    await untilLinked(nodes, { a: 'bcde', b: 'acde', c: 'abde', d: 'abce', e: 'abcd' });
    await untilWarned(b, /^the clock of this machine is 60 minutes ahead of those of the other nodes: .* set it right$/);
    await untilWarned(c, /^the clock of this machine is 60 minutes behind those of the other nodes/);
    for (const right of [a, d, e]) {
      await untilWarned(right, /^the clock of .*b \(by 60 minutes\).* is wrong: set it right there$/);
      await untilWarned(right, /^the clock of .*c \(by 60 minutes\).* is wrong: set it right there$/);
    }
    const people = await scene.peopleAt(nodes);
    await inRoom(people);
    const talk = scene.talk(people, 10);
    await untilSaid(people, 40);
    b.set(0);
    c.set(0);
    for (const one of all) await untilWarned(one, null);
    await untilSaid(people, 10);
    d.set(2 * HOUR_MS);
    await untilWarned(d, /^the clock of this machine is 2 hours ahead of/);
    await untilSaid(people, 40);
    d.set(-2 * HOUR_MS);
    await untilWarned(d, /^the clock of this machine is 2 hours behind/);
    await untilSaid(people, 40);
    d.set(0);
    e.set(0, 0.5);
    await untilWarned(e, /^the clock of this machine is \d+ seconds ahead of/);
    await untilSaid(people, 40);
    e.set(0);
    for (const one of all) await untilWarned(one, null);
    await untilSaid(people, 10);
    talk.end();
    await wholeAndInOrder(nodes, people);
  });

  it('[RP22, CK2] of two clocks nobody knows which is wrong: both nodes say so, and nothing is lost or out of order', async (t) => {
    const scene = new Scene(t);
    const made = await networkWith(scene, { a: 0, b: -HOUR_MS });
    const [a, b] = [...made.values()] as [Wrong, Wrong];
    const nodes = [a.node, b.node];
    await untilWarned(a, /^the clocks of this node and of b are 60 minutes apart: set the one that is wrong right/);
    await untilWarned(b, /^the clocks of this node and of a are 60 minutes apart/);
    const people = await scene.peopleAt(nodes);
    const talk = scene.talk(people, 10);
    await untilSaid(people, 40);
    b.set(0);
    for (const one of [a, b]) await untilWarned(one, null);
    await untilSaid(people, 40);
    talk.end();
    await judged(people);
    assert.deepEqual(orderFaults(people).slice(0, 5), []);
    await untilEqual(nodes);
  });
});

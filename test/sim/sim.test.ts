import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Sabotage } from '../../src/node/engine.ts';
import { CHECKS, judge } from './checker.ts';
import { PINNED } from './pinned.ts';
import { FAULTS } from './plan.ts';
import type { Dump, RunRecord } from './record.ts';
import { runSeed, SABOTAGES } from './run.ts';

const FRESH = 60;
const SABOTAGE_SEEDS_MAX = 200;

const GOOD = { nodes: 3, clients: 3, push: true, unsafeMs: 3000, sabotage: null } as const;

function assertGreen(seed: number): ReturnType<typeof runSeed> {
  const result = runSeed({ seed });
  assert.deepEqual(result.violations.slice(0, 5), [], `seed ${seed}: npm run sim -- --seeds 1 --seed ${seed} --log full`);
  return result;
}

/** A change to every dump, as if all nodes had it. */
function changed(record: RunRecord, change: (messages: Dump['messages']) => Dump['messages']): RunRecord {
  return { ...record, dumps: record.dumps.map((dump) => ({ ...dump, messages: change(dump.messages) })) };
}

describe('simulator', () => {
  it('[SM1] three nodes and their clients converge', () => {
    const { violations, record } = runSeed({ seed: 1, plan: { ...GOOD, faults: ['client drop'] } });
    assert.deepEqual(violations, []);
    assert.ok(record.events.filter(({ type }) => type === 'ok').length > 10);
  });

  it('[SM2] fresh seeds are green, and every kind of fault was exercised', () => {
    const first = Math.floor(Math.random() * 1_000_000_000);
    const sometimes = new Map<string, number>();
    for (let seed = first; seed < first + FRESH; seed++) {
      for (const [name, times] of assertGreen(seed).counters) sometimes.set(name, (sometimes.get(name) ?? 0) + times);
    }
    const wanted = [
      ...FAULTS.map((fault) => `fault: ${fault}`),
      'behind',
      'resubmitted',
      'commit error, written',
      'commit error, not written',
    ];
    assert.deepEqual(
      wanted.filter((name) => !sometimes.has(name)),
      [],
    );
  });

  for (const [name, seed] of Object.entries(PINNED)) it(`[SM3] pinned: ${name}`, () => void assertGreen(seed));

  it('[SM4] the same seed gives the same trace', () => {
    for (const seed of [3, 4]) assert.equal(runSeed({ seed }).trace, runSeed({ seed }).trace);
  });

  it('[SM5] without pushing, comparison alone converges', () => {
    for (const seed of [11, 12]) assert.deepEqual(runSeed({ seed, plan: { push: false } }).violations.slice(0, 5), []);
  });

  for (const sabotage of SABOTAGES) it(`[SM6] the planted fault ${sabotage} is caught`, () => void seedThatCatches(sabotage));
});

function seedThatCatches(sabotage: keyof Sabotage): number {
  for (let seed = 1; seed <= SABOTAGE_SEEDS_MAX; seed++) if (runSeed({ seed, sabotage }).violations.length > 0) return seed;
  return assert.fail(`${sabotage} was not caught in ${SABOTAGE_SEEDS_MAX} seeds`);
}

describe('checker', () => {
  const { record } = runSeed({ seed: 2, plan: { ...GOOD, faults: ['client drop', 'kill'] } });
  const acknowledged = record.events.filter((event) => event.type === 'ok').map(({ id }) => id);
  const messages = record.dumps[0]!.messages;
  /** The place of the next acknowledged one by the same sender in the same room. */
  const next = (at: number): number =>
    messages.findIndex(
      ({ id, author, room }, i) => i > at && acknowledged.includes(id) && author === messages[at]!.author && room === messages[at]!.room,
    );
  const at = messages.findIndex(({ id }, i) => acknowledged.includes(id) && next(i) > 0);
  const some = messages[at]!.id;
  const flagged = (changedRecord: RunRecord): string[] => [...new Set(judge(changedRecord).map(({ check }) => check))];

  it('[SM7] finds nothing in a good history', () => assert.deepEqual(judge(record), []));

  it('[SM7] finds a message deleted everywhere, and at one node', () => {
    assert.ok(flagged(changed(record, (list) => list.filter(({ id }) => id !== some))).includes('no acknowledged loss'));
    const [first, ...rest] = record.dumps;
    const one = { ...record, dumps: [{ ...first!, messages: messages.filter(({ id }) => id !== some) }, ...rest] };
    assert.ok(flagged(one).includes('convergence'));
  });

  it('[SM7] finds one doubled', () => {
    assert.ok(flagged(changed(record, (list) => [...list.slice(0, at), list[at]!, ...list.slice(at)])).includes('no duplicate'));
  });

  it('[SM7] finds two of one sender swapped', () => {
    const swapped = (one: number, other: number): string[] =>
      flagged(changed(record, (list) => list.map((message, i) => list[i === one ? other : i === other ? one : i] ?? message)));
    const pairs = messages.flatMap(({ id }, i) => (acknowledged.includes(id) && next(i) > 0 ? [[i, next(i)] as const] : [])).slice(0, 12);
    const found = pairs.map(([one, other]) => swapped(one, other));
    assert.ok(pairs.length > 3 && found.every((checks) => checks.includes('sender order')), found.join('; '));
    assert.ok(
      found.some((checks) => checks.includes('causal order')),
      found.join('; '),
    );
  });

  it('[SM7] finds one altered, and one invented', () => {
    assert.ok(
      flagged(changed(record, (list) => list.map((message) => (message.id === some ? { ...message, text: 'other' } : message)))).includes(
        'no phantom',
      ),
    );
    const invented = { ...messages[at]!, id: some.replace(/^../, 'ff') as typeof some };
    assert.ok(flagged(changed(record, (list) => [...list, invented])).includes('no phantom'));
  });

  it('[SM7] finds dishonest and missing answers, vanished and missed messages, and slow healing', () => {
    const ok = record.events.findIndex((event) => event.type === 'ok' && event.id === some);
    const event = record.events[ok] as Extract<RunRecord['events'][number], { type: 'ok' }>;
    const withOk = (put: (typeof event)[]): RunRecord => ({ ...record, events: record.events.toSpliced(ok, 1, ...put) });
    assert.deepEqual(flagged(withOk([{ ...event, held: 3, holders: [0] }])), ['honest acks']);
    assert.deepEqual(flagged(withOk([])), ['availability']);
    const reads = record.events.map((one) => (one.type === 'read' ? { ...one, view: one.view.filter((id) => id !== some) } : one));
    assert.deepEqual(flagged({ ...record, events: reads }), ['never vanishes', 'misses nothing']);
    assert.deepEqual(flagged({ ...record, healedMs: 2500 }), ['healing time']);
    assert.deepEqual(flagged({ ...record, reference: record.reference.slice(1) }), ['convergence']);
    assert.equal(Object.keys(CHECKS).length, 11);
  });
});

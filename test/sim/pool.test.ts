import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FEED_KIND } from '../../src/core/feed.ts';
import type { MessageId } from '../../src/core/ids.ts';
import { seededRandom } from '../../src/lib/prng.ts';
import { FeedWriter, suite } from '../fixture/writer.ts';
import { Disk } from './disk.ts';
import { runTask, runTasks } from './pool.ts';
import type { Result } from './run.ts';
import { Tally, WANTED } from './tally.ts';
import { Timeline } from './timeline.ts';

function disk(): { disk: Disk; timeline: Timeline } {
  const timeline = new Timeline();
  return { disk: new Disk(timeline, seededRandom(1), suite, null), timeline };
}

/** The result of a run in which all this happened. */
function resultOf(names: readonly string[], sendMs: readonly number[], sends: number, hostile = 0): Result {
  const { counters: _, ...nothing } = runTask({ seed: 1, plan: { nodes: 2, clients: 1, unsafeMs: 300, hostile: 0, faults: ['kill'] } });
  return { ...nothing, counters: new Map(names.map((name) => [name, 1])), sendMs, sends, hostile };
}

function faultsOf(runs: number, ...results: readonly Result[]): string[] {
  const tally = new Tally();
  for (let i = 0; i < runs; i++) for (const result of results) tally.add(result);
  return tally.faults();
}

describe('the simulator’s machinery', () => {
  it('[SM2] what was never exercised, sends that end badly and slow neighbours of the hostile fail many runs', () => {
    const good = resultOf(WANTED, [1], 1);
    assert.deepEqual(faultsOf(300, good), []);
    assert.deepEqual(faultsOf(300, resultOf(WANTED.slice(1), [1], 1)), [`never exercised: ${WANTED[0]}`]);
    assert.deepEqual(faultsOf(299, resultOf([], [1], 1)), []);
    assert.deepEqual(faultsOf(300, resultOf(WANTED, [1], 2)), ['of 600 sends only 300 ended well']);
    assert.equal(faultsOf(500, good, resultOf(WANTED, [2], 1, 1)).length, 0);
    assert.equal(faultsOf(500, good, resultOf(WANTED, [3], 1, 1)).length, 1);
  });

  it('[SM11] results come in the order of the seeds', async () => {
    const tasks = [5, 6, 7, 8].map((seed) => ({ seed, plan: { unsafeMs: 500 } }));
    const gather = async (jobs: number): Promise<string[]> => {
      const traces: string[] = [];
      for await (const { seed, trace } of runTasks(tasks, jobs)) traces.push(`${seed} ${trace}`);
      return traces;
    };
    const [one, three] = [await gather(1), await gather(3)];
    assert.deepEqual(one, three);
    assert.equal(new Set(one).size, tasks.length);
  });

  it('[SM10] damaged entries are never handed out as good', () => {
    const writer = new FeedWriter(1);
    const { disk: one, timeline } = disk();
    const entries = [writer.arrive(), writer.post(['a']), writer.post(['b']), writer.post(['c'])];
    one.commit({ id: 1, entries }, () => undefined);
    timeline.runUntil(10);
    const { feed } = writer.info(FEED_KIND.content);
    assert.deepEqual(one.read(feed, 0, 1e6), { entries: entries.slice(1), damaged: null });
    one.damage(entries[2]!);
    assert.deepEqual(one.read(feed, 0, 1e6), { entries: [entries[1]], damaged: entries[2] });
    assert.deepEqual(one.read(feed, 1, 1e6), { entries: [], damaged: entries[2] });
    assert.deepEqual(one.read(feed, 2, 1e6), { entries: [entries[3]], damaged: null });
  });

  it('[SM10] a disk that is rolled back says which messages are gone, until they come back', () => {
    const writer = new FeedWriter(1);
    const { disk: one, timeline } = disk();
    const entries = [writer.arrive(), writer.post(['a']), writer.post(['b'])];
    const id = ({ heads: [head] }: (typeof entries)[number]): MessageId => (head!.client + head!.author) as MessageId;
    one.commit({ id: 1, entries }, () => undefined);
    timeline.runUntil(10);
    assert.deepEqual(one.rollBack(2), [id(entries[2]!)]);
    assert.deepEqual([...one.gone], [id(entries[2]!)]);
    assert.equal(one.goneVector.get(entries[2]!.feed), 2);
    assert.deepEqual(one.read(entries[2]!.feed, 0, 1e6).entries, [entries[1]]);
    one.commit({ id: 2, entries: [entries[2]!] }, () => undefined);
    timeline.runUntil(20);
    assert.equal(one.gone.size, 0);
  });

  it('[SM10] a batch at the disk when the machine dies is there or not, and a lost tail is not', () => {
    for (const tail of ['either', 'lost'] as const) {
      const lengths = new Set<number>();
      for (let i = 0; i < 20; i++) {
        const one = new Disk(new Timeline(), seededRandom(i), suite, null);
        one.commit({ id: 1, entries: [new FeedWriter(1).arrive()] }, () => assert.fail('it is dead'));
        assert.equal(one.crash(tail, true).underWay, true);
        lengths.add(one.store.log.length);
      }
      assert.deepEqual([...lengths].sort(), tail === 'either' ? [0, 1] : [0]);
    }
  });
});

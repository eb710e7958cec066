import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { HLC_PER_MS } from '../../src/core/hlc.ts';
import type { Answer } from '../../src/core/port.ts';
import { EPOCH_MS } from './clock.ts';
import { GOLDEN_SEED, PINNED } from './pinned.ts';
import { runTasks } from './pool.ts';
import { runSeed } from './run.ts';
import { shrink, smaller } from './shrink.ts';
import { EXERCISED_SEEDS_MIN, Tally } from './tally.ts';
import { World, type WorldOptions } from './world.ts';

const GOLDEN = join(import.meta.dirname, 'golden.txt');

function assertGreen(options: WorldOptions): void {
  const { violations } = runSeed(options);
  assert.deepEqual(violations.slice(0, 5), [], `npm run sim -- --seeds 1 --seed ${options.seed} --log full`);
}

describe('simulator', () => {
  it('[SM1] three nodes and their clients converge', () => {
    const plan = { nodes: 3, clients: 3, push: true, unsafeMs: 3000, faults: ['client drop'], hostile: 0 } as const;
    const { violations, record } = runSeed({ seed: 1, plan });
    assert.deepEqual(violations, []);
    assert.ok(record.events.filter(({ type }) => type === 'ok').length > 10);
  });

  it('[SM2] fresh seeds are green, and every kind of fault, of hostile act and of law was exercised', async () => {
    const first = Math.floor(Math.random() * 1_000_000_000);
    const tasks = Array.from({ length: EXERCISED_SEEDS_MIN }, (_, i) => ({ seed: first + i }));
    const tally = new Tally();
    for await (const { seed, violations, ...result } of runTasks(tasks, availableParallelism())) {
      assert.deepEqual(violations.slice(0, 5), [], `npm run sim -- --seeds 1 --seed ${seed} --log full`);
      tally.add({ seed, violations, ...result });
    }
    assert.deepEqual(tally.faults(), [], `seeds from ${first} on`);
  });

  for (const [name, pinned] of Object.entries(PINNED)) it(`[SM3] pinned: ${name}`, () => assertGreen(pinned));

  it('[SM4] the same seed gives the same trace', () => {
    for (const seed of [3, 4]) assert.equal(runSeed({ seed }).trace, runSeed({ seed }).trace);
  });

  it('[FK1, FO11] a member that writes two histories is convicted, and all honest nodes end alike', () => {
    const plan = { nodes: 4, faults: ['client drop'], hostile: 1, acts: ['equivocate'], fullUpTo: 16 } as const;
    for (const seed of [1, 2, 3, 5, 6, 7, 8, 9]) {
      const { violations, counters } = runSeed({ seed, plan });
      assert.deepEqual(violations.slice(0, 5), [], `seed ${seed}`);
      assert.ok([...counters].some(([name]) => name === 'act: equivocate'));
    }
  });

  it('[P6] what a member claims to have said in a year drags nobody’s words along', () => {
    const plan = { nodes: 4, faults: ['client drop', 'kill'], hostile: 1, acts: ['a year ahead'], fullUpTo: 16 } as const;
    const world = new World({ seed: 1, plan });
    world.run();
    const latest = (EPOCH_MS + world.timeline.nowMs + 2 * 3_600_000) * HLC_PER_MS;
    const honest = new Set(world.honest().map(({ node }) => node));
    const entries = world.honest().flatMap(({ disk }) => disk.store.log);
    const { infos } = world.honest().find(({ engine }) => engine)!.engine!.replica.log;
    const theirs = entries.filter(({ feed }) => honest.has(infos.get(feed)!.node));
    assert.ok(entries.some(({ hlc }) => hlc > latest) && theirs.length > 100);
    assert.deepEqual(theirs.flatMap(({ heads }) => heads.filter(({ after }) => after > latest)).slice(0, 3), []);
  });

  it('[WH1, WH2, WH4] clients are told who types, and of nobody who does not, also where a member says so', () => {
    const plan = {
      nodes: 4,
      clients: 4,
      types: true,
      faults: ['client drop', 'kill'],
      hostile: 1,
      acts: ['whisper for others'],
      fullUpTo: 16,
    } as const;
    for (const seed of [1, 2, 3]) {
      const { violations, counters } = runSeed({ seed, plan });
      assert.deepEqual(violations.slice(0, 5), [], `seed ${seed}`);
      assert.ok(counters.has('somebody was told of typing') && counters.has('act: whisper for others'));
    }
  });

  it('[BU2] a member that floods is named by every honest peer, until it is over; nobody else is', () => {
    const plan = {
      nodes: 4,
      clients: 2,
      tight: true,
      faults: ['client drop'],
      hostile: 1,
      acts: ['flood'],
      fullUpTo: 16,
      citizens: 0,
    } as const;
    for (const seed of [1, 2, 3]) {
      const world = new World({ seed, plan });
      const { events } = world.run();
      const named = new Set(events.flatMap((event) => (event.type === 'named' && !event.isHonest ? [event.machine] : [])));
      const honest = world.servers().map(({ index }) => index);
      assert.deepEqual([...named].sort(), honest, `seed ${seed}`);
      assert.ok(events.every((event) => event.type !== 'named' || !event.isHonest));
      world.timeline.runUntil(world.timeline.nowMs + 20_000);
      for (const { warnings } of world.servers())
        assert.deepEqual(
          [...warnings.keys()].filter((about) => about.startsWith('flood')),
          [],
        );
    }
  });

  it('[SM5] without pushing, comparison alone converges', () => {
    for (const seed of [11, 12]) assertGreen({ seed, plan: { push: false } });
  });

  it('[SM8] one seed has the trace that is written down, on every version of Node', () => {
    const { trace } = runSeed({ seed: GOLDEN_SEED });
    if (process.env.GOLDEN === 'write') writeFileSync(GOLDEN, `${trace}\n`);
    const renew =
      'after a change to the product or the simulator: GOLDEN=write node --test test/sim/sim.test.ts; without one, the run depends on the platform';
    assert.equal(trace, readFileSync(GOLDEN, 'utf8').trim(), renew);
  });

  it('[MS7] a newcomer that nobody has let in takes no commands', () => {
    const world = new World({ seed: 1, plan: { nodes: 2, clients: 1, unsafeMs: 500, faults: ['client drop'], hostile: 0 } });
    world.run();
    for (const { index } of world.machines) world.network.block(world.machines.length, index);
    const newcomer = world.join()!;
    const answers: string[] = [];
    const door = {
      answer: (_session: number, _token: number, answer: Answer) =>
        void answers.push(answer.type === 'refused' ? answer.refusal.type : answer.type),
      notices: () => undefined,
      ended: () => undefined,
      flush: () => undefined,
    };
    const session = newcomer.session(door)!;
    newcomer.command(session.no, session.process, 1, { type: 'open', name: 'early' });
    world.timeline.runUntil(world.timeline.nowMs + 100);
    assert.deepEqual(answers, ['not stored']);
    world.network.unblockAll();
    world.timeline.runUntil(world.timeline.nowMs + 3000);
    newcomer.command(session.no, session.process, 2, { type: 'open', name: 'early' });
    world.timeline.runUntil(world.timeline.nowMs + 100);
    assert.deepEqual(answers, ['not stored', 'opened']);
  });

  it('[SM9] a red run is made smaller', () => {
    const red = shrink(1, { faults: ['client drop', 'kill', 'pause'] }, 'ackBeforeCommit', () => undefined);
    assert.ok(red && red.plan.faults.length === 1 && red.plan.clients === 1, JSON.stringify(red));
    for (const plan of smaller(red.plan)) assert.ok(plan.unsafeMs <= red.plan.unsafeMs && plan.nodes <= red.plan.nodes);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canonicalHead, canonicalMessage } from '../../src/core/canonical.ts';
import { type Folder, makeFolder } from '../../src/core/fold.ts';
import { type LawOp, UNCOVERED } from '../../src/core/law/body.ts';
import { KIND } from '../../src/core/op.ts';
import { seededRandom } from '../../src/lib/prng.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { type History, makeHistory, shuffled } from './history.ts';
import { referenceExport } from './reference.ts';
import { simSuite } from './suite.ts';

const SEEDS = Number(process.env['HISTORIES'] ?? 150);
const FIRST = Number(process.env['HISTORY'] ?? 1);

/** What sets the dice of histories that are all law apart. */
const LAWFUL = 0xc4ec;

/** 7067: what rests on a grant that a ban withheld, and was written after the ban expired, counts again when the ban is undone. */
const PINNED = [7067];

/** The lines of the export after the header, from a store that was looked at now and then, and given some things twice. */
function exported(store: MemoryStore): string[] {
  const messages = store.messages();
  const lines = [...canonicalHead(store.folder, new Map())].slice(1);
  return [...lines, ...messages.map((message) => canonicalMessage(store.folder.state, message))];
}

function same(history: History, seed: number, what: string, ours: readonly string[], theirs: readonly string[]): void {
  const at = theirs.findIndex((line, i) => line !== ours[i]);
  if (at < 0 && ours.length === theirs.length) return;
  assert.fail(`HISTORY=${seed}, ${what}, ${history.entries.length} entries:\n  fold      ${ours[at]}\n  reference ${theirs[at]}`);
}

/** All that a law was settled to. */
function settled({ law }: Folder): readonly string[] {
  const at = ({ id, place }: LawOp): string => `${id} ${place.seq}/${place.index}`;
  const ops = law.ops.map((op) => `${at(op)} ${op.rank} ${law.voidOf(op)} ${law.isUndone(op.id)} ${law.verdicts.cuts.has(op)}`);
  const tables = [...law.verdicts.tables()].map(([name, table]) => `${name}: ${table.ops.map(at)}`);
  return [...ops, ...tables.sort()];
}

describe('histories of all kinds', () => {
  it('[FO1, P5] any order of arrival, repeated, split or partial, folds to what the reference folds it to', () => {
    const fresh = Array.from({ length: SEEDS }, (_, i) => FIRST + i);
    for (const seed of [...PINNED, ...fresh]) {
      const random = seededRandom(seed);
      const suite = simSuite();
      const history = makeHistory(suite, random, 20 + random.below(100));
      const whole = referenceExport(history.entries, suite.verify);
      for (let n = 0; n < 3; n++) {
        const order = n === 0 ? history.entries : shuffled(history, random);
        const store = new MemoryStore(suite);
        const half = random.below(order.length) + 1;
        for (const [i, entry] of order.entries()) {
          store.append({ id: 1, entries: [entry] });
          if (random.below(5) === 0) store.messages();
          if (random.below(9) === 0 && store.messages()) for (const again of order.slice(0, i)) store.folder.fold(again);
          if (i + 1 === half)
            same(history, seed, `half of order ${n}`, exported(store), referenceExport(order.slice(0, half), suite.verify));
        }
        same(history, seed, `order ${n}`, exported(store), whole);
      }
    }
  });

  it('[FO1, FO6, FO16] law with many checkpoints and clocks that are days off, settled as it comes in any order, is settled as it would be anew, and as the reference has it', () => {
    const counts = { checkpoints: 0, notFirst: 0 };
    for (let seed = FIRST; seed < FIRST + SEEDS / 2; seed++) {
      const random = seededRandom(seed ^ LAWFUL);
      const suite = simSuite();
      const history = makeHistory(suite, random, 30 + random.below(70), true);
      const whole = referenceExport(history.entries, suite.verify);
      for (let n = 0; n < 3; n++) {
        const store = new MemoryStore(suite);
        const [asItComes, twin] = [makeFolder(suite), makeFolder(suite)];
        for (const entry of n === 0 ? history.entries : shuffled(history, random)) {
          store.append({ id: 1, entries: [entry] });
          asItComes.fold(entry);
          twin.fold(entry);
          twin.law.settle();
          assert.deepEqual(settled(asItComes), settled(twin), `HISTORY=${seed}, order ${n}`);
        }
        same(history, seed, `lawful, order ${n}`, exported(store), whole);
        if (n === 0)
          for (const { body, rank } of store.folder.law.ops) {
            if (body.law === 'checkpoint' && rank !== UNCOVERED) counts.checkpoints++;
            if (rank > 0 && rank !== UNCOVERED) counts.notFirst++;
          }
      }
    }
    assert.ok(counts.checkpoints > SEEDS / 4 && counts.notFirst > SEEDS, JSON.stringify(counts));
  });

  it('[FO2] every kind of op is in those histories, and is in force at times and void at times', () => {
    const shown = new Set<number>();
    const voided = new Map<number, Set<string>>();
    let refolds = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const suite = simSuite();
      const history = makeHistory(suite, seededRandom(seed), 120);
      const store = new MemoryStore(suite);
      for (const entry of shuffled(history, seededRandom(seed))) {
        const { changes, voids } = store.folder.fold(entry);
        if (changes.some(({ type }) => type === 'refolded')) refolds++;
        entry.heads.forEach(({ kind }, i) => {
          const why = voids.get(i);
          if (why === undefined) shown.add(kind);
          else voided.set(kind, (voided.get(kind) ?? new Set()).add(why));
        });
      }
    }
    const kinds = Object.values(KIND).filter((kind) => kind !== KIND.admit && kind !== KIND.invite);
    assert.deepEqual(
      kinds.filter((kind) => !shown.has(kind)),
      [],
    );
    const alwaysGood: number[] = [KIND.network];
    assert.deepEqual(
      kinds.filter((kind) => !alwaysGood.includes(kind) && !voided.has(kind)),
      [],
    );
    const reasons = new Set([...voided.values()].flatMap((whys) => [...whys]));
    for (const why of ['unknown kind', 'bad body', 'not granted', 'withheld', 'not allowed', 'muted', 'archived', 'no target'])
      assert.ok(reasons.has(why), why);
    assert.ok(refolds > 100, `${refolds}`);
  });
});

/** Nodes cover law by checkpoints: who does, when, and when not. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuthorId, RoomId } from '../../src/core/ids.ts';
import type { LawOp } from '../../src/core/law/body.ts';
import { CHECKPOINT_PACE } from '../../src/node/checkpoint-duty.ts';
import { type House, Town } from './town.ts';

const { afterMs, jitterMs, apartMs } = CHECKPOINT_PACE;
/** Within so long after law came it is covered, where none was covered just before; or at any time. */
const SOON_MS = 2 * afterMs + jitterMs;
const LATE_MS = SOON_MS + apartMs + jitterMs;
const DEN = '#den' as RoomId;

const checkpoints = ({ engine }: House): LawOp[] =>
  engine.law.ops.filter((op) => op.body.law === 'checkpoint' && engine.law.voidOf(op) === null);
const written = ({ engine }: House): number => engine.law.ops.filter(({ body }) => body.law === 'checkpoint').length;
const uncovered = ({ engine }: House): string[] => engine.law.uncovered().map(({ body }) => body.law);
const founder = ({ engine }: House): AuthorId | null => engine.law.verdicts.founder(DEN, null);

describe('checkpoints by duty', () => {
  it('[CH1] soon after law came that none covers, a node with an owner writes a checkpoint in their name, at least 15 s after the last', () => {
    const town = new Town(2, { checkpoints: 'owners' });
    const [a, b] = town.houses as [House, House];
    const ann = town.citizen(1, 'ann');
    town.pass(LATE_MS);
    assert.equal(written(a), 0, 'nobody owns the network');
    const olga = town.owner(0);
    town.pass(SOON_MS);
    assert.deepEqual(
      checkpoints(b).map(({ head }) => head.author),
      [olga.author],
    );
    assert.deepEqual(uncovered(b), []);
    ann.does({ type: 'join', room: DEN });
    town.pass(apartMs - SOON_MS);
    assert.deepEqual([written(a), uncovered(a)], [1, ['founded']]);
    town.pass(LATE_MS - apartMs + SOON_MS);
    assert.deepEqual([checkpoints(a).length, uncovered(a), uncovered(b)], [2, [], []]);
    assert.equal(a.engine.law.rank(checkpoints(a)[0]!.place.feed, checkpoints(a)[0]!.place.seq), 1, 'it covers the one before');
  });

  it('[CH2] of several nodes with owners one writes; nothing is written where nothing is new, and none answers another', () => {
    const town = new Town(4, { checkpoints: 'root' });
    const owners = [0, 1, 2, 3].map((at) => town.owner(at, `olga${at}`));
    town.pass(LATE_MS);
    const before = town.houses.map(({ engine }) => new Map(engine.replica.log.durable));
    const count = written(town.houses[0]!);
    town.pass(600_000);
    assert.deepEqual(
      town.houses.map(({ engine }) => new Map(engine.replica.log.durable)),
      before,
      'quiet',
    );
    let each = 0;
    for (const [i, owner] of owners.entries()) {
      owner.does({ type: 'join', room: `#room${i}` as RoomId });
      town.pass(LATE_MS);
      each = written(town.houses[0]!) - count;
    }
    assert.ok(each >= 4 && each <= 5, `${each} checkpoints for 4 things that happened`);
  });

  it('[CH3] where no owner is, the root key seals while it is beside the data; a session of an app password writes none', () => {
    const sealed = new Town(2, { checkpoints: 'root' });
    sealed.citizen(1, 'ann').does({ type: 'join', room: DEN });
    sealed.pass(LATE_MS);
    assert.deepEqual(
      checkpoints(sealed.houses[1]!).map(({ body }) => body.law === 'checkpoint' && body.sealed),
      [true],
    );
    const town = new Town(2, { checkpoints: 'owners' });
    const olga = town.owner(0);
    town.pass(LATE_MS);
    const count = written(town.houses[0]!);
    const { add, signer } = olga.appPassword(town.signer('olga'), 'skein-secret');
    olga.does(add);
    const bot = town.houses[1]!.visit();
    bot.does(bot.login(olga.author, signer));
    olga.ask({ type: 'close', reason: '' });
    town.settle();
    bot.does({ type: 'join', room: DEN });
    town.pass(2 * LATE_MS);
    assert.deepEqual([written(town.houses[0]!), uncovered(town.houses[0]!)], [count, ['founded']]);
  });

  it('[CH4] of two sides of a split each covers what it holds; what was claimed on both goes to whose checkpoint is first, also with a clock of before', () => {
    const town = new Town(4, { checkpoints: 'owners' });
    const olga = town.owner(0);
    const [ann, bob] = [town.citizen(1, 'ann'), town.citizen(2, 'bob')];
    town.pass(LATE_MS);
    town.divide(2);
    // Bob is first, on the side without an owner.
    bob.does({ type: 'join', room: DEN });
    town.pass(1000);
    ann.does({ type: 'join', room: DEN });
    town.pass(LATE_MS);
    assert.deepEqual([founder(town.houses[0]!), founder(town.houses[3]!)], [ann.author, bob.author]);
    town.heal();
    for (const house of town.houses) assert.equal(founder(house), ann.author);
    town.pass(LATE_MS);
    for (const house of town.houses) assert.deepEqual([founder(house), uncovered(house)], [ann.author, []]);
    assert.equal(olga.house, town.houses[0]);
  });

  it('[CH5] a checkpoint that turned out void is not written again', () => {
    const town = new Town(2, { checkpoints: 'owners' });
    const olga = town.owner(0);
    const zoe = town.citizen(1, 'zoe');
    town.crown(zoe.author, 'owner');
    town.pass(LATE_MS);
    town.divide(1);
    olga.does({ type: 'role', room: '', person: zoe.author, role: 'none' });
    zoe.does({ type: 'join', room: DEN });
    town.pass(LATE_MS);
    const each = town.houses.map(written);
    olga.does({ type: 'ban', room: '', person: zoe.author, forMs: 0, reason: '' });
    town.settle();
    town.heal();
    town.pass(2 * LATE_MS);
    const count = written(town.houses[0]!);
    town.pass(600_000);
    assert.equal(written(town.houses[0]!), count);
    assert.ok(count <= each[0]! + each[1]! + 1, `${each} ${count}`);
    assert.deepEqual(
      uncovered(town.houses[0]!).filter((law) => law !== 'founded'),
      [],
    );
  });
});

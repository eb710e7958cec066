/** A member that lies (lying-node.ts): what it writes is held by everybody and shows to nobody. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type NodeProcess, until, untilEqual } from '../../src/demo/processes.ts';
import { account, type Caller, enter, enterAs, joinRoom, register } from './caller.ts';
import { exportedTexts, Scene } from './faults.ts';
import { lie, startLying } from './lying-node.ts';

const LONG_MS = 60_000;
const [HERS, HIS] = ['brass-kettle-under-rain', 'seven-quiet-lanterns'] as const;

interface Party {
  readonly honest: readonly [NodeProcess, NodeProcess];
  readonly liar: NodeProcess;
  /** Owns the network, at a. */
  readonly olga: Caller;
  /** Made the room, at b. */
  readonly ann: Caller;
}

/** Two honest nodes with people, and one that lies. */
async function party(scene: Scene): Promise<Party> {
  const group = scene.group();
  const [a, b] = (await group.network(['a', 'b'], { registration: 'open' })) as [NodeProcess, NodeProcess];
  const liar = group.add('liar');
  await startLying(liar, ['--join', await a.invite()]);
  await account(a, [HERS], 'create', 'olga', '--role', 'owner');
  const olga = await enterAs(scene, a, 'olga', HERS);
  const ann = await register(scene, b, 'ann', HERS);
  for (const one of [ann, olga]) await joinRoom(one, '#den');
  await untilEqual([a, b, liar], LONG_MS);
  return { honest: [a, b], liar, olga, ann };
}

/** Waits until both honest nodes hold more entries than before, and the same. */
async function untilHeld(honest: readonly NodeProcess[], lying: () => Promise<string>): Promise<string> {
  const [before] = await untilEqual(honest, LONG_MS);
  const told = await lying();
  await until('the honest nodes hold it', async () => (await honest[0]!.status()).state.entries > before!.state.entries, LONG_MS);
  await untilEqual(honest, LONG_MS);
  return told;
}

/** All that people at a node can see of a room: live, in its pages, in the export. */
async function seen(scene: Scene, node: NodeProcess, callers: readonly Caller[]): Promise<string> {
  const reader = await enter(scene, node, { nick: `reader${Math.floor(Math.random() * 1e6)}` });
  await reader.ask('CHATHISTORY LATEST #den * 100', / BATCH :?-| FAIL /);
  await reader.ask('NAMES #den', / 366 /);
  await reader.ask('WHOIS ann', / 318 /);
  const texts = [...(await exportedTexts(node)).keys()];
  await reader.leave();
  return [...reader.lines, ...callers.flatMap(({ lines }) => lines), ...texts].join('\n');
}

/** Waits until a checkpoint covers all law that both honest nodes know; how long that took since, in ms. */
async function untilCovered(honest: readonly NodeProcess[], sinceMs: number): Promise<number> {
  const isCovered = async (node: NodeProcess): Promise<boolean> => (await node.status()).law.uncovered === 0;
  await until('a checkpoint covers the law', async () => (await isCovered(honest[0]!)) && isCovered(honest[1]!), LONG_MS);
  return Date.now() - sinceMs;
}

/** 15 s between two checkpoints, up to three more, and up to six after law came; the rest is for a machine that is busy with other things. */
const COVERED_MS = 24_000 + 10_000;

describe('a node that lies', () => {
  it('[RP38, P4, P12] shows no message by somebody who never granted it, and nothing of somebody banned whose client goes on', async (t) => {
    const scene = new Scene(t);
    const { honest, liar, olga, ann } = await party(scene);
    const bob = await register(scene, liar, 'bob', HIS);
    await joinRoom(bob, '#den');
    await bob.post('#den', 'true words of bob');
    await untilEqual([...honest, liar], LONG_MS);
    await lie(liar, 'keep', { name: 'bob' });
    t.diagnostic(await untilHeld(honest, () => lie(liar, 'forge', { name: 'ann', room: '#den', text: 'never said' })));
    t.diagnostic(await untilHeld(honest, () => lie(liar, 'write', { name: 'bob', room: '#den', text: 'while he may' })));
    await until('what a session grants does show', () => olga.texts().includes('while he may'), LONG_MS);
    await olga.ask('KLINE bob :sold spoons', /bob is banned/);
    await untilEqual([...honest, liar], LONG_MS);
    for (const [command, fields] of [
      ['write', { text: 'after the ban, written' }],
      ['go on', { text: 'after the ban, backdated' }],
      ['undo', {}],
      ['write', { text: 'after the undo, written' }],
    ] as const)
      t.diagnostic(await untilHeld(honest, () => lie(liar, command, { name: 'bob', room: '#den', ...fields })));
    for (const node of honest) {
      const all = await seen(scene, node, [olga, ann]);
      assert.match(all, /true words of bob/);
      assert.match(all, /while he may/);
      assert.doesNotMatch(all, /never said|after the ban|after the undo/, node.name);
      const out = await enterAs(scene, node, 'bob', HIS);
      assert.ok(
        out.lines.some((line) => / 904 .*sold spoons/.test(line)),
        'the ban is in force',
      );
    }
  });

  it('[RP39, CH1] takes no name of an account or guest, and [RP40] no room and no role in it, by clocks of before: a checkpoint was there within seconds', async (t) => {
    const scene = new Scene(t);
    const { honest, liar, olga, ann } = await party(scene);
    const since = Date.now();
    const guest = await enter(scene, honest[1], { nick: 'gus' });
    await joinRoom(guest, '#den');
    await joinRoom(ann, '#annex');
    await untilEqual([...honest, liar], LONG_MS);
    const tookMs = await untilCovered(honest, since);
    t.diagnostic(`covered after ${tookMs} ms`);
    assert.ok(tookMs < COVERED_MS, `covered after ${tookMs} ms`);
    for (const [command, fields] of [
      ['take name', { name: 'ann', room: '#den' }],
      ['take nick', { name: 'gus', room: '#den' }],
      ['take role', { name: 'ann', room: '#den' }],
      ['take role', { name: 'ann', room: '#annex' }],
    ] as const)
      t.diagnostic(await untilHeld(honest, () => lie(liar, command, fields)));
    // The checkpoint that covers the lies is behind the one that covers the truth.
    await untilCovered(honest, Date.now());
    await ann.ask('TOPIC #annex :still hers', / TOPIC #annex :still hers/);
    await ann.ask('MODE #annex', / 324 /);
    await ann.post('#den', 'heard in den');
    await ann.post('#annex', 'heard in the annex');
    assert.ok(![...ann.lines, ...guest.lines].some((line) => / NICK /.test(line)), 'nobody was given another name');
    for (const node of honest) {
      const again = await enterAs(scene, node, 'ann', HERS);
      assert.ok(
        again.lines.some((line) => / 900 .* ann /.test(line)),
        'it is her account that has the name',
      );
      await again.ask('NAMES #annex', / 366 /);
      assert.match(again.lines.findLast((line) => / 353 .*#annex /.test(line))!, /~ann\b/, 'she owns it');
      await again.leave();
      const all = await seen(scene, node, [olga, ann, guest]);
      assert.match(all, /heard in den/);
      // A topic is anybody's word who is in the room.
      assert.doesNotMatch(all, / (KICK|MODE) .*(by a liar|m:ann|\+[qob] mallory)/, node.name);
    }
  });
});

/** Moderation over IRC with real nodes: what is said at one node holds at the others. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type NodeProcess, until, untilEqual } from '../../src/demo/processes.ts';
import { account, type Caller, enterAs, joinRoom, nickOf, register } from './caller.ts';
import { Scene } from './faults.ts';

const LONG_MS = 60_000;
/** Within this time a ban has ended sessions, in ms. */
const ENDED_MS = 5000;
const [HERS, HIS] = ['brass-kettle-under-rain', 'seven-quiet-lanterns'] as const;

describe('moderation', () => {
  /** Olga, who owns the network, at the first node; bob at the second; both in the room. */
  async function party(scene: Scene): Promise<{ nodes: [NodeProcess, NodeProcess]; olga: Caller; bob: Caller }> {
    const nodes = (await scene.group().network(['a', 'b'], { registration: 'open' })) as [NodeProcess, NodeProcess];
    await account(nodes[0], [HERS], 'create', 'olga', '--role', 'owner');
    const olga = await enterAs(scene, nodes[0], 'olga', HERS);
    const bob = await register(scene, nodes[1], 'bob', HIS);
    for (const one of [olga, bob]) await joinRoom(one, '#den');
    await untilEqual(nodes, LONG_MS);
    return { nodes, olga, bob };
  }

  it('[RP36] a ban made at one node ends sessions at another within 5 s, with its reason; taken back, they are let in again', async (t) => {
    const scene = new Scene(t);
    const { nodes, olga, bob } = await party(scene);
    const guest = await register(scene, nodes[1], 'gus', HIS);
    await guest.ask('KLINE bob :for fun', /NOT_ALLOWED/);
    const begunMs = performance.now();
    await olga.ask('KLINE bob :sold spoons', /bob is banned/);
    await until('his session ended', () => bob.isClosed, LONG_MS);
    const tookMs = performance.now() - begunMs;
    t.diagnostic(`the session at the other node had ended ${tookMs.toFixed()} ms after the ban was asked for`);
    assert.ok(tookMs < ENDED_MS);
    assert.match(bob.lines.at(-1)!, /^ERROR .*banned.*sold spoons/);
    for (const node of nodes) {
      const out = await enterAs(scene, node, 'bob', HIS);
      assert.ok(
        out.lines.some((line) => / 904 .*sold spoons/.test(line)),
        out.lines.join('\n'),
      );
    }
    await olga.ask('UNKLINE bob', /banned no more/);
    await untilEqual(nodes, LONG_MS);
    const back = await enterAs(scene, nodes[1], 'bob', HIS);
    await back.next(/JOIN :?#den/);
    await back.post('#den', 'no spoons today');
    await until('he is heard', () => olga.texts().includes('no spoons today'), LONG_MS);
  });

  it('[RP37] whoever is muted is refused in words, whoever is kicked is out, and a banned one stays out of the room until it is taken back', async (t) => {
    const scene = new Scene(t);
    const { nodes, olga, bob } = await party(scene);
    const settled = (): Promise<unknown> => untilEqual(nodes, LONG_MS);
    await olga.ask('MODE #den +b m:bob!*@*', / MODE #den \+b/);
    await bob.next(/ MODE #den \+b/);
    await bob.ask('PRIVMSG #den :can you hear me', / 404 bob #den :.*muted/);
    await olga.ask('MODE #den -b m:bob!*@*', / MODE #den -b/);
    await bob.next(/ MODE #den -b/);
    await bob.post('#den', 'heard again');
    await olga.ask('KICK #den bob :take a walk', / KICK #den bob :?take a walk/);
    await bob.next(/:olga!\S+ KICK #den bob :?take a walk/);
    await bob.ask('PRIVMSG #den :still here', / 404 /);
    await joinRoom(bob, '#den');
    await settled();
    await olga.ask('MODE #den +b bob', / MODE #den \+b/);
    await bob.next(/:olga!\S+ KICK #den bob/);
    await bob.ask('JOIN #den', / 474 .*banned/);
    assert.equal(await nickOf(bob), 'bob', 'he is out of the room alone');
    await olga.ask('MODE #den -b bob', / MODE #den -b/);
    await settled();
    await joinRoom(bob, '#den');
    assert.ok(!olga.texts().some((text) => /can you hear me|still here/.test(text)));
  });
});

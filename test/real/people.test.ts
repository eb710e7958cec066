/** Accounts over IRC with real nodes: made at one and used at another, through kills and splits. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type NodeProcess, until, untilEqual } from '../../src/demo/processes.ts';
import { cabledNetwork, heal, split } from './cable.ts';
import { account, type Caller, enter, enterAs, joinRoom, nickOf, register } from './caller.ts';
import { exportedTexts, Scene } from './faults.ts';

const OPEN = { registration: 'open' };
const LONG_MS = 60_000;
/** What promise of section 7 the ends of sessions are held to, in ms. */
const ENDED_MS = 5000;
const [HERS, HIS, FRESH] = ['brass-kettle-under-rain', 'seven-quiet-lanterns', 'paper-boats-at-dusk'] as const;

const three = async (scene: Scene): Promise<[NodeProcess, NodeProcess, NodeProcess]> =>
  (await scene.group().network(['a', 'b', 'c'], OPEN)) as [NodeProcess, NodeProcess, NodeProcess];

/** What was said to somebody, or in a room. */
const saidTo = (caller: Caller, to: string): string[] =>
  caller
    .heard()
    .filter((heard) => heard.to === to)
    .map(({ text }) => text);

describe('accounts of people', () => {
  it('[RP30] whoever registers at one node logs in at another by SASL or PASS, and is in the account’s rooms there', async (t) => {
    const scene = new Scene(t);
    const [a, b, c] = await three(scene);
    const ann = await register(scene, a, 'ann', HERS);
    await joinRoom(ann, '#den');
    const bo = await enter(scene, b, { nick: 'bo', before: [`REGISTER bo * :${HIS}`] });
    assert.ok(
      bo.lines.some((line) => line.includes('REGISTER SUCCESS bo')),
      bo.lines.join('\n'),
    );
    await untilEqual([a, b, c], LONG_MS);
    const there = await enterAs(scene, b, 'ann', HERS);
    await there.next(/JOIN :?#den/);
    const byPass = await enter(scene, c, { nick: 'whoever', pass: `ann:${HERS}` });
    await byPass.next(/JOIN :?#den/);
    assert.deepEqual(await Promise.all([ann, there, byPass, bo].map(nickOf)), ['ann', 'ann', 'ann', 'bo']);
    await joinRoom(bo, '#den');
    await bo.post('#den', 'all three hear this');
    for (const one of [ann, there, byPass]) await until('it is heard', () => one.texts().includes('all three hear this'), LONG_MS);
    const wrong = await enter(scene, c, { nick: 'eve', sasl: ['ann', HIS] });
    assert.ok(wrong.lines.some((line) => / 904 /.test(line)));
    assert.equal(await nickOf(wrong), 'eve');
  });

  it('[RP31] what waits for somebody comes once and in order at a third node, though the sender’s node was killed', async (t) => {
    const scene = new Scene(t);
    const [a, b, c] = await three(scene);
    const rita = await register(scene, b, 'rita', HERS);
    await joinRoom(rita, '#den');
    const sam = await register(scene, a, 'sam', HIS);
    await joinRoom(sam, '#den');
    await sam.post('#den', 'while she is here');
    await until('she hears it', () => rita.texts().includes('while she is here'), LONG_MS);
    await rita.leave();
    await untilEqual([a, b, c], LONG_MS);
    const direct = [1, 2, 3].map((n) => `for you alone ${n}`);
    const open = [1, 2, 3].map((n) => `for the den ${n}`);
    for (const [i, text] of direct.entries()) {
      const echoes = [await sam.post('rita', text), await sam.post('#den', open[i]!)];
      for (const { copies } of echoes) assert.notEqual(copies[0], '1', 'it is on more than the node that dies');
    }
    await a.kill('SIGKILL');
    const back = await enterAs(scene, c, 'rita', HERS);
    await until('all of it came', () => saidTo(back, 'rita').length >= 3 && saidTo(back, '#den').length >= 3, LONG_MS);
    await untilEqual([b, c], LONG_MS);
    assert.deepEqual([saidTo(back, 'rita'), saidTo(back, '#den')], [direct, open]);
    await back.leave();
    await untilEqual([b, c], LONG_MS);
    const again = await enterAs(scene, b, 'rita', HERS);
    await again.next(/JOIN :?#den/);
    const carl = await enter(scene, c, { nick: 'carl' });
    await joinRoom(carl, '#den');
    await carl.post('#den', 'after all of that');
    await until('what is live comes', () => again.texts().includes('after all of that'), LONG_MS);
    assert.deepEqual(again.texts(), ['after all of that']);
  });

  it('[RP32] a password changed on one side of a split is the one on both after it heals; the old one is refused and its sessions end', async (t) => {
    const scene = new Scene(t);
    const [a, b, c] = (await cabledNetwork(scene, ['a', 'b', 'c'], OPEN)) as [NodeProcess, NodeProcess, NodeProcess];
    const ann = await register(scene, a, 'ann', HERS);
    await untilEqual([a, b, c], LONG_MS);
    const there = await enterAs(scene, b, 'ann', HERS);
    const besides = await enterAs(scene, a, 'ann', HERS);
    await split([a], [b, c]);
    await ann.service(`SET PASSWORD ${HERS} ${FRESH}`, /The password is changed/);
    assert.equal(await nickOf(ann), 'ann', 'the session that changed it goes on');
    await until('the other session at that node ended', () => besides.isClosed, LONG_MS);
    const late = await enterAs(scene, c, 'ann', HERS);
    assert.equal(there.isClosed || late.isClosed, false, 'the other side knows nothing of it yet');
    const healedMs = performance.now();
    heal([a, b, c]);
    await until('the old sessions ended', () => there.isClosed && late.isClosed, LONG_MS);
    const tookMs = performance.now() - healedMs;
    t.diagnostic(`the old sessions had ended ${tookMs.toFixed()} ms after the cables were put back`);
    assert.ok(tookMs < ENDED_MS);
    await untilEqual([a, b, c], LONG_MS);
    for (const node of [a, b, c]) {
      assert.equal(await nickOf(await enterAs(scene, node, 'ann', FRESH)), 'ann');
      const old = await enterAs(scene, node, 'ann', HERS);
      assert.ok(old.lines.some((line) => / 904 /.test(line)));
    }
  });

  it('[RP33] an account deleted while messages wait leaves a free name; a new one of that name gets none of them, and what it wrote is gone everywhere', async (t) => {
    const scene = new Scene(t);
    const nodes = (await cabledNetwork(scene, ['a', 'b', 'c'], OPEN)) as [NodeProcess, NodeProcess, NodeProcess];
    const [a, b, c] = nodes;
    const dora = await register(scene, b, 'dora', HERS);
    await joinRoom(dora, '#den');
    await dora.post('#den', 'what dora wrote');
    const sam = await register(scene, a, 'sam', HIS);
    await dora.leave();
    await untilEqual(nodes, LONG_MS);
    await sam.post('dora', 'this waits for her');
    await joinRoom(sam, '#den');
    await sam.post('#den', 'and this in the den');
    await untilEqual(nodes, LONG_MS);
    await split([a], [b, c]);
    await account(c, [HERS], 'delete', 'dora', '--erase');
    await sam.post('dora', 'said when she was gone');
    const other = await register(scene, c, 'dora', FRESH);
    heal(nodes);
    await untilEqual(nodes, LONG_MS);
    await other.leave();
    const again = await enterAs(scene, b, 'dora', FRESH);
    const page = await again.ask('CHATHISTORY LATEST sam * 100', / BATCH :?-| FAIL /);
    await sam.post('dora', 'to the new one');
    await until('she is sent what is hers', () => again.texts().includes('to the new one'), LONG_MS);
    assert.deepEqual([other.texts(), again.texts()], [[], ['to the new one']], page);
    for (const node of nodes) {
      const texts = await exportedTexts(node);
      assert.deepEqual([texts.has('what dora wrote'), texts.get('and this in the den')], [false, 1], node.name);
    }
    const old = await enterAs(scene, a, 'dora', HERS);
    assert.ok(old.lines.some((line) => / 904 /.test(line)));
  });

  it('[RP34] two accounts of one name from both sides of a split: one is renamed and told so, keeps everything, and takes another name', async (t) => {
    const scene = new Scene(t);
    const [a, b] = (await cabledNetwork(scene, ['a', 'b'], OPEN)) as [NodeProcess, NodeProcess];
    await untilEqual([a, b], LONG_MS);
    await split([a], [b]);
    const one = await register(scene, a, 'max', HERS);
    const two = await register(scene, b, 'max', HIS);
    for (const [i, max] of [one, two].entries()) {
      await joinRoom(max, '#den');
      await max.post('#den', `max at ${'ab'[i]}`);
    }
    heal([a, b]);
    const loser = (): Caller | undefined => [one, two].find(({ lines }) => lines.some((line) => /^\S*:max!\S+ NICK :?max~2/.test(line)));
    await until('one of them is told their name is another', () => loser() !== undefined, LONG_MS);
    await untilEqual([a, b], LONG_MS);
    const [second, password] = loser() === one ? [one, HERS] : ([two, HIS] as const);
    const first = second === one ? two : one;
    assert.deepEqual(await Promise.all([first, second].map(nickOf)), ['max', 'max~2']);
    await until(
      'they are told why',
      () => second.lines.some((line) => /NickServ!.* NOTICE /.test(line) && line.includes('max~2')),
      LONG_MS,
    );
    await first.post('max~2', 'to the second');
    await until('it comes to the second', () => second.texts().includes('to the second'), LONG_MS);
    assert.equal(first.heard().filter(({ to }) => to === 'max').length, 0);
    const asBefore = await enterAs(scene, b, 'max', password);
    assert.equal(await nickOf(asBefore), 'max~2', 'who does not know of it logs in all the same');
    await asBefore.leave();
    await second.ask('NICK maxine', /NICK :?maxine| 4\d\d /);
    await second.post('#den', 'maxine from now on');
    await second.leave();
    await untilEqual([a, b], LONG_MS);
    const back = await enterAs(scene, second === one ? b : a, 'maxine', password);
    await back.next(/JOIN :?#den/);
    assert.equal(await nickOf(back), 'maxine');
    assert.equal(await nickOf(first), 'max');
  });

  it('[RP35] a client that takes an account’s nick without logging in gets another name and is told; a program’s password speaks and changes nothing', async (t) => {
    const scene = new Scene(t);
    const [a, b] = (await scene.group().network(['a', 'b'], OPEN)) as [NodeProcess, NodeProcess];
    const ann = await register(scene, a, 'ann', HERS);
    await untilEqual([a, b], LONG_MS);
    const eve = await enter(scene, b, { nick: 'ann' });
    await eve.next(/NickServ!.* NOTICE guest\d{4} .*ann is the name of an account/);
    await eve.next(/IDENTIFY ann/);
    assert.match(await nickOf(eve), /^guest\d{4}$/);
    const told = await ann.service(`APPPASS ADD ${HERS}`, /The app password is/);
    const secret = /skein-[\w-]+/.exec(told)![0];
    await untilEqual([a, b], LONG_MS);
    const program = await enterAs(scene, b, 'ann', secret);
    assert.equal(await nickOf(program), 'ann');
    await joinRoom(program, '#den');
    await program.post('#den', 'said by a program');
    await program.service(`SET PASSWORD ${secret} ${FRESH}`, /cannot|not change/);
    await program.service(`DROP ${secret}`, /cannot|not change/);
    await ann.service(`APPPASS DEL ${HERS} 1`, /no more/);
    await until('the program’s session ended', () => program.isClosed, ENDED_MS);
    await untilEqual([a, b], LONG_MS);
    for (const node of [a, b]) {
      const refused = await enterAs(scene, node, 'ann', secret);
      assert.ok(refused.lines.some((line) => / 904 /.test(line)));
    }
    assert.equal(await nickOf(await enterAs(scene, b, 'ann', HERS)), 'ann');
  });
});

/** Nodes with clients whose syncs and writes fail, are slow, or are the last thing they do: strace tampers with their calls. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type NodeProcess, until, untilEqual } from '../../../src/demo/processes.ts';
import { deliveryTimes, exportedTexts, inRoom, inWords, judged, type Person, quantile, Scene, settled, untilLinked } from '../faults.ts';
import { rawClient } from '../raw-client.ts';
import { talkative } from '../talkative.ts';
import { tampering, traceless } from '../trace.ts';

/** Nodes are killed at their first, second, … sync, up to this one. */
const KILLS = Number(process.env['SKEIN_SYNCS'] ?? 40);
const SYNCS = 'fsync,fdatasync';

async function untilGone(node: NodeProcess): Promise<boolean> {
  return until(`${node.name} is gone`, () => !node.running, 10_000).then(
    () => true,
    () => false,
  );
}

/** Fails what the calls say on one of two nodes, and judges it by what its clients were told. */
async function failing(scene: Scene, calls: string, fault: string): Promise<{ words: string[]; warned: boolean }> {
  const group = scene.group();
  const [b] = (await group.network(['b'])) as [NodeProcess];
  const a = group.add('a');
  await a.start(['--join', await b.invite()], tampering(calls, fault));
  const { pid } = a;
  const people = await scene.peopleAt([a, b]);
  const raw = await rawClient(a, scene);
  let said = 0;
  let warned = false;
  await until('a write fails', async () => {
    raw.say(`PRIVMSG #r :${'fails '.repeat(20)}${++said}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return raw.refusals().some((line) => line.includes('UNKNOWN_OUTCOME'));
  }).catch((error: Error) => {
    throw new Error(
      `${error.message}: ${said} said, ${raw.echoed().length} echoed, then ${raw.lines.slice(-3).join(' | ')}; ${a.log.slice(-500)}`,
    );
  });
  await until('writes are refused', async () => {
    raw.say(`PRIVMSG #r :refused ${++said}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    warned ||= (await a.status()).warnings.some((warning) => warning.includes('cannot write'));
    return warned && raw.refusals().some((line) => line.includes('cannot store'));
  });
  people[1]!.post('said at b meanwhile');
  await until('b goes on', () => people[1]!.client.sent.at(-1)!.id !== null);
  await until(
    'a takes writes again',
    async () => {
      raw.say(`PRIVMSG #r :again ${++said}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return raw.echoed().some((text) => text.startsWith('again '));
    },
    60_000,
  );
  people[0]!.post('said at a afterwards');
  await until('it is echoed', () => people[0]!.client.sent.at(-1)!.id !== null);
  await settled(people);
  await untilEqual([a, b]);
  assert.equal(a.pid, pid, 'it lives on');
  assert.deepEqual((await a.status()).warnings, []);
  const exported = await exportedTexts(a);
  const echoed = [...raw.echoed(), ...people.flatMap(({ client }) => client.sent.flatMap(({ id, text }) => (id ? [text] : [])))];
  assert.deepEqual(
    echoed.filter((text) => exported.get(text) !== 1),
    [],
  );
  assert.deepEqual(
    [...exported].filter(([, times]) => times > 1),
    [],
  );
  return { words: [...new Set(raw.refusals().map((line) => line.replace(/^.*?(FAIL|404)/, '$1')))], warned };
}

describe('syncs and writes that fail', { skip: traceless() }, () => {
  it(`[RP14] killing a node at its n-th sync, for n from 1 to ${KILLS}, loses nothing echoed and damages nothing`, async (t) => {
    const scene = new Scene(t);
    const [a, b] = (await scene.group().network(['a', 'b'])) as [NodeProcess, NodeProcess];
    const people = ['ann', 'bo'].map((nick) => scene.person(nick, [a]));
    await inRoom(people);
    const talks = people.map(talkative);
    await a.kill('SIGKILL');
    let [starting, serving] = [0, 0];
    for (let n = 1; n <= KILLS; n++) {
      a.irc = null;
      const started = await a.start([], tampering(SYNCS, `signal=KILL:when=${n}`)).then(
        () => true,
        () => false,
      );
      assert.ok(await untilGone(a), `at sync ${n} nothing happened`);
      if (started) serving++;
      else starting++;
    }
    a.irc = null;
    await a.start();
    await inRoom(people);
    for (const talk of talks) talk.end();
    await judged(people);
    const exported = await exportedTexts(a);
    const echoed = people.flatMap(({ client }) => client.sent.flatMap(({ id, text }) => (id ? [text] : [])));
    assert.deepEqual(
      echoed.filter((text) => exported.get(text) !== 1),
      [],
    );
    assert.deepEqual(
      [...exported].filter(([, times]) => times > 1),
      [],
    );
    await untilEqual([a, b]);
    t.diagnostic(`killed ${starting} times while starting, ${serving} times while serving; ${echoed.length} echoed`);
    assert.ok(serving > KILLS / 2 && echoed.length > 0);
  });

  for (const [name, calls, fault] of [
    ['syncs fail', SYNCS, 'error=EIO:when=40..60'],
    ['writes fail', 'pwrite64', 'error=EIO:when=400..430'],
    ['writes find no room', 'pwrite64', 'error=ENOSPC:when=400..430'],
  ] as const) {
    it(`[RP13] a node whose ${name} refuses in words, acknowledges nothing, lives on, and takes writes again by itself`, async (t) => {
      const { words } = await failing(new Scene(t), calls, fault);
      t.diagnostic(words.slice(0, 4).join(' | '));
    });
  }

  it('[RP15] a node whose syncs take 100 ms delays no message between others', async (t) => {
    const scene = new Scene(t);
    const group = scene.group();
    const [b, c] = (await group.network(['b', 'c'], { copies: 2 })) as [NodeProcess, NodeProcess];
    const a = group.add('a', { copies: 2 });
    await a.start(['--join', await b.invite()], tampering(SYNCS, 'delay_enter=100000'));
    await untilLinked([a, b, c], { a: 'bc', b: 'ac', c: 'ab' });
    const people = await scene.peopleAt([a, b, c]);
    const [ann, bo, chi] = people as [Person, Person, Person];
    const talk = scene.talk([bo, chi], 10);
    await until('there is talk', () => bo.echoed >= 150 && chi.echoed >= 150, 30_000);
    talk.end();
    ann.post('slow, but there');
    await judged(people);
    const others = [...deliveryTimes(bo, chi), ...deliveryTimes(chi, bo)];
    const echoes = [...bo.echoTimes(), ...chi.echoTimes()];
    t.diagnostic(inWords('delivery between the others', others));
    t.diagnostic(inWords('their echoes at two copies', echoes));
    t.diagnostic(inWords('echo at the slow one', ann.echoTimes()));
    assert.ok(quantile(others, 0.99) < 100 && quantile(echoes, 0.99) < 100);
    assert.ok(quantile(ann.echoTimes(), 0) >= 100, 'the slow one is slow');
    await untilEqual([a, b, c]);
  });
});

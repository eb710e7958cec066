/** The client library at the API door of a node in this process. */

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type Chat, type ConnectOptions, connect, memoryStorage } from '../../src/client/index.ts';
import type { RoomId } from '../../src/core/ids.ts';
import { listenHttp } from '../../src/doors/http/server.ts';
import { Accounts } from '../../src/node/accounts.ts';
import { Admin } from '../../src/node/admin.ts';
import { solo, suite } from '../../src/node/testing/solo.ts';
import { testMesh } from './mesh.ts';

const ROOM = '#square' as RoomId;
const PASSWORD = 'brass-kettle-under-rain';
const ends: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const end of ends.reverse()) await end();
});

async function scene(registration: 'open' | 'invite' = 'open') {
  const node = await solo(registration);
  const accounts = new Accounts({ ...node, suite, secret: new Uint8Array(32), floods: false, now: () => node.clock.nowMs });
  const admin = new Admin({ ...node, identity: { network: node.network, networkKey: new Uint8Array(32) }, now: () => node.clock.nowMs });
  const mesh = testMesh(node.loop, () => Date.now());
  const api = { port: node.loop, hashing: suite, guests: true, accounts, mesh, admin, version: '0', hosts: [], origins: [] };
  const setup = { spend: async () => ({ fault: 'over', words: '' }) as const };
  const page = () => ({ network: 'n', node: 'n', peers: [], irc: 'off' });
  const listen = (port: number) => listenHttp({ host: '127.0.0.1', port, ready: async () => true, page, setup, api });
  let http = await listen(0);
  const reopen = async () => {
    await http.close();
    http = await listen(http.port);
  };
  ends.push(async () => {
    await http.close();
    await node.close();
  });
  const url = http.address;
  const enter = async (as: ConnectOptions['as'], storage = memoryStorage()): Promise<Chat> => {
    const client = await connect({ urls: [url], as, storage });
    ends.push(() => client.close());
    await client.ready;
    return client;
  };
  return { node, mesh, url, enter, reopen };
}

async function until(what: string, is: () => boolean): Promise<void> {
  const endMs = Date.now() + 20_000;
  while (!is()) {
    assert.ok(Date.now() < endMs, what);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const timeline = (client: Chat, room: RoomId = ROOM) => client.view.rooms.get(room)?.timeline ?? [];
const texts = (client: Chat, room: RoomId = ROOM) => timeline(client, room).map(({ text }) => text);

describe('the client library at a door', () => {
  it('[CB1] guests talk, edit, react, type, write to each other, leave and come back', async () => {
    const { enter } = await scene();
    const kept = new Map<string, string>();
    const ann = await enter({ guest: 'ann' }, memoryStorage(kept));
    const bob = await enter({ guest: 'bob' });
    for (const one of [ann, bob]) await one.join(ROOM);
    const heard: string[] = [];
    bob.on('message', ({ text }) => heard.push(text!));
    const { id, held, wanted } = await ann.post(ROOM, 'hello bob');
    assert.deepEqual([held, wanted], [1, 1]);
    await until('it came', () => texts(bob).length === 1);
    assert.deepEqual(timeline(ann)[0]!.delivery, { state: 'held', held: 1, wanted: 1 });
    assert.equal(timeline(bob)[0]!.mentions, true);
    assert.deepEqual([bob.view.rooms.get(ROOM)!.unread, bob.view.rooms.get(ROOM)!.mentions], [1, 1]);
    await ann.edit(ROOM, id, 'hello, bob');
    await bob.react(ROOM, id, '👍');
    await until('it shows', () => timeline(ann)[0]!.reactions !== undefined && timeline(bob)[0]!.edited === true);
    bob.typing(ROOM);
    await until('it shows', () => ann.view.rooms.get(ROOM)!.typing.length === 1);
    const direct = await bob.direct(ann.view.me!.author);
    await bob.post({ person: ann.view.me!.author }, 'psst');
    await until('it came', () => texts(ann, direct).length === 1);
    assert.equal(texts(bob, direct)[0], 'psst');
    // By the room as by the person, also where nothing was said before.
    ann.typing(direct);
    await until('it shows', () => bob.view.rooms.get(direct)!.typing.length === 1);
    await ann.post(direct, 'and back');
    await until('it came', () => texts(bob, direct).length === 2);
    const dan = await enter({ guest: 'dan' });
    const first = await dan.direct(ann.view.me!.author);
    await dan.post(first, 'a first word');
    await until('it came', () => texts(ann, first)[0] === 'a first word');
    await ann.close();
    await bob.post(ROOM, 'are you gone?');
    // A stranger's first word is heard too.
    const eve = await enter({ guest: 'eve' });
    await eve.post({ person: bob.view.me!.author }, 'hello stranger');
    await until('it came', () => heard.length === 5);
    const again = await enter('resume', memoryStorage(kept));
    await until('it came', () => texts(again).length === 2);
    assert.deepEqual(texts(again), ['hello, bob', 'are you gone?']);
    assert.equal(again.view.me!.author, ann.view.me!.author);
    assert.deepEqual(heard, ['hello bob', 'psst', 'and back', 'are you gone?', 'hello stranger']);
    await assert.rejects(again.edit(ROOM, timeline(again)[1]!.id, 'mine now'), /./);
  });

  it('[CB9] accounts: made, logged in to by password, resumed without one, and the password changed', async () => {
    const { enter } = await scene();
    const kept = new Map<string, string>();
    const mia = await enter({ register: 'mia', password: PASSWORD }, memoryStorage(kept));
    assert.equal(mia.view.me!.account, true);
    await mia.join(ROOM);
    await mia.post(ROOM, 'mine');
    await mia.close();
    const again = await enter('resume', memoryStorage(kept));
    await until('it is there', () => texts(again).length === 1);
    await assert.rejects(enter({ account: 'mia', password: 'not-the-password' }), /wrong/);
    await assert.rejects(enter({ account: 'nobody', password: PASSWORD }), /wrong/);
    const elsewhere = await enter({ account: 'mia', password: PASSWORD });
    assert.equal(elsewhere.view.me!.author, mia.view.me!.author);
    await again.changePassword(PASSWORD, 'seven-quiet-lanterns');
    await until('the other one is over', () => elsewhere.view.connection.state === 'over');
    await until('it goes on', () => again.view.connection.state === 'online');
    await again.post(ROOM, 'still me');
    const fresh = await enter({ account: 'mia', password: 'seven-quiet-lanterns' });
    await until('all of it', () => texts(fresh).length === 2);
  });

  it('[CB12] the picture of the network is in the view while it is watched, kept up, and asked for anew at the next connection', async () => {
    const { enter, mesh, node, reopen } = await scene();
    const ann = await enter({ guest: 'ann' });
    mesh.look();
    assert.equal((await ann.mesh()).self, node.loop.node.id);
    assert.equal(ann.view.mesh, null);
    const stops = [ann.watchMesh(), ann.watchMesh()];
    await until('the picture', () => ann.view.mesh !== null);
    assert.equal(ann.view.mesh!.nodes[0]!.people, 1);
    const bob = await enter({ guest: 'bob' });
    mesh.look();
    await until('the change', () => ann.view.mesh!.nodes[0]!.people === 2);
    const before = ann.view.mesh!;
    await reopen();
    assert.equal(ann.view.mesh, before, 'it is kept');
    await until('another', () => ann.view.mesh !== before);
    await until('bob is back', () => bob.view.connection.state === 'online');
    await enter({ guest: 'cid' });
    await until('its change', () => {
      mesh.look();
      return ann.view.mesh!.nodes[0]!.people === 3;
    });
    for (const stop of stops) stop();
    assert.equal(ann.view.mesh, null);
    mesh.look();
  });

  it('[CB14] an account makes and ends app passwords and webhooks, logs out everywhere but here, and ends, each by its password', async () => {
    const { enter, url } = await scene();
    const mia = await enter({ register: 'mia', password: PASSWORD });
    await mia.join(ROOM);
    await assert.rejects(mia.createAppPassword('not-the-password', 'phone'), /not the password/);
    await assert.rejects(mia.createAppPassword(PASSWORD, 'a\u0007b'), /label/);
    const { token, key } = await mia.createAppPassword(PASSWORD, 'phone');
    const phone = await enter({ account: 'mia', token });
    const hook = await mia.createWebhook(PASSWORD, ROOM);
    const { devices } = await mia.ownAccount();
    assert.deepEqual(devices.map(({ label, may }) => [label, may]).sort(), [
      ['phone', 'speak'],
      [`webhook ${ROOM}`, 'speak'],
    ]);
    const sent = await fetch(hook.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"text":"it works"}' });
    assert.deepEqual([sent.status, hook.url.startsWith(`${url}/api/v1/hooks/square/skein-`)], [200, true]);
    await until('it came', () => texts(mia).includes('it works'));
    await mia.endAppPassword(PASSWORD, key);
    await until('the phone is out', () => phone.view.connection.state === 'over');
    const elsewhere = await enter({ account: 'mia', password: PASSWORD });
    await assert.rejects(mia.logoutEverywhere('not-the-password'), /not the password/);
    assert.equal(mia.view.connection.state, 'online');
    await mia.logoutEverywhere(PASSWORD);
    await until('the other is out', () => elsewhere.view.connection.state === 'over');
    await until('this one goes on', () => mia.view.connection.state === 'online');
    await mia.post(ROOM, 'still here');
    assert.deepEqual((await mia.ownAccount()).devices, []);
    await mia.deleteAccount(PASSWORD, false);
    await until('it is over', () => mia.view.connection.state === 'over');
    await assert.rejects(enter({ account: 'mia', password: PASSWORD }), /wrong/);
  });

  it('[CB15] an owner administers: accounts, invitations, a lost password, what is in force', async () => {
    const { enter, node } = await scene('invite');
    const invitation = await node.operator.invite(2, 3_600_000);
    await assert.rejects(enter({ register: 'olga', password: PASSWORD }), /needs an invitation/);
    const [olga, mia] = [
      await enter({ register: 'olga', password: PASSWORD, invitation }),
      await enter({ register: 'mia', password: PASSWORD, invitation }),
    ];
    await assert.rejects(olga.accounts(), /for owners/);
    await node.crown(olga.view.me!.author);
    const { accounts } = await olga.accounts({ named: 'm' });
    assert.deepEqual(
      accounts.map(({ name, sessions }) => [name, sessions]),
      [['mia', 1]],
    );
    const { token } = await olga.invitePeople(1, 3600);
    await assert.rejects(enter({ register: 'ada', password: PASSWORD, invitation: token.slice(1) }), /letter is wrong/);
    const ada = await enter({ register: 'ada', password: PASSWORD, invitation: token.toLowerCase() });
    assert.match((await olga.inviteNode(1, 60)).line, /^skein1-/);
    await assert.rejects(olga.revokeNode(node.loop.node.id, ''), /cannot revoke itself/);
    await assert.rejects(olga.resetPassword(accounts[0]!.author, 'mia', 'mia-mia-mia'), /./);
    await olga.resetPassword(accounts[0]!.author, 'mia', 'seven-quiet-lanterns');
    await until('mia is out', () => mia.view.connection.state === 'over');
    await enter({ account: 'mia', password: 'seven-quiet-lanterns' });
    await olga.mute('', ada.view.me!.author, 60, 'loud');
    assert.deepEqual(
      (await olga.sanctions('')).sanctions.map(({ does, personName }) => [does, personName]),
      [['mute', 'ada']],
    );
    await olga.settleName(ada.view.me!.author, 'adele');
    await olga.deleteAccountOf(ada.view.me!.author, true);
    await until('ada is out', () => ada.view.connection.state === 'over');
    assert.equal((await olga.accounts()).accounts.length, 2);
  });
});

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { describe, it } from 'node:test';
import { apiScene } from '../../../test/people/api-scene.ts';
import type { WireMessage } from '../../api/protocol.ts';
import { authorId, type ClientId, type RoomId } from '../../core/ids.ts';
import { logoutBody, newAccountBody } from '../../core/kinds/account.ts';
import { issueKeyCertificate, writeKeyChain } from '../../core/kinds/proof.ts';
import { decodeMessage } from '../../core/message.ts';
import { KIND, NO_BYTES } from '../../core/op.ts';
import { Writer } from '../../lib/codec.ts';
import { suite } from '../../node/testing/solo.ts';
import { CommitError } from '../../store/store.ts';
import { ApiClient } from './testing/client.ts';

const ROOM = '#square' as RoomId;
const texts = (messages: readonly WireMessage[]): (string | null)[] => messages.map(({ text }) => text);

describe('the WebSocket of the API', () => {
  it('[AP1] says hello first, and opens a guest’s session by a key that stays with the client and its grant', async () => {
    const { client, node } = await apiScene();
    const one = await client();
    assert.equal(one.told[0]!.type, 'hello');
    assert.equal(one.hello.feed, node.loop.grantFeed());
    const forged = await one.reply({ do: 'guest', name: 'ann', ...one.granted('0'.repeat(32) as never) });
    assert.equal(forged.type === 'refused' && forged.refused.type, 'bad grant');
    const opened = await one.guest('ann');
    assert.equal(opened.name, 'ann');
    assert.equal(opened.account, false);
    assert.equal(node.loop.isPresent(opened.author), true);
    one.close();
    await one.closed;
  });

  it('[AP32] says over how long its clients are to spread when it is lost, the longer the more there are', async () => {
    const { client } = await apiScene();
    const one = await client();
    assert.equal(one.hello.spreadMs, 1);
    for (let i = 0; i < 4; i++) await client();
    assert.equal((await client()).hello.spreadMs, 6);
    assert.deepEqual(await one.ask<'ping'>({ do: 'ping' }), { spreadMs: 6 });
  });

  it('[AP2] a message is shown to all in the room before its answer, once, with a cursor that rises', async () => {
    const { client } = await apiScene();
    const [ann, bob] = [await client('ann'), await client('bob')];
    for (const one of [ann, bob]) await one.ask<'join'>({ do: 'join', room: '#Square' });
    await ann.until(() => ann.events.some((event) => event.type === 'join' && event.room === ROOM));
    const { id, held, wanted } = await ann.ask<'post'>({ do: 'post', to: { room: ROOM }, style: 'text', text: 'hello' });
    assert.deepEqual([held, wanted], [1, 1]);
    assert.deepEqual(ann.texts, ['hello']);
    await bob.until(() => bob.texts.length > 0);
    const event = bob.events.find((one) => one.type === 'message');
    assert.ok(event?.type === 'message' && event.message.id === id && event.message.name === 'ann');
    const [, feed, seq] = event.message.place;
    assert.equal(bob.at[feed], seq);
  });

  it('[AP3] whoever comes back with a cursor is given what it does not cover, in order and once', async () => {
    const { client } = await apiScene();
    const [ann, bob] = [await client('ann'), await client('bob')];
    for (const one of [ann, bob]) await one.ask<'join'>({ do: 'join', room: ROOM });
    const post = (text: string) => ann.ask<'post'>({ do: 'post', to: { room: ROOM }, style: 'text', text });
    await post('one');
    await bob.until(() => bob.texts.length === 1);
    bob.close();
    await bob.closed;
    for (let i = 2; i <= 7; i++) await post(`${i}`);
    const again = await ApiClient.connect(ann.url, bob.key);
    const opened = await again.guest('bob');
    assert.deepEqual(
      opened.rooms.map(({ id }) => id),
      [ROOM],
    );
    const cursor = bob.at as never;
    const first = await again.ask<'beyond'>({ do: 'beyond', room: ROOM, cursor, limit: 4 });
    assert.deepEqual([texts(first.messages), first.more], [['2', '3', '4', '5'], true]);
    const rest = await again.ask<'beyond'>({ do: 'beyond', room: ROOM, cursor, after: first.next!, limit: 4 });
    assert.deepEqual([texts(rest.messages), rest.more], [['6', '7'], false]);
    await post('8');
    await again.until(() => again.texts.length > 0);
    assert.deepEqual(again.texts, ['8']);
  });

  it('[AP4] what a message shows as is told anew when it changes, and refreshed', async () => {
    const { client } = await apiScene();
    const [ann, bob] = [await client('ann'), await client('bob')];
    for (const one of [ann, bob]) await one.ask<'join'>({ do: 'join', room: ROOM });
    const { id } = await ann.ask<'post'>({ do: 'post', to: { room: ROOM }, style: 'action', text: 'wave' });
    await bob.ask<'react'>({ do: 'react', room: ROOM, target: id, emoji: '👍', on: true });
    await ann.ask<'edit'>({ do: 'edit', room: ROOM, target: id, text: 'waves' });
    const changed = () => bob.events.flatMap((event) => (event.type === 'changed' ? event.message : [])).at(-1);
    await bob.until(() => changed()?.edited === true);
    assert.deepEqual([changed()!.text, changed()!.style, Object.keys(changed()!.reactions!)], ['waves', 'action', ['👍']]);
    await ann.ask<'remove'>({ do: 'remove', room: ROOM, target: id, reason: '' });
    await bob.until(() => changed()?.removed !== undefined);
    const { messages } = await bob.ask<'refresh'>({ do: 'refresh', room: ROOM, ids: [id, 'f'.repeat(64) as never] });
    assert.deepEqual(
      messages.map(({ text, removed }) => [text, removed?.name]),
      [[null, 'ann']],
    );
  });

  it('[AP5] what is not of its shape is refused, or ends the connection; so do too many requests and too long ones', async () => {
    const { client } = await apiScene();
    const one = await client('ann');
    for (const bad of [
      { do: 'nothing' },
      { do: 'page', room: 'x', limit: 1 },
      { do: 'page', room: ROOM, limit: 1, more: 1 },
      { do: 'page', room: ROOM, limit: 0 },
    ]) {
      const reply = await one.reply(bad as never);
      assert.equal(reply.type === 'refused' && reply.refused.type, 'bad request', JSON.stringify(bad));
    }
    const replies = await Promise.all(Array.from({ length: 100 }, () => one.reply({ do: 'page', room: ROOM, limit: 1 })));
    assert.ok(replies.some((reply) => reply.type === 'refused' && reply.refused.type === 'busy' && reply.refused.retryMs! > 0));
    one.socket.send('no request');
    await one.closed;
    const two = await client('bob');
    two.socket.send('x'.repeat(300_000));
    assert.equal(await two.closed, 1009);
  });

  it('[AP7] a session of an account goes on by its certificate, without a password; once it is logged out it is over', async () => {
    const { client, node } = await apiScene({ guests: false });
    const key = suite.keyPair(node.random.bytes(32));
    const author = authorId(suite, key.publicKey);
    const head = { kind: KIND.account, author, client: 'a'.repeat(32) as ClientId, room: '' as const, target: '' as const, after: 0 };
    const made = { ...head, body: newAccountBody(key, node.network, head, 'ann', NO_BYTES), payloadHash: null };
    assert.deepEqual(await node.operator.writeOps([{ head: made, payload: null }]), [null]);
    const one = await client();
    const fields = { key: one.key.publicKey, kind: 'session', may: 'speak', until: 0 } as const;
    const certificate = issueKeyCertificate(key, node.network, author, fields);
    const chain = Buffer.from(writeKeyChain(new Writer(), [certificate], key.publicKey).done()).toString('hex');
    const opened = await one.ask<'account'>({ do: 'account', author, chain, ...one.granted() });
    assert.deepEqual([opened.name, opened.account, opened.author], ['ann', true, author]);
    await one.ask<'join'>({ do: 'join', room: ROOM });
    one.close();
    await one.closed;
    const again = await ApiClient.connect(one.url, one.key);
    const { rooms } = await again.ask<'account'>({ do: 'account', author, chain, ...again.granted() });
    assert.deepEqual(
      rooms.map(({ id, joined }) => [id, joined]),
      [[ROOM, true]],
    );
    const logout = { ...head, kind: KIND.logout, client: 'b'.repeat(32) as ClientId };
    const signer = { key, chain: [], root: key.publicKey };
    const body = logoutBody(signer, node.network, logout, [one.key.publicKey], node.engine.desk.cutOf(author));
    assert.deepEqual(await node.operator.writeOps([{ head: { ...logout, body, payloadHash: null }, payload: null }]), [null]);
    await again.closed;
    const last = again.told.at(-1)!;
    assert.deepEqual(last, { type: 'bye', reason: 'logged out', resume: false });
    const third = await ApiClient.connect(one.url, one.key);
    const reply = await third.reply({ do: 'account', author, chain, ...third.granted() });
    assert.equal(reply.type === 'refused' && reply.refused.type, 'bad key');
    const guest = await third.reply({ do: 'guest', name: 'bob', ...third.granted() });
    assert.equal(guest.type === 'refused' && guest.refused.type, 'no guests');
  });

  it('[AP8] a node that goes on under a new incarnation asks for the grant, and writes nothing for the session until it has it', async () => {
    const { client, node } = await apiScene();
    const one = await client('ann');
    await one.ask<'join'>({ do: 'join', room: ROOM });
    const post = (text: string) => one.reply({ do: 'post', to: { room: ROOM }, style: 'text', text });
    const { feed } = one.hello;
    node.store.commit = async () => {
      Reflect.deleteProperty(node.store, 'commit');
      throw new CommitError('the disk fails', null);
    };
    assert.equal((await post('one')).type, 'unknown');
    const asked = () => one.events.flatMap((event) => (event.type === 'regrant' ? event.feed : [])).at(-1);
    await one.until(() => asked() !== undefined);
    assert.notEqual(asked(), feed);
    const refused = await post('two');
    assert.deepEqual(refused.type === 'refused' && [refused.refused.type, refused.refused.retryMs], ['not granted', 1000]);
    const stale = await one.reply({ do: 'regrant', ...one.granted(feed) });
    assert.equal(stale.type === 'refused' && stale.refused.type, 'bad grant');
    const other = await ApiClient.connect(one.url);
    const foreign = await one.reply({ do: 'regrant', ...other.granted(asked()!) });
    assert.equal(foreign.type === 'refused' && foreign.refused.type, 'bad grant');
    await one.ask<'regrant'>({ do: 'regrant', ...one.granted(asked()) });
    assert.equal((await post('two')).type, 'ok');
    assert.deepEqual(one.texts, ['two']);
    assert.deepEqual(
      node.store.messages().map(({ payload }) => decodeMessage(payload!).text),
      ['two'],
    );
  });

  it('[AP9] whoever reads too slowly is sent away to come back with a cursor; nobody waits for them', async () => {
    const { client, node } = await apiScene();
    const [ann, bob] = [await client('ann'), await client()];
    const { author } = await bob.guest('bob');
    for (const one of [ann, bob]) await one.ask<'join'>({ do: 'join', room: ROOM });
    bob.socket.pause();
    const text = 'x'.repeat(8000);
    let posted = 0;
    for (; posted < 5000 && node.loop.isPresent(author); posted++)
      await ann.ask<'post'>({ do: 'post', to: { room: ROOM }, style: 'text', text });
    assert.ok(posted < 5000);
    assert.equal(ann.texts.length, posted);
    bob.socket.resume();
    await bob.closed;
    const last = bob.told.at(-1)!;
    assert.deepEqual(last.type === 'bye' && [last.reason, last.resume], ['Too much waited on this connection.', true]);
  });

  it('[AP6] pages of other origins and names that are not this node’s are refused, loopback and those that were named are not', async () => {
    const { url } = await apiScene();
    const status = (headers: Record<string, string>): Promise<number> =>
      new Promise((resolve, reject) => {
        const upgrade = {
          connection: 'upgrade',
          upgrade: 'websocket',
          'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
          'sec-websocket-version': '13',
        };
        const asked = request(`${url}/api/v1/socket`, { headers: { ...upgrade, ...headers } }, (response) => resolve(response.statusCode!));
        asked.on('upgrade', (_response, socket) => {
          socket.destroy();
          resolve(101);
        });
        asked.on('error', reject);
        asked.end();
      });
    assert.equal(await status({}), 101);
    assert.equal(await status({ origin: 'https://page.example.org' }), 101);
    assert.equal(await status({ origin: 'http://localhost:5173' }), 101);
    assert.equal(await status({ host: 'chat.example.org', origin: 'http://chat.example.org' }), 101);
    assert.equal(await status({ origin: 'https://evil.example.org' }), 403);
    assert.equal(await status({ origin: 'null' }), 403);
    assert.equal(await status({ host: 'evil.example.org' }), 421);
    assert.equal(await status({ host: 'evil.example.org', origin: 'http://evil.example.org' }), 421);
    assert.equal(await status({ host: '127.0.0.1.evil.example.org' }), 421);
  });
});

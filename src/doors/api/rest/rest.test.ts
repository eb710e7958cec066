import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ApiScene, apiScene } from '../../../../test/people/api-scene.ts';
import type { WireMessage } from '../../../api/protocol.ts';
import { authorId } from '../../../core/ids.ts';
import { newAccountBody } from '../../../core/kinds/account.ts';
import { headBytes, KIND } from '../../../core/op.ts';
import { suite } from '../../../node/testing/solo.ts';

/** Asks, with an app password unless told otherwise. */
function caller({ url }: ApiScene, token: string) {
  return async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
}

describe('REST', () => {
  it('[AP12] a program with an app password enters rooms, says something, reads it page by page, and is one session', async () => {
    const scene = await apiScene();
    const { token, author } = await scene.bot('bot');
    const ask = caller(scene, token);
    assert.equal((await ask('GET', '/me')).body.person.author, author);
    for (let i = 0; i < 5; i++) assert.equal((await ask('POST', '/rooms/ops/messages', { text: `${i}` })).status, 201);
    const page = await ask('GET', '/rooms/%23ops/messages?limit=2');
    assert.deepEqual(
      page.body.messages.map(({ text }: WireMessage) => text),
      ['3', '4'],
    );
    const [, link] = /<\/api\/v1([^>]+)>; rel="next"/.exec(page.headers.get('link')!)!;
    const before = await ask('GET', link!);
    assert.deepEqual(
      before.body.messages.map(({ text }: WireMessage) => text),
      ['1', '2'],
    );
    const id = before.body.messages[0].id;
    assert.equal((await ask('PATCH', `/rooms/ops/messages/${id}`, { text: 'one' })).status, 200);
    assert.equal((await ask('PUT', `/rooms/ops/messages/${id}/reactions/%F0%9F%91%8D`)).status, 204);
    assert.equal((await ask('PUT', `/rooms/ops/messages/${id}/pin`)).status, 204);
    const [around] = (await ask('GET', `/rooms/ops/messages?around=${id}&limit=1`)).body.messages.filter(
      (one: WireMessage) => one.id === id,
    );
    assert.deepEqual([around.text, around.edited, around.pinned, Object.keys(around.reactions)], ['one', true, true, ['👍']]);
    assert.equal((await ask('DELETE', `/rooms/ops/messages/${id}?reason=typo`)).status, 204);
    assert.equal((await ask('GET', '/search?text=4')).body.found.length, 1);
    assert.equal((await ask('GET', '/me/rooms')).body.rooms[0].id, '#ops');
    assert.equal(scene.node.engine.sessions.of(author).size, 1);
    const basic = Buffer.from(`bot:${token}`).toString('base64');
    assert.equal((await caller(scene, '')('GET', '/me', undefined, { authorization: `Basic ${basic}` })).status, 200);
  });

  it('[AP13] what is refused is a problem with its status, and says when to come again', async () => {
    const scene = await apiScene({ floods: true });
    const { token } = await scene.bot('bot');
    const [ask, stranger] = [caller(scene, token), caller(scene, '')];
    const none = await stranger('GET', '/me');
    assert.equal(none.status, 401);
    assert.match(none.headers.get('content-type')!, /^application\/problem\+json/);
    assert.equal(none.body.type, 'urn:skein:bad-key');
    assert.equal((await ask('GET', '/rooms/nowhere')).status, 404);
    assert.equal((await ask('GET', '/nothing')).status, 404);
    assert.equal((await ask('POST', '/rooms/ops/messages', { text: 1, more: 2 })).status, 400);
    assert.equal((await ask('POST', '/rooms/ops/messages', { text: '' })).status, 422);
    assert.equal((await ask('POST', '/bans', { person: '0'.repeat(32) })).status, 404);
    assert.equal((await ask('POST', '/rooms/ops/messages', { text: 'x'.repeat(1_100_000) })).status, 413);
    const statuses: number[] = [];
    for (let i = 0; i < 25; i++) {
      const { status, headers, body } = await ask('POST', '/rooms/ops/messages', { text: 'again' });
      statuses.push(status);
      if (status === 429) {
        assert.ok(Number(headers.get('retry-after')) >= 1);
        assert.match(headers.get('ratelimit')!, /^"flood";r=0;t=\d+$/);
        assert.ok(body.retryMs > 0);
      }
    }
    assert.ok(statuses.includes(201) && statuses.includes(429));
    const wrong = caller(scene, `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`);
    for (let i = 0; i < 10; i++) assert.equal((await wrong('GET', '/me')).status, 401);
    const slowed = await wrong('GET', '/me');
    assert.equal(slowed.status, 429);
    assert.ok(Number(slowed.headers.get('retry-after')) >= 1);
  });

  it('[AP14] a name that is no account’s is answered as one that is; an account is made by an op that its owner signed', async () => {
    const scene = await apiScene();
    const ask = caller(scene, '');
    await scene.bot('ann');
    const [known, unknown] = [await ask('GET', '/accounts/ann/key'), await ask('GET', '/accounts/nobody/key')];
    assert.deepEqual(Object.keys(known.body), Object.keys(unknown.body));
    assert.deepEqual((await ask('GET', '/accounts/nobody/key')).body.kdf, unknown.body.kdf);
    assert.deepEqual((await ask('GET', '/accounts/NoBody/key')).body.key, unknown.body.key);
    const key = suite.keyPair(scene.node.random.bytes(32));
    const head = scene.head(KIND.account, authorId(suite, key.publicKey));
    const op = { ...head, body: newAccountBody(key, scene.node.network, head, 'bob', new Uint8Array(2)) };
    const made = await ask('POST', '/ops', { ops: [Buffer.from(headBytes(op)).toString('hex')] });
    assert.deepEqual([made.status, made.body], [200, { faults: [null] }]);
    assert.equal((await ask('GET', '/accounts/bob/key')).body.author, op.author);
    assert.equal((await ask('POST', '/ops', { ops: [Buffer.from(headBytes(op)).toString('hex')] })).status, 422);
    assert.equal((await ask('POST', '/ops', { ops: ['00'] })).status, 422);
    for (let i = 0; i < 30; i++) await ask('GET', '/accounts/nobody/key');
    assert.equal((await ask('GET', '/accounts/nobody/key')).status, 429);
  });

  it('[AP15] browsers are told who may, and nothing is kept or framed; other names and origins are refused', async () => {
    const scene = await apiScene();
    const ask = caller(scene, '');
    const own = await ask('GET', '/network', undefined, { origin: 'https://page.example.org' });
    assert.equal(own.headers.get('access-control-allow-origin'), 'https://page.example.org');
    assert.equal(own.headers.get('access-control-allow-credentials'), null);
    for (const [name, value] of [
      ['x-content-type-options', 'nosniff'],
      ['cache-control', 'no-store'],
      ['referrer-policy', 'no-referrer'],
    ])
      assert.equal(own.headers.get(name!), value);
    const before = await ask('OPTIONS', '/rooms/x/messages', undefined, { origin: 'https://page.example.org' });
    assert.match(before.headers.get('access-control-allow-headers')!, /authorization/);
    assert.equal((await ask('GET', '/network', undefined, { origin: 'https://evil.example.org' })).status, 403);
  });

  it('[AP16] moderators give roles, kick, ban, mute and undo over REST, and read what was done', async () => {
    const scene = await apiScene();
    const [owner, bob] = [await scene.bot('olga'), await scene.bot('bob')];
    await scene.crown(owner.author);
    const [ask, his] = [caller(scene, owner.token), caller(scene, bob.token)];
    assert.equal((await his('POST', '/rooms/ops/messages', { text: 'spam' })).status, 201);
    assert.equal((await his('GET', '/moderation-log')).status, 403);
    assert.equal((await ask('POST', '/rooms/ops/kicks', { person: bob.author, reason: 'spam' })).status, 204);
    assert.equal((await ask('POST', '/rooms/ops/bans', { person: bob.author, forSeconds: 3600 })).status, 204);
    const refused = await his('POST', '/rooms/ops/messages', { text: 'more' });
    assert.deepEqual([refused.status, refused.body.title], [403, 'silenced']);
    const log = (await ask('GET', '/rooms/ops/moderation-log?limit=1')).body;
    assert.deepEqual([log.acts[0].does, log.acts[0].personName], ['ban', 'bob']);
    const older = (await ask('GET', `/rooms/ops/moderation-log?limit=1&before=${log.next}`)).body;
    assert.equal(older.acts[0].does, 'kick');
    assert.equal((await ask('DELETE', `/sanctions/${log.acts[0].id}`)).status, 204);
    assert.equal((await his('POST', '/rooms/ops/messages', { text: 'sorry' })).status, 201);
    assert.equal((await ask('PUT', `/roles/${bob.author}`, { role: 'moderator' })).status, 204);
    assert.equal((await his('GET', '/moderation-log')).status, 200);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apiScene } from '../../../test/people/api-scene.ts';
import type { Request } from '../../api/protocol.ts';
import type { NodeId } from '../../core/ids.ts';
import { encodeKdf, newKdf } from '../../core/kdf.ts';
import { parseInvitation } from '../../node/invitation.ts';
import { suite } from '../../node/testing/solo.ts';
import type { ApiClient } from './testing/client.ts';

const KDF = Buffer.from(encodeKdf(newKdf(new Uint8Array(16)))).toString('hex');
const FOR = { uses: 1, forSeconds: 3600 };
const refusedOf = async (by: ApiClient, request: Request): Promise<string | null> => {
  const reply = await by.reply(request);
  return reply.type === 'refused' ? reply.refused.type : null;
};

/** An owner by their own key, the same by an app password, and somebody else. */
async function scene() {
  const all = await apiScene();
  const { bot, crown, session, client } = all;
  const [olga, mia] = [await bot('olga'), await bot('mia')];
  await crown(olga.author);
  const owner = await session(olga.author, olga.key);
  const member = await session(mia.author, mia.key);
  const program = await client();
  await program.ask<'token'>({ do: 'token', name: 'olga', token: olga.token });
  return { ...all, olga, mia, owner, member, program };
}

describe('administration over the API', () => {
  it('[AP26] what is for owners is refused to everybody else, also to an owner by an app password', async () => {
    const { owner, member, program, client, mia, node } = await scene();
    const stranger = await client('guest');
    const asks: Request[] = [
      { do: 'accounts', limit: 10 },
      { do: 'invite people', ...FOR },
      { do: 'invite node', ...FOR },
      { do: 'revoke node', node: 'ab'.repeat(32) as NodeId, reason: '' },
      { do: 'reset key', person: mia.author, key: 'ab'.repeat(32), kdf: KDF },
      { do: 'settle name', person: mia.author, name: 'mimi' },
      { do: 'delete account', person: mia.author, erase: false },
    ];
    const before = node.store.log.length;
    for (const ask of asks)
      for (const by of [member, program, stranger]) assert.equal(await refusedOf(by, ask), 'not allowed', `${ask.do}`);
    assert.ok(node.store.log.length - before < 3, 'nothing was written');
    assert.deepEqual(await Promise.all(asks.slice(0, 3).map((ask) => refusedOf(owner, ask))), [null, null, null]);
  });

  it('[AP27] an owner reads the accounts by name, page by page, with role, sessions, app passwords and what is in force', async () => {
    const { owner, olga, mia, bot } = await scene();
    for (const name of ['ada', 'Bea', 'zoe']) await bot(name);
    await owner.ask<'ban' | 'mute'>({ do: 'ban', room: '', person: mia.author, forSeconds: 600, reason: 'spam' });
    const first = await owner.ask<'accounts'>({ do: 'accounts', limit: 3 });
    assert.deepEqual(
      first.accounts.map(({ name }) => name),
      ['ada', 'Bea', 'mia'],
    );
    const rest = await owner.ask<'accounts'>({ do: 'accounts', next: first.next!, limit: 3 });
    assert.deepEqual([rest.accounts.map(({ name }) => name), rest.next], [['olga', 'zoe'], null]);
    const [banned] = (await owner.ask<'accounts'>({ do: 'accounts', named: 'MI', limit: 3 })).accounts;
    assert.deepEqual([banned!.author, banned!.role, banned!.sessions, banned!.devices], [mia.author, null, 0, 1]);
    assert.deepEqual([banned!.sanction?.does, banned!.sanction?.reason], ['ban', 'spam']);
    const self = rest.accounts[0]!;
    assert.deepEqual([self.author, self.role, self.present, self.sessions, self.sanction], [olga.author, 'owner', true, 1, null]);
    assert.ok(self.madeMs > 1_600_000_000_000);
  });

  it('[AP28] an owner invites people and nodes; so many in so long', async () => {
    const { owner, node } = await scene();
    const { token, expiresMs } = await owner.ask<'invite people'>({ do: 'invite people', uses: 2, forSeconds: 3600 });
    assert.ok(node.operator.invitationOf(token));
    assert.ok(Math.abs(expiresMs - node.clock.nowMs - 3_600_000) < 1000);
    const { line } = await owner.ask<'invite node'>({ do: 'invite node', ...FOR });
    const invitation = parseInvitation(line);
    assert.ok(!(invitation instanceof Error));
    assert.deepEqual([invitation.network, invitation.networkName], [node.network, 'test']);
    assert.equal(await refusedOf(owner, { do: 'invite node', uses: 0, forSeconds: 1 }), 'bad request');
    assert.equal(await refusedOf(owner, { do: 'invite people', uses: 1, forSeconds: 1e9 }), 'bad request');
    const refusals = [];
    for (let i = 0; i < 40; i++) refusals.push(await refusedOf(owner, { do: 'invite people', ...FOR }));
    assert.deepEqual([refusals[0], refusals.at(-1)], [null, 'throttled']);
  });

  it('[AP29] an owner revokes nodes but the one that they are at, resets a key, settles a name and deletes an account', async () => {
    const { owner, member, mia, node } = await scene();
    assert.equal(await refusedOf(owner, { do: 'revoke node', node: node.loop.node.id, reason: '' }), 'refused');
    assert.equal(await refusedOf(owner, { do: 'revoke node', node: 'ab'.repeat(32) as NodeId, reason: '' }), 'refused');
    assert.equal(await refusedOf(owner, { do: 'settle name', person: mia.author, name: 'mimi' }), null);
    assert.equal(node.loop.accountNamed('mimi'), mia.author);
    const key = suite.keyPair(new Uint8Array(32).fill(3)).publicKey;
    assert.equal(await refusedOf(owner, { do: 'reset key', person: mia.author, key, kdf: '00' }), 'bad request');
    assert.equal(await refusedOf(owner, { do: 'reset key', person: mia.author, key, kdf: KDF }), null);
    await member.closed;
    assert.equal(node.loop.ownKey(mia.author)!.key, key);
    assert.equal(await refusedOf(owner, { do: 'delete account', person: mia.author, erase: true }), null);
    assert.equal(node.loop.accountNamed('mimi'), null);
    const { author } = (await owner.ask<'person'>({ do: 'person', name: 'olga' })).person!;
    assert.equal(await refusedOf(owner, { do: 'delete account', person: author, erase: false }), 'last owner');
  });

  it('[AP30] what is in force in a room is told to its moderators, newest first, and to nobody else', async () => {
    const { owner, member, mia, url, olga } = await scene();
    await member.ask<'join'>({ do: 'join', room: '#square' });
    const room = '#square' as never;
    await owner.ask<'ban' | 'mute'>({ do: 'mute', room, person: mia.author, forSeconds: 60, reason: 'loud' });
    await owner.ask<'ban' | 'mute'>({ do: 'ban', room, person: mia.author, forSeconds: 0, reason: 'louder' });
    const { sanctions, more } = await owner.ask<'sanctions'>({ do: 'sanctions', room });
    assert.deepEqual(
      sanctions.map(({ does, personName, byName, reason, untilMs }) => [does, personName, byName, reason, untilMs === null]),
      [
        ['ban', 'mia', 'olga', 'louder', true],
        ['mute', 'mia', 'olga', 'loud', false],
      ],
    );
    assert.equal(more, false);
    assert.equal(await refusedOf(member, { do: 'sanctions', room: '' }), 'not allowed');
    const rest = await fetch(`${url}/api/v1/rooms/square/sanctions`, { headers: { authorization: `Bearer ${olga.token}` } });
    assert.equal(((await rest.json()) as { sanctions: unknown[] }).sanctions.length, 2);
    await owner.ask<'undo'>({ do: 'undo', target: sanctions[0]!.id });
    assert.deepEqual(
      (await owner.ask<'sanctions'>({ do: 'sanctions', room })).sanctions.map(({ does }) => does),
      ['mute'],
    );
    const { room: den } = await member.ask<'make private room'>({ do: 'make private room', name: 'den' });
    assert.equal(await refusedOf(owner, { do: 'sanctions', room: den.id }), 'not allowed', 'a private room that they may not read');
  });
});

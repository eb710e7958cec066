import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { authorId } from '../core/ids.ts';
import { type Head, headBytes, KIND, NO_BYTES } from '../core/op.ts';
import { type By, type ByAccount, Pen } from '../core/pen.ts';
import type { KeyPair } from '../core/suite.ts';
import { uuidV7 } from '../core/uuid.ts';
import { toHex } from '../lib/bytes.ts';
import { type Solo, solo, suite } from './testing/solo.ts';

const kdf = Uint8Array.of(1, 2, 3);
const keyOf = (n: number): KeyPair => suite.keyPair(new Uint8Array(32).fill(n));
const author = (key: KeyPair) => authorId(suite, key.publicKey);
const by = (key: KeyPair): ByAccount => ({ author: author(key), key });

function penOf({ operator, random }: Solo, ...names: string[]): Pen {
  return new Pen(suite, random, operator.facts.of(names), Date.now());
}

function person({ operator }: Solo, name: string) {
  const found = operator.facts.of([name]).people[0];
  assert.ok(found, name);
  return found;
}

/** Makes the first owner. */
async function found(node: Solo, name: string, key: KeyPair): Promise<void> {
  const pen = penOf(node);
  const root: By = { root: node.rootKey };
  assert.deepEqual(await node.operator.write([pen.account(key, name, kdf, undefined), pen.role(root, author(key), 'owner', '')]), [
    null,
    null,
  ]);
}

describe('the operator', () => {
  const nodes: Solo[] = [];
  const start = async (policy: 'open' | 'invite' | 'closed'): Promise<Solo> => {
    const node = await solo(policy, nodes.length + 1);
    nodes.push(node);
    return node;
  };
  after(() => Promise.all(nodes.map((node) => node.close())));

  it('[AC16] the last owner neither deletes themselves by an op that was signed elsewhere nor gives themselves another role', async () => {
    const node = await start('closed');
    const [ann, bob] = [keyOf(1), keyOf(2)];
    await found(node, 'ann', ann);
    const pen = penOf(node);
    const ends = (): string[][] => {
      const self = person(node, 'ann');
      return [[pen.deletion(by(ann), self, false)], [...pen.session(by(ann)), pen.role(by(ann), author(ann), 'none', '')]];
    };
    for (const ops of ends()) await assert.rejects(node.operator.write(ops), /no owner left/);
    await node.operator.write([
      ...pen.session(by(ann)),
      pen.account(bob, 'bob', kdf, undefined),
      pen.role(by(ann), author(bob), 'owner', ''),
    ]);
    assert.deepEqual(await node.operator.write(ends()[0]!), [null]);
    assert.deepEqual(node.operator.facts.owners(), ['bob']);
  });

  it('[AC21] the root key makes the first owner, and an owner the next ones, by sessions that end with the word', async () => {
    const node = await start('closed');
    const [ann, bob] = [keyOf(1), keyOf(2)];
    await found(node, 'ann', ann);
    assert.deepEqual(node.operator.facts.owners(), ['ann']);
    const pen = penOf(node);
    const made = [...pen.session(by(ann)), pen.account(bob, 'bob', kdf, undefined), pen.role(by(ann), author(bob), 'owner', '')];
    assert.deepEqual(await node.operator.write(made), [null, null, null]);
    assert.deepEqual(node.operator.facts.owners(), ['ann', 'bob']);
    assert.deepEqual(
      node.operator.facts.list().map(({ name, role, present }) => ({ name, role, present })),
      [
        { name: 'ann', role: 'owner', present: false },
        { name: 'bob', role: 'owner', present: false },
      ],
    );
    const again = [...penOf(node).session(by(bob)), penOf(node).role(by(bob), author(ann), 'none', '')];
    assert.deepEqual(await node.operator.write(again), [null, null]);
    assert.deepEqual(node.operator.facts.owners(), ['bob']);
  });

  it('[AC21] whoever is logged in at the node stays so when their word is given at its command line', async () => {
    const node = await start('open');
    const ann = keyOf(1);
    const door = { answer: () => undefined, notices: () => undefined, ended: () => undefined, flush: () => undefined };
    const session = node.loop.session(door);
    node.loop.command(session, 1, { type: 'register', name: 'ann', key: ann, kdf, invitation: '' });
    await node.loop.settled();
    assert.ok(node.loop.isPresent(author(ann)));
    const seal = penOf(node).role({ root: node.rootKey }, author(ann), 'owner', '');
    assert.deepEqual(await node.operator.write([seal]), [null]);
    const word = () => [...penOf(node).session(by(ann)), penOf(node).role(by(ann), author(ann), 'owner', '')];
    assert.deepEqual(await node.operator.write(word()), [null, null]);
    assert.ok(node.loop.isPresent(author(ann)), 'still there');
    node.loop.command(session, 2, { type: 'close', reason: '' });
    await node.loop.settled();
    assert.deepEqual(await node.operator.write(word()), [null, null]);
    assert.ok(!node.loop.isPresent(author(ann)), 'the session of the word is over');
  });

  it('[AC22] who may register follows the policy: open for all, by invitation, or by an owner alone', async () => {
    const [open, invite, closed] = [await start('open'), await start('invite'), await start('closed')];
    const account = (node: Solo, n: number, id?: string) => node.operator.write([penOf(node).account(keyOf(n), `p${n}`, kdf, id)]);
    assert.deepEqual(await account(open, 3), [null]);
    await assert.rejects(account(invite, 3), /needs an invitation/);
    await assert.rejects(account(closed, 3), /registration is closed/);
    await assert.rejects(closed.operator.invite(1, 60_000), /registration is closed/);
    const token = await invite.operator.invite(2, 60_000);
    const id = invite.operator.invitationOf(token);
    const both = await Promise.allSettled([account(invite, 3, id), account(invite, 4, id), account(invite, 5, id)]);
    assert.deepEqual(
      both.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected'],
    );
    assert.throws(() => invite.operator.invitationOf(token), /used up/);
    const other = await invite.operator.invite(1, 60_000);
    invite.clock.nowMs += 60_001;
    assert.throws(() => invite.operator.invitationOf(other), /expired/);
    await assert.rejects(account(invite, 6, 'ab'.repeat(16)), /unknown here/);
  });

  it('[AC23] names that are taken, look like another or are none are refused in words', async () => {
    const node = await start('open');
    const make = (name: string, n: number) => node.operator.write([penOf(node).account(keyOf(n), name, kdf, undefined)]);
    await make('paypal', 1);
    await assert.rejects(make('PayPal', 2), /‘PayPal’ is taken/);
    await assert.rejects(make('paypa1', 2), /looks like ‘paypal’/);
    await assert.rejects(make('pаypal', 2), /mixes letters/);
    await assert.rejects(make('2fast', 2), /has to begin with a letter/);
    const door = { answer: () => undefined, notices: () => undefined, ended: () => undefined, flush: () => undefined };
    const session = node.loop.session(door);
    node.loop.command(session, 1, { type: 'open', name: 'ann' });
    await node.loop.settled();
    assert.ok(node.loop.presentByName('ann'), 'as a guest');
    assert.deepEqual(await make('ann', 3), [null]);
    node.loop.command(session, 2, { type: 'close', reason: '' });
    await node.loop.settled();
    await assert.rejects(
      node.operator.write([...penOf(node).session(by(keyOf(3))), penOf(node).settle(by(keyOf(3)), author(keyOf(3)), 'payPal')]),
      /taken/,
    );
    const own = [...penOf(node).session(by(keyOf(3))), penOf(node).settle(by(keyOf(3)), author(keyOf(3)), 'Ann')];
    assert.deepEqual(await node.operator.write(own), [null, null]);
    assert.equal(person(node, 'ann').name, 'Ann');
  });

  it('[AC24] another password ends the keys of the old one; an owner resets one that is lost; nobody else changes an account', async () => {
    const node = await start('open');
    const [ann, bob, lost, fresh] = [keyOf(1), keyOf(2), keyOf(3), keyOf(4)];
    await found(node, 'ann', ann);
    await node.operator.write([penOf(node).account(bob, 'bob', kdf, undefined)]);
    await node.operator.write([penOf(node).device(bob, author(bob), keyOf(9).publicKey)]);
    assert.equal(person(node, 'bob').devices.length, 1);
    assert.deepEqual(await node.operator.write([penOf(node).rekey(by(bob), person(node, 'bob'), lost.publicKey, kdf)]), [null]);
    assert.deepEqual([person(node, 'bob').key, person(node, 'bob').devices], [lost.publicKey, []]);
    await assert.rejects(node.operator.write([penOf(node).rekey(by(bob), person(node, 'bob'), bob.publicKey, kdf)]), /does not speak for/);
    await assert.rejects(node.operator.write(penOf(node).session(by(bob))), /does not speak for/);
    const before = node.store.log.length;
    const stranger: ByAccount = { author: author(bob), key: lost };
    const theft = [...penOf(node).session(stranger), penOf(node).rekey(stranger, person(node, 'ann'), fresh.publicKey, kdf)];
    await assert.rejects(node.operator.write(theft), /is no owner/);
    await assert.rejects(
      node.operator.write([...penOf(node).session(stranger), penOf(node).deletion(stranger, person(node, 'ann'), true)]),
      /is no owner/,
    );
    assert.equal(node.store.log.length, before, 'nothing was written');
    const reset = [...penOf(node).session(by(ann)), penOf(node).rekey(by(ann), person(node, 'bob'), fresh.publicKey, kdf)];
    assert.deepEqual(await node.operator.write(reset), [null, null]);
    assert.equal(person(node, 'bob').key, fresh.publicKey);
    const byRoot = penOf(node).rekey({ root: node.rootKey }, person(node, 'bob'), bob.publicKey, kdf);
    assert.deepEqual(await node.operator.write([byRoot]), [null]);
    assert.equal(person(node, 'bob').key, bob.publicKey);
  });

  it('[AC13] [AC24] an app password ends alone, or with all sessions, and has the label that its account gave it', async () => {
    const node = await start('open');
    const ann = keyOf(1);
    await found(node, 'ann', ann);
    const devices = [keyOf(11), keyOf(12), keyOf(13)].map(({ publicKey }) => publicKey);
    await node.operator.write(devices.map((key) => penOf(node).device(ann, author(ann), key)));
    const held = (): string[] => person(node, 'ann').devices.map(({ key }) => key);
    assert.deepEqual(held(), devices);
    assert.deepEqual(await node.operator.write([penOf(node).logout(ann, person(node, 'ann'), [devices[1]!])]), [null]);
    assert.deepEqual(held(), [devices[0], devices[2]]);
    const key = devices[0]!;
    const labels = (): string[] => person(node, 'ann').devices.map(({ label }) => label);
    const make = (by: KeyPair, label: string): string => penOf(node).device(ann, author(ann), key, label, by);
    await node.operator.write([make(ann, 'phone')]);
    assert.deepEqual(labels(), ['phone', '']);
    await node.operator.write([make(ann, '')]);
    assert.deepEqual(labels(), ['phone', ''], 'without a label nothing is said of it');
    await assert.rejects(node.operator.write([make(keyOf(11), 'laptop')]), 'another key names it');
    await node.operator.write([make(ann, 'telephone')]);
    assert.deepEqual(labels(), ['telephone', '']);
    assert.deepEqual(await node.operator.write([penOf(node).logout(ann, person(node, 'ann'), [])]), [null]);
    assert.deepEqual(held(), []);
  });

  it('[AC25] a deleted account is gone, by its own word or an owner’s, and its name is free', async () => {
    const node = await start('open');
    const [ann, bob] = [keyOf(1), keyOf(2)];
    await found(node, 'ann', ann);
    for (const deleter of [bob, ann]) {
      const one = deleter === bob ? bob : keyOf(7);
      await node.operator.write([penOf(node).account(one, 'bob', kdf, undefined)]);
      const ops = [...(deleter === ann ? penOf(node).session(by(ann)) : []), penOf(node).deletion(by(deleter), person(node, 'bob'), false)];
      assert.ok((await node.operator.write(ops)).every((fault) => fault === null));
      assert.deepEqual(node.operator.facts.of(['bob']).people, [null]);
    }
    assert.equal(node.operator.facts.count(), 1);
  });

  it('[AC26] only words of accounts are taken, whole and rightly signed; else nothing of a write is written', async () => {
    const node = await start('open');
    const key = keyOf(1);
    const good = () => penOf(node).account(key, 'ann', kdf, undefined);
    const head = (fields: Partial<Head>): string => {
      const base: Head = {
        kind: KIND.message,
        author: author(key),
        client: uuidV7(1, node.random),
        room: '',
        target: '',
        after: 0,
        body: NO_BYTES,
        payloadHash: null,
      };
      return toHex(headBytes({ ...base, ...fields }));
    };
    const before = node.store.log.length;
    for (const [bad, words] of [
      [head({}), /none of accounts/],
      [head({ kind: KIND.revoke }), /none of accounts/],
      [head({ kind: KIND.end }), /none of accounts/],
      [head({ kind: KIND.logout, body: Uint8Array.of(255, 255) }), /could not read/],
      [head({ kind: KIND.role, after: 2 ** 52 }), /after the present/],
      [`${good()}00`, /cannot read an op/],
      ['xyz', /cannot read an op/],
      [good().replace(/..$/, (byte) => (byte === '00' ? '01' : '00')), /does not speak for/],
    ] as const)
      await assert.rejects(node.operator.write([good(), bad]), words);
    await assert.rejects(node.operator.write([]), /1 to 8 ops/);
    await assert.rejects(node.operator.write(Array.from({ length: 9 }, good)), /1 to 8 ops/);
    assert.equal(node.store.log.length, before);
    assert.equal(node.operator.facts.count(), 0);
  });
});

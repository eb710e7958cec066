import assert from 'node:assert/strict';
import { argon2Sync } from 'node:crypto';
import { describe, it } from 'node:test';
import { suite } from '../../test/fixture/writer.ts';
import { encodeKdf, newKdf, readKdf } from '../core/kdf.ts';
import { type Derived, decoyKdf, Passwords } from './passwords.ts';

const salt = Uint8Array.from({ length: 16 }, (_, i) => i);
const kdf = encodeKdf(newKdf(salt));
const heavy = encodeKdf({ memoryKiB: 65_536, passes: 2, lanes: 4, salt });
const filled = (length: number, byte: number): Buffer => Buffer.alloc(length, byte);
const kindOf = (derived: Derived): string => Object.keys(derived)[0]!;

describe('passwords at a node', () => {
  it('[AC5] become the key that Argon2id makes of them, prepared; whoever knows RFC 9106 makes the same', async () => {
    const tag = argon2Sync('argon2id', {
      message: filled(32, 1),
      nonce: filled(16, 2),
      secret: filled(8, 3),
      associatedData: filled(12, 4),
      parallelism: 4,
      tagLength: 32,
      memory: 32,
      passes: 3,
    });
    assert.equal(tag.toString('hex'), '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659', 'RFC 9106, section 5.3');

    const passwords = new Passwords();
    const plain = (memory: number, parallelism: number): Uint8Array =>
      new Uint8Array(argon2Sync('argon2id', { message: 'wälrus kettle', nonce: salt, parallelism, tagLength: 32, memory, passes: 2 }));
    assert.deepEqual(await passwords.derive('wa\u0308lrus\u00a0kettle', kdf, 'here'), { seed: plain(19_456, 1) });
    assert.deepEqual(await passwords.derive('wälrus kettle', heavy, 'here'), { seed: plain(65_536, 4) });
    assert.deepEqual(await passwords.derive('', kdf, 'here'), { refused: 'empty' });
    assert.deepEqual(await passwords.derive('x'.repeat(1025), kdf, 'here'), { refused: 'too long' });
    assert.deepEqual(await passwords.derive('walrus kettle', new Uint8Array(3), 'here'), { refused: 'bad kdf' });
  });

  it('[AC6] two are hashed at a time, a source has so many waiting, the rest is told when to come back; the loop goes on', async () => {
    const passwords = new Passwords({ waitingMax: 6, ofSourceMax: 2, atOnceMax: 2 });
    const ask = (source: string): Promise<Derived> => passwords.derive('walrus kettle', heavy, source);
    const bad = Array.from({ length: 9 }, () => ask('bad'));
    assert.deepEqual(passwords.load, { waiting: 2, running: 2 });
    const good = ask('good');
    let turns = 0;
    const ticking = setInterval(() => turns++, 5);
    const all = await Promise.all([...bad, good]);
    clearInterval(ticking);
    const busy = all.filter((one) => 'busy' in one);
    assert.equal(busy.length, 5);
    for (const one of busy) assert.ok('retryMs' in one && Number.isInteger(one.retryMs) && one.retryMs >= 1000 && one.retryMs <= 30_000);
    assert.ok('seed' in all.at(-1)!);
    assert.ok(turns > 3, `${turns} turns of the loop meanwhile`);
    assert.deepEqual(passwords.load, { waiting: 0, running: 0 });
    const byDefault = new Passwords();
    const some = Array.from({ length: 4 }, () => byDefault.derive('walrus kettle', kdf, 'here'));
    assert.ok(byDefault.load.running >= 1 && byDefault.load.running <= 2);
    await Promise.all(some);
  });

  it('[AC6] sources take turns', async () => {
    const passwords = new Passwords({ waitingMax: 6, ofSourceMax: 3, atOnceMax: 1 });
    const order: string[] = [];
    const ask = (source: string): Promise<unknown> => passwords.derive('walrus kettle', kdf, source).then(() => order.push(source));
    await Promise.all([ask('bad'), ask('bad'), ask('bad'), ask('good')]);
    assert.ok(order.indexOf('good') < order.lastIndexOf('bad'), order.join());
  });

  it('[AC6] whoever is gone leaves the queue, and is not told what was hashed meanwhile', async () => {
    const passwords = new Passwords({ waitingMax: 6, ofSourceMax: 6, atOnceMax: 2 });
    const ends = Array.from({ length: 4 }, () => new AbortController());
    const asked = ends.map(({ signal }) => passwords.derive('walrus kettle', kdf, 'here', signal));
    ends[0]!.abort();
    ends[3]!.abort();
    assert.deepEqual(passwords.load, { waiting: 1, running: 2 });
    assert.deepEqual(await asked[3], { refused: 'gone' });
    assert.deepEqual((await Promise.all(asked)).map(kindOf), ['refused', 'seed', 'seed', 'refused']);
    assert.deepEqual(await passwords.derive('walrus kettle', kdf, 'here', ends[0]!.signal), { refused: 'gone' });
  });

  it('[AC7] a name without an account has a kdf like any other: the same at each node for each form of the name', async () => {
    const secret = filled(32, 7);
    const decoy = decoyKdf(suite, secret, 'Ann');
    const read = readKdf(decoy);
    assert.ok(!(read instanceof Error));
    assert.deepEqual(read, newKdf(read.salt), 'what new accounts take');
    assert.deepEqual(decoyKdf(suite, secret, 'ANN'), decoy);
    assert.notDeepEqual(decoyKdf(suite, secret, 'Anne'), decoy);
    assert.notDeepEqual(decoyKdf(suite, filled(32, 8), 'Ann'), decoy);
    const passwords = new Passwords();
    assert.ok('seed' in (await passwords.derive('walrus kettle', decoy, 'here')));
  });
});

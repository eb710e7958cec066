import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { sourceOf } from '../lib/source.ts';
import { DELAY_MS_MAX, Throttle } from './throttle.ts';

type Act = 'try' | 'right' | 'withdraw';

/** Remembers every try for ever and reckons anew from the first one each time; tries of a key are judged one after the other. */
class Twin {
  readonly #pairs = new Map<string, number[]>();
  readonly #sources = new Map<string, number[]>();

  static next(tries: readonly number[], free: number, forgivenMs: number): number {
    let [wrong, last, next] = [0, 0, 0];
    for (const at of tries) {
      wrong = Math.min(Math.max(0, wrong - (at - last) / forgivenMs), free + 7) + 1;
      [last, next] = [at, wrong > free ? at + Math.min(60_000, Math.round(1000 * 2 ** (wrong - free - 1))) : 0];
    }
    return next;
  }

  act(act: Act, source: string, account: string, now: number): number {
    const pair = this.#pairs.get(`${source} ${account}`) ?? [];
    const all = this.#sources.get(source) ?? [];
    const wait = Math.max(0, Twin.next(pair, 3, 300_000) - now, Twin.next(all, 20, 60_000) - now);
    if (wait > 0) return wait;
    // A right one clears its pair and leaves no trace at its source; a withdrawn one leaves none at all.
    this.#pairs.set(`${source} ${account}`, act === 'right' ? [] : act === 'withdraw' ? pair : [...pair, now]);
    this.#sources.set(source, act === 'try' ? [...all, now] : all);
    return 0;
  }
}

/** Tries as soon as it may; says when that was. */
function tryOnce(throttle: Throttle, source: string, account: string, now: number): number {
  const wait = throttle.attempt(source, account, now);
  if (wait > 0) assert.equal(throttle.attempt(source, account, now + wait), 0);
  return now + wait;
}

function tryOften(throttle: Throttle, source: string, account: string, count: number): number {
  let now = 0;
  for (let i = 0; i < count; i++) now = tryOnce(throttle, source, account, now);
  return now;
}

describe('wrong passwords', () => {
  it('[FL3] a thousand from one address cost it a minute each, and the owner elsewhere nothing', () => {
    const throttle = new Throttle();
    const now = tryOften(throttle, '192.0.2.1', 'ann', 1000);
    assert.ok(now > 980 * 0.95 * DELAY_MS_MAX, `${now} ms`);
    assert.equal(throttle.attempt('192.0.2.1', 'ann', now), DELAY_MS_MAX);
    assert.equal(throttle.attempt('198.51.100.7', 'ann', now), 0);
  });

  it('[FL3] three are free, then the delay doubles; a right one forgives the pair, time forgives all', () => {
    const throttle = new Throttle();
    assert.equal(tryOften(throttle, 'here', 'ann', 3), 0);
    assert.deepEqual([throttle.attempt('here', 'ann', 0), throttle.attempt('here', 'ann', 0)], [0, 1000]);
    assert.equal(throttle.attempt('here', 'ann', 999), 1);
    assert.equal(throttle.attempt('here', 'bob', 0), 0, 'another account');
    assert.equal(throttle.attempt('here', 'ann', 1000), 0);
    throttle.right('here', 'ann');
    for (let i = 0; i < 3; i++) assert.equal(throttle.attempt('here', 'ann', 1000), 0);
    const later = 3_600_000;
    for (let i = 0; i < 3; i++) assert.equal(throttle.attempt('here', 'ann', later), 0);
  });

  it('[FL3] a source that tries many accounts is slowed down as a whole, also by tries at once and though one account is its own', () => {
    const throttle = new Throttle();
    for (let i = 0; i < 21; i++) assert.equal(throttle.attempt('here', `account ${i}`, 0), 0);
    assert.equal(throttle.attempt('here', 'another', 0), 1000);
    let now = 0;
    for (let i = 0; i < 200; i++) {
      now = tryOnce(throttle, 'here', 'own', now);
      throttle.right('here', 'own');
      now = tryOnce(throttle, 'here', `victim ${i}`, now);
    }
    assert.ok(now > 190 * 0.9 * DELAY_MS_MAX, `${now} ms`);
  });

  it('[FL3] who withdraws tries in between is through with as many others no sooner', () => {
    const throttle = new Throttle();
    let now = 0;
    for (let i = 0; i < 100; i++) {
      now = tryOnce(throttle, 'here', 'ann', now);
      for (let j = 0; j < 3; j++) {
        now = tryOnce(throttle, 'here', 'ann', now);
        throttle.withdraw('here', 'ann');
      }
    }
    const without = tryOften(new Throttle(), 'here', 'ann', 100);
    assert.ok(now >= without, `${now} ms, and ${without} ms without`);
  });

  it('[FL3] as one says who remembers everything', () => {
    const steps = fc.array(
      fc.tuple(
        fc.oneof(fc.nat(2000), fc.nat(90_000)),
        fc.constantFrom<Act>('try', 'try', 'try', 'try', 'right', 'withdraw'),
        fc.constantFrom('a', 'b'),
        fc.constantFrom('ann', 'bob', 'cat'),
      ),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(steps, (list) => {
        const [throttle, twin] = [new Throttle(), new Twin()];
        let now = 0;
        for (const [gap, act, source, account] of list) {
          now += gap;
          const wait = throttle.attempt(source, account, now);
          const expected = twin.act(act, source, account, now);
          // What was taken back had let time forgive first, so a little less may be left: never more.
          assert.ok(Math.abs(wait - expected) <= expected * 0.02 + 2, `${wait} ms, not ${expected}`);
          if (wait > 0) continue;
          if (act === 'right') throttle.right(source, account);
          if (act === 'withdraw') throttle.withdraw(source, account);
        }
      }),
    );
  });

  it('[FL2] so many are remembered', () => {
    const throttle = new Throttle(10);
    for (let i = 0; i < 100; i++) throttle.attempt(`source ${i}`, 'ann', 0);
    assert.equal(throttle.size, 20);
    tryOften(throttle, 'source 99', 'ann', 3);
    assert.equal(throttle.attempt('source 99', 'ann', 0), 1000);
  });
});

describe('sources', () => {
  it('[FL4] an IPv4 address is one, and the /64 of an IPv6 address, however it is written', () => {
    for (const [address, source] of [
      ['192.0.2.1', '192.0.2.1'],
      ['::ffff:192.0.2.1', '192.0.2.1'],
      ['::FFFF:c000:201', '192.0.2.1'],
      ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
      ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
      ['2001:0db8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
      ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
      ['2001:db8::1', '2001:db8:0:0::/64'],
      ['::1', '0:0:0:0::/64'],
      ['fe80::1%eth0', 'fe80:0:0:0::/64'],
      ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
      ['localhost', 'localhost'],
      ['1::2::3', '1::2::3'],
      ['1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8:9'],
      ['12345::', '12345::'],
      ['', ''],
    ] as const) {
      assert.equal(sourceOf(address), source, address);
    }
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const source = sourceOf(address);
        return sourceOf(address.toUpperCase()) === source && (source.includes('.') || sourceOf(source.slice(0, -3)) === source);
      }),
    );
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => sourceOf(text).length <= 64));
  });
});

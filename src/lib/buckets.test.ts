import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Buckets } from './buckets.ts';

/** One bucket, a millisecond at a time. */
function twin(burst: number, rate: number, perMs: number) {
  let [parts, clock] = [burst * perMs, 0];
  return (cost: number, nowMs: number): boolean => {
    for (; clock < nowMs; clock++) parts = Math.min(burst * perMs, parts + rate);
    const price = Math.min(cost, burst) * perMs;
    if (parts < price) return false;
    parts -= price;
    return true;
  };
}

describe('floods', () => {
  it('[FL1] a key spends its burst, and then its rate; each has its own', () => {
    const buckets = new Buckets({ burst: 20, rate: 2, perMs: 1000, keysMax: 10 });
    for (let i = 0; i < 20; i++) assert.equal(buckets.take('ann', 1, 5000), 0);
    assert.equal(buckets.take('ann', 1, 5000), 500);
    assert.equal(buckets.take('ann', 3, 5000), 1500);
    assert.equal(buckets.take('bob', 20, 5000), 0);
    assert.equal(buckets.take('ann', 1, 5499), 1);
    assert.equal(buckets.take('ann', 1, 5500), 0);
    assert.equal(buckets.take('ann', 1, 5500), 500);
    assert.equal(buckets.take('ann', 50, 15_500), 0, 'what costs more than the burst costs the burst');
    assert.equal(buckets.take('ann', 1, 15_000), 1000, 'a clock that goes back gives nothing');
  });

  it('[FL1] the wait is exact: a millisecond earlier is refused, then it is taken; as with a bucket filled a millisecond at a time', () => {
    const steps = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 6 })), { maxLength: 60 });
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 100 }),
        (list, burst, rate, perMs) => {
          const buckets = new Buckets({ burst, rate, perMs, keysMax: 5 });
          const slow = twin(burst, rate, perMs);
          let now = 0;
          for (const [gap, cost] of list) {
            now += gap;
            const wait = buckets.take('key', cost, now);
            assert.equal(wait === 0, slow(cost, now));
            if (wait === 0) continue;
            assert.ok(buckets.waitMs('key', cost, now + wait - 1) > 0 && buckets.waitMs('key', cost, now + wait) === 0);
          }
        },
      ),
    );
  });

  it('[FL2] so many keys are remembered; the longest untouched is forgotten, and is full again', () => {
    const buckets = new Buckets({ burst: 1, rate: 1, perMs: 1000, keysMax: 3 });
    for (const key of ['a', 'b', 'c']) assert.equal(buckets.take(key, 1, 0), 0);
    assert.equal(buckets.take('a', 1, 0), 1000);
    assert.equal(buckets.take('d', 1, 0), 0);
    assert.equal(buckets.size, 3);
    assert.equal(buckets.waitMs('a', 1, 0), 1000);
    assert.equal(buckets.waitMs('b', 1, 0), 0);
    assert.throws(() => new Buckets({ burst: 1, rate: 1, perMs: 1, keysMax: 0 }), RangeError);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes } from '../lib/bytes.ts';
import { readVitals, VITALS_BYTES_MAX, type Vitals, vitalsBytes } from './vitals.ts';

const VITALS: Vitals = { version: '0.1.0', startedMs: 1_780_000_000_000, storeBytes: 5 << 20, lateMs: 3, holes: 2, writes: true };

describe('vitals', () => {
  it('[WR5] how a node is is read as it was written, also where a later version says more; nothing and nonsense say nothing', () => {
    assert.deepEqual(readVitals(vitalsBytes(VITALS)), VITALS);
    assert.deepEqual(readVitals(concatBytes(vitalsBytes({ ...VITALS, writes: false }), Uint8Array.of(9, 9, 9))), {
      ...VITALS,
      writes: false,
    });
    for (const bytes of [new Uint8Array(0), Uint8Array.of(255, 1), vitalsBytes(VITALS).subarray(0, 9)])
      assert.equal(readVitals(bytes), null);
    assert.ok(vitalsBytes({ ...VITALS, version: '€'.repeat(500), storeBytes: Number.MAX_SAFE_INTEGER }).length <= VITALS_BYTES_MAX);
    assert.deepEqual(readVitals(vitalsBytes({ ...VITALS, version: '€'.repeat(500), lateMs: 1.4 }))!.lateMs, 1);
  });
});

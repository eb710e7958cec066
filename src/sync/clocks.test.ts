import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NodeId } from '../core/ids.ts';
import { Clocks } from './clocks.ts';

const node = (n: number): NodeId => String(n).padStart(64, '0') as NodeId;

function clocksWith(...offsets: readonly number[]): Clocks {
  const clocks = new Clocks();
  offsets.forEach((ms, i) => {
    clocks.note(node(i), `n${i}`, ms);
  });
  return clocks;
}

describe('clocks', () => {
  it('[CK1] a clock apart from three peers is corrected by their median, and people are told which way', () => {
    const behind = clocksWith(3_600_000, 3_600_100, 3_599_000);
    assert.equal(behind.correctionMs, 3_600_000);
    assert.match(behind.warning, /^the clock of this machine is 60 minutes behind those of the other nodes/);
    assert.match(clocksWith(-20_000, -20_000, -19_000, -21_000).warning, /20 seconds ahead of/);
  });

  it('[CK1] one liar among three moves nothing', () => {
    const clocks = clocksWith(10, 86_400_000_000, -20);
    assert.equal(clocks.correctionMs, 0);
    assert.match(clocks.warning, /^the clock of n1 \(by 24000 hours\) is wrong: set it right there/);
  });

  it('[CK2] with fewer than three peers nothing is corrected, and people are told that one of two is wrong', () => {
    const clocks = clocksWith(-120_000, 40);
    assert.equal(clocks.correctionMs, 0);
    assert.match(clocks.warning, /^the clocks of this node and of n0 are 2 minutes apart/);
    clocks.forget(node(0));
    assert.equal(clocks.warning, '');
  });
});

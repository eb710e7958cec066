import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NodeId } from '../core/ids.ts';
import { Clocks } from './clocks.ts';
import type { Links } from './links.ts';

const node = (n: number): NodeId => String(n).padStart(64, '0') as NodeId;

const NOW = { wallMs: 1_790_000_000_000, monoMs: 5000 };
const correctionMs = (clocks: Clocks, now = NOW): number => clocks.timeMs(now) - now.wallMs;

function clocksWith(...offsets: readonly number[]): Clocks {
  const clocks = new Clocks();
  offsets.forEach((ms, i) => {
    clocks.note(node(i), `n${i}`, NOW.wallMs + ms, NOW);
  });
  return clocks;
}

describe('clocks', () => {
  it('[CK1] a clock apart from three peers is corrected by their median, and people are told which way', () => {
    const behind = clocksWith(3_600_000, 3_600_100, 3_599_000);
    assert.equal(correctionMs(behind), 3_600_000);
    assert.match(behind.warning, /^the clock of this machine is 60 minutes behind those of the other nodes/);
    assert.match(clocksWith(-20_000, -20_000, -19_000, -21_000).warning, /20 seconds ahead of/);
  });

  it('[CK1] a clock that jumps is corrected at once, before any peer was asked again', () => {
    const clocks = clocksWith(30, -20, 10);
    const after = (jumpMs: number) => ({ wallMs: NOW.wallMs + 2000 + jumpMs, monoMs: NOW.monoMs + 2000 });
    assert.equal(correctionMs(clocks, after(0)), 0);
    assert.equal(clocks.timeMs(after(3_600_000)), NOW.wallMs + 2010);
    assert.equal(clocks.timeMs(after(-3_600_000)), NOW.wallMs + 2010);
  });

  it('[CK1] one liar among three moves nothing', () => {
    const clocks = clocksWith(10, 86_400_000_000, -20);
    assert.equal(correctionMs(clocks), 0);
    assert.match(clocks.warning, /^the clock of n1 \(by 24000 hours\) is wrong: set it right there/);
  });

  it('[CK1] people are told anew when it turns out whose clock it is, or when the span has doubled, and not before', () => {
    const [clocks, told] = [new Clocks(), [] as string[]];
    const links = { effect: ({ warning }: { warning: string }) => told.push(warning) } as unknown as Links;
    const note = (n: number, ms: number): void => {
      clocks.note(node(n), `n${n}`, NOW.wallMs + ms, NOW);
      clocks.tick(links);
    };
    note(0, 20_000);
    note(1, 20_100);
    note(2, 20_200);
    note(2, 20_300);
    for (const n of [0, 1, 2]) note(n, 40_000);
    for (const n of [0, 1, 2]) note(n, 0);
    assert.deepEqual(
      told.map((warning) => warning.slice(0, 46)),
      [
        'the clocks of this node and of n0 are 20 secon',
        'the clocks of this node and of n0 are 20 secon',
        'the clock of this machine is 20 seconds behind',
        'the clock of this machine is 40 seconds behind',
        'the clock of n2 (by 40 seconds) is wrong: set ',
        '',
      ],
    );
  });

  it('[CK2] with fewer than three peers nothing is corrected, and people are told that one of two is wrong', () => {
    const clocks = clocksWith(-120_000, 40);
    assert.equal(correctionMs(clocks), 0);
    assert.match(clocks.warning, /^the clocks of this node and of n0 are 2 minutes apart/);
    clocks.forget(node(0));
    assert.equal(clocks.warning, '');
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoopDelay } from './loop-delay.ts';

test('[CL14] status tells how late the loop ran in the last half minute to minute, and forgets what is older', async () => {
  const delay = new LoopDelay();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const endMs = performance.now() + 120;
  while (performance.now() < endMs);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { p99Ms, maxMs } = delay.told();
  assert.ok(maxMs >= 100 && p99Ms >= 100 && p99Ms <= maxMs * 1.01, `${p99Ms} ${maxMs}`);
  delay.turn();
  assert.ok(delay.told().maxMs >= 100, 'it is half a minute old');
  delay.turn();
  assert.ok(delay.told().maxMs < 100, 'it is older than a minute');
  delay.close();
});

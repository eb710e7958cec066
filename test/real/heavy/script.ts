/** What the recorded writer writes: batches made from a seed, so that whoever judges the disk makes the same bytes again. */

import type { Entry } from '../../../src/core/entry.ts';
import { seededRandom } from '../../../src/lib/prng.ts';
import { FeedWriter } from '../../fixture/writer.ts';

/** After so many batches the log is closed and opened again, as by a restart. */
export const REOPEN_EVERY = 225;

/** Mostly single messages, some bursts, some of many kilobytes, some ids that come twice. */
export function* scriptedBatches(seed: number, count: number): Generator<readonly Entry[]> {
  const random = seededRandom(seed);
  const ann = new FeedWriter(seed);
  const bob = new FeedWriter(seed + 1);
  const text = (bytes: number): string => `${random.u32()} ${'lorem ipsum '.repeat(bytes / 12)}`;
  let last = ann.message('first');
  yield [ann.arrive('ann'), bob.arrive('bob')];
  for (let i = 1; i < count; i++) {
    const who = random.below(2) === 0 ? ann : bob;
    const kind = random.below(20);
    if (kind === 0) yield Array.from({ length: 20 }, () => who.post([text(2000), text(50)]));
    else if (kind === 1) yield [who.post([text(8000), text(8000), text(8000)])];
    else if (kind === 2) yield [ann.entry(1, [last])];
    else if (kind < 6) yield [ann.post([text(100), text(20)]), bob.post([text(200)])];
    else {
      last = ann.message(text(60));
      yield [ann.entry(1, [last])];
    }
  }
}

/** What flows over each link a second, of what links count since they are up: over the last few looks. */

import type { WireFlow } from '../api/mesh.ts';
import type { Flow } from '../sync/link.ts';

/** Over how many looks. */
const LOOKS = 5;

interface Look extends Flow {
  readonly atMs: number;
}

export class LinkFlows {
  /** By the link’s number, the oldest look first. */
  #looks = new Map<number, readonly Look[]>();

  /** Counts as they are now, by link; of a link that is not among them nothing is known any more. */
  take(links: Iterable<{ readonly link: number; readonly flow: Flow }>, monoMs: number): void {
    const looks = new Map<number, readonly Look[]>();
    for (const { link, flow } of links) looks.set(link, [...(this.#looks.get(link) ?? []).slice(-LOOKS), { ...flow, atMs: monoMs }]);
    this.#looks = looks;
  }

  /** Nothing where it was looked at once only. */
  of(link: number): WireFlow {
    const looks = this.#looks.get(link) ?? [];
    const [first, last] = [looks[0], looks.at(-1)];
    const seconds = first && last ? (last.atMs - first.atMs) / 1000 : 0;
    const rate = (of: (look: Look) => number): number => (seconds > 0 ? Math.round((10 * (of(last!) - of(first!))) / seconds) / 10 : 0);
    return {
      inEntries: rate(({ inEntries }) => inEntries),
      outEntries: rate(({ outEntries }) => outEntries),
      inBytes: Math.round(rate(({ inBytes }) => inBytes)),
      outBytes: Math.round(rate(({ outBytes }) => outBytes)),
    };
  }
}

/** Whether the node is there, and how fast it answers: it is asked now and then, at times of each client's own. */

import type { Answers } from '../api/protocol.ts';
import type { Random } from '../lib/prng.ts';
import type { Limits } from './limits.ts';
import type { Requests } from './requests.ts';

export class Pulse {
  readonly #limits: Limits;
  readonly #random: Random;
  #dueMs: number | null = null;
  #rttMs: number | null = null;
  #slow = 0;
  #wanderedMs = Number.NEGATIVE_INFINITY;

  constructor(limits: Limits, random: Random) {
    this.#limits = limits;
    this.#random = random;
  }

  /** A session is open: the first question comes soon, as nothing is known of the node. */
  start(monoMs: number): void {
    this.#rttMs = null;
    this.#slow = 0;
    this.#dueMs = monoMs + this.#random.unit() * this.#limits.quietMs * 0.2;
  }

  /** Nothing can be said of the time before: it is asked at once. */
  wake(): void {
    if (this.#dueMs !== null) this.#dueMs = 0;
  }

  get dueMs(): number | null {
    return this.#dueMs;
  }

  get rttMs(): number | null {
    return this.#rttMs === null ? null : Math.round(this.#rttMs);
  }

  isDue(monoMs: number): boolean {
    return this.#dueMs !== null && monoMs >= this.#dueMs;
  }

  /** Asks. `then`: how long the answer took, and whether it is slow so often that another node is to be tried. */
  ping(requests: Requests, monoMs: () => number, then: (rttMs: number, isSlow: boolean, answer: Answers['ping'] | null) => void): void {
    const sentMs = monoMs();
    this.#dueMs = sentMs + this.#limits.quietMs * (0.75 + 0.5 * this.#random.unit());
    requests.ask({ do: 'ping' }, (ending) => {
      const nowMs = monoMs();
      if (ending.type === 'ok') then(nowMs - sentMs, this.#answered(nowMs - sentMs, nowMs), ending.value as Answers['ping'] | null);
    });
  }

  #answered(rttMs: number, monoMs: number): boolean {
    this.#rttMs = this.#rttMs === null ? rttMs : 0.7 * this.#rttMs + 0.3 * rttMs;
    this.#slow = rttMs > this.#limits.slowMs ? this.#slow + 1 : 0;
    if (this.#slow < this.#limits.slowTimes || monoMs - this.#wanderedMs < this.#limits.wanderMs) return false;
    this.#slow = 0;
    this.#wanderedMs = monoMs;
    return true;
  }
}

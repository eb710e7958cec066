/**
 * How long a node is waited for, and when it is left. It is given longer where no other is known, where many come at once, where it talks of other things, and the longer the
 * oftener time ran out: where all nodes are busy, going round makes it worse.
 *
 * It may have been the machine that the client runs on which had no time to hear it. So a node that seems to be stuck or slow is given another moment: where that comes when
 * it should, it was the node; where it is late itself nobody can say, and the node has all its time again. But not for ever.
 */

import type { Addresses } from './addresses.ts';
import type { Limits } from './limits.ts';
import type { Link } from './link.ts';

/** Time-outs in a row double the time, as often as this. */
const DOUBLINGS_MAX = 5;
/** Where many come at once, a node is given so many times as long as they spread, until it said its first word and opened a session. */
const CROWD_TIMES = 3;
/** A node of which a word came within so many ms is talking. */
const TALKING_MS = 500;
/** How long another moment is, in ms, and how late it may come. */
const MOMENT_MS = 50;
const PARDONS_MAX = 4;

export class Patience {
  readonly #limits: Limits;
  readonly #addresses: Addresses;
  #doublings = 0;
  #pardons = 0;
  #isSlow = false;
  /** The end of the other moment. */
  #momentMs: number | null = null;

  constructor(limits: Limits, addresses: Addresses) {
    this.#limits = limits;
    this.#addresses = addresses;
  }

  /** All that was asked for at first is there. */
  served(): void {
    this.#doublings = 0;
    this.#pardons = 0;
  }

  /** It answered slowly again and again. */
  slow(): void {
    this.#isSlow = true;
  }

  /** Another node is tried. */
  anew(): void {
    this.#isSlow = false;
    this.#momentMs = null;
  }

  /** When to look at it next; null for never. */
  wakeMs(link: Link): number | null {
    return this.#momentMs ?? (link.hello ? this.#answerDue(link) : this.#helloDue(link));
  }

  /** Why it is to be left now; null for not. */
  verdict(link: Link, monoMs: number): string | null {
    const why = this.#why(link, monoMs);
    if (why === null) {
      this.#momentMs = null;
      return null;
    }
    this.#momentMs ??= monoMs + MOMENT_MS;
    if (monoMs < this.#momentMs) return null;
    const isOwn = monoMs > this.#momentMs + MOMENT_MS;
    this.anew();
    if (isOwn && this.#pardons < PARDONS_MAX) {
      this.#pardons++;
      link.sinceMs = monoMs;
      link.requests.wait(monoMs);
      return null;
    }
    this.#doublings = Math.min(this.#doublings + 1, DOUBLINGS_MAX);
    return why;
  }

  #why(link: Link, monoMs: number): string | null {
    if (!link.hello) return monoMs >= this.#helloDue(link) ? 'the node did not say a word' : null;
    const due = this.#answerDue(link);
    if (due !== null && monoMs >= due) return 'the node did not answer';
    return this.#isSlow ? 'the node is slow' : null;
  }

  get #crowdMs(): number {
    return CROWD_TIMES * this.#addresses.spreadMs;
  }

  #helloDue({ sinceMs }: Link): number {
    return sinceMs + (this.#limits.helloMs + this.#crowdMs) * 2 ** this.#doublings;
  }

  #answerDue({ url, isOpen, requests, heardMs }: Link): number | null {
    const { answerMs, aloneMs } = this.#limits;
    const usualMs = this.#addresses.hasOther(url) ? answerMs : aloneMs;
    const waitMs = (usualMs + (isOpen ? 0 : this.#crowdMs)) * 2 ** this.#doublings;
    const due = requests.deadline(waitMs);
    // The answer may be the next that it says.
    return due === null ? null : Math.max(due, Math.min(heardMs + TALKING_MS, due + waitMs));
  }
}

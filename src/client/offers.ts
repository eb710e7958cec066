/**
 * Requests of the library's user, from the moment they are made until something became of them: they wait for a connection, are asked again where that does no harm, and are
 * told to be unknown where nobody can say whether they took effect.
 */

import type { Request } from '../api/protocol.ts';
import { LATER, type Limits, RETRIES_MAX } from './limits.ts';
import { type Ending, isRepeatable, type Outcome } from './requests.ts';

interface Offer {
  readonly request: Request;
  readonly settle: (outcome: Outcome) => void;
  readonly sinceMs: number;
  notBeforeMs: number;
  tries: number;
  isAsked: boolean;
}

/** A refusal that names a longer time is the user's to wait out, in ms. */
const RETRY_MS_MAX = 15_000;
const OFFLINE = { type: 'offline', words: 'No node could be reached: nothing was done.' };

export class Offers {
  #all: readonly Offer[] = [];
  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  add(request: Request, monoMs: number, settle: (outcome: Outcome) => void): void {
    this.#all = [...this.#all, { request, settle, sinceMs: monoMs, notBeforeMs: 0, tries: 0, isAsked: false }];
  }

  /** Asks what is to be asked now. */
  flush(monoMs: number, ask: (request: Request, then: (ending: Ending, endMs: number) => void) => void): void {
    for (const offer of this.#all) {
      if (offer.isAsked || offer.notBeforeMs > monoMs) continue;
      offer.isAsked = true;
      ask(offer.request, (ending, endMs) => this.#ended(offer, ending, endMs));
    }
  }

  #ended(offer: Offer, ending: Ending, monoMs: number): void {
    if (ending.type === 'lost') {
      if (!ending.wasSent || isRepeatable(offer.request)) offer.isAsked = false;
      else this.#settle(offer, { type: 'unknown' });
      return;
    }
    if (ending.type === 'refused') {
      const { type, retryMs = 0 } = ending.refused;
      if (LATER.has(type) && retryMs <= RETRY_MS_MAX && offer.tries < RETRIES_MAX) {
        Object.assign(offer, { isAsked: false, tries: offer.tries + 1, notBeforeMs: monoMs + Math.max(100, retryMs) });
        return;
      }
    }
    this.#settle(offer, ending);
  }

  #settle(offer: Offer, outcome: Outcome): void {
    this.#all = this.#all.filter((one) => one !== offer);
    offer.settle(outcome);
  }

  /** Gives up what has waited too long for a connection. */
  expire(monoMs: number): void {
    for (const offer of this.#all)
      if (!offer.isAsked && monoMs - offer.sinceMs >= this.#limits.offerMs) this.#settle(offer, { type: 'refused', refused: OFFLINE });
  }

  /** When something is to be done next; null for nothing. `isOpen`: requests can be asked. */
  wakeMs(isOpen: boolean): number | null {
    let wake: number | null = null;
    for (const { isAsked, notBeforeMs, sinceMs } of this.#all) {
      if (isAsked) continue;
      const due = isOpen ? notBeforeMs : sinceMs + this.#limits.offerMs;
      wake = Math.min(wake ?? due, due);
    }
    return wake;
  }

  /** The session is over. */
  end(words: string): void {
    for (const offer of this.#all) this.#settle(offer, { type: 'refused', refused: { type: 'over', words } });
  }
}

/**
 * How many sessions are opened at a time. When thousands come at once, each would wait for all the others until it gave up and came again, and what was done for it was done
 * in vain. So they wait in turns, by where they come from, and are told that they wait. Who is in comes first: nobody is let in while there is enough to read for them.
 */

import { Turns } from '../../lib/turns.ts';
import { AT_WORK_MAX, CONNECTIONS_MAX, WAIT_MS } from './limits.ts';
import type { Reader } from './reader.ts';

interface Waiting {
  readonly reader: Reader;
  readonly go: (isLetIn: boolean) => void;
  toldMs: number;
}

export class Gate {
  readonly #turns = new Turns<Waiting>({ waitingMax: CONNECTIONS_MAX, ofSourceMax: CONNECTIONS_MAX });
  readonly #waiting = new Set<Waiting>();
  #atWork = 0;

  /** Sessions that wait to be opened. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Something is done for a reader: a session is opened, pages are read. */
  begun(): void {
    this.#atWork++;
  }

  /** It is done: the next ones come in. */
  ended(): void {
    this.#atWork--;
    while (this.#atWork < AT_WORK_MAX) {
      const next = this.#turns.next();
      if (!next) return;
      this.#waiting.delete(next);
      if (next.reader.state === 'closed') next.go(false);
      else {
        this.#atWork++;
        next.go(true);
      }
    }
  }

  /** Waits until a session may be opened, which counts as begun; false: its connection ended meanwhile, or there is no room to wait. */
  enter(reader: Reader, nowMs: number): Promise<boolean> | true {
    if (this.#atWork < AT_WORK_MAX && this.#waiting.size === 0) {
      this.#atWork++;
      return true;
    }
    return new Promise((go) => {
      const one = { reader, go, toldMs: nowMs };
      const gone = this.#turns.add(reader.source, one);
      if (gone !== one) this.#waiting.add(one);
      if (gone) this.#waiting.delete(gone);
      gone?.go(false);
      if (gone !== one) reader.output?.send(WORD);
    });
  }

  /** Tells those who wait that they still do, every WAIT_MS at the latest. */
  sweep(nowMs: number): void {
    for (const one of this.#waiting) {
      if (nowMs - one.toldMs < WAIT_MS / 2) continue;
      one.toldMs = nowMs;
      if (one.reader.state !== 'closed') one.reader.output?.send(WORD);
    }
  }
}

const WORD = JSON.stringify({ type: 'wait', ms: WAIT_MS });

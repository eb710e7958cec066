/** The requests of one connection: numbered, so many on the way at a time, answered in any order. */

import type { Ask, Refused, Reply, Request } from '../api/protocol.ts';
import { UNDER_WAY_MAX } from './limits.ts';

/** What became of a request. */
export type Outcome =
  | { readonly type: 'ok'; readonly value: unknown }
  | { readonly type: 'refused'; readonly refused: Refused }
  /** It is unknown whether it took effect. */
  | { readonly type: 'unknown' };

/** What became of it on this connection. */
export type Ending =
  | Outcome
  /** The connection ended before the answer; `wasSent`: not before it was sent. */
  | { readonly type: 'lost'; readonly wasSent: boolean };

interface Asked {
  readonly request: Request;
  readonly then: (ending: Ending) => void;
  sentMs: number;
}

/** Asked again at another node, they do what they did: reads, and what says how something is to be. */
const REPEATABLE = new Set<Request['do']>([
  'ping',
  'own account',
  'page',
  'around',
  'beyond',
  'refresh',
  'search',
  'pins',
  'edits',
  'holders',
  'rooms',
  'directory',
  'members',
  'person',
  'nodes',
  'mesh',
  'moderation log',
  'reports',
  'join',
  'part',
  'edit',
  'remove',
  'react',
  'pin',
  'read',
  'prefer',
  'typing',
  'away',
]);

export function isRepeatable(request: Request): boolean {
  return REPEATABLE.has(request.do);
}

/** May take long at a node that is well. */
const LONG = new Set<Request['do']>(['search']);
const LONG_FACTOR = 4;

export class Requests {
  #no = 0;
  readonly #waiting: Asked[] = [];
  readonly #underWay = new Map<number, Asked>();

  ask(request: Request, then: (ending: Ending) => void): void {
    const asked = { request, then, sentMs: 0 };
    // Nothing else counts before it.
    if (request.do === 'regrant') this.#waiting.unshift(asked);
    else this.#waiting.push(asked);
  }

  /** What may be sent now, as texts. */
  flush(monoMs: number): string[] {
    const texts: string[] = [];
    while (this.#waiting.length > 0 && this.#underWay.size < UNDER_WAY_MAX) {
      const asked = this.#waiting.shift()!;
      asked.sentMs = monoMs;
      const ask: Ask = { ...asked.request, ask: ++this.#no };
      this.#underWay.set(ask.ask, asked);
      texts.push(JSON.stringify(ask));
    }
    return texts;
  }

  /** Takes an answer; what was never asked is passed over. */
  answer(reply: Reply): void {
    const asked = this.#underWay.get(reply.ask);
    if (!asked) return;
    this.#underWay.delete(reply.ask);
    if (reply.type === 'ok') asked.then({ type: 'ok', value: reply.value });
    else if (reply.type === 'refused') asked.then({ type: 'refused', refused: reply.refused });
    else asked.then({ type: 'unknown' });
  }

  /** What is on the way is answered later than usual: it counts as sent then. */
  wait(monoMs: number): void {
    for (const asked of this.#underWay.values()) asked.sentMs = Math.max(asked.sentMs, monoMs);
  }

  /** When the first of those on the way has waited too long; null where none is. */
  deadline(limitMs: number): number | null {
    let first: number | null = null;
    for (const { request, sentMs } of this.#underWay.values()) {
      const due = sentMs + limitMs * (LONG.has(request.do) ? LONG_FACTOR : 1);
      first = Math.min(first ?? due, due);
    }
    return first;
  }

  /** The connection ended. */
  end(): void {
    const underWay = [...this.#underWay.values()];
    this.#underWay.clear();
    for (const { then } of underWay) then({ type: 'lost', wasSent: true });
    for (const { then } of this.#waiting.splice(0)) then({ type: 'lost', wasSent: false });
  }
}

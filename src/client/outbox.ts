/**
 * The outbox: one's own messages, in their order, from the moment they are written until as many nodes hold them as are wanted.
 *
 * Each is prepared once (client id and salt), so that handing it in again, at any node, is handing in the same message. One is on its way at a time: the next follows when
 * the node has shown the one before, or acknowledged it, so that a refusal in the middle turns no order round. What a node refuses for good stays, with the reason, until
 * the person sends it again or discards it. A room that lets people speak only so often holds up what is for that room; the others go past it.
 */

import type { Acknowledged, Refused, Request, WireTarget } from '../api/protocol.ts';
import { type AuthorId, type ClientId, type MessageId, messageId, type RoomId } from '../core/ids.ts';
import { LATER } from './limits.ts';
import type { Delivery } from './view.ts';

/** As it is stored. */
export interface Outgoing {
  readonly id: MessageId;
  readonly client: ClientId;
  readonly salt: string;
  /** What the author had been shown when it was written. */
  readonly after: number;
  readonly to: WireTarget;
  readonly room: RoomId;
  readonly style: 'text' | 'notice' | 'action';
  readonly text: string;
  readonly target?: MessageId;
  readonly atMs: number;
  readonly delivery: Delivery;
}

type Stage =
  /** Not handed in on this connection. */
  | 'new'
  | 'under way'
  /** The node showed it; how many hold it is not told yet. */
  | 'shown'
  | 'acknowledged';

interface Entry {
  readonly outgoing: Outgoing;
  readonly stage: Stage;
  /** When it was acknowledged with fewer copies than are wanted. */
  readonly atMs: number;
  readonly tries: number;
}

/** What is to be done about a refusal. */
export type Verdict =
  | { readonly type: 'later' }
  /** The node does not know that the author is in the room. */
  | { readonly type: 'join'; readonly room: RoomId }
  | { readonly type: 'refused' };

/** How often a message is handed in again that a node refused which may not know enough yet. */
const TRIES_MAX = 4;
/** What a node refuses that has not heard of something yet. */
const UNHEARD = new Set(['no such person', 'no such message', 'no such room', 'not in room', 'not open']);
const UNHEARD_RETRY_MS = 500;

export class Outbox {
  #entries: readonly Entry[] = [];
  #heldUpMs = 0;
  readonly #slow = new Map<RoomId, number>();

  get all(): readonly Outgoing[] {
    return this.#entries.map(({ outgoing }) => outgoing);
  }

  get size(): number {
    return this.#entries.length;
  }

  find(id: MessageId): Outgoing | undefined {
    return this.#entries.find(({ outgoing }) => outgoing.id === id)?.outgoing;
  }

  add(outgoing: Outgoing): void {
    this.#entries = [...this.#entries, { outgoing, stage: 'new', atMs: 0, tries: 0 }];
  }

  #change(id: MessageId, change: (entry: Entry) => Entry | null): void {
    this.#entries = this.#entries.flatMap((entry) => (entry.outgoing.id === id ? (change(entry) ?? []) : [entry]));
  }

  /** Another connection: what is not acknowledged enough is handed in again. */
  anew(): void {
    this.#entries = this.#entries.map((entry) => ({ ...entry, stage: 'new', tries: 0 }));
    this.#heldUpMs = 0;
    this.#slow.clear();
  }

  /** What is to be handed in now, as it is marked to be. */
  next(nowMs: number, copiesMs: number): Outgoing | null {
    if (nowMs < this.#heldUpMs) return null;
    for (const entry of this.#entries) {
      const { outgoing, stage, atMs } = entry;
      if (stage === 'under way') return null;
      if (outgoing.delivery.state === 'refused' || (this.#slow.get(outgoing.room) ?? 0) > nowMs) continue;
      const isDue = stage === 'new' || (stage === 'acknowledged' && nowMs - atMs >= copiesMs);
      if (!isDue) continue;
      this.#change(outgoing.id, (one) => ({ ...one, stage: 'under way' }));
      return outgoing;
    }
    return null;
  }

  /** When something may be handed in again that waits; null for nothing. */
  wakeMs(copiesMs: number): number | null {
    let wake: number | null = null;
    // Its answer comes first.
    if (this.#entries.some(({ stage }) => stage === 'under way')) return null;
    for (const { outgoing, stage, atMs } of this.#entries) {
      if (outgoing.delivery.state === 'refused' || stage === 'shown') continue;
      const due = Math.max(stage === 'new' ? 0 : atMs + copiesMs, this.#heldUpMs, this.#slow.get(outgoing.room) ?? 0);
      wake = Math.min(wake ?? due, due);
    }
    return wake;
  }

  /** A node shows it, whatever it said of it before. */
  shown(id: MessageId): void {
    this.#change(id, (entry) => {
      const { outgoing, stage } = entry;
      const delivery: Delivery = outgoing.delivery.state === 'refused' ? { state: 'waiting' } : outgoing.delivery;
      return { ...entry, outgoing: { ...outgoing, delivery }, stage: stage === 'under way' ? 'shown' : stage };
    });
  }

  /** So many nodes hold it. Returns how it stands; null where the outbox does not have it. */
  held({ id, held, wanted }: Acknowledged, nowMs: number): Delivery | null {
    const known = this.find(id);
    if (!known) return null;
    // One node may count fewer than another did: what was told is not taken back.
    const most = Math.max(held, known.delivery.state === 'held' ? known.delivery.held : 0);
    const delivery: Delivery = { state: 'held', held: most, wanted };
    this.#change(id, (entry) => {
      if (held >= wanted) return null;
      return { ...entry, outgoing: { ...entry.outgoing, delivery }, stage: 'acknowledged', atMs: nowMs, tries: 0 };
    });
    return delivery;
  }

  /** A node's no. `isBehind`: it does not hold all that the client was shown. */
  refused(id: MessageId, { type, words, retryMs }: Refused, nowMs: number, isBehind: boolean): Verdict {
    const entry = this.#entries.find(({ outgoing }) => outgoing.id === id);
    if (!entry) return { type: 'later' };
    const again = (tries = entry.tries): void => this.#change(id, (one) => ({ ...one, stage: 'new', tries }));
    if (LATER.has(type)) {
      this.#heldUpMs = nowMs + (retryMs ?? 1000);
      again();
      return { type: 'later' };
    }
    if (type === 'slow') {
      this.#slow.set(entry.outgoing.room, nowMs + (retryMs ?? 1000));
      again();
      return { type: 'later' };
    }
    const isRoom = 'room' in entry.outgoing.to;
    const mayHear = UNHEARD.has(type) && (isBehind || (isRoom && (type === 'not in room' || type === 'no such room')));
    if ((mayHear || type === 'bad after') && entry.tries < TRIES_MAX) {
      again(entry.tries + 1);
      this.#heldUpMs = nowMs + (entry.tries === 0 ? 0 : UNHEARD_RETRY_MS);
      return isRoom && type !== 'bad after' ? { type: 'join', room: entry.outgoing.room } : { type: 'later' };
    }
    this.#change(id, (one) => ({ ...one, outgoing: { ...one.outgoing, delivery: { state: 'refused', words } }, stage: 'new', tries: 0 }));
    return { type: 'refused' };
  }

  /** Nobody knows whether it took effect: it is handed in again. */
  unknown(id: MessageId, nowMs: number): void {
    this.#heldUpMs = nowMs + UNHEARD_RETRY_MS;
    this.#change(id, (entry) => ({ ...entry, stage: 'new' }));
  }

  /** A refused message is handed in again, behind the others. */
  retry(id: MessageId): boolean {
    const entry = this.#entries.find(({ outgoing }) => outgoing.id === id);
    if (entry?.outgoing.delivery.state !== 'refused') return false;
    const outgoing: Outgoing = { ...entry.outgoing, delivery: { state: 'waiting' } };
    this.#entries = [...this.#entries.filter((one) => one !== entry), { outgoing, stage: 'new', atMs: 0, tries: 0 }];
    return true;
  }

  /** Lets go of a message that was refused. */
  discard(id: MessageId): Outgoing | null {
    const known = this.find(id);
    if (known?.delivery.state !== 'refused') return null;
    this.#change(id, () => null);
    return known;
  }
}

/** The request that hands a message in. `after`: all that was shown meanwhile, as what was sent before it may have got its place from a node whose clock is ahead. */
export function postOf({ client, salt, to, style, text, target }: Outgoing, after: number): Request {
  return { do: 'post', to, style, text, ...(target && { target }), prepared: { client, salt, after } };
}

/** The id of a message by its author and client id. */
export function idOf(author: AuthorId, client: ClientId): MessageId {
  return messageId(author, client);
}

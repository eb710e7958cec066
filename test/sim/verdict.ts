/** A record, indexed for the checks. */

import type { MessageId } from '../../src/core/ids.ts';
import { isFarAhead } from './clock.ts';
import type { Dump, Event, RunRecord, Seen } from './record.ts';

export type Of<T extends Event['type']> = Extract<Event, { type: T }>;
export type Check = (run: Run) => Iterable<string>;

export class Run {
  readonly record: RunRecord;
  readonly sends = new Map<MessageId, Of<'send'>>();
  /** What was written beside the clients: the texts of each message, by its author. */
  readonly wrote = new Map<MessageId, Of<'wrote'>[]>();
  readonly refused = new Set<MessageId>();
  readonly unknown = new Set<MessageId>();
  /** Machines that are gone for good. */
  readonly lost = new Set<number>();
  /** When a machine went on without a message that it had held, last. */
  readonly #forgotMs = new Map<string, number>();
  readonly dumps: readonly { readonly dump: Dump; readonly at: ReadonlyMap<MessageId, number> }[];
  readonly #byType = new Map<Event['type'], Event[]>();

  constructor(record: RunRecord) {
    this.record = record;
    for (const event of record.events) {
      const list = this.#byType.get(event.type);
      if (list) list.push(event);
      else this.#byType.set(event.type, [event]);
      this.#index(event);
    }
    this.dumps = record.dumps.map((dump) => ({ dump, at: new Map(dump.messages.map(({ id }, i) => [id, i])) }));
  }

  #index(event: Event): void {
    if (event.type === 'send') this.sends.set(event.id, event);
    if (event.type === 'wrote') this.wrote.set(event.id, [...(this.wrote.get(event.id) ?? []), event]);
    if (event.type === 'refused' && event.final) this.refused.add(event.id);
    if (event.type === 'unknown') this.unknown.add(event.id);
    if (event.type === 'disk-lost') this.lost.add(event.machine);
    if (event.type === 'forgot') for (const id of event.ids) this.#forgotMs.set(`${event.machine} ${id}`, event.atMs);
  }

  of<T extends Event['type']>(type: T): readonly Of<T>[] {
    return (this.#byType.get(type) ?? []) as unknown as Of<T>[];
  }

  /** Whether a machine that held a message then has not lost it with its disk since. */
  keeps(machine: number, id: MessageId, atMs: number): boolean {
    return !this.lost.has(machine) && (this.#forgotMs.get(`${machine} ${id}`) ?? -1) < atMs;
  }

  /** Whether one of those that held a message when it was acknowledged has not lost it with its disk since. */
  survives({ id, holders, atMs }: Of<'ok'>): boolean {
    return holders.some((machine) => this.keeps(machine, id, atMs));
  }

  /** Messages that were shown out of such a branch. */
  forkedIds(): Set<MessageId> {
    if (this.record.effects.forked.size === 0) return new Set();
    return new Set(this.of('recv').flatMap(({ message }) => (this.isForked(message) ? [message.id] : [])));
  }

  /** Whether a message was shown out of a branch that a proof of equivocation cut off. */
  isForked({ place }: Seen): boolean {
    return place.seq > (this.record.effects.forked.get(place.feed) ?? Number.MAX_SAFE_INTEGER);
  }

  /** Whether an op in force withholds a message: it need not show. */
  isWithheld(id: MessageId): boolean {
    return this.record.effects.withheld.has(id);
  }

  /** Whether a message may have come and gone with an op that withheld it, or was believed to. */
  isTouched(id: MessageId): boolean {
    return this.record.effects.touched.has(id);
  }

  /** Whether a hostile member's message claimed to be so late that whoever was shown it need not have its answers stand behind it. */
  isUnbelievable({ message, atMs }: Of<'recv'>): boolean {
    return this.isHostile(message) && isFarAhead(message.place.key, atMs);
  }

  /** Whether an op erased a message that was withheld when it was too late: no disk has its text any more, or none that of an edit, which may be the one that shows. */
  isGone(id: MessageId): boolean {
    if (!this.record.effects.blanked.has(id)) return false;
    const isBlank = this.dumps.every(({ dump }) => dump.blank.has(id) && !dump.whole.has(id));
    return isBlank || this.dumps.every(({ dump }) => dump.blankEdits.has(id));
  }

  /** Whether the author is a hostile member's own: what it says may be anything. */
  isHostile({ author }: Seen): boolean {
    return this.record.hostileAuthors.has(author);
  }
}

/** History order. */
export function comparePlace({ place: a }: Seen, { place: b }: Seen): number {
  if (a.key !== b.key) return a.key - b.key;
  if (a.feed !== b.feed) return a.feed < b.feed ? -1 : 1;
  return a.seq - b.seq || a.index - b.index;
}

/** Whether the entry by which somebody was shown a message is still there: an entry lost with its disk takes its place with it. */
export function survived(dump: Dump, { place }: Seen): boolean {
  return (dump.vector.get(place.feed) ?? 0) >= place.seq;
}

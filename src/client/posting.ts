/** The outbox at work: hands messages in, follows how many nodes hold them, and shows in the view how it stands with each. */

import type { Acknowledged, Answers, Refused, WireRoom } from '../api/protocol.ts';
import { AHEAD_MAX, HLC_PER_MS } from '../core/hlc.ts';
import type { AuthorId, FeedId, MessageId, RoomId } from '../core/ids.ts';
import type { Host } from './host.ts';
import { KEYS, type KeptOutbox } from './keeping.ts';
import { Outbox, type Outgoing, postOf } from './outbox.ts';
import type { View } from './view.ts';

export class Posting {
  readonly #host: Host;
  readonly #outbox = new Outbox();
  /** Counts connections, so that answers of earlier ones change nothing. */
  #connection = 0;
  /** The clock of the node, when it said hello. */
  #nodeMs = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Takes a message; false where there are too many. */
  add(outgoing: Outgoing): boolean {
    if (this.#outbox.size >= this.#host.limits.outbox) return false;
    this.restore(outgoing);
    this.#save();
    return true;
  }

  restore(outgoing: Outgoing): void {
    this.#outbox.add(outgoing);
    this.#show(outgoing);
  }

  #show({ id, room, to, style, text, target, atMs, delivery, after }: Outgoing): void {
    const { view, rooms } = this.#host.state;
    const person = 'person' in to ? to.person : null;
    if (!rooms.has(room)) this.#host.reduce({ type: 'room', room: unknownRoom(room, person, view) });
    const key = Math.max(after + 1, atMs * HLC_PER_MS);
    const fields = { id, room, author: this.#host.author!, name: view.me?.name ?? '', place: [key, '' as FeedId, 0, 0] as const };
    this.#host.reduce({
      type: 'queued',
      item: { ...fields, ...(person && { to: person }), atMs, style, text, ...(target && { target }), delivery },
    });
  }

  hasFor(room: RoomId): boolean {
    return this.#outbox.all.some((one) => one.room === room);
  }

  retry(id: MessageId): void {
    if (!this.#outbox.retry(id)) return;
    this.#delivered(id);
    this.#save();
  }

  discard(id: MessageId): void {
    const dropped = this.#outbox.discard(id);
    if (!dropped) return;
    this.#host.reduce({ type: 'dropped', room: dropped.room, id });
    this.#save();
  }

  /** Another connection. */
  anew(): void {
    this.#connection++;
    this.#outbox.anew();
  }

  get wakeMs(): number | null {
    return this.#outbox.wakeMs(this.#host.limits.copiesMs);
  }

  /** Hands in what is to be handed in now. */
  work(nodeMs: number): void {
    this.#nodeMs = nodeMs;
    const { copiesMs } = this.#host.limits;
    const { monoMs } = this.#host.now;
    for (let next = this.#outbox.next(monoMs, copiesMs); next; next = this.#outbox.next(monoMs, copiesMs)) this.#submit(next);
  }

  #submit(outgoing: Outgoing): void {
    const { id } = outgoing;
    const connection = this.#connection;
    this.#host.ask(postOf(outgoing, this.#after(outgoing)), (ending) => {
      if (this.#connection !== connection || ending.type === 'lost') return;
      if (ending.type === 'unknown') return this.#outbox.unknown(id, this.#host.now.monoMs);
      if (ending.type === 'refused') return this.#refused(id, ending.refused);
      const copies = ending.value as Acknowledged;
      this.#host.effect({ type: 'posted', copies });
      this.held(copies);
      this.#mustShow(outgoing);
    });
  }

  /** All that was shown, as far as a node takes it for possible. */
  #after({ after }: Outgoing): number {
    const most = Math.max(this.#nodeMs, this.#host.now.wallMs) * HLC_PER_MS + AHEAD_MAX / 2;
    const shown = Math.max(after, this.#host.after);
    return shown <= most ? shown : 0;
  }

  /** An acknowledged message that was not shown is asked for. */
  #mustShow({ id, room }: Outgoing): void {
    const isWaiting = this.#host.state.rooms.get(room)?.outbox.some((item) => item.id === id) ?? false;
    if (!isWaiting || !this.#host.isCaughtUp(room)) return;
    this.#host.ask({ do: 'refresh', room, ids: [id] }, (ending) => {
      if (ending.type !== 'ok') return;
      const { messages } = ending.value as Answers['refresh'];
      if (messages.length > 0) this.#host.reduce({ type: 'missed', room, messages, counted: null });
      else if (!this.#outbox.find(id)) this.#host.reduce({ type: 'dropped', room, id });
    });
  }

  /** One's own message shows. */
  shown(id: MessageId): void {
    if (this.#outbox.find(id)) this.#outbox.shown(id);
  }

  /** So many nodes hold a message. */
  held(copies: Acknowledged): void {
    const known = this.#outbox.find(copies.id);
    const delivery = this.#outbox.held(copies, this.#host.now.monoMs);
    if (!known || !delivery) return;
    this.#host.reduce({ type: 'delivery', room: known.room, id: copies.id, delivery });
    this.#host.effect({ type: 'copies', copies: { id: copies.id, held: copies.held, wanted: copies.wanted } });
    this.#save();
  }

  #refused(id: MessageId, refused: Refused): void {
    const verdict = this.#outbox.refused(id, refused, this.#host.now.monoMs, this.#host.isBehind);
    if (verdict.type === 'join') return this.#host.join(verdict.room);
    if (verdict.type !== 'refused') return;
    this.#delivered(id);
    this.#host.effect({ type: 'refused', id, words: refused.words });
    this.#save();
  }

  #delivered(id: MessageId): void {
    const known = this.#outbox.find(id);
    if (known) this.#host.reduce({ type: 'delivery', room: known.room, id, delivery: known.delivery });
  }

  #save(): void {
    const kept: KeptOutbox = { after: this.#host.after, messages: this.#outbox.all };
    this.#host.effect({ type: 'save', key: KEYS.outbox, value: JSON.stringify(kept) });
  }
}

/** A room of which nothing was told yet. */
export function unknownRoom(id: RoomId, person: AuthorId | null, view: View): WireRoom {
  const fresh = { topic: '', description: '', archived: false, slowSeconds: 0, retentionSeconds: 0, joined: false, power: 0, members: 0 };
  if (person) return { id, kind: 'direct', name: view.people.get(person)?.name ?? '', with: person, ...fresh };
  return { id, kind: id.startsWith('#') ? 'public' : 'private', name: id, ...fresh };
}

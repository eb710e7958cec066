/**
 * What one turn of the node brings, gathered and written: each event is made into text once, each room's texts are joined once for all whose frame is the same, and
 * each connection is written to once.
 */

import type { Event } from '../../api/protocol.ts';
import type { AuthorId, FeedId, RoomId } from '../../core/ids.ts';
import { type ReadonlyVector, raise, type Vector } from '../../core/vector.ts';
import { utf8 } from '../../lib/bytes.ts';
import { AT_LOG_MAX } from './limits.ts';
import type { Reader } from './reader.ts';

/** An event of this turn. */
export interface Item {
  readonly no: number;
  readonly json: string;
  /** Who says it: whoever blocks them is not told. Null for what concerns everybody. */
  readonly from: AuthorId | null;
  /** Who is not told, as it is about themselves. */
  readonly not: AuthorId | null;
}

/** Frames for so many readers or fewer are sent as text: to encode them once does not pay. */
const UNSHARED_READERS_MAX = 3;

/** How far the log came, and how far each reader was told. */
export class Cursors {
  /** Rises with each change. */
  version = 0;
  #log: { readonly version: number; readonly at: ReadonlyVector }[] = [];
  readonly #held: () => ReadonlyVector;
  readonly #texts = new Map<number, string>();

  constructor(held: () => ReadonlyVector) {
    this.#held = held;
  }

  raise(at: ReadonlyVector): void {
    if (at.size === 0) return;
    this.#log.push({ version: ++this.version, at });
    this.#texts.clear();
    if (this.#log.length > AT_LOG_MAX) this.#log = this.#log.slice(-AT_LOG_MAX / 2);
  }

  /** As text, what was raised since a version; empty for nothing. */
  since(version: number): string {
    if (version === this.version) return '';
    let text = this.#texts.get(version);
    if (text === undefined) this.#texts.set(version, (text = `,"at":${JSON.stringify(Object.fromEntries(this.#raised(version)))}`));
    return text;
  }

  #raised(version: number): ReadonlyVector {
    if ((this.#log[0]?.version ?? 0) > version + 1) return this.#held();
    const raised: Vector = new Map<FeedId, number>();
    for (let i = this.#log.length - 1; i >= 0 && this.#log[i]!.version > version; i--) raise(raised, this.#log[i]!.at);
    return raised;
  }
}

export class Gathering {
  readonly #rooms = new Map<RoomId, Item[]>();
  #next = 0;

  get rooms(): IterableIterator<RoomId> {
    return this.#rooms.keys();
  }

  item(event: Event, from: AuthorId | null = null, not: AuthorId | null = null): Item {
    return { no: this.#next++, json: JSON.stringify(event), from, not };
  }

  add(room: RoomId, item: Item): void {
    const items = this.#rooms.get(room);
    if (items) items.push(item);
    else this.#rooms.set(room, [item]);
  }

  /** The frames of these readers, by what they have in common. `give` is called once for each that has something. */
  write(readers: ReadonlySet<Reader>, cursors: Cursors, give: (reader: Reader, frame: string | Uint8Array) => void): void {
    const groups = new Map<string, Reader[]>();
    for (const reader of readers) {
      if (reader.own.length > 0 || this.#isApart(reader)) this.#giveOwn(reader, cursors, give);
      else if (reader.turnRooms) {
        const key = `${reader.at} ${reader.turnRooms.join(' ')}`;
        const group = groups.get(key);
        if (group) group.push(reader);
        else groups.set(key, [reader]);
      }
    }
    for (const group of groups.values()) this.#giveShared(group, cursors, give);
    this.#rooms.clear();
    this.#next = 0;
  }

  /** Whether a reader is not told all that its rooms have. */
  #isApart({ hidden, author, turnRooms }: Reader): boolean {
    return (turnRooms ?? []).some((room) =>
      this.#rooms.get(room)!.some(({ from, not }) => not === author || (from !== null && hidden?.has(from))),
    );
  }

  #giveShared(group: readonly Reader[], cursors: Cursors, give: (reader: Reader, frame: string | Uint8Array) => void): void {
    const [first] = group as [Reader];
    const text = frame(joined(this.#itemsOf(first)), cursors.since(first.at));
    const shared = group.length > UNSHARED_READERS_MAX ? utf8(text) : text;
    for (const reader of group) give(reader, shared);
  }

  #giveOwn(reader: Reader, cursors: Cursors, give: (reader: Reader, frame: string | Uint8Array) => void): void {
    const { hidden, author } = reader;
    const told = this.#itemsOf(reader).filter(({ from, not }) => not !== author && !(from !== null && hidden?.has(from)));
    if (told.length > 0) give(reader, frame(joined(told), cursors.since(reader.at)));
  }

  /** What a reader's rooms have, and what is its own, in the order of the turn, each once. */
  #itemsOf({ turnRooms, own }: Reader): Item[] {
    if (own.length === 0 && turnRooms?.length === 1) return this.#rooms.get(turnRooms[0]!)!;
    const items = new Map<number, Item>();
    for (const room of turnRooms ?? []) for (const item of this.#rooms.get(room)!) items.set(item.no, item);
    for (const item of own) items.set(item.no, item);
    return [...items.values()].sort((a, b) => a.no - b.no);
  }
}

function joined(items: readonly Item[]): string {
  return items.map(({ json }) => json).join(',');
}

export function frame(events: string, at: string): string {
  return `{"type":"turn","events":[${events}]${at}}`;
}

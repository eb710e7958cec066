/**
 * A public room with readers at this door: who was shown to be in it, and what a turn of the loop brings to it.
 *
 * All readers of a room were shown the same people: those in `roster`, which follows the notices. What comes in within a turn is gathered, rendered
 * once for each form, and shared by all readers; only authors get theirs built for themselves, without their own messages.
 */

import type { AuthorId, MessageId, RoomId } from '../../core/ids.ts';
import type { Sanction } from '../../core/port.ts';
import { utf8 } from '../../lib/bytes.ts';
import { FORM_MASK, MESSAGE_TAGS } from './caps.ts';
import { hides, type Item } from './item.ts';
import { joined, type Line, NO_LINES } from './line.ts';
import type { Chunk, Session } from './session.ts';

/** Readers up to which each is sent the text itself: encoding it once does not pay. */
const UNSHARED_READERS_MAX = 3;

/** Of an owner, a moderator, anybody else. */
export type Prefix = '~' | '@' | '';

/** Renders an item for a form; `copies` is empty but for an echo. */
export type Render = (room: Room, item: Item, caps: number, copies: string) => Line;
export type Send = (session: Session, chunk: Chunk) => void;

export class Room {
  readonly id: RoomId;
  /** As it is shown. */
  name: string;
  readonly readers = new Set<Session>();
  readonly roster = new Set<AuthorId>();
  /** What is shown before the names of those who have a say. */
  readonly prefixes = new Map<AuthorId, Prefix>();
  /** Sanctions that are in force, or were when it was looked at last: an undo names its target alone. */
  readonly sanctions = new Map<MessageId, Sanction>();
  items: Item[] = [];

  constructor(id: RoomId, name: string) {
    this.id = id;
    this.name = name;
  }

  /** Gives what was gathered to the readers. */
  spill(render: Render, send: Send): void {
    const items = this.items;
    if (items.length === 0) return;
    this.items = [];
    const authors = authorsOf(items);
    const shared: (Chunk | undefined)[] = [];
    for (const reader of this.readers) {
      if (authors?.has(reader) || reader.backlogs?.has(this.id) || items.some((item) => hides(reader, item))) {
        this.#giveOwn(items, reader, render, send);
        continue;
      }
      const form = reader.caps & FORM_MASK;
      shared[form] ??= this.#sharedChunk(items, form, render);
      send(reader, shared[form]);
    }
    for (const item of items) item.isGathered = false;
  }

  #sharedChunk(items: readonly Item[], form: number, render: Render): Chunk {
    let lines = NO_LINES;
    for (const item of items) lines = joined(lines, (item.lines[form] ??= render(this, item, form, '')));
    return this.readers.size > UNSHARED_READERS_MAX ? utf8(lines) : lines;
  }

  /**
   * For somebody who wrote some of it, does not see all of it, or whose backlog is under way. What comes after an own message is held until its echo, so that everybody is shown
   * the log in its order: whoever then says what they were shown last has been shown all that came before it.
   */
  #giveOwn(items: readonly Item[], reader: Session, render: Render, send: Send): void {
    const form = reader.caps & FORM_MASK;
    let backlog = reader.backlogs?.get(this.id);
    let lines = NO_LINES;
    for (const item of items) {
      if (hides(reader, item)) continue;
      if (item.by === reader) {
        if (item.copies !== null) lines = joined(lines, echoOf(render, this, item));
        else if (reader.unacked?.has(item.message!.id)) {
          send(reader, lines);
          lines = NO_LINES;
          (reader.held ??= []).push(item);
        }
      } else if (!backlog || backlog.lets(item)) {
        lines = joined(lines, (item.lines[form] ??= render(this, item, form, '')));
      }
      if (backlog?.isOver) {
        reader.backlogs!.delete(this.id);
        if (reader.backlogs!.size === 0) reader.backlogs = null;
        backlog = undefined;
      }
    }
    send(reader, lines);
  }
}

/** An author's own message, acknowledged. */
export function echoOf(render: Render, room: Room, item: Item): Line {
  const { caps } = item.by!;
  return render(room, item, caps & FORM_MASK, caps & MESSAGE_TAGS ? item.copies! : '');
}

function authorsOf(items: readonly Item[]): Set<Session> | null {
  let authors: Set<Session> | null = null;
  for (const { by } of items) if (by) (authors ??= new Set()).add(by);
  return authors;
}

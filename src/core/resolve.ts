/**
 * What a message shows as: its last edit, its reactions, whether it is pinned, or what is left of it when it was removed. A pure function of the message, of what
 * hangs on it, and of the state; shared by every view.
 *
 * Whatever stands before its target in history, or in another room, has no effect. Of several ops with one id the first in history order counts.
 */

import type { Folder } from './fold.ts';
import type { AuthorId, MessageId, RoomId } from './ids.ts';
import { comparePlaces, type Place } from './order.ts';
import type { About, Message, Retention, State } from './state.ts';

export interface Shown extends Message {
  readonly edited: boolean;
  /** Who reacted with what, in the order of their ids. */
  readonly reactions: ReadonlyMap<string, readonly AuthorId[]>;
  readonly pinned: boolean;
  /** By whom and by which op it was removed; its payload is null then. */
  readonly removed: { readonly by: AuthorId; readonly op: MessageId } | null;
}

/** A text that a message had from a place in history on. */
export interface Version {
  readonly place: Place;
  readonly payload: Uint8Array;
}

type Done<T extends About['does']['type']> = About & { readonly does: { readonly type: T } };

/** `abouts`: all that names the message as its target, in any order. */
export function resolve(folder: Pick<Folder, 'state' | 'law'>, message: Message, abouts: readonly About[]): Shown {
  const removed = removalOf(folder, message);
  if (removed) return { ...message, payload: null, edited: false, reactions: new Map(), pinned: false, removed };
  if (abouts.length === 0) return { ...message, edited: false, reactions: new Map(), pinned: false, removed };
  const counted = countedOf(folder, message, abouts);
  const last = of(counted, 'edit').at(-1);
  return {
    ...message,
    payload: last ? (last.does as { payload: Uint8Array | null }).payload : message.payload,
    edited: last !== undefined,
    reactions: reactionsOf(of(counted, 'reaction')),
    pinned: (of(counted, 'pin').at(-1)?.does as { on: boolean } | undefined)?.on ?? false,
    removed,
  };
}

/** The op by which a message is pinned now; null where it is not. */
export function pinOf(folder: Pick<Folder, 'state' | 'law'>, message: Message, abouts: readonly About[]): About | null {
  const last = removalOf(folder, message) ? undefined : of(countedOf(folder, message, abouts), 'pin').at(-1);
  return last && (last.does as { on: boolean }).on ? last : null;
}

/** What a message said at first, and by each edit that counts, in history order, the last of which shows; without what was erased. Of a removed one nothing. */
export function versionsOf(folder: Pick<Folder, 'state' | 'law'>, message: Message, abouts: readonly About[]): Version[] {
  if (removalOf(folder, message)) return [];
  const edits = of(countedOf(folder, message, abouts), 'edit');
  const all = [message, ...edits.map(({ place, does }) => ({ place, payload: (does as { payload: Uint8Array | null }).payload }))];
  return all.flatMap(({ place, payload }) => (payload ? { place, payload } : []));
}

/** The ops that count of what hangs on a message, in history order. */
function countedOf(folder: Pick<Folder, 'state'>, message: Message, abouts: readonly About[]): About[] {
  return once(abouts.filter((about) => counts(message, about) && !isPast(folder, about)).sort((a, b) => comparePlaces(a.place, b.place)));
}

function of<T extends About['does']['type']>(abouts: readonly About[], type: T): Done<T>[] {
  return abouts.filter((about): about is Done<T> => about.does.type === type);
}

/** Whether it is about this message, and was written by somebody who may: an edit by the author, in a direct room anything by its two people alone. */
function counts(message: Message, { room, author, place, does }: About): boolean {
  if (room !== message.room || comparePlaces(place, message.place) <= 0) return false;
  if (does.type === 'edit') return author === message.author;
  return message.to === null || author === message.author || author === message.to;
}

/** Whether an edit is past its time where its message is not, which came late: its text is gone, or will be. */
function isPast({ state }: Pick<Folder, 'state'>, { room, place, does }: About): boolean {
  return does.type === 'edit' && retentionOf(state, room, place) !== undefined;
}

/** Of ops of one type with one id the first. */
function once(abouts: readonly About[]): About[] {
  const seen = new Set<string>();
  return abouts.filter(({ id, does }) => {
    const key = does.type + id;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Each author's last word on each emoji; given in history order. */
function reactionsOf(abouts: readonly Done<'reaction'>[]): Map<string, AuthorId[]> {
  const last = new Map<string, { emoji: string; author: AuthorId; on: boolean }>();
  for (const { author, does } of abouts as readonly (About & { does: { emoji: string; on: boolean } })[]) {
    last.set(`${author} ${does.emoji}`, { emoji: does.emoji, author, on: does.on });
  }
  const reactions = new Map<string, AuthorId[]>();
  for (const { emoji, author, on } of last.values()) {
    if (on) reactions.set(emoji, [...(reactions.get(emoji) ?? []), author].sort());
  }
  return reactions;
}

/** By whom and by which op a message was removed, by hand, by its age, or with its author. */
function removalOf({ state, law }: Pick<Folder, 'state' | 'law'>, { id, author, room, place }: Message): Shown['removed'] {
  const removal = state.removals.get(id)?.find((one) => one.room === room);
  if (removal) return { by: removal.by, op: removal.op };
  const retention = retentionOf(state, room, place);
  if (retention) return { by: retention.by, op: retention.op };
  const deletion = law.verdicts.table(`deletion ${author}`).find(({ body }) => body.law === 'deletion' && body.erase);
  return deletion ? { by: deletion.head.author, op: deletion.id } : null;
}

/** The first op by which what stands at a place is past its time. */
function retentionOf(state: State, room: RoomId, place: Place): Retention | undefined {
  return state.retentions.get(room)?.find(({ before, cut }) => place.key < before && place.seq <= (cut.get(place.feed) ?? 0));
}

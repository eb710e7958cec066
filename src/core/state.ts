/**
 * What the governance of a network folds to, and what changes as it folds.
 *
 * Every part is a set that only grows or a register won by the later place in history, so the state is the same in whatever order the ops came.
 */

import type { FeedInfo } from './feed.ts';
import type { AuthorId, FeedId, MessageId, NodeId, RoomId } from './ids.ts';
import type { KeyCertificate } from './kinds/proof.ts';
import type { LawOp } from './law/body.ts';
import type { HistoryKey, Place } from './order.ts';
import type { ReadonlyVector } from './vector.ts';

/** A value and the place in history that set it; the latest place wins. */
export interface Register<T> {
  value: T;
  at: Place;
}

/** A session's word that a node may speak for it: given in the governance feed of that node's incarnation. */
export interface Grant {
  readonly node: NodeId;
  readonly feed: FeedId;
  /** The first entry of the feed that carries it: from there on the node may speak. */
  readonly seq: number;
  /** Where in the feed it was given last. */
  last: Spot;
  /** Whether the node declared it ended since. */
  ended: boolean;
}

/** A place within one feed. */
export interface Spot {
  readonly seq: number;
  readonly index: number;
}

/** Somebody who may be present: sessions at one or more nodes. */
export interface Person {
  readonly author: AuthorId;
  /** By governance feed. */
  readonly grants: Map<FeedId, Grant>;
  /** The rooms with a register of this person. */
  readonly rooms: Set<RoomId>;
}

/** A person without an account: a name, and the session that is all there is of them. */
export interface Guest extends Person {
  readonly name: Register<string>;
}

/** A person with an account. */
export interface Account extends Person {
  /** As it is shown, made different from others by `~2` where they had it first. */
  name: string;
  /** By their public keys. */
  readonly devices: Map<string, KnownDevice>;
  isDeleted: boolean;
}

export interface Device {
  readonly key: string;
  readonly kind: 'device' | 'session';
  /** Speak, or change the account too. */
  readonly may: 'speak' | 'all';
}

/** A device as its account knows it. */
export interface LabelledDevice extends Device {
  /** What its owner calls it; empty for nothing. */
  readonly label: string;
}

/** A device that was made known, and how its key speaks for the account: certificates up to the account's key of that time. */
export interface KnownDevice extends LabelledDevice {
  readonly chain: readonly KeyCertificate[];
  readonly root: string;
  /** Where it was made known. */
  readonly at: Place;
}

export interface RoomSettings {
  readonly description: string;
  readonly archived: boolean;
  readonly slowSeconds: number;
  /** How long messages are kept, in seconds; 0: for ever. */
  readonly retentionSeconds: number;
  /** Of a private room, in place of the name it was made under; else empty. */
  readonly name: string;
}

/** By which op a message was removed. */
export interface Removal {
  readonly by: AuthorId;
  /** The id of the op. */
  readonly op: MessageId;
  readonly reason: string;
  readonly room: RoomId;
  readonly at: Place;
}

/** What was written in a room before a time, as far as the issuer held it, is erased. */
export interface Retention {
  readonly by: AuthorId;
  readonly op: MessageId;
  readonly room: RoomId;
  readonly before: HistoryKey;
  readonly cut: ReadonlyVector;
  readonly at: Place;
}

export interface Room {
  readonly id: RoomId;
  /** The name as its first founder wrote it; the id where only joins are known. */
  readonly name: Register<string> | null;
  readonly topic: Register<{ text: string; author: AuthorId }> | null;
  readonly settings: Register<RoomSettings> | null;
  readonly members: Map<AuthorId, Register<boolean>>;
  /** Where each of them first joined, whether they are inside or not: what was before does not wait for them. */
  readonly joined: Map<AuthorId, Place>;
}

export interface Invite {
  readonly id: string;
  readonly uses: number;
  readonly expiresMs: number;
  readonly node: NodeId;
}

export interface State {
  network: Register<{ name: string; registration: string }> | null;
  readonly feeds: Map<FeedId, FeedInfo>;
  /** Admitted nodes and their names. */
  readonly nodes: Map<NodeId, { name: string; atMs: number }>;
  readonly invites: Map<string, Invite>;
  /** Nodes that redeemed an invitation, by the invitation. */
  readonly redeemed: Map<string, Set<NodeId>>;
  /** Accounts that were made by an invitation, by the invitation. */
  readonly registered: Map<string, Set<AuthorId>>;
  readonly guests: Map<AuthorId, Guest>;
  readonly accounts: Map<AuthorId, Account>;
  /**
   * Where the node last declared a grant ended, by author, feed and node joined; null where a later incarnation did, which is for good. Kept apart, as the end may
   * come before the grant.
   */
  readonly ends: Map<string, Spot | null>;
  readonly rooms: Map<RoomId, Room>;
  /** By the message; of several of one room the first in history. */
  readonly removals: Map<MessageId, Removal[]>;
  readonly retentions: Map<RoomId, Retention[]>;
  /** Entries that no node holds any more, by feed and number: their hashes. */
  readonly lost: Map<FeedId, Map<number, string>>;
}

export function emptyState(): State {
  return {
    network: null,
    feeds: new Map(),
    nodes: new Map(),
    invites: new Map(),
    redeemed: new Map(),
    registered: new Map(),
    guests: new Map(),
    accounts: new Map(),
    ends: new Map(),
    rooms: new Map(),
    removals: new Map(),
    retentions: new Map(),
    lost: new Map(),
  };
}

/** Empties what is folded of governance, to be folded anew; feeds and nodes stay, as nothing withholds them. */
export function clearState(state: State): void {
  state.network = null;
  for (const part of [state.invites, state.redeemed, state.guests, state.accounts, state.ends, state.rooms]) part.clear();
  state.registered.clear();
  for (const part of [state.removals, state.retentions, state.lost]) part.clear();
}

/** The guest or the account that an author is. */
export function personOf(state: State, author: AuthorId): Guest | Account | undefined {
  return state.accounts.get(author) ?? state.guests.get(author);
}

/** A message as the fold shows it; its text is in the payload (see message.ts). */
export interface Message {
  readonly id: MessageId;
  readonly room: RoomId;
  readonly author: AuthorId;
  /** In a direct room, the other one. */
  readonly to: AuthorId | null;
  /** In an import, the nick of the original. */
  readonly nick: string | null;
  /** The message it answers; absent where it answers none. */
  readonly target?: MessageId;
  readonly place: Place;
  readonly payload: Uint8Array | null;
}

/** What hangs on a message: it shows with its target alone (see resolve.ts). */
export interface About {
  readonly id: MessageId;
  readonly target: MessageId;
  readonly room: RoomId;
  readonly author: AuthorId;
  readonly place: Place;
  readonly does:
    | { readonly type: 'edit'; readonly payload: Uint8Array | null }
    | { readonly type: 'reaction'; readonly emoji: string; readonly on: boolean }
    | { readonly type: 'pin'; readonly on: boolean }
    /** Why somebody wants a moderator to look at it. */
    | { readonly type: 'report'; readonly payload: Uint8Array | null };
}

/**
 * How far somebody has read: all that the entry of the mark had in its causal past, but of the feeds that it names only so far. It holds for one room, or (empty)
 * for all.
 */
export interface Mark {
  readonly author: AuthorId;
  readonly room: RoomId | '';
  readonly place: Place;
  readonly upTo: ReadonlyVector;
}

/** What somebody wants to hear less of: a room, or what a person says. Theirs alone; the last one counts. */
export interface Wish {
  readonly author: AuthorId;
  readonly about: { readonly type: 'room'; readonly room: RoomId } | { readonly type: 'person'; readonly person: AuthorId };
  readonly on: boolean;
  readonly place: Place;
}

/** What one op changed. */
export type Change =
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'edit' | 'reaction' | 'pin' | 'report'; readonly about: About }
  | { readonly type: 'read'; readonly mark: Mark }
  | { readonly type: 'prefer'; readonly wish: Wish }
  /** A message was removed from its room. */
  | { readonly type: 'remove'; readonly target: MessageId; readonly removal: Removal }
  | { readonly type: 'retain'; readonly retention: Retention }
  | { readonly type: 'network' }
  | { readonly type: 'node'; readonly node: NodeId }
  | { readonly type: 'invite'; readonly invite: string }
  | { readonly type: 'guest'; readonly author: AuthorId }
  /** An account was made, or has another key, device, session or name, or was deleted. */
  | { readonly type: 'account'; readonly author: AuthorId }
  | { readonly type: 'rename'; readonly author: AuthorId; readonly before: string; readonly name: string }
  | { readonly type: 'end'; readonly author: AuthorId; readonly reason: string }
  | { readonly type: 'room'; readonly room: RoomId }
  | { readonly type: 'join'; readonly room: RoomId; readonly author: AuthorId }
  | { readonly type: 'part'; readonly room: RoomId; readonly author: AuthorId; readonly reason: string }
  | { readonly type: 'topic'; readonly room: RoomId; readonly author: AuthorId; readonly text: string }
  /** A role was given, somebody kicked, banned, muted or invited, a node revoked, something undone, a checkpoint set. */
  | { readonly type: 'law'; readonly op: LawOp }
  | { readonly type: 'lost'; readonly feed: FeedId; readonly seq: number }
  /**
   * What was folded before counts otherwise now: people, names, rooms and memberships may have changed in any way, and so may what the named feeds hold from
   * that entry on, which became withheld or shown.
   */
  | { readonly type: 'refolded'; readonly from: ReadonlyMap<FeedId, number> };

/** Why an op shows nowhere. A closed list. */
export type Void =
  | 'unknown kind'
  | 'wrong feed'
  | 'beyond time'
  | 'not granted'
  | 'bad body'
  /** Its author, or its node, was cut off before it was known to be written. */
  | 'withheld'
  /** Its author had no right to it. */
  | 'not allowed'
  | 'muted'
  | 'archived'
  /** What it is about is not known to it. */
  | 'no target'
  | 'undone';

/** Whether anybody may still hear of the person at the node that granted last: no grant is left that did not end. */
export function isOver(guest: Pick<Person, 'grants'>): boolean {
  for (const grant of guest.grants.values()) if (!grant.ended) return false;
  return true;
}

/** The name a member of the network is shown under. */
export function nameOf(state: State, message: Pick<Message, 'author' | 'nick' | 'place'>): string {
  if (message.nick !== null) {
    const importer = state.feeds.get(message.place.feed)?.node;
    return `${message.nick} (imported by ${(importer && state.nodes.get(importer)?.name) ?? 'an unknown node'})`;
  }
  const account = state.accounts.get(message.author);
  if (account && account.name !== '') return account.name;
  return state.guests.get(message.author)?.name.value ?? message.author.slice(0, 8);
}

/** The key that history orders by, of a message. */
export function keyOf(message: Message): HistoryKey {
  return message.place.key;
}

/** Where the op of content is that made a change; null for any other change. */
export function placeOf(change: Change): Place | null {
  if (change.type === 'message') return change.message.place;
  return 'about' in change ? change.about.place : 'mark' in change ? change.mark.place : 'wish' in change ? change.wish.place : null;
}

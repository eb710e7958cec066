/**
 * What the governance of a network folds to, and what changes as it folds.
 *
 * Every part is a set that only grows or a register won by the later place in history, so the state is the same in whatever order the ops came.
 */

import type { FeedInfo } from './feed.ts';
import type { AuthorId, FeedId, MessageId, NodeId, RoomId } from './ids.ts';
import type { HistoryKey, Place } from './order.ts';

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

/** A person without an account: a name, and a session at one or more nodes. */
export interface Guest {
  readonly author: AuthorId;
  readonly name: Register<string>;
  /** By governance feed. */
  readonly grants: Map<FeedId, Grant>;
  /** The rooms with a register of this guest. */
  readonly rooms: Set<RoomId>;
}

export interface Room {
  readonly id: RoomId;
  /** The name as its first founder wrote it; the id where only joins are known. */
  readonly name: Register<string> | null;
  readonly topic: Register<{ text: string; author: AuthorId }> | null;
  readonly members: Map<AuthorId, Register<boolean>>;
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
  readonly guests: Map<AuthorId, Guest>;
  /**
   * Where the node last declared a grant ended, by author, feed and node joined; null where a later incarnation did, which is for good. Kept apart, as the end may
   * come before the grant.
   */
  readonly ends: Map<string, Spot | null>;
  readonly rooms: Map<RoomId, Room>;
}

export function emptyState(): State {
  return {
    network: null,
    feeds: new Map(),
    nodes: new Map(),
    invites: new Map(),
    redeemed: new Map(),
    guests: new Map(),
    ends: new Map(),
    rooms: new Map(),
  };
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
  readonly place: Place;
  readonly payload: Uint8Array | null;
}

/** What one op changed. */
export type Change =
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'network' }
  | { readonly type: 'node'; readonly node: NodeId }
  | { readonly type: 'invite'; readonly invite: string }
  | { readonly type: 'guest'; readonly author: AuthorId }
  | { readonly type: 'rename'; readonly author: AuthorId; readonly before: string; readonly name: string }
  | { readonly type: 'end'; readonly author: AuthorId; readonly reason: string }
  | { readonly type: 'room'; readonly room: RoomId }
  | { readonly type: 'join'; readonly room: RoomId; readonly author: AuthorId }
  | { readonly type: 'part'; readonly room: RoomId; readonly author: AuthorId; readonly reason: string }
  | { readonly type: 'topic'; readonly room: RoomId; readonly author: AuthorId; readonly text: string };

/** Why an op shows nowhere. A closed list. */
export type Void = 'unknown kind' | 'wrong feed' | 'not granted' | 'bad body';

/** Whether anybody may still hear of the guest at the node that granted last: no grant is left that did not end. */
export function isOver(guest: Guest): boolean {
  for (const grant of guest.grants.values()) if (!grant.ended) return false;
  return true;
}

/** The name a member of the network is shown under. */
export function nameOf(state: State, message: Pick<Message, 'author' | 'nick' | 'place'>): string {
  if (message.nick !== null) {
    const importer = state.feeds.get(message.place.feed)?.node;
    return `${message.nick} (imported by ${(importer && state.nodes.get(importer)?.name) ?? 'an unknown node'})`;
  }
  return state.guests.get(message.author)?.name.value ?? message.author.slice(0, 8);
}

/** The key that history orders by, of a message. */
export function keyOf(message: Message): HistoryKey {
  return message.place.key;
}

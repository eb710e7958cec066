/**
 * What a door may ask of its node, and what it is told. The only thing doors know of the node.
 *
 * A door asks with commands, which are answered once each, later. What becomes visible reaches it by following the log, once for each turn of the
 * node's loop, in the order of the log; a command's own effect comes that way too, before its answer.
 */

import type { Answer, Command } from './commands.ts';
import type { AuthorId, FeedId, MessageId, NetworkId, NodeId, RoomId } from './ids.ts';
import type { Signer } from './kinds/account.ts';
import type { Role } from './law/body.ts';
import type { Power } from './law/verdicts.ts';
import type { Place } from './order.ts';
import type { Shown, Version } from './resolve.ts';
import type { SearchPage, SearchRequest } from './search.ts';
import type { About, Change, LabelledDevice, Message, State, Wish } from './state.ts';
import type { KeyPair } from './suite.ts';
import type { ReadonlyVector } from './vector.ts';

/** One login at one door of this node; never used twice in a process. */
export type SessionNo = number & { readonly __no: 'session' };

export type { Answer, Command, Prepared, Refusal, Target } from './commands.ts';

/** What a door is told: changes of the log, and comings and goings of the people of nodes that are lost and found. */
export type Notice =
  | Change
  /**
   * A message that was there came again, in another entry: it stands at the earlier of its places. Where the law withholds what came before, it shows by this one
   * alone: whoever keeps what they were shown, and does not have it, takes it for new; to all others `showsAlone` says so.
   */
  | { readonly type: 'repeated'; readonly message: Message; readonly showsAlone: boolean }
  /** The person's node has been out of reach for longer than the grace. */
  | { readonly type: 'gone'; readonly author: AuthorId; readonly node: NodeId }
  /** Somebody took the name of a person within the grace: they came back, with a new session. Their `guest` follows. */
  | { readonly type: 'succeeded'; readonly author: AuthorId; readonly by: AuthorId }
  /** A guest of this node logged in: who they were is who they are now. Their `account` came before; the end of the guest follows. */
  | { readonly type: 'identified'; readonly author: AuthorId; readonly by: AuthorId }
  | { readonly type: 'back'; readonly author: AuthorId; readonly node: NodeId }
  /** Somebody writes something in a room; of a direct room, `to` is the one who is to know. */
  | { readonly type: 'typing'; readonly author: AuthorId; readonly room: RoomId; readonly to: AuthorId | null; readonly on: boolean }
  /** Somebody is away, or (null) back. */
  | { readonly type: 'away'; readonly author: AuthorId; readonly text: string | null };

/** A page of a room's history; `limit` is at most HISTORY_LIMIT_MAX. Pages are in history order. */
export type HistoryQuery =
  /** The last ones; with `after`, only those that `after` with the same anchor would give. */
  | { readonly type: 'latest'; readonly room: RoomId; readonly after: Anchor | null; readonly limit: number }
  /** The last ones before the anchor. */
  | { readonly type: 'before'; readonly room: RoomId; readonly anchor: Anchor; readonly limit: number }
  /**
   * The first ones after the anchor. With `late`, also those that sort before it and that whoever had been shown the anchor may yet not have
   * been shown: those not in the causal past of the entry that carries it.
   */
  | { readonly type: 'after'; readonly room: RoomId; readonly anchor: Anchor; readonly late: boolean; readonly limit: number }
  /** The first ones that wait for a person (SPEC, WM1 and on); with `after`, of those that sort behind it. */
  | { readonly type: 'unread'; readonly room: RoomId; readonly by: AuthorId; readonly after: Place | null; readonly limit: number };

/** A room with something that a person has not read; `count` is at most UNREAD_COUNT_MAX. */
export interface Unread {
  readonly room: RoomId;
  /** Of a direct room, the other person. */
  readonly with: AuthorId | null;
  readonly count: number;
}

export const UNREAD_COUNT_MAX = 1000;

/** A report, and the message it is about as it shows now; null where that does not show, or is of another room than the report says. */
export interface Report {
  readonly about: About;
  readonly message: Shown | null;
}

export const REPORTS_LIMIT_MAX = 100;

/** Reports, newest first; `next`: where to go on, null at the end. A page may be short, or empty, and still have it. */
export interface ReportsPage {
  readonly reports: readonly Report[];
  readonly next: Place | null;
}

/** A message that is pinned, and the op by which it is. */
export interface Pin {
  readonly about: About;
  readonly message: Shown;
}

export const PINS_LIMIT_MAX = 100;

/** What is pinned in a room, the newest pin first; `next`: where to go on, null at the end. A page may be short, or empty, and still have it. */
export interface PinsPage {
  readonly pins: readonly Pin[];
  readonly next: Place | null;
}

/** Texts that a message had, in history order; `more`: there are earlier ones. */
export interface VersionsPage {
  readonly versions: readonly Version[];
  readonly more: boolean;
}

/** A line of the moderation log: who did what to whom, when and why. */
export interface Act {
  readonly id: MessageId;
  readonly place: Place;
  /** `reset`: of a password; `revoke`: of a node. */
  readonly does:
    | 'role'
    | 'kick'
    | 'ban'
    | 'mute'
    | 'undo'
    | 'invitation'
    | 'settings'
    | 'remove'
    | 'retain'
    | 'revoke'
    | 'rename'
    | 'reset'
    | 'delete account';
  readonly room: RoomId | '';
  readonly by: AuthorId;
  /** Whom it is about; null for nobody. */
  readonly person: AuthorId | null;
  /** In ms since 1970. */
  readonly atMs: number;
  /** In ms since 1970; null for good, or where it has no end. */
  readonly untilMs: number | null;
  readonly reason: string;
  /** The role, the new name, the node; empty for the others. */
  readonly what: string;
  /** The message that was removed, or the act that was undone. */
  readonly target: MessageId | null;
  /** Who took it back; null where nobody did. */
  readonly undoneBy: AuthorId | null;
}

export const ACTS_LIMIT_MAX = 100;

/** A ban, a mute or a kick that is in force. */
export interface Sanction {
  readonly id: MessageId;
  readonly does: 'ban' | 'mute' | 'kick';
  readonly room: RoomId | '';
  readonly person: AuthorId;
  readonly by: AuthorId;
  /** In ms since 1970; null for good. */
  readonly untilMs: number | null;
  readonly reason: string;
  /** In ms since 1970. */
  readonly atMs: number;
}

/**
 * A place, a message or a time. One id may stand in several entries, where its client handed it in at several nodes: `feed` and `seq` tell the entry by which the reader was
 * shown it (its place tells), so that what was not shown with it is found as late on any node.
 */
export type Anchor =
  | { readonly place: Place }
  | { readonly id: MessageId; readonly feed?: FeedId; readonly seq?: number }
  | { readonly atMs: number };

export const HISTORY_LIMIT_MAX = 1000;

export type HistoryPage = { readonly messages: readonly Message[] } | { readonly fault: 'unknown message' };

/** The node, as a door sees it. */
export interface NodePort {
  readonly node: { readonly id: NodeId; readonly name: string };
  /** The governance state as far as it is durable here. Doors read it and never change it. */
  readonly state: State;
  networkId(): NetworkId;
  networkName(): string;
  /** A number for a new session of a door. `source`: the address it comes from, by which floods are told; empty for none. */
  session(door: Door, source?: string): SessionNo;
  /** Asks for a command; the answer carries the token. */
  command(session: SessionNo, token: number, command: Command): void;
  /** A page of what the session may read; `unknown message` also for a room that it may not. */
  history(session: SessionNo, query: HistoryQuery): Promise<HistoryPage>;
  /** The rooms in which something waits for the session's account: rooms it is in, and direct ones. */
  unread(session: SessionNo): Promise<readonly Unread[]>;
  /**
   * Full text search in all that the session may read, or in one room of it; nothing for a room that it may not. What people say whom its account blocks is left out,
   * so a page may be short, and says where to go on.
   */
  search(session: SessionNo, asked: SearchRequest): Promise<SearchPage>;
  /** What the session's account wants to hear less of: its last word on each room and person. A guest wants nothing. Changes are told by the notice `prefer`. */
  wishes(session: SessionNo): Promise<readonly Wish[]>;
  /** What was done in a room, or (empty) in the network, newest first, at most ACTS_LIMIT_MAX before a place; null for whoever does not moderate there. */
  moderationLog(session: SessionNo, room: RoomId | '', before: Place | null, limit: number): readonly Act[] | null;
  /**
   * What was reported in a room, or (empty) in all; null for whoever does not moderate there. Of a direct room it has the report, and not the message; of a private
   * room that the session may not read, nothing.
   */
  reports(session: SessionNo, room: RoomId | '', before: Place | null, limit: number): Promise<ReportsPage | null>;

  // People
  /** Whether the person has a session that did not end, at a node that is in reach or within its grace. */
  isPresent(author: AuthorId): boolean;
  /** The text of a present person who is away; null where they are not, or not present. */
  awayOf(author: AuthorId): string | null;
  /** The present person of that name, names compared by their normal form. */
  presentByName(name: string): AuthorId | null;
  /** The account that shows under that name, present or not. */
  accountNamed(name: string): AuthorId | null;
  /** Whether the name cannot be taken now: somebody has it whose node is in reach. */
  isNameTaken(name: string): boolean;
  /** The node that a present person's session is at. */
  nodeOf(author: AuthorId): { id: NodeId; name: string } | null;
  /** The key that is an account's own, and how it is made from a password; null for no account, or one that was deleted. */
  ownKey(author: AuthorId): { readonly key: string; readonly kdf: Uint8Array } | null;
  /** The devices of an account that may speak for it now (app passwords are some of them), in the order of their keys. */
  devices(author: AuthorId): readonly LabelledDevice[];
  /** As whom a key signs for an account: its own key, or a device's with the certificates that make it one; null where it is neither. */
  signerOf(author: AuthorId, key: KeyPair): Signer | null;

  // Rooms
  /** Rooms in which a present person is, in the order of their ids. */
  publicRooms(): RoomId[];
  /** The present members of a room. */
  present(room: RoomId): AuthorId[];
  /** The rooms that an account is in, whether present or not. */
  roomsOf(author: AuthorId): RoomId[];
  /** Whether somebody may read a room: a public one anybody, a private one who is inside, a direct one its two people. */
  mayRead(author: AuthorId | null, room: RoomId): boolean;
  /** What somebody may do in a room, or (empty) in the network. */
  power(author: AuthorId, room: RoomId | ''): Power;
  /** Who was given a role there. */
  roles(room: RoomId | ''): ReadonlyMap<AuthorId, Role>;
  /** What is in force there, the oldest first. */
  sanctions(room: RoomId | ''): Sanction[];

  // Keys, for doors whose clients send passwords
  keyPair(seed: Uint8Array): KeyPair;
  /** How a new account's key is made from its password. */
  newKdf(): Uint8Array;
  /**
   * The seed of the key that a password makes; off the loop, a few at a time. `source`: whoever sends many passwords waits behind everybody else. Of an unknown
   * account (kdf null) it takes as long, and is null.
   */
  derive(password: string, kdf: Uint8Array | null, name: string, source: string): Promise<Uint8Array | null | { readonly retryMs: number }>;
}

/** A node of the network, as this one sees it. */
export interface NodeInfo {
  readonly id: NodeId;
  readonly name: string;
  readonly state: 'self' | 'up' | 'suspect' | 'down';
  readonly rttMs: number | null;
  /** Where its API answers, as far as it says so. */
  readonly urls: readonly string[];
  readonly links: readonly NodeId[];
}

/** What a cursor does not cover: messages in history order, and where to go on; null at the end. */
export interface BeyondPage {
  readonly messages: readonly Shown[];
  readonly next: Place | null;
}

/** More, for doors whose clients keep what they were shown and go on with it at any node. */
export interface CursorPort extends NodePort {
  /** The governance feed of this incarnation of the node: what sessions grant. */
  grantFeed(): FeedId;
  /** What of content and imports is held here. */
  held(): ReadonlyVector;
  nodes(): readonly NodeInfo[];
  /** Whether the session may administer the network: an owner's, opened by the account's own key and not by an app password. */
  administers(session: SessionNo): boolean;
  /** The role of somebody in the network. */
  networkRole(author: AuthorId): Role;
  registration(): 'open' | 'invite' | 'closed';
  /** A page as it shows; null for a room that the session may not read, and for an anchor that is not known. */
  page(session: SessionNo, query: HistoryQuery): Promise<readonly Shown[] | null>;
  /** The messages around one, which is among them; null where the session may not read it, or there is none. */
  around(session: SessionNo, room: RoomId, id: MessageId, limit: number): Promise<readonly Shown[] | null>;
  /** The first messages of a room, behind a place, that a cursor does not cover; null for a room that the session may not read. */
  beyond(session: SessionNo, room: RoomId, cursor: ReadonlyVector, after: Place | null, limit: number): Promise<BeyondPage | null>;
  /** Those of these messages of a room that the session may see, as they show; null for a room that it may not read. */
  refresh(session: SessionNo, room: RoomId, ids: readonly MessageId[]): Promise<readonly Shown[] | null>;
  /** What is pinned in a room, at most PINS_LIMIT_MAX that were pinned before a place; null for a room that the session may not read. */
  pins(session: SessionNo, room: RoomId, before: Place | null, limit: number): Promise<PinsPage | null>;
  /** The last texts that a message had before a place; null where the session may not read it, or there is none. */
  versions(session: SessionNo, room: RoomId, id: MessageId, before: Place | null, limit: number): Promise<VersionsPage | null>;
  /**
   * Of those of these messages of a room that the session may see: the nodes that hold them on stable storage, as far as their signed words reached this one; null for a
   * room that it may not read.
   */
  holders(session: SessionNo, room: RoomId, ids: readonly MessageId[]): Promise<ReadonlyMap<MessageId, readonly NodeId[]> | null>;
  /** Messages as they show, for a door that shares them among readers each of whom it asks about. */
  shown(ids: readonly MessageId[]): Promise<readonly Shown[]>;
  /** The direct rooms of the session's person in which anything was written, with whom. */
  directs(session: SessionNo): Promise<readonly { readonly room: RoomId; readonly with: AuthorId }[]>;
  /** The account for which a key signs as one of its devices; null for none. */
  accountOf(key: KeyPair): { readonly author: AuthorId; readonly signer: Signer } | null;
}

/** A door, as the node sees it. */
export interface Door {
  /** What it is called where doors are counted. */
  readonly name?: string;
  answer(session: SessionNo, token: number, answer: Answer): void;
  /** All that one turn of the loop made visible, to be shared by all sessions of the door. `at`: how far it raised feeds of content and imports. */
  notices(notices: readonly Notice[], at: ReadonlyVector): void;
  /** A session is over by the law: its keys were logged out, its account deleted or banned. It is closed; the client is to be told why. */
  ended(session: SessionNo, reason: string): void;
  /** More nodes hold a message that was acknowledged to the session. */
  copies?(session: SessionNo, id: MessageId, held: number, wanted: number): void;
  /** The node writes under a new incarnation, whose governance feed this is: sessions whose keys their clients keep have to grant it. */
  incarnated?(feed: FeedId): void;
  /** The turn is over: what was gathered may be written. */
  flush(): void;
}

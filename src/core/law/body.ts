/**
 * Ops of law as they are read: everything in them was parsed, and every signature of their own checked, before anything is judged.
 *
 * What a cut withholds: of a node its feeds, of an author or a key what they wrote, each beyond the vector that the issuer gave.
 */

import type { Entry } from '../entry.ts';
import type { FeedInfo } from '../feed.ts';
import type { ForkProof } from '../fork-proof.ts';
import type { AuthorId, FeedId, MessageId, NodeId, RoomId } from '../ids.ts';
import type { Head } from '../op.ts';
import type { HistoryKey, Place } from '../order.ts';
import type { RoomSettings } from '../state.ts';
import { foldName } from '../text.ts';
import type { ReadonlyVector } from '../vector.ts';

export const ROLES = ['none', 'member', 'moderator', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** How a key speaks for an account: the keys from the one that signed up to the account's own, and until when their certificates hold (0: for ever). */
export interface Proof {
  readonly keys: readonly string[];
  readonly until: HistoryKey;
}

export type LawBody =
  /** A room was made under a name; its founder owns it. */
  | { readonly law: 'founded'; readonly name: string }
  | { readonly law: 'role'; readonly subject: AuthorId; readonly role: Role; readonly sealed: boolean }
  | { readonly law: 'kick'; readonly subject: AuthorId; readonly reason: string }
  | { readonly law: 'ban'; readonly subject: AuthorId; readonly until: HistoryKey; readonly reason: string; readonly cut: ReadonlyVector }
  | { readonly law: 'mute'; readonly subject: AuthorId; readonly until: HistoryKey; readonly reason: string }
  | { readonly law: 'undo' }
  | { readonly law: 'checkpoint'; readonly vector: ReadonlyVector; readonly sealed: boolean }
  | { readonly law: 'settle'; readonly subject: AuthorId; readonly name: string; readonly sealed: boolean }
  | { readonly law: 'invitation'; readonly subject: AuthorId }
  | { readonly law: 'settings'; readonly settings: RoomSettings }
  | { readonly law: 'revoke'; readonly node: NodeId; readonly reason: string; readonly cut: ReadonlyVector; readonly sealed: boolean }
  /** `feed`: the one that was forked; of it the cut holds nothing from the fork on. */
  | { readonly law: 'fork'; readonly node: NodeId; readonly feed: FeedId; readonly cut: ReadonlyVector; readonly proof: ForkProof }
  | {
      readonly law: 'account';
      readonly name: string;
      readonly key: string;
      readonly kdf: Uint8Array;
      /** By which it was let in; NO_INVITE for none. */
      readonly invite: string;
      readonly proof: Proof;
    }
  | {
      readonly law: 'rekey';
      readonly subject: AuthorId;
      readonly key: string;
      readonly kdf: Uint8Array;
      readonly cut: ReadonlyVector;
      /** Null in a reset by an owner. */
      readonly proof: Proof | null;
      readonly sealed: boolean;
    }
  /** Of these keys, or of all that the log knows to the issuer. */
  | { readonly law: 'logout'; readonly keys: readonly string[]; readonly cut: ReadonlyVector; readonly proof: Proof }
  | {
      readonly law: 'deletion';
      readonly subject: AuthorId;
      readonly erase: boolean;
      readonly cut: ReadonlyVector;
      readonly proof: Proof | null;
    };

export interface LawOp<B extends LawBody = LawBody> {
  readonly entry: Entry;
  readonly feed: FeedInfo;
  readonly head: Head;
  readonly place: Place;
  readonly id: MessageId;
  readonly body: B;
  /** Whether it is its node's own word. */
  readonly own: boolean;
  /** The key of its entry in the order of law. */
  key: HistoryKey;
  /** In which tables it is once it is in force. */
  readonly tables: readonly string[];
  /** Which checkpoint covers it first; UNCOVERED for none. */
  rank: number;
}

export const UNCOVERED: number = Number.MAX_SAFE_INTEGER;

/** The order of law: by checkpoint, then by governance key, feed, number and index. */
export function compareLaw(a: LawOp, b: LawOp): number {
  return a.rank !== b.rank ? a.rank - b.rank : compareKeys(a, b);
}

/** The order of law as it would be without checkpoints. */
export function compareKeys(a: LawOp, b: LawOp): number {
  if (a.key !== b.key) return a.key - b.key;
  if (a.place.feed !== b.place.feed) return a.place.feed < b.place.feed ? -1 : 1;
  return a.place.seq - b.place.seq || a.place.index - b.place.index;
}

/** What an op in force withholds. */
export interface Cut {
  readonly op: LawOp;
  readonly of: 'node' | 'author' | 'key';
  /** Nodes, authors or keys. */
  readonly subjects: readonly string[];
  /** Whose keys, or the author themselves; null for a node. */
  readonly author: AuthorId | null;
  /** Only what happens there; empty for everything. */
  readonly room: RoomId | '';
  readonly vector: ReadonlyVector;
  /** Only what has a smaller history key; 0 for everything. */
  readonly until: HistoryKey;
}

/** Whether a cut reaches an entry or op at this place. */
export function isBeyond(cut: Cut, place: Place): boolean {
  return place.seq > (cut.vector.get(place.feed) ?? 0) && (cut.until === 0 || place.key < cut.until);
}

/** Whether the kind of op may carry a cut. */
export function isCutting({ body: { law } }: LawOp): boolean {
  return law === 'ban' || law === 'revoke' || law === 'fork' || law === 'rekey' || law === 'logout' || law === 'deletion';
}

/** In which tables an op is found once it is in force. */
export function tablesOf(body: LawBody, head: Head): string[] {
  switch (body.law) {
    case 'founded':
      return [`founded ${head.room}`];
    case 'role':
      return head.room ? [`role ${head.room} ${body.subject}`, `inside ${head.room} ${body.subject}`] : [`role ${body.subject}`];
    case 'kick':
    case 'invitation':
      return [`inside ${head.room} ${body.subject}`];
    case 'settings':
      return [`settings ${head.room}`];
    case 'mute':
      return [`mute ${head.room} ${body.subject}`];
    case 'undo':
      return [`undo ${head.target}`];
    case 'account':
      return [`key ${head.author}`, `account ${head.author}`, `name ${foldName(body.name)}`];
    case 'rekey':
      return [`key ${body.subject}`];
    case 'settle':
      return [`settle ${body.subject}`, `name ${foldName(body.name)}`];
    case 'deletion':
      return [`deletion ${body.subject}`];
    default:
      return [];
  }
}

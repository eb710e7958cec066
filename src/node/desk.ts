/**
 * What commands ask of their node: who somebody is, what they may, and the ops that are made in their name. It knows the state, the law and the sessions; nothing
 * is written here.
 */

import { NO_INVITE } from '../core/admission.ts';
import type { Granted, Prepared, Refusal } from '../core/commands.ts';
import type { FeedInfo } from '../core/feed.ts';
import type { Folder } from '../core/fold.ts';
import { AHEAD_MAX, hlcMs, nextHlc } from '../core/hlc.ts';
import {
  type AuthorId,
  authorId,
  directRoomId,
  type FeedId,
  type MessageId,
  type NetworkId,
  type NodeId,
  type RoomId,
} from '../core/ids.ts';
import { grantedSessionBody, type Signer } from '../core/kinds/account.ts';
import { grantedGuestBody, isGrant, signGrant } from '../core/kinds/guest.ts';
import { MARK_FEEDS_MAX } from '../core/kinds/own.ts';
import { isPrivateRoomId } from '../core/kinds/room.ts';
import type { LawOp } from '../core/law/body.ts';
import { type Head, KIND, type Op } from '../core/op.ts';
import type { KnownDevice, State } from '../core/state.ts';
import type { KeyPair, Suite } from '../core/suite.ts';
import { uuidV7 } from '../core/uuid.ts';
import type { Vector } from '../core/vector.ts';
import { compareText } from '../lib/bytes.ts';
import type { Random } from '../lib/prng.ts';
import type { Now } from '../sync/effects.ts';
import type { Log } from '../sync/log.ts';
import { op } from './command-op.ts';
import type { Marks } from './marks.ts';
import type { Names } from './names.ts';
import type { People } from './people.ts';
import { checkInvitation } from './people-invitations.ts';
import type { Rights } from './rights.ts';
import type { Certified, Session, Sessions } from './sessions.ts';

/** Remembered speakers of slow rooms. */
const SPOKE_MAX = 10_000;
/** Direct rooms whose people are remembered. */
const DIRECTS_MAX = 100_000;

/** Feeds that a cut names: a body has 48 KiB, and a feed with its number at most 24 bytes. More would be an entry that nobody reads. */
export const CUT_FEEDS_MAX = 2000;
export const CUT_TOO_LONG: Refusal = { type: 'bad text', fault: 'too long' };

export interface DeskOptions {
  readonly suite: Suite;
  readonly network: NetworkId;
  readonly self: NodeId;
  readonly random: Random;
  readonly folder: Folder;
  readonly log: Log;
  readonly people: People;
  readonly rights: Rights;
  readonly names: Names;
  readonly sessions: Sessions;
  readonly marks: Marks;
  /** The highest history key of every room; kept up here. */
  readonly lastKeys: ReadonlyMap<RoomId, number>;
  /** A planted fault: nobody says what they were shown. */
  readonly noAfter: boolean;
}

export class Desk {
  readonly suite: Suite;
  readonly network: NetworkId;
  readonly people: People;
  readonly rights: Rights;
  readonly names: Names;
  readonly sessions: Sessions;
  readonly marks: Marks;
  readonly #self: NodeId;
  readonly #author: AuthorId;
  readonly #random: Random;
  readonly #folder: Folder;
  readonly #log: Log;
  readonly #noAfter: boolean;
  readonly #lastKeys: Map<RoomId, number>;
  #highestKey = 0;
  /** What the clock says, as a history key. */
  nowKey = 0;
  /** What the command at hand claimed. */
  claimed: string | null = null;
  /** The invitation that the command at hand uses. */
  redeemed: string | null = null;
  /** Uses of invitations that are not in the log yet. */
  readonly #redeeming = new Map<string, number>();
  /** Guests of this node that log in: who they were, by who they are. */
  readonly #identified = new Map<AuthorId, AuthorId>();
  /** The two people of direct rooms that were heard of. */
  readonly #directs = new Map<RoomId, readonly [AuthorId, AuthorId]>();
  /** When somebody spoke last in a room that is slow, in ms. */
  readonly #spoke = new Map<string, number>();

  constructor(options: DeskOptions) {
    const { suite, network, people, rights, names, sessions, marks } = options;
    this.suite = suite;
    this.network = network;
    this.people = people;
    this.rights = rights;
    this.names = names;
    this.sessions = sessions;
    this.marks = marks;
    this.#self = options.self;
    this.#author = authorId(suite, options.self);
    this.#random = options.random;
    this.#folder = options.folder;
    this.#log = options.log;
    this.#noAfter = options.noAfter;
    this.#lastKeys = new Map(options.lastKeys);
    for (const key of this.#lastKeys.values()) this.#highestKey = Math.max(this.#highestKey, key);
  }

  get state(): State {
    return this.#folder.state;
  }

  /** The governance feed that sessions grant. */
  get grantFeed(): FeedId {
    return this.#log.governanceInfo.feed;
  }

  get grantInfo(): FeedInfo {
    return this.#log.governanceInfo;
  }

  /** A message shows: what is said after it comes behind it. */
  shown(room: RoomId, key: number, to: AuthorId | null, author: AuthorId): void {
    if (key > this.nowKey + AHEAD_MAX) return;
    if (this.lastKey(room) < key) this.#lastKeys.set(room, key);
    this.#highestKey = Math.max(this.#highestKey, key);
    // A clock that is ahead makes nobody wait for it.
    this.spoke(author, room, hlcMs(Math.min(key, this.nowKey)));
    if (to === null) return;
    this.#remember(room, [author, to]);
    for (const one of [to, author]) {
      for (const session of this.sessions.of(one)) session.shownKey = Math.max(session.shownKey, key);
    }
  }

  #remember(room: RoomId, pair: readonly [AuthorId, AuthorId]): void {
    this.#directs.set(room, pair);
    if (this.#directs.size > DIRECTS_MAX) this.#directs.delete(this.#directs.keys().next().value!);
  }

  /** An op of the node's own. */
  ownOp(kind: number, body: Uint8Array | ((client: string) => Uint8Array), now: Pick<Now, 'wallMs'>, room: RoomId | '' = ''): Op {
    const client = this.clientId(now.wallMs);
    const bytes = typeof body === 'function' ? body(client) : body;
    const head: Head = { kind, author: this.#author, client, room, target: '', after: 0, body: bytes, payloadHash: null };
    return { head, payload: null };
  }

  /** Takes a session from its person. */
  leave(session: Session): void {
    this.sessions.leave(session);
    session.isGranted = false;
  }

  /** A new client id, for a client that makes none itself. */
  clientId(nowMs: number) {
    return uuidV7(nowMs, this.#random);
  }

  random(count: number): Uint8Array {
    return this.#random.bytes(count);
  }

  /** The highest key that a client names itself as shown. */
  afterOf(prepared: Prepared): number {
    return this.#noAfter ? 0 : prepared.after;
  }

  /** The highest history key the session was shown. */
  shownKey(session: Session): number {
    let key = session.shownKey;
    for (const room of session.rooms) key = Math.max(key, this.lastKey(room));
    return key;
  }

  /** The highest history key held here, or the present where that is later. */
  highestKey(now: Now): number {
    return Math.max(nextHlc(0, now.wallMs), this.#highestKey);
  }

  /** The highest of a room that is believed: what claims to be hours ahead is nobody's `after` (ADR 8). */
  lastKey(room: RoomId): number {
    const key = this.#lastKeys.get(room) ?? 0;
    return key <= this.nowKey + AHEAD_MAX ? key : 0;
  }

  guestNameFault(name: string, by: Session, author: AuthorId): Refusal | null {
    return this.names.guestFault(name, by.no, author);
  }

  accountNameFault(name: string, by: Session): Refusal | null {
    return this.names.accountFault(name, by.no, by.author);
  }

  /** The command at hand takes a name, which nobody else can until it is settled. */
  claim(folded: string, session: Session): void {
    this.names.claim(folded, session.no);
    this.claimed = folded;
  }

  /** The command at hand uses an invitation. */
  redeem(invitation: string): void {
    if (invitation === NO_INVITE) return;
    this.#redeeming.set(invitation, (this.#redeeming.get(invitation) ?? 0) + 1);
    this.redeemed = invitation;
  }

  /** The use is in the log, or it is not known to be. */
  unredeem(invitation: string): void {
    const left = (this.#redeeming.get(invitation) ?? 0) - 1;
    if (left > 0) this.#redeeming.set(invitation, left);
    else this.#redeeming.delete(invitation);
  }

  /** The op by which a session grants this node's incarnation to speak for it. */
  grantOp(session: Session, now: Now): Op {
    const { publicKey, name, certified, author } = session;
    const grant = session.grant ?? signGrant(session.key!, this.network, this.#self, this.grantFeed);
    if (certified) return op(this, session, now, { kind: KIND.session, body: grantedSessionBody(certified.chain, certified.root, grant) });
    const after = Math.max(this.shownKey(session), this.state.guests.get(author!)?.name.at.key ?? 0);
    return op(this, session, now, { kind: KIND.guest, body: grantedGuestBody(publicKey!, name, grant), after });
  }

  /** Whether a key granted this incarnation of the node. */
  isGranted({ key, grant }: Granted): boolean {
    return isGrant(this.suite, this.network, this.#self, this.grantFeed, key, grant);
  }

  /** Somebody enters or leaves a room: behind their last word on that, whatever the clocks say. */
  moveOp(session: Session, kind: number, room: RoomId, body: Uint8Array, now: Now): Op {
    const member = this.state.rooms.get(room)?.members.get(session.author!);
    return op(this, session, now, { kind, room, body, after: Math.max(this.shownKey(session), member?.at.key ?? 0) });
  }

  /** Whether keys, from the one that signs up to the account's own, speak for an account now. */
  speakFor(author: AuthorId, keys: readonly string[]): boolean {
    return this.#folder.law.verdicts.speakFor(author, keys, this.grantInfo, this.nowKey);
  }

  /** The account's own key, and how it is made from a password; null where there is none. */
  ownKey(author: AuthorId): { readonly key: string; readonly kdf: Uint8Array } | null {
    return this.rights.isAccount(author) ? this.#folder.law.verdicts.ownKey(author) : null;
  }

  /** The devices of an account that may speak for it now, in the order of their keys. */
  devices(author: AuthorId): KnownDevice[] {
    const all = [...(this.state.accounts.get(author)?.devices.values() ?? [])];
    const speaking = all.filter(({ chain, root }) => this.speakFor(author, [...chain.map(({ key }) => key), root]));
    return speaking.sort((a, b) => compareText(a.key, b.key));
  }

  /** As whom a key signs for an account: as its own, or a device's; null for neither. */
  signerOf(author: AuthorId, key: KeyPair): Signer | null {
    if (this.ownKey(author)?.key === key.publicKey) return { key, chain: [], root: key.publicKey };
    const device = this.devices(author).find((one) => one.key === key.publicKey);
    return device ? { key, chain: device.chain, root: device.root } : null;
  }

  /** A guest of this node is somebody with an account. */
  identifies(guest: AuthorId, account: AuthorId): void {
    this.#identified.set(account, guest);
  }

  /** Who an account was here as a guest, to be told once. */
  takeIdentified(account: AuthorId): AuthorId | null {
    const guest = this.#identified.get(account) ?? null;
    this.#identified.delete(account);
    return guest;
  }

  /** Somebody whom the log knows. */
  isKnown(author: AuthorId): boolean {
    return this.rights.isAccount(author) || this.state.guests.has(author);
  }

  lawOf(id: MessageId): LawOp | null {
    return this.#folder.law.ops.find((one) => one.id === id && this.#folder.law.voidOf(one) === null) ?? null;
  }

  isUndone(id: MessageId): boolean {
    return this.#folder.law.isUndone(id);
  }

  /** Whether somebody is one of the two of a direct room. */
  isDirectOf(author: AuthorId, room: RoomId): boolean {
    const known = this.#directs.get(room);
    if (known) return known.includes(author);
    for (const people of [this.state.accounts, this.state.guests]) {
      for (const other of people.keys()) {
        if (directRoomId(this.suite, author, other) !== room) continue;
        this.#remember(room, [author, other]);
        return true;
      }
    }
    return false;
  }

  mayRead(author: AuthorId | null, room: RoomId): boolean {
    return this.rights.mayRead(author, room, () => this.isDirectOf(author!, room));
  }

  /** What is held of all that somebody may have written: the cut of a word about them. */
  cutOf(author: AuthorId): Vector {
    const { law } = this.#folder;
    const feeds = new Set<FeedId>(law.grants.feeds(author));
    for (const { head, place } of law.ops) if (head.author === author) feeds.add(place.feed);
    const cut: Vector = new Map();
    for (const [feed, seq] of this.#log.durable) {
      const sibling = this.#log.infos.get(feed)?.sibling ?? feed;
      if (feeds.has(sibling) || law.hasDevices(author, feed)) cut.set(feed, seq);
    }
    return cut;
  }

  /** How far this node's sessions were shown what a mark that is written now may have in its past. */
  markUpTo(): Vector {
    const all = this.marks.upTo(this.#log.committing);
    return new Map([...all].slice(-MARK_FEEDS_MAX));
  }

  /** The invitation by which an account is made, where the network wants one. */
  invitationFor(token: string, now: Now): { readonly id: string } | { readonly refused: Refusal } {
    const policy = this.state.network?.value.registration ?? 'invite';
    if (policy === 'open' && token === '') return { id: NO_INVITE };
    if (policy === 'closed') return { refused: { type: 'registration', policy } };
    if (token === '') return { refused: { type: 'registration', policy: 'invite' } };
    const checked = checkInvitation(this.state, this.suite, token, now.wallMs, this.#redeeming);
    return 'fault' in checked ? { refused: { type: 'bad invitation', fault: checked.fault } } : checked;
  }

  /** Why somebody may not speak yet, in a room that is slow. */
  slowFault(author: AuthorId, room: RoomId, now: Now): Refusal | null {
    const seconds = this.rights.slowSeconds(author, room);
    const last = seconds > 0 ? this.#spoke.get(`${author} ${room}`) : undefined;
    const retryMs = last === undefined ? 0 : last + seconds * 1000 - now.wallMs;
    return retryMs > 0 ? { type: 'slow', retryMs } : null;
  }

  spoke(author: AuthorId, room: RoomId, atMs: number): void {
    if (this.rights.slowSeconds(author, room) === 0) return;
    const key = `${author} ${room}`;
    this.#spoke.set(key, Math.max(atMs, this.#spoke.get(key) ?? 0));
    if (this.#spoke.size > SPOKE_MAX) this.#spoke.delete(this.#spoke.keys().next().value!);
  }

  newKey(): KeyPair {
    const seed = this.#random.bytes(32);
    const { suite } = this;
    // The native key is some kilobytes, and most sessions sign once: what is kept is the seed.
    return { publicKey: suite.keyPair(seed).publicKey, sign: (tag, message) => suite.keyPair(seed).sign(tag, message) };
  }

  /** A session is somebody's from here on. An account's first session here is in its account's rooms. */
  opened(session: Session, author: AuthorId, key: KeyPair, name: string, certified: Certified | null): void {
    Object.assign(session, { key, publicKey: key.publicKey, grant: null, name, certified, isGranted: false });
    this.sessions.join(session, author, certified ? this.roomsOf(author) : []);
  }

  /** The same of a session whose key its client keeps: it may have been open elsewhere, and a guest is in their rooms, too. */
  openedGranted(session: Session, author: AuthorId, { key, grant }: Granted, name: string, certified: Certified | null): void {
    Object.assign(session, { key: null, publicKey: key, grant, name, certified, isGranted: false });
    this.sessions.join(session, author, this.roomsOf(author));
  }

  /** The rooms that somebody is in, present or not. */
  roomsOf(author: AuthorId): RoomId[] {
    const rooms = this.state.accounts.get(author)?.rooms ?? this.state.guests.get(author)?.rooms ?? new Set<RoomId>();
    const isIn = (room: RoomId): boolean => !isPrivateRoomId(room) || this.rights.isInside(author, room);
    return [...rooms].filter((room) => this.state.rooms.get(room)?.members.get(author)?.value && isIn(room)).sort();
  }
}

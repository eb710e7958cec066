/** What people, nodes and owners do in random histories: one builder for each kind of op. */

import { type Entry, NO_TIP, sealEntry } from '../../src/core/entry.ts';
import { FEED_KIND, type FeedInfo, type FeedKind } from '../../src/core/feed.ts';
import { proveFork } from '../../src/core/fork-proof.ts';
import { HLC_PER_MS } from '../../src/core/hlc.ts';
import {
  type AuthorId,
  directRoomId,
  type FeedId,
  type MessageId,
  messageId,
  type NetworkId,
  type NodeId,
  type RoomId,
} from '../../src/core/ids.ts';
import { importedOp } from '../../src/core/import.ts';
import { pinBody, reactionBody } from '../../src/core/kinds/about.ts';
import {
  deletionBody,
  deviceBody,
  labelledDeviceBody,
  logoutBody,
  newAccountBody,
  rekeyBody,
  type Signer,
  sessionBody,
} from '../../src/core/kinds/account.ts';
import { endBody } from '../../src/core/kinds/end.ts';
import { removeBody, retainBody } from '../../src/core/kinds/erase.ts';
import { guestBody } from '../../src/core/kinds/guest.ts';
import { directBody } from '../../src/core/kinds/message.ts';
import { banBody, invitationBody, kickBody, muteBody, roleBody } from '../../src/core/kinds/moderation.ts';
import { networkBody } from '../../src/core/kinds/network.ts';
import { preferBody, readBody } from '../../src/core/kinds/own.ts';
import { checkpointBody, forkBody, lostBody, revokeBody, settleBody } from '../../src/core/kinds/owner.ts';
import { issueKeyCertificate, type KeyCertificate } from '../../src/core/kinds/proof.ts';
import { renameBody } from '../../src/core/kinds/rename.ts';
import { settingsBody, textBody } from '../../src/core/kinds/room.ts';
import { encodeMessage } from '../../src/core/message.ts';
import { type Head, KIND, NO_BYTES, type Op, SALT_BYTES } from '../../src/core/op.ts';
import type { KeyPair, Suite } from '../../src/core/suite.ts';
import type { Vector } from '../../src/core/vector.ts';
import type { Random } from '../../src/lib/prng.ts';

/** Somebody: a guest's session, or an account with its keys. */
export interface Actor {
  readonly author: AuthorId;
  /** The guest's session, or the account's present key. */
  key: KeyPair;
  readonly isAccount: boolean;
  /** Of an account: where its next session is certified. */
  device: { readonly key: KeyPair; readonly certificate: KeyCertificate } | null;
  /** Keys of sessions and devices, to be logged out. */
  readonly keys: string[];
}

/** Where ops are written: a node, what it holds, and who granted its present incarnation. */
export interface Place {
  readonly key: KeyPair;
  readonly author: AuthorId;
  readonly held: Vector;
  readonly granted: Set<AuthorId>;
}

/** What ops are drawn from and where they go: a history that is made up, or a simulated network. */
export interface Scene<P extends Place = Place> {
  readonly suite: Suite;
  readonly random: Random;
  readonly root: KeyPair;
  /** For what was added later; null where it is not to be drawn. */
  readonly later: Random | null;
  readonly network: NetworkId;
  readonly nowMs: number;
  /** How far back something may reach, in ms. */
  readonly spanMs: number;
  readonly actors: readonly Actor[];
  readonly rooms: RoomId[];
  /** Ops that others may be about: messages, and what may be undone. */
  readonly messages: { id: MessageId; room: RoomId; author: AuthorId }[];
  readonly undoable: { id: MessageId; room: RoomId | '' }[];
  /** Messages of another time, for the entry that is being written. */
  readonly imported: Op[];
  readonly entries: readonly Entry[];
  readonly sites: readonly P[];
  readonly infos: ReadonlyMap<FeedId, FeedInfo>;
  /** Whether the others can go on without a node; where nobody says, they can. */
  mayRevoke?(node: NodeId, at: P): boolean;
  /** Whether checkpoints name some of what is held alone. */
  readonly deltas?: boolean;
  pick<T>(list: readonly T[]): T;
  chance(percent: number): boolean;
  addActor(isAccount: boolean): Actor;
  /** Whom something is done to. */
  subject(): AuthorId;
  info(site: P, kind: FeedKind): FeedInfo;
  isGovernance(feed: FeedId): boolean;
  lastOf(site: P, kind: FeedKind): Entry | undefined;
  head(fields: Partial<Head> & Pick<Head, 'kind' | 'author'>): Head;
  /** Puts an op into the entry that is being written. */
  say(op: Op): void;
  /** A vector of what a place holds, or most of it. */
  cut(site: P, only?: (feed: FeedId) => boolean): Vector;
  /** An actor's session grants the place, where it has not. */
  grant(site: P, actor: Actor): void;
  /** What may be undone. */
  remember(head: Head): void;
}

export type Act = (scene: Scene, site: Place) => void;

/** An actor's session grants a place, under a name where it is a guest's. */
export function arrive<P extends Place>(h: Scene<P>, site: P, { author, key, isAccount, device, keys }: Actor): void {
  const { feed, node } = h.info(site, FEED_KIND.governance);
  if (!isAccount) {
    const name = h.pick(['ann', 'bob', 'Ann']);
    return h.say({ head: h.head({ kind: KIND.guest, author, body: guestBody(key, name, h.network, node, feed) }), payload: null });
  }
  const session = h.suite.keyPair(h.random.bytes(32));
  const until = h.chance(10) ? (h.nowMs + h.random.below(20_000)) * HLC_PER_MS : 0;
  const fields = { key: session.publicKey, kind: 'session', may: h.pick(['speak', 'all'] as const), until } as const;
  const certificate = issueKeyCertificate(device?.key ?? key, h.network, author, fields);
  const chain = device ? [certificate, device.certificate] : [certificate];
  keys.push(session.publicKey);
  const body = sessionBody(session, chain, key.publicKey, h.network, node, feed);
  h.say({ head: h.head({ kind: KIND.session, author, body }), payload: null });
}

/** Somebody with a grant at the site. */
function somebody(h: Scene, site: Place): Actor {
  const actor = h.pick(h.actors.slice(0, 1 + h.random.below(h.actors.length)));
  h.grant(site, actor);
  return actor;
}

/** The account that owns the network, mostly. */
function ruler(h: Scene, site: Place): Actor {
  const owner = h.actors.find(({ isAccount }) => isAccount)!;
  const actor = h.chance(75) ? owner : h.pick(h.actors);
  h.grant(site, actor);
  return actor;
}

type Fields = Partial<Head> & Pick<Head, 'kind' | 'author'>;

function plain(h: Scene, fields: Fields): Head {
  const head = h.head(fields);
  h.say({ head, payload: null });
  return head;
}

/** An op whose body signs its own head. */
function signed(h: Scene, fields: Fields, body: (head: Head) => Uint8Array): Head {
  const head = h.head(fields);
  const whole = { ...head, body: body(head) };
  h.say({ head: whole, payload: null });
  return whole;
}

function account(h: Scene): Actor {
  return h.pick(h.actors.filter(({ isAccount }) => isAccount));
}

function signerOf(h: Scene, { key, device }: Actor): Signer {
  if (device && h.chance(40)) return { key: device.key, chain: [device.certificate], root: key.publicKey };
  return { key, chain: [], root: key.publicKey };
}

function until(h: Scene): number {
  return h.chance(40) ? (h.nowMs + h.random.below(30_000)) * HLC_PER_MS : 0;
}

function text(h: Scene): { payload: Uint8Array; payloadHash: Uint8Array } {
  const payload = encodeMessage(h.random.bytes(SALT_BYTES), 'text', `text ${h.random.below(1000)}`);
  return { payload, payloadHash: h.suite.sha256(payload) };
}

/** Something about a message, mostly by its author where that is what it takes. */
function about(h: Scene, site: Place, own: boolean): { author: Actor; target: MessageId; room: RoomId } | null {
  if (h.messages.length === 0) return null;
  const { id, room, author } = h.pick(h.messages.slice(-8));
  const writer = h.actors.find((actor) => actor.author === author);
  const actor = writer && (own ? h.chance(90) : h.chance(20)) ? writer : h.pick(h.actors);
  h.grant(site, actor);
  return { author: actor, target: id, room: h.chance(95) ? room : h.pick(h.rooms) };
}

/** The network's own seal, at times. */
function seal(h: Scene) {
  return h.chance(15) ? h.root : null;
}

export const ACTS = {
  account(h) {
    const actor = h.actors.find((one) => one.isAccount && one.keys.length === 0 && !h.chance(20)) ?? h.addActor(true);
    const name = h.pick(['ann', 'cid', 'Cid', 'dot']);
    const first = h.chance(90) ? actor.key : h.suite.keyPair(h.random.bytes(32));
    signed(h, { kind: KIND.account, author: actor.author }, (head) => newAccountBody(first, h.network, head, name, NO_BYTES));
    actor.keys.push(actor.key.publicKey);
  },
  ownRole(h) {
    const owner = h.actors.find(({ isAccount }) => isAccount)!;
    signed(h, { kind: KIND.role, author: owner.author }, (head) => roleBody(h.root, h.network, head, owner.author, 'owner'));
  },
  network(h, site) {
    const body = networkBody(h.root, h.network, h.pick(['one', 'two']), 'open');
    plain(h, { kind: KIND.network, author: site.author, body });
  },
  device(h) {
    const actor = account(h);
    const made = h.suite.keyPair(h.random.bytes(32));
    // Some are made known again, with another certificate.
    const key = actor.device && h.later && h.later.below(3) === 0 ? actor.device.key : made;
    const fields = { key: key.publicKey, kind: 'device', may: h.pick(['speak', 'all'] as const), until: until(h) } as const;
    const certificate = issueKeyCertificate(h.chance(95) ? actor.key : made, h.network, actor.author, fields);
    const root = actor.key.publicKey;
    const label = h.later ? ['', 'phone', 'bot'][h.later.below(3)]! : '';
    // At times somebody else says what it is called.
    const namer = h.later?.below(10) === 0 ? made : actor.key;
    signed(h, { kind: KIND.device, author: actor.author }, (head) =>
      label === '' ? deviceBody([certificate], root) : labelledDeviceBody(namer, h.network, head, [certificate], root, label),
    );
    actor.device = { key, certificate };
    actor.keys.push(key.publicKey);
  },
  session(h, site) {
    const actor = account(h);
    site.granted.delete(actor.author);
    h.grant(site, actor);
  },
  rekey(h, site) {
    const actor = account(h);
    const next = h.suite.keyPair(h.random.bytes(32));
    const to = { subject: actor.author, key: next.publicKey, kdf: NO_BYTES, cut: h.cut(site) };
    const isReset = h.chance(30);
    const by = isReset ? { root: seal(h) } : { signer: signerOf(h, actor) };
    const author = isReset ? ruler(h, site).author : actor.author;
    signed(h, { kind: KIND.rekey, author }, (head) => rekeyBody(by, h.network, head, to));
    if (h.chance(30)) return;
    actor.key = next;
    actor.device = null;
    for (const one of h.sites) one.granted.delete(actor.author);
  },
  logout(h, site) {
    const actor = account(h);
    const keys = h.chance(30) || actor.keys.length === 0 ? [] : [h.pick(actor.keys)];
    signed(h, { kind: KIND.logout, author: actor.author }, (head) => logoutBody(signerOf(h, actor), h.network, head, keys, h.cut(site)));
    if (h.chance(60)) for (const one of h.sites) one.granted.delete(actor.author);
  },
  deletion(h, site) {
    if (!h.chance(25)) return;
    const actor = account(h);
    const signer = h.chance(50) ? signerOf(h, actor) : null;
    const author = signer ? actor.author : ruler(h, site).author;
    signed(h, { kind: KIND.deletion, author }, (head) => deletionBody(signer, h.network, head, actor.author, h.chance(50), h.cut(site)));
  },
  rename(h, site) {
    plain(h, { kind: KIND.rename, author: somebody(h, site).author, body: renameBody(h.pick(['eve', 'ann'])) });
  },
  end(h, site) {
    const other = h.chance(80) ? site : h.pick(h.sites);
    const { feed } = h.info(other, FEED_KIND.governance);
    plain(h, { kind: KIND.end, author: site.author, body: endBody(h.pick(h.actors).author, feed, 'gone') });
  },
  room(h, site) {
    const room = h.pick(['#a', '#b', '#c']) as RoomId;
    plain(h, { kind: KIND.room, author: somebody(h, site).author, room, body: textBody(room.toUpperCase()) });
  },
  privateRoom(h, site) {
    const room = `!${Buffer.from(h.random.bytes(16)).toString('hex')}` as RoomId;
    plain(h, { kind: KIND.privateRoom, author: ruler(h, site).author, room, body: textBody('secret') });
    h.rooms.push(room);
  },
  invitation(h, site) {
    const room = h.pick(h.rooms.slice(2));
    plain(h, { kind: KIND.invitation, author: ruler(h, site).author, room, body: invitationBody(h.pick(h.actors).author) });
  },
  join(h, site) {
    plain(h, { kind: KIND.join, author: somebody(h, site).author, room: h.pick(h.rooms) });
  },
  part(h, site) {
    plain(h, { kind: KIND.part, author: somebody(h, site).author, room: h.pick(h.rooms), body: textBody('bye') });
  },
  topic(h, site) {
    plain(h, { kind: KIND.topic, author: somebody(h, site).author, room: h.pick(h.rooms), body: textBody(`topic ${h.random.below(100)}`) });
  },
  settings(h, site) {
    const room = h.pick(h.rooms);
    const value = {
      description: 'about',
      archived: h.chance(50),
      slowSeconds: h.random.below(60),
      retentionSeconds: h.pick([0, 0, 5, 60]),
      name: room[0] === '!' ? 'named' : '',
    };
    plain(h, { kind: KIND.settings, author: ruler(h, site).author, room, body: settingsBody(value) });
  },
  role(h, site) {
    const room = h.chance(50) ? '' : h.pick(h.rooms);
    const role = h.pick(['none', 'member', 'moderator', 'moderator', 'owner'] as const);
    const subject = h.subject();
    signed(h, { kind: KIND.role, author: ruler(h, site).author, room }, (head) => roleBody(seal(h), h.network, head, subject, role));
  },
  kick(h, site) {
    const body = kickBody(h.subject(), 'out');
    h.remember(plain(h, { kind: KIND.kick, author: ruler(h, site).author, room: h.pick(h.rooms), body }));
  },
  ban(h, site) {
    const body = banBody(h.subject(), until(h), 'enough', h.cut(site));
    h.remember(plain(h, { kind: KIND.ban, author: ruler(h, site).author, room: h.chance(60) ? '' : h.pick(h.rooms), body }));
  },
  mute(h, site) {
    const body = muteBody(h.subject(), until(h), 'hush');
    h.remember(plain(h, { kind: KIND.mute, author: ruler(h, site).author, room: h.chance(50) ? '' : h.pick(h.rooms), body }));
  },
  undo(h, site) {
    if (h.undoable.length === 0) return;
    const { id, room } = h.pick(h.undoable.slice(-6));
    plain(h, { kind: KIND.undo, author: ruler(h, site).author, room, target: id });
  },
  checkpoint(h, site) {
    const { feed } = h.info(site, FEED_KIND.governance);
    const vector = new Map([...site.held].filter(([one]) => h.isGovernance(one)));
    if (h.chance(20)) vector.delete(feed);
    if (h.deltas) for (const one of vector.keys()) if (h.chance(60)) vector.delete(one);
    signed(h, { kind: KIND.checkpoint, author: ruler(h, site).author }, (head) => checkpointBody(seal(h), h.network, head, vector));
  },
  settle(h, site) {
    const name = h.pick(['ann', 'cid', 'zed']);
    const subject = account(h).author;
    if (h.chance(30)) h.grant(site, h.actors.find(({ author }) => author === subject)!);
    const author = h.chance(30) ? subject : ruler(h, site).author;
    signed(h, { kind: KIND.settle, author }, (head) => settleBody(seal(h), h.network, head, subject, name));
  },
  revoke(h, site) {
    if (!h.chance(40)) return;
    const node = h.pick(h.sites).key.publicKey as NodeId;
    if (h.mayRevoke && !h.mayRevoke(node, site)) return;
    const cut = h.cut(site, (feed) => h.infos.get(feed)?.node === node);
    const author = h.chance(50) ? site.author : ruler(h, site).author;
    h.remember(signed(h, { kind: KIND.revoke, author }, (head) => revokeBody(seal(h), h.network, head, node, 'stolen', cut)));
  },
  fork(h, site) {
    const other = h.pick(h.sites);
    const last = h.lastOf(other, FEED_KIND.governance);
    if (!last || !h.chance(30)) return;
    const info = h.info(other, FEED_KIND.governance);
    const tip = { ...NO_TIP, seq: last.seq - 1, hash: last.prevHash };
    const draft = {
      network: h.network,
      feed: info.feed,
      tip,
      hlc: last.hlc + 1,
      governance: 0,
      deps: new Map(),
      header: last.header,
      ops: [],
    };
    const twin = sealEntry(h.suite, h.chance(90) ? other.key : site.key, draft);
    const cut = h.cut(site, (feed) => h.infos.get(feed)?.node === info.node);
    const body = forkBody(proveFork(info, [last, twin]), cut);
    h.remember(plain(h, { kind: KIND.fork, author: site.author, body }));
  },
  lost(h, site) {
    const { feed, seq, hash } = h.pick(h.entries);
    signed(h, { kind: KIND.lost, author: ruler(h, site).author }, (head) => lostBody(seal(h), h.network, head, feed, seq, hash));
  },
  remove(h, site) {
    const what = about(h, site, true);
    if (!what) return;
    const author = h.chance(50) ? what.author.author : ruler(h, site).author;
    plain(h, { kind: KIND.remove, author, room: what.room, target: what.target, body: removeBody('off topic') });
  },
  retain(h, site) {
    if (!h.chance(30)) return;
    const cut = h.cut(site, (feed) => !h.isGovernance(feed));
    const before = (h.nowMs - h.random.below(h.spanMs)) * HLC_PER_MS;
    plain(h, { kind: KIND.retain, author: ruler(h, site).author, room: h.pick(h.rooms), body: retainBody(before, cut) });
  },
  due(h, site) {
    const cut = h.cut(site, (feed) => !h.isGovernance(feed));
    const before = (h.nowMs - h.pick([1, 6, 20, 61, 100]) * 1000) * HLC_PER_MS;
    plain(h, { kind: KIND.retain, author: site.author, room: h.pick(h.rooms), body: retainBody(before, cut) });
  },
  news(h, site) {
    plain(h, { kind: KIND.news, author: h.chance(80) ? site.author : somebody(h, site).author });
  },
  read(h, site) {
    const room = h.chance(50) ? '' : h.pick(h.rooms);
    plain(h, { kind: KIND.read, author: somebody(h, site).author, room, body: readBody(h.cut(site)) });
  },
  prefer(h, site) {
    const about = h.chance(50) ? ({ type: 'room', room: h.pick(h.rooms) } as const) : ({ type: 'person', person: h.subject() } as const);
    const room = about.type === 'room' ? about.room : '';
    plain(h, { kind: KIND.prefer, author: somebody(h, site).author, room, body: preferBody(about, h.chance(70)) });
  },
  report(h, site) {
    const what = about(h, site, false);
    if (!what) return;
    const { payload, payloadHash } = text(h);
    h.say({ head: h.head({ kind: KIND.report, author: what.author.author, room: what.room, target: what.target, payloadHash }), payload });
  },
  message(h, site) {
    const { author } = somebody(h, site);
    const other = h.pick(h.actors).author;
    const isDirect = h.chance(15);
    const room = isDirect ? directRoomId(h.suite, author, other) : h.pick(h.rooms);
    const target = h.messages.length > 0 && h.chance(20) ? h.pick(h.messages).id : '';
    const { payload, payloadHash } = text(h);
    const body = isDirect ? directBody(other) : NO_BYTES;
    const head = h.head({ kind: KIND.message, author, room, target, body, payloadHash });
    h.say({ head, payload });
    if (h.chance(10)) h.say({ head: { ...head, after: head.after + 5 }, payload });
    h.messages.push({ id: messageId(author, head.client), room, author });
  },
  imported(h) {
    const line = {
      room: '#a' as RoomId,
      atMs: h.nowMs - 1e9,
      nick: h.pick(['old', 'older']),
      style: 'text',
      text: `then ${h.random.below(9)}`,
      n: 0,
    } as const;
    h.imported.push(importedOp(h.suite, line));
  },
  edit(h, site) {
    const what = about(h, site, true);
    if (!what) return;
    const { payload, payloadHash } = text(h);
    h.say({ head: h.head({ kind: KIND.edit, author: what.author.author, room: what.room, target: what.target, payloadHash }), payload });
  },
  reaction(h, site) {
    const what = about(h, site, false);
    if (!what) return;
    const body = reactionBody(h.pick(['👍', '1', '2']), h.chance(75));
    plain(h, { kind: KIND.reaction, author: what.author.author, room: what.room, target: what.target, body });
  },
  pin(h, site) {
    const what = about(h, site, false);
    if (!what) return;
    plain(h, { kind: KIND.pin, author: ruler(h, site).author, room: what.room, target: what.target, body: pinBody(h.chance(70)) });
  },
  unknown(h, site) {
    plain(h, { kind: h.chance(50) ? 31 + 200 : 3, author: site.author, body: Uint8Array.of(1, 2, 3) });
  },
} satisfies Record<string, Act>;

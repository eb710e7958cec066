/** Commands about accounts. Whatever changes an account is signed by its own key, which is forgotten with the command. */

import type { Refusal } from '../core/commands.ts';

import { type AuthorId, authorId, type RoomId } from '../core/ids.ts';
import {
  deletionBody,
  deviceBody,
  KDF_BYTES_MAX,
  LOGOUT_KEYS_MAX,
  labelledDeviceBody,
  logoutBody,
  newAccountBody,
  rekeyBody,
  type Signer,
} from '../core/kinds/account.ts';

import { endBody } from '../core/kinds/end.ts';
import { roleBody } from '../core/kinds/moderation.ts';
import { settleBody } from '../core/kinds/owner.ts';
import { issueKeyCertificate, proofOf } from '../core/kinds/proof.ts';
import { KIND, NO_BYTES, type Op } from '../core/op.ts';
import { checkLabel, checkName, foldName, NAME_LENGTH_MAX } from '../core/text.ts';
import type { Now } from '../sync/effects.ts';
import { done, type Of, op, type Person, type Result, refuse, signedOp } from './command-op.ts';
import { CUT_FEEDS_MAX, CUT_TOO_LONG, type Desk } from './desk.ts';
import type { Session } from './sessions.ts';

/** Why keys do not speak for an account now; `all`: not even for changing it. */
function signerFault(desk: Desk, author: AuthorId, { key, chain, root }: Signer, all: boolean): Refusal | null {
  const keys = [...chain.map((one) => one.key), root];
  const proof = proofOf(desk.suite, desk.network, author, { chain, root });
  const speaks = keys[0] === key.publicKey && proof !== null && (proof.until === 0 || desk.nowKey < proof.until);
  if (!speaks || !desk.speakFor(author, keys) || chain[0]?.kind === 'session') return { type: 'bad key' };
  return all && chain[0] && chain[0].may !== 'all' ? { type: 'bad key' } : null;
}

export function logIn(desk: Desk, session: Session, { author, signer }: Of<'log in'>, now: Now): Result {
  if (!desk.rights.isAccount(author)) return refuse({ type: 'no account' });
  if (session.certified) return refuse({ type: 'not allowed' });
  const fault = signerFault(desk, author, signer, false);
  if (fault) return refuse(fault);
  const out = desk.rights.outFault(author);
  if (out) return refuse(out);
  return begin(desk, session, author, desk.state.accounts.get(author)!.name, signer, [], now);
}

/** A session of an account begins: in the place of a guest it takes along the rooms the guest was in. */
function begin(desk: Desk, session: Session, author: AuthorId, name: string, signer: Signer, before: readonly Op[], now: Now): Result {
  const guest = session.author;
  const rooms = [...session.rooms];
  const own = guest === null ? [] : rooms.filter((room) => desk.rights.power(guest, room) === 3);
  // What the guest made stays theirs.
  const given = own.map((room) => roleOp(desk, session, room, author, now));
  // Whoever was shown something speaks after it, as whom ever.
  session.shownKey = desk.shownKey(session);
  if (guest !== null) desk.leave(session);
  certify(desk, session, author, name, signer);
  const ops: Op[] = [...before, ...given, desk.grantOp(session, now)];
  for (const room of rooms) {
    if (session.rooms.has(room) || desk.rights.entryFault(author, room)) continue;
    ops.push(desk.moveOp(session, KIND.join, room, NO_BYTES, now));
    session.rooms.add(room);
  }
  if (guest !== null && !desk.sessions.isOwn(guest)) {
    desk.identifies(guest, author);
    ops.push(desk.ownOp(KIND.end, endBody(guest, desk.grantFeed, 'logged in'), now));
  }
  return { ops, answer: { type: 'opened', author, name } };
}

/** Whoever owns a room gives it to an account. */
function roleOp(desk: Desk, session: Session, room: RoomId, to: AuthorId, now: Now): Op {
  return signedOp(desk, session, now, { kind: KIND.role, room }, (head) => roleBody(null, desk.network, head, to, 'owner'));
}

/** Gives a session a key of its own, certified by the signer. */
function certify(desk: Desk, session: Session, author: AuthorId, name: string, { key: issuer, chain, root }: Signer): void {
  const key = desk.newKey();
  const fields = { key: key.publicKey, kind: 'session', may: 'speak', until: 0 } as const;
  const certificate = issueKeyCertificate(issuer, desk.network, author, fields);
  desk.opened(session, author, key, name, { chain: [certificate, ...chain], root });
}

export function register(desk: Desk, session: Session, command: Of<'register'>, now: Now): Result {
  const { name: raw, key, kdf, invitation } = command;
  if (session.certified) return refuse({ type: 'not allowed' });
  const checked = checkName(raw);
  if ('fault' in checked) return refuse({ type: 'bad text', fault: checked.fault });
  const { name } = checked;
  if (kdf.length > KDF_BYTES_MAX) return refuse({ type: 'bad key' });
  const invite = desk.invitationFor(invitation, now);
  if ('refused' in invite) return invite;
  const author = authorId(desk.suite, key.publicKey);
  const fault = desk.accountNameFault(name, session);
  if (fault) return refuse(fault);
  if (desk.state.accounts.has(author)) return refuse({ type: 'name in use' });
  desk.claim(foldName(name), session);
  desk.redeem(invite.id);
  const make = signedOp(desk, session, now, { kind: KIND.account, author }, (head) =>
    newAccountBody(key, desk.network, head, name, kdf, invite.id),
  );
  return begin(desk, session, author, name, { key, chain: [], root: key.publicKey }, [make], now);
}

export function rekey(desk: Desk, session: Person, { person, signer, key, kdf, next }: Of<'rekey'>, now: Now): Result {
  const fault = signer ? signerFault(desk, person, signer, true) : ownerFault(desk, session, person);
  if (fault) return refuse(fault);
  if (!desk.rights.isAccount(person)) return refuse({ type: 'no account' });
  if (kdf.length > KDF_BYTES_MAX) return refuse({ type: 'bad key' });
  const cut = desk.cutOf(person);
  if (cut.size > CUT_FEEDS_MAX) return refuse(CUT_TOO_LONG);
  const to = { subject: person, key, kdf, cut };
  const by = signer ? { signer } : { root: null };
  const author = signer ? person : session.author;
  const change = signedOp(desk, session, now, { kind: KIND.rekey, author }, (head) => rekeyBody(by, desk.network, head, to));
  if (next?.publicKey !== key || session.author !== person) return done(change);
  certify(desk, session, person, session.name, { key: next, chain: [], root: key });
  return done(change, desk.grantOp(session, now));
}

function ownerFault(desk: Desk, session: Person, person: AuthorId): Refusal | null {
  if (!desk.rights.isAccount(person)) return { type: 'no account' };
  return desk.rights.power(session.author, '') === 4 ? null : { type: 'not allowed' };
}

export function device(desk: Desk, session: Person, { signer, certificate, label: raw = '' }: Of<'device'>, now: Now): Result {
  const fault = signerFault(desk, session.author, signer, true);
  if (fault) return refuse(fault);
  const chain = [certificate, ...signer.chain];
  if (!proofOf(desk.suite, desk.network, session.author, { chain, root: signer.root })) return refuse({ type: 'bad key' });
  if (raw === '') return done(op(desk, session, now, { kind: KIND.device, body: deviceBody(chain, signer.root) }));
  const label = checkLabel(raw);
  if (label === null) return refuse({ type: 'bad text', fault: raw.length > NAME_LENGTH_MAX ? 'too long' : 'bad character' });
  return done(
    signedOp(desk, session, now, { kind: KIND.device }, (head) =>
      labelledDeviceBody(signer.key, desk.network, head, chain, signer.root, label),
    ),
  );
}

export function logOut(desk: Desk, session: Person, { signer, keys }: Of<'log out'>, now: Now): Result {
  const fault = signerFault(desk, session.author, signer, true);
  if (fault) return refuse(fault);
  if (keys.length > LOGOUT_KEYS_MAX) return refuse({ type: 'bad key' });
  const cut = desk.cutOf(session.author);
  if (cut.size > CUT_FEEDS_MAX) return refuse(CUT_TOO_LONG);
  return done(signedOp(desk, session, now, { kind: KIND.logout }, (head) => logoutBody(signer, desk.network, head, keys, cut)));
}

export function deleteAccount(desk: Desk, session: Person, { person, signer, erase }: Of<'delete account'>, now: Now): Result {
  const fault = signer ? signerFault(desk, person, signer, true) : ownerFault(desk, session, person);
  if (fault) return refuse(fault);
  if (desk.rights.owners().join() === person) return refuse({ type: 'last owner' });
  const author = signer ? person : session.author;
  const cut = desk.cutOf(person);
  if (cut.size > CUT_FEEDS_MAX) return refuse(CUT_TOO_LONG);
  return done(
    signedOp(desk, session, now, { kind: KIND.deletion, author }, (head) => deletionBody(signer, desk.network, head, person, erase, cut)),
  );
}

/** An account takes another name; or an owner says whose a name is. */
export function settleName(desk: Desk, session: Person, { person, name: raw }: Of<'settle name'>, now: Now): Result {
  const checked = checkName(raw);
  if ('fault' in checked) return refuse({ type: 'bad text', fault: checked.fault });
  const { name } = checked;
  if (!desk.rights.isAccount(person)) return refuse({ type: 'no account' });
  const isOwn = person === session.author;
  if (!isOwn && desk.rights.power(session.author, '') < 4) return refuse({ type: 'not allowed' });
  const fault = isOwn ? desk.accountNameFault(name, session) : null;
  if (fault) return refuse(fault);
  desk.claim(foldName(name), session);
  return done(signedOp(desk, session, now, { kind: KIND.settle }, (head) => settleBody(null, desk.network, head, person, name)));
}

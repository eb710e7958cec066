/** Commands about accounts. Whatever changes an account is signed by its own key, which is forgotten with the command. */

import type { Refusal } from '../core/commands.ts';
import { type AuthorId, authorId } from '../core/ids.ts';
import { deletionBody, deviceBody, logoutBody, newAccountBody, rekeyBody, type Signer } from '../core/kinds/account.ts';
import { endBody } from '../core/kinds/end.ts';
import { settleBody } from '../core/kinds/owner.ts';
import { issueKeyCertificate, proofOf } from '../core/kinds/proof.ts';
import { KIND, NO_BYTES, type Op } from '../core/op.ts';
import { checkName, foldName } from '../core/text.ts';
import type { Now } from '../sync/effects.ts';
import { done, type Of, op, type Person, type Result, refuse, signedOp } from './command-op.ts';
import type { Engine } from './engine.ts';
import type { Session } from './sessions.ts';

/** Why keys do not speak for an account now; `all`: not even for changing it. */
function signerFault(engine: Engine, author: AuthorId, { key, chain, root }: Signer, all: boolean): Refusal | null {
  const keys = [...chain.map((one) => one.key), root];
  const proof = proofOf(engine.suite, engine.network, author, { chain, root });
  const speaks = keys[0] === key.publicKey && proof !== null && (proof.until === 0 || engine.nowKey < proof.until);
  if (!speaks || !engine.speakFor(author, keys) || chain[0]?.kind === 'session') return { type: 'bad key' };
  return all && chain[0] && chain[0].may !== 'all' ? { type: 'bad key' } : null;
}

export function logIn(engine: Engine, session: Session, { author, signer }: Of<'log in'>, now: Now): Result {
  if (!engine.rights.isAccount(author)) return refuse({ type: 'no account' });
  if (session.certified) return refuse({ type: 'not allowed' });
  const fault = signerFault(engine, author, signer, false);
  if (fault) return refuse(fault);
  const out = engine.rights.speakFault(author, '');
  if (out?.type === 'silenced' && out.by === 'ban') return refuse(out);
  return begin(engine, session, author, engine.state.accounts.get(author)!.name, signer, [], now);
}

/** A session of an account begins: in the place of a guest it takes along the rooms the guest was in. */
function begin(engine: Engine, session: Session, author: AuthorId, name: string, signer: Signer, before: readonly Op[], now: Now): Result {
  const guest = session.author;
  const rooms = [...session.rooms];
  if (guest !== null) engine.leave(session);
  certify(engine, session, author, name, signer);
  const ops: Op[] = [...before, engine.grantOp(session, now)];
  for (const room of rooms) {
    if (session.rooms.has(room) || engine.rights.entryFault(author, room)) continue;
    ops.push(engine.moveOp(session, KIND.join, room, NO_BYTES, now));
    session.rooms.add(room);
  }
  if (guest !== null) {
    engine.identifies(guest, author);
    if (!engine.sessions.isOwn(guest)) ops.push(engine.ownOp(KIND.end, endBody(guest, engine.grantFeed, 'logged in'), now));
  }
  return { ops, answer: { type: 'opened', author, name } };
}

/** Gives a session a key of its own, certified by the signer. */
function certify(engine: Engine, session: Session, author: AuthorId, name: string, { key: issuer, chain, root }: Signer): void {
  const key = engine.newKey();
  const fields = { key: key.publicKey, kind: 'session', may: 'speak', until: 0 } as const;
  const certificate = issueKeyCertificate(issuer, engine.network, author, fields);
  engine.opened(session, author, key, name, { chain: [certificate, ...chain], root });
}

export function register(engine: Engine, session: Session, command: Of<'register'>, now: Now): Result {
  const { name: raw, key, kdf, invitation } = command;
  if (session.certified) return refuse({ type: 'not allowed' });
  const checked = checkName(raw);
  if ('fault' in checked) return refuse({ type: 'bad text', fault: checked.fault });
  const { name } = checked;
  const invite = engine.invitationFor(invitation, now);
  if ('refused' in invite) return invite;
  const author = authorId(engine.suite, key.publicKey);
  const fault = engine.accountNameFault(name, session);
  if (fault) return refuse(fault);
  if (engine.state.accounts.has(author)) return refuse({ type: 'name in use' });
  engine.claim(foldName(name), session);
  const make = signedOp(engine, session, now, { kind: KIND.account, author }, (head) =>
    newAccountBody(key, engine.network, head, name, kdf, invite.id),
  );
  return begin(engine, session, author, name, { key, chain: [], root: key.publicKey }, [make], now);
}

export function rekey(engine: Engine, session: Person, { person, signer, key, kdf, next }: Of<'rekey'>, now: Now): Result {
  const fault = signer ? signerFault(engine, person, signer, true) : ownerFault(engine, session, person);
  if (fault) return refuse(fault);
  if (!engine.rights.isAccount(person)) return refuse({ type: 'no account' });
  const to = { subject: person, key, kdf, cut: engine.cutOf(person) };
  const by = signer ? { signer } : { root: null };
  const author = signer ? person : session.author;
  const change = signedOp(engine, session, now, { kind: KIND.rekey, author }, (head) => rekeyBody(by, engine.network, head, to));
  if (next?.publicKey !== key || session.author !== person) return done(change);
  certify(engine, session, person, session.name, { key: next, chain: [], root: key });
  return done(change, engine.grantOp(session, now));
}

function ownerFault(engine: Engine, session: Person, person: AuthorId): Refusal | null {
  if (!engine.rights.isAccount(person)) return { type: 'no account' };
  return engine.rights.power(session.author, '') === 4 ? null : { type: 'not allowed' };
}

export function device(engine: Engine, session: Person, { signer, certificate }: Of<'device'>, now: Now): Result {
  const fault = signerFault(engine, session.author, signer, true);
  if (fault) return refuse(fault);
  const chain = [certificate, ...signer.chain];
  if (!proofOf(engine.suite, engine.network, session.author, { chain, root: signer.root })) return refuse({ type: 'bad key' });
  return done(op(engine, session, now, { kind: KIND.device, body: deviceBody(chain, signer.root) }));
}

export function logOut(engine: Engine, session: Person, { signer, keys }: Of<'log out'>, now: Now): Result {
  const fault = signerFault(engine, session.author, signer, true);
  if (fault) return refuse(fault);
  const cut = engine.cutOf(session.author);
  return done(signedOp(engine, session, now, { kind: KIND.logout }, (head) => logoutBody(signer, engine.network, head, keys, cut)));
}

export function deleteAccount(engine: Engine, session: Person, { person, signer, erase }: Of<'delete account'>, now: Now): Result {
  const fault = signer ? signerFault(engine, person, signer, true) : ownerFault(engine, session, person);
  if (fault) return refuse(fault);
  if (engine.rights.owners().join() === person) return refuse({ type: 'last owner' });
  const author = signer ? person : session.author;
  const cut = engine.cutOf(person);
  return done(
    signedOp(engine, session, now, { kind: KIND.deletion, author }, (head) => deletionBody(signer, engine.network, head, person, erase, cut)),
  );
}

/** An account takes another name; or an owner says whose a name is. */
export function settleName(engine: Engine, session: Person, { person, name: raw }: Of<'settle name'>, now: Now): Result {
  const checked = checkName(raw);
  if ('fault' in checked) return refuse({ type: 'bad text', fault: checked.fault });
  const { name } = checked;
  if (!engine.rights.isAccount(person)) return refuse({ type: 'no account' });
  const isOwn = person === session.author;
  if (!isOwn && engine.rights.power(session.author, '') < 4) return refuse({ type: 'not allowed' });
  const fault = isOwn ? engine.accountNameFault(name, session) : null;
  if (fault) return refuse(fault);
  engine.claim(foldName(name), session);
  return done(signedOp(engine, session, now, { kind: KIND.settle }, (head) => settleBody(null, engine.network, head, person, name)));
}

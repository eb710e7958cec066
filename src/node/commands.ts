/** What each command of a session becomes: the table, and the commands by which a session begins. */

import type { Command, Granted } from '../core/commands.ts';
import { type AuthorId, authorId } from '../core/ids.ts';
import { renameBody } from '../core/kinds/rename.ts';
import { KIND } from '../core/op.ts';
import { checkName, foldName } from '../core/text.ts';
import type { Now } from '../sync/effects.ts';
import { deleteAccount, device, logIn, logInGranted, logOut, register, rekey, settleName } from './command-account.ts';
import { idFault } from './command-ids.ts';
import { kick, role, sanction, undo } from './command-law.ts';
import { edit, pin, post, prefer, react, read, remove, report } from './command-message.ts';
import { DONE, done, type Of, op, type Person, type Result, refuse } from './command-op.ts';
import { invite, join, makePrivateRoom, part, setRoom, topic } from './command-room.ts';
import { away, typing } from './command-whisper.ts';
import type { Desk } from './desk.ts';
import type { Session } from './sessions.ts';

/** The ops of a command. `own`: the node asks for it itself, for names that a person may not choose. */
export function opsOf(desk: Desk, session: Session, command: Exclude<Command, { type: 'close' }>, now: Now, own = false): Result {
  const fault = idFault(command);
  if (fault) return refuse(fault);
  switch (command.type) {
    case 'open':
      return open(desk, session, command, now);
    case 'log in':
      return logIn(desk, session, command, now);
    case 'open granted':
      return openGranted(desk, session, command, now);
    case 'log in granted':
      return logInGranted(desk, session, command, now);
    case 'regrant':
      return regrant(desk, session, command, now);
    case 'register':
      return register(desk, session, command, now);
    default:
      return session.author ? opsOfPerson(desk, session as Person, command, now, own) : refuse({ type: 'not open' });
  }
}

type Opened = Exclude<Command, { type: 'close' | 'open' | 'open granted' | 'log in' | 'log in granted' | 'regrant' | 'register' }>;

function opsOfPerson(desk: Desk, session: Person, command: Opened, now: Now, own: boolean): Result {
  switch (command.type) {
    case 'rename':
      return rename(desk, session, command, now, own);
    case 'rekey':
      return rekey(desk, session, command, now);
    case 'device':
      return device(desk, session, command, now);
    case 'log out':
      return logOut(desk, session, command, now);
    case 'delete account':
      return deleteAccount(desk, session, command, now);
    case 'settle name':
      return settleName(desk, session, command, now);
    case 'join':
      return join(desk, session, command, now);
    case 'part':
      return part(desk, session, command, now);
    case 'topic':
      return topic(desk, session, command, now);
    case 'make private room':
      return makePrivateRoom(desk, session, command, now);
    case 'set room':
      return setRoom(desk, session, command, now);
    case 'invite':
      return invite(desk, session, command, now);
    case 'post':
      return post(desk, session, command, now);
    case 'edit':
      return edit(desk, session, command, now);
    case 'remove':
      return remove(desk, session, command, now);
    case 'react':
      return react(desk, session, command, now);
    case 'pin':
      return pin(desk, session, command, now);
    case 'report':
      return report(desk, session, command, now);
    case 'read':
      return read(desk, session, command, now);
    case 'prefer':
      return prefer(desk, session, command, now);
    case 'typing':
      return typing(desk, session, command);
    case 'away':
      return away(command);
    case 'role':
      return role(desk, session, command, now);
    case 'kick':
      return kick(desk, session, command, now);
    case 'ban':
    case 'mute':
      return sanction(desk, session, command, now);
    case 'undo':
      return undo(desk, session, command, now);
  }
}

function open(desk: Desk, session: Session, { name: raw, key: given }: Of<'open'>, now: Now): Result {
  const key = given ?? desk.newKey();
  return arrive(desk, session, raw, key.publicKey, (author, name) => desk.opened(session, author, key, name, null), now);
}

function openGranted(desk: Desk, session: Session, command: Of<'open granted'>, now: Now): Result {
  if (!desk.isGranted(command)) return refuse({ type: 'bad grant' });
  const { name, key } = command;
  return arrive(desk, session, name, key, (author, as) => desk.openedGranted(session, author, command, as, null), now);
}

/** A guest's session begins. */
function arrive(
  desk: Desk,
  session: Session,
  raw: string,
  key: string,
  opened: (author: AuthorId, name: string) => void,
  now: Now,
): Result {
  const checked = checkName(raw);
  if ('fault' in checked) return refuse({ type: 'bad text', fault: checked.fault });
  const { name } = checked;
  const author = authorId(desk.suite, key);
  if (session.author) return refuse({ type: 'name in use' });
  const fault = desk.rights.outFault(author) ?? desk.guestNameFault(name, session, author);
  if (fault) return refuse(fault);
  desk.claim(foldName(name), session);
  opened(author, name);
  return { ops: [desk.grantOp(session, now)], answer: { type: 'opened', author, name } };
}

/** The session's client grants the node's new incarnation. Granted twice, nothing is written. */
function regrant(desk: Desk, session: Session, given: Granted, now: Now): Result {
  if (!session.author || !session.grant) return refuse({ type: 'not open' });
  if (given.key !== session.publicKey || !desk.isGranted(given)) return refuse({ type: 'bad grant' });
  if (!session.awaitsGrant) return done();
  Object.assign(session, { grant: given.grant, awaitsGrant: false });
  return done(desk.grantOp(session, now));
}

function rename(desk: Desk, session: Person, { name: raw }: Of<'rename'>, now: Now, own: boolean): Result {
  if (session.certified) return settleName(desk, session, { type: 'settle name', person: session.author, name: raw }, now);
  const checked = own ? { name: raw } : checkName(raw);
  if ('fault' in checked) return refuse({ type: 'bad text', fault: checked.fault });
  const { name } = checked;
  const fault = own ? null : desk.guestNameFault(name, session, session.author);
  if (fault) return refuse(fault);
  if (!own) desk.claim(foldName(name), session);
  session.name = name;
  const after = Math.max(desk.shownKey(session), desk.state.guests.get(session.author)?.name.at.key ?? 0);
  return { ops: [op(desk, session, now, { kind: KIND.rename, body: renameBody(name), after })], answer: DONE };
}

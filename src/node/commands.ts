/** What each command of a session becomes: the table, and the commands by which a session begins. */

import type { Command } from '../core/commands.ts';
import { authorId } from '../core/ids.ts';
import { renameBody } from '../core/kinds/rename.ts';
import { KIND } from '../core/op.ts';
import { checkName, foldName } from '../core/text.ts';
import type { Now } from '../sync/effects.ts';
import { deleteAccount, device, logIn, logOut, register, rekey, settleName } from './command-account.ts';
import { kick, role, sanction, undo } from './command-law.ts';
import { edit, pin, post, prefer, react, read, remove, report } from './command-message.ts';
import { DONE, type Of, op, type Person, type Result, refuse } from './command-op.ts';
import { invite, join, makePrivateRoom, part, setRoom, topic } from './command-room.ts';
import type { Engine } from './engine.ts';
import type { Session } from './sessions.ts';

/** The ops of a command. `own`: the node asks for it itself, for names that a person may not choose. */
export function opsOf(engine: Engine, session: Session, command: Exclude<Command, { type: 'close' }>, now: Now, own = false): Result {
  switch (command.type) {
    case 'open':
      return open(engine, session, command, now);
    case 'log in':
      return logIn(engine, session, command, now);
    case 'register':
      return register(engine, session, command, now);
    default:
      return session.author ? opsOfPerson(engine, session as Person, command, now, own) : refuse({ type: 'not open' });
  }
}

type Opened = Exclude<Command, { type: 'close' | 'open' | 'log in' | 'register' }>;

function opsOfPerson(engine: Engine, session: Person, command: Opened, now: Now, own: boolean): Result {
  switch (command.type) {
    case 'rename':
      return rename(engine, session, command, now, own);
    case 'rekey':
      return rekey(engine, session, command, now);
    case 'device':
      return device(engine, session, command, now);
    case 'log out':
      return logOut(engine, session, command, now);
    case 'delete account':
      return deleteAccount(engine, session, command, now);
    case 'settle name':
      return settleName(engine, session, command, now);
    case 'join':
      return join(engine, session, command, now);
    case 'part':
      return part(engine, session, command, now);
    case 'topic':
      return topic(engine, session, command, now);
    case 'make private room':
      return makePrivateRoom(engine, session, command, now);
    case 'set room':
      return setRoom(engine, session, command, now);
    case 'invite':
      return invite(engine, session, command, now);
    case 'post':
      return post(engine, session, command, now);
    case 'edit':
      return edit(engine, session, command, now);
    case 'remove':
      return remove(engine, session, command, now);
    case 'react':
      return react(engine, session, command, now);
    case 'pin':
      return pin(engine, session, command, now);
    case 'report':
      return report(engine, session, command, now);
    case 'read':
      return read(engine, session, command, now);
    case 'prefer':
      return prefer(engine, session, command, now);
    case 'role':
      return role(engine, session, command, now);
    case 'kick':
      return kick(engine, session, command, now);
    case 'ban':
    case 'mute':
      return sanction(engine, session, command, now);
    case 'undo':
      return undo(engine, session, command, now);
  }
}

function open(engine: Engine, session: Session, { name: raw, key: given }: Of<'open'>, now: Now): Result {
  const checked = checkName(raw);
  if ('fault' in checked) return refuse({ type: 'bad text', fault: checked.fault });
  const { name } = checked;
  const key = given ?? engine.newKey();
  const author = authorId(engine.suite, key.publicKey);
  if (session.author) return refuse({ type: 'name in use' });
  const fault = engine.guestNameFault(name, session, author);
  if (fault) return refuse(fault);
  engine.claim(foldName(name), session);
  engine.opened(session, author, key, name, null);
  return { ops: [engine.grantOp(session, now)], answer: { type: 'opened', author, name } };
}

function rename(engine: Engine, session: Person, { name: raw }: Of<'rename'>, now: Now, own: boolean): Result {
  if (session.certified) return settleName(engine, session, { type: 'settle name', person: session.author, name: raw }, now);
  const checked = own ? { name: raw } : checkName(raw);
  if ('fault' in checked) return refuse({ type: 'bad text', fault: checked.fault });
  const { name } = checked;
  const fault = own ? null : engine.guestNameFault(name, session, session.author);
  if (fault) return refuse(fault);
  if (!own) engine.claim(foldName(name), session);
  session.name = name;
  const after = Math.max(engine.shownKey(session), engine.state.guests.get(session.author)?.name.at.key ?? 0);
  return { ops: [op(engine, session, now, { kind: KIND.rename, body: renameBody(name), after })], answer: DONE };
}

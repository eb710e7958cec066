/**
 * Logging in: a password becomes a key, off the loop, and the key a session of the account. The password is the account's or an app password; it is used once, and
 * neither kept nor named in anything that is said.
 */

import { appPasswordSeed, parseAppPassword } from '../../core/app-password.ts';
import type { AuthorId } from '../../core/ids.ts';
import type { Signer } from '../../core/kinds/account.ts';
import type { Answer, Refusal } from '../../core/port.ts';
import type { IrcDoor } from './door.ts';
import type { Session } from './session.ts';
import { catchUp } from './waiting.ts';
import { words } from './words.ts';

/** Whom a password speaks for, or why nobody is known by it. */
export type Found = { readonly author: AuthorId; readonly signer: Signer } | { readonly wrong: string };

const WRONG = 'The name or the password is not right';

/** Looks for the key of a password. Lines of the session wait until it is found, and go on after `then`. */
export function findSigner(door: IrcDoor, session: Session, name: string, password: string, then: (found: Found) => void): void {
  const { port } = door;
  const author = port.accountNamed(name);
  const app = parseAppPassword(password);
  if (!('fault' in app)) return then(signer(door, author, appPasswordSeed(door.hashing, app.bytes)));
  if (app.fault === 'mistyped') return then({ wrong: 'A letter of the app password is not right' });
  door.busy(session, true);
  const own = author && port.ownKey(author);
  door.later(session, port.derive(password, own ? own.kdf : null, name, session.source), (seed) => {
    if (seed && 'retryMs' in seed) {
      session.output.holdBack();
      then({ wrong: `Too many passwords are being looked at; try again in ${seconds(seed.retryMs)} s` });
    } else then(signer(door, author, seed));
    door.busy(session, false);
  });
}

function signer(door: IrcDoor, author: AuthorId | null, seed: Uint8Array | null): Found {
  const found = author && seed && door.port.signerOf(author, door.port.keyPair(seed));
  return found ? { author: author!, signer: found } : { wrong: WRONG };
}

export function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}

/** What became of it: the account's name, or why not. */
export type Outcome = { readonly name: string } | { readonly wrong: string; readonly refusal?: Refusal };

/** Accounts of one name whose passwords are tried: each costs a hash. */
const NAMESAKES_MAX = 3;

/** Of accounts that met after a split all but the first have another name, and may not know of it yet: the next of them. */
function namesake(door: IrcDoor, name: string): string | null {
  const [, base, no] = /^(.*?)(?:~(\d{1,9}))?$/s.exec(name)!;
  const next = no === undefined ? 2 : Number(no) + 1;
  return next <= NAMESAKES_MAX && door.port.accountNamed(`${base}~${next}`) ? `${base}~${next}` : null;
}

/** Logs a session in. Lines wait until it is, or is not. */
export function logIn(door: IrcDoor, session: Session, name: string, password: string, then: (outcome: Outcome) => void): void {
  findSigner(door, session, name, password, (found) => {
    const other = 'wrong' in found && found.wrong === WRONG ? namesake(door, name) : null;
    if (other !== null) return logIn(door, session, other, password, then);
    if ('wrong' in found) return then(found);
    become(door, session, 'LOGIN', name, { type: 'log in', ...found }, then);
  });
}

type Becoming = Extract<Parameters<IrcDoor['task']>[3], { type: 'log in' | 'register' }>;

/** The session becomes an account's by this command; what waits for it comes after `then`. */
export function become(
  door: IrcDoor,
  session: Session,
  verb: string,
  name: string,
  command: Becoming,
  then: (outcome: Outcome) => void,
): void {
  door.busy(session, true);
  door.task(session, verb, name, command, (answer) => {
    const outcome = outcomeOf(door, answer);
    const isOpen = session.state === 'open';
    if (answer.type === 'opened') take(door, session, answer.author);
    then(outcome);
    if (answer.type === 'opened' && isOpen) catchUp(door, session);
    door.busy(session, false);
    return true;
  });
}

function outcomeOf(door: IrcDoor, answer: Answer): Outcome {
  if (answer.type === 'opened') return { name: door.people.of(answer.author).nick };
  if (answer.type === 'refused')
    return {
      wrong: answer.refusal.type === 'bad key' || answer.refusal.type === 'no account' ? WRONG : words(answer.refusal),
      refusal: answer.refusal,
    };
  return { wrong: 'It is unknown whether this took effect: connect again' };
}

/** A session that is open was told already that it is another (see comings.ts); one that is not is open later. */
function take(door: IrcDoor, session: Session, author: AuthorId): void {
  if (session.state === 'open') {
    if (session.author === author) return;
    if (session.author) door.dismiss(session, session.author);
    door.admit(session, author);
    session.nick = door.people.of(author).nick;
  }
  session.author = author;
  session.isAccount = true;
}

/** 900: who the client is now. */
export function loggedIn(door: IrcDoor, session: Session): void {
  const { nick, source } = door.people.of(session.author!);
  door.reply(session, '900', source, nick, `You are now logged in as ${nick}`);
}

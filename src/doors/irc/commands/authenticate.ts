/** AUTHENTICATE (IRCv3 sasl-3.2): SASL PLAIN (RFC 4616), in pieces of 400 letters of base 64. */

import type { IrcDoor } from '../door.ts';
import { SASL_LETTERS_MAX } from '../limits.ts';
import { loggedIn, logIn } from '../login.ts';
import type { Session } from '../session.ts';
import type { IrcCommand } from './command.ts';

const PIECE_LETTERS = 400;
const MECHANISM = 'PLAIN';
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const authenticate: IrcCommand = {
  paramsMin: 1,
  early: true,
  run(door, session, [piece]) {
    if (session.isAccount) return door.reply(session, '907', 'You have already authenticated using SASL');
    if (session.sasl === null) return begin(door, session, piece!);
    if (piece === '*') return abort(door, session);
    if (piece!.length > PIECE_LETTERS) return end(door, session, '905', 'SASL message too long');
    if (piece !== '+') session.sasl += piece;
    if (session.sasl.length > SASL_LETTERS_MAX) return failed(door, session, 'the response is too long');
    if (piece!.length < PIECE_LETTERS) respond(door, session);
  },
};

function begin(door: IrcDoor, session: Session, mechanism: string): void {
  if (mechanism === '*') return abort(door, session);
  if (mechanism.toUpperCase() !== MECHANISM) {
    door.reply(session, '908', MECHANISM, 'are available SASL mechanisms');
    return failed(door, session, 'that mechanism is not known here');
  }
  session.sasl = '';
  door.sendPlain(session, 'AUTHENTICATE', '+');
}

function end(door: IrcDoor, session: Session, numeric: string, text: string): void {
  session.sasl = null;
  door.reply(session, numeric, text);
}

export function abort(door: IrcDoor, session: Session): void {
  end(door, session, '906', 'SASL authentication aborted');
}

function failed(door: IrcDoor, session: Session, why: string): void {
  end(door, session, '904', `SASL authentication failed: ${why}`);
}

/** The three fields of a response; null where it is none. */
function fieldsOf(response: string): readonly [string, string, string] | null {
  try {
    const fields = decoder.decode(Uint8Array.from(atob(response), (letter) => letter.charCodeAt(0))).split('\0');
    return fields.length === 3 ? (fields as [string, string, string]) : null;
  } catch {
    return null;
  }
}

function respond(door: IrcDoor, session: Session): void {
  const fields = fieldsOf(session.sasl!);
  session.sasl = '';
  if (!fields) return failed(door, session, 'the response is not well formed');
  const [asWhom, name, password] = fields;
  if (asWhom !== '' && asWhom !== name) return failed(door, session, 'nobody speaks for another account here');
  logIn(door, session, name, password, (outcome) => {
    session.sasl = null;
    if ('wrong' in outcome) return failed(door, session, outcome.wrong);
    loggedIn(door, session);
    door.reply(session, '903', 'SASL authentication successful');
  });
}

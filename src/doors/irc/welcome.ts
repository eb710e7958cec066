/** Registration: the first words between a client and the door. */

import { NAME_LENGTH_MAX, REASON_LENGTH_MAX, ROOM_LENGTH_MAX, TOPIC_LENGTH_MAX } from '../../core/text.ts';
import { abort } from './commands/authenticate.ts';
import type { IrcDoor } from './door.ts';
import { BLOCKED_LISTED_MAX, BODY_BYTES_MAX, CHATHISTORY_MAX, MODES_MAX, TARGETS_MAX, TEMPORARY_NAMES_MAX } from './limits.ts';
import { loggedIn, logIn } from './login.ts';
import { explainSecondName, noteFromNickServ } from './service-notes.ts';
import type { Session } from './session.ts';
import { catchUp } from './waiting.ts';

/**
 * Names are compared with a Unicode mapping that has no name in IRC. `ascii` is what every client knows, and it is safe: the door always writes a name
 * in its one spelling, and never shows two names that only Unicode's mapping holds for the same.
 */
function tokens(network: string): string[] {
  return [
    'CASEMAPPING=ascii',
    'CHANTYPES=#&',
    'CHANMODES=b,,,nt',
    'PREFIX=(qo)~@',
    'EXTBAN=,m',
    `MODES=${MODES_MAX}`,
    `NETWORK=${network.replace(/[\s\\=]/gu, (letter) => `\\x${letter.codePointAt(0)!.toString(16).padStart(2, '0').slice(-2)}`)}`,
    `NICKLEN=${NAME_LENGTH_MAX}`,
    `CHANNELLEN=${ROOM_LENGTH_MAX}`,
    `TOPICLEN=${TOPIC_LENGTH_MAX}`,
    `KICKLEN=${REASON_LENGTH_MAX}`,
    `AWAYLEN=${REASON_LENGTH_MAX}`,
    `LINELEN=${BODY_BYTES_MAX}`,
    `TARGMAX=PRIVMSG:${TARGETS_MAX},NOTICE:${TARGETS_MAX},JOIN:,PART:,NAMES:,WHOIS:1`,
    `CHATHISTORY=${CHATHISTORY_MAX}`,
    'MSGREFTYPES=msgid,timestamp',
    'CLIENTTAGDENY=*,-draft/react,-draft/reply,-draft/unreact,-typing',
    `SILENCE=${BLOCKED_LISTED_MAX}`,
    'UTF8ONLY',
  ];
}

/** Once the client has given all it has to: asks the node for the name. */
export function tryOpen(door: IrcDoor, session: Session): void {
  if (session.state !== 'registering' || session.isNegotiating || !session.hasUser || session.nick === '') return;
  if (session.sasl !== null) abort(door, session);
  if (session.isAccount) return openAccount(door, session);
  const { pass } = session;
  session.pass = '';
  if (pass.includes(':')) return openByPass(door, session, pass);
  if (!door.guests)
    return door.end(
      session,
      'Closing link: this node lets nobody in without an account: log in with SASL or PASS account:password; its operator can start it with --guests on',
    );
  openGuest(door, session, session.nick);
}

export function openGuest(door: IrcDoor, session: Session, name: string): void {
  session.state = 'opening';
  door.ask(session, { type: 'open', name }, { type: 'open', name });
}

/** It is logged in; whatever NICK said, its name is the account's. */
function openAccount(door: IrcDoor, session: Session): void {
  session.state = 'open';
  session.nick = door.people.of(session.author!).nick;
  door.admit(session, session.author!);
  welcome(door, session);
  explainSecondName(door, session);
  catchUp(door, session);
}

function openByPass(door: IrcDoor, session: Session, pass: string): void {
  const at = pass.indexOf(':');
  logIn(door, session, pass.slice(0, at), pass.slice(at + 1), (outcome) => {
    if ('wrong' in outcome) {
      door.reply(session, '464', outcome.wrong);
      return door.end(session, `Closing link: ${outcome.wrong}`);
    }
    loggedIn(door, session);
    tryOpen(door, session);
  });
}

/** The name is an account's: the session opens under another one. False where too many of those were tried. */
export function openTemporary(door: IrcDoor, session: Session, wanted: string): boolean {
  if (++session.temporaryTries > TEMPORARY_NAMES_MAX) return false;
  session.wantedNick ||= wanted;
  const [high, low] = door.random(2) as unknown as [number, number];
  openGuest(door, session, `guest${String((high * 256 + low) % 10_000).padStart(4, '0')}`);
  return true;
}

/** Tells a session under a temporary name why, and what to do. */
export function explainTemporary(door: IrcDoor, session: Session): void {
  const { wantedNick, nick } = session;
  noteFromNickServ(door, session, `${wantedNick} is the name of an account. You are ${nick} for now.`);
  noteFromNickServ(
    door,
    session,
    `If it is yours, say /msg NickServ IDENTIFY ${wantedNick} password. Else choose another name with /nick.`,
  );
}

/** Greets a session that the node has let in. */
export function welcome(door: IrcDoor, session: Session): void {
  const network = door.port.networkName();
  door.reply(session, '001', `Welcome to ${network}, ${session.nick}`);
  door.reply(session, '002', `Your node is ${door.port.node.name}, running Skein`);
  door.reply(session, '003', 'Every node holds the whole conversation, and any node serves you');
  door.reply(session, '004', door.server, 'skein', 'i', 'bnoqt');
  const all = tokens(network);
  for (let at = 0; at < all.length; at += 13) door.reply(session, '005', ...all.slice(at, at + 13), 'are supported by this server');
  door.reply(session, '422', 'There is no message of the day');
}

/** Registration: the first words between a client and the door. */

import { NAME_LENGTH_MAX, REASON_LENGTH_MAX, ROOM_LENGTH_MAX, TOPIC_LENGTH_MAX } from '../../core/text.ts';
import type { IrcDoor } from './door.ts';
import { BODY_BYTES_MAX, CHATHISTORY_MAX, TARGETS_MAX } from './limits.ts';
import type { Session } from './session.ts';

/**
 * Names are compared with a Unicode mapping that has no name in IRC. `ascii` is what every client knows, and it is safe: the door always writes a name
 * in its one spelling, and never shows two names that only Unicode's mapping holds for the same.
 */
function tokens(network: string): string[] {
  return [
    'CASEMAPPING=ascii',
    'CHANTYPES=#',
    'CHANMODES=,,,nt',
    'PREFIX=',
    `NETWORK=${network.replace(/[\s\\=]/gu, (letter) => `\\x${letter.codePointAt(0)!.toString(16).padStart(2, '0').slice(-2)}`)}`,
    `NICKLEN=${NAME_LENGTH_MAX}`,
    `CHANNELLEN=${ROOM_LENGTH_MAX}`,
    `TOPICLEN=${TOPIC_LENGTH_MAX}`,
    `KICKLEN=${REASON_LENGTH_MAX}`,
    `LINELEN=${BODY_BYTES_MAX}`,
    `TARGMAX=PRIVMSG:${TARGETS_MAX},NOTICE:${TARGETS_MAX},JOIN:,PART:,NAMES:,WHOIS:1`,
    `CHATHISTORY=${CHATHISTORY_MAX}`,
    'MSGREFTYPES=msgid,timestamp',
    'CLIENTTAGDENY=*',
    'UTF8ONLY',
  ];
}

/** Once the client has given all it has to: asks the node for the name. */
export function tryOpen(door: IrcDoor, session: Session): void {
  if (session.state !== 'registering' || session.isNegotiating || !session.hasUser || session.nick === '') return;
  if (!door.guests)
    return door.end(session, 'Closing link: this node lets nobody in without an account; its operator can start it with --guests on');
  session.state = 'opening';
  door.ask(session, { type: 'open', name: session.nick }, { type: 'open', name: session.nick });
}

/** Greets a session that the node has let in. */
export function welcome(door: IrcDoor, session: Session): void {
  const network = door.port.networkName();
  door.reply(session, '001', `Welcome to ${network}, ${session.nick}`);
  door.reply(session, '002', `Your node is ${door.port.node.name}, running Skein`);
  door.reply(session, '003', 'Every node holds the whole conversation, and any node serves you');
  door.reply(session, '004', door.server, 'skein', 'i', 'nt');
  const all = tokens(network);
  for (let at = 0; at < all.length; at += 13) door.reply(session, '005', ...all.slice(at, at + 13), 'are supported by this server');
  door.reply(session, '422', 'There is no message of the day');
}

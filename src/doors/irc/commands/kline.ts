/**
 * KLINE and UNKLINE, as IRC operators know them: they keep somebody out of the network, or (`m:NICK`) silent in it, for some minutes or for good. Here it is people
 * that are named and not hosts, and the network's moderators who may.
 */

import { REASON_LENGTH_MAX } from '../../../core/text.ts';
import type { IrcDoor } from '../door.ts';
import { findPerson, noSuchNick } from '../post.ts';
import { maskOf, readMask } from '../sanctions.ts';
import type { Session } from '../session.ts';
import type { IrcCommand } from './command.ts';

const MINUTE_MS = 60_000;

function tellDone(door: IrcDoor, session: Session, text: string): (answer: { readonly type: string }) => boolean {
  return ({ type }) => {
    if (type === 'done') door.note(session, session.nick, text);
    return type === 'done';
  };
}

export const kline: IrcCommand = {
  paramsMin: 1,
  run(door, session, params) {
    const minutes = /^\d{1,9}$/.test(params[0]!) && params.length > 1 ? Number(params[0]) : 0;
    const [mask, ...words] = minutes > 0 || params[0] === '0' ? params.slice(1) : params;
    const { does, name } = readMask(mask!);
    const person = findPerson(door, name);
    if (!person) return noSuchNick(door, session, name);
    const reason = words.join(' ').slice(0, REASON_LENGTH_MAX).toWellFormed();
    const command = { type: does, room: '', person, forMs: minutes * MINUTE_MS, reason } as const;
    const done = tellDone(door, session, `${name} is ${does === 'ban' ? 'banned' : 'muted'} in the whole network.`);
    door.task(session, 'KLINE', name, command, done);
  },
};

export const unkline: IrcCommand = {
  paramsMin: 1,
  run(door, session, [mask]) {
    const { does, name } = readMask(mask!);
    const person = findPerson(door, name);
    const sanction = door.port.sanctions('').find((one) => one.does === does && (one.person === person || isOf(door, one, name)));
    if (!sanction) return door.fail(session, 'UNKLINE', 'NO_SUCH_BAN', name, 'There is no such ban');
    const done = tellDone(door, session, `${name} is ${does === 'ban' ? 'banned' : 'muted'} no more.`);
    door.task(session, 'UNKLINE', name, { type: 'undo', target: sanction.id }, done);
  },
};

/** A guest who is out of the network is nobody that a name could find, but by the list. */
function isOf(door: IrcDoor, sanction: Parameters<typeof maskOf>[1], name: string): boolean {
  return readMask(maskOf(door, sanction)).name === name;
}

/** PRIVMSG and NOTICE: messages to rooms and people. */

import { isHexOf, type MessageId } from '../../../core/ids.ts';
import { MESSAGE_ID_BYTES, TARGETS_MAX } from '../limits.ts';
import { post } from '../post.ts';
import { tagOf } from '../tags.ts';
import type { IrcCommand } from './command.ts';

export const privmsg: IrcCommand = {
  paramsMin: 0,
  run(door, session, [targets, text], name, tags) {
    if (!targets) return door.reply(session, '411', `No recipient given (${name})`);
    if (!text) return door.reply(session, '412', 'No text to send');
    const verb = name === 'NOTICE' ? 'NOTICE' : 'PRIVMSG';
    const reply = tags === '' ? undefined : tagOf(tags, '+draft/reply');
    const answers = reply !== undefined && isHexOf(reply, MESSAGE_ID_BYTES) ? (reply as MessageId) : null;
    const all = targets.split(',').filter((target) => target !== '');
    for (const target of all.slice(0, TARGETS_MAX)) post(door, session, verb, target, text, answers);
    for (const target of all.slice(TARGETS_MAX))
      door.reply(session, '407', target, `Too many targets: not sent to this one; at most ${TARGETS_MAX} at once`);
  },
};

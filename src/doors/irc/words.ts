/** What people are told of a refusal, in words. */

import type { Refusal } from '../../core/port.ts';
import { isoTime } from '../../lib/time.ts';
import { seconds } from './login.ts';

type Silenced = Extract<Refusal, { type: 'silenced' }>;

/** By what, why and until when. */
export function silencedWords({ by, untilMs, reason }: Silenced): string {
  const until = untilMs === null ? '' : ` until ${isoTime(untilMs)}`;
  return `You are ${by === 'ban' ? 'banned' : 'muted'}${until}${reason === '' ? '' : `: ${reason}`}`;
}

const INVITATION = {
  mistyped: 'The invitation has a letter that is not right',
  unknown: 'The invitation is not known here',
  expired: 'The invitation has expired',
  'used up': 'The invitation was used up',
};

export function words(refusal: Refusal): string {
  switch (refusal.type) {
    case 'bad text':
      return 'The name has 1 to 32 letters, digits or _ [ ] \\ ` ^ { | } -, and does not begin with a digit or -';
    case 'name in use':
      return 'Somebody who is here has that name';
    case 'name registered':
      return "The name is an account's: whoever it is says /msg NickServ IDENTIFY password, or logs in with SASL";
    case 'name alike':
      return refusal.like === null
        ? 'The name mixes scripts that do not go together'
        : `The name looks like ${refusal.like}, which somebody has`;
    case 'registration':
      return refusal.policy === 'closed'
        ? 'Nobody can register here'
        : 'To register here takes an invitation: /msg NickServ REGISTER password invitation';
    case 'bad invitation':
      return INVITATION[refusal.fault];
    case 'silenced':
      return silencedWords(refusal);
    case 'archived':
      return 'The channel is archived: it can be read, and nothing can be added';
    case 'last owner':
      return 'There would be no owner left';
    case 'not allowed':
      return 'You have no right to that';
    case 'bad key':
      return 'The password is not right';
    case 'no account':
      return 'There is no such account';
    case 'no such person':
      return 'There is nobody of that name';
    case 'no such room':
      return 'No such channel';
    case 'no such message':
      return 'There is no message of that id here';
    case 'not in room':
      return 'You are not in that channel';
    case 'too many rooms':
      return 'You are in too many channels: leave one first';
    case 'slow':
      return `This channel is slow: try again in ${seconds(refusal.retryMs)} s`;
    case 'flood':
      return `Too much in too short a time: try again in ${seconds(refusal.retryMs)} s`;
    case 'busy':
    case 'not granted':
      return `The node is busy; try again in ${seconds(refusal.retryMs)} s`;
    case 'not stored':
      return `The node cannot store anything now; try again in ${seconds(refusal.retryMs)} s`;
    case 'not open':
    case 'bad grant':
    case 'bad after':
      return 'The node does not take this from this connection: connect again';
  }
}

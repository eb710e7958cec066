/** Why something was refused, in words for people; and the door's own refusals. */

import type { Refused } from '../../api/protocol.ts';
import type { Answer, Refusal } from '../../core/commands.ts';
import { isoTime } from '../../lib/time.ts';

/** What became of a request. */
export type Outcome = { readonly value: unknown } | { readonly refused: Refused } | { readonly unknown: true };

export function ok(value: unknown = null): Outcome {
  return { value };
}

export function refused(type: string, words: string, retryMs?: number): Outcome {
  return { refused: { type, words, ...(retryMs === undefined ? {} : { retryMs }) } };
}

export const NOT_OPEN = refused('not open', 'Open a session first.');
export const NO_ROOM = refused('no such room', 'There is no such room, or it is not for you to read.');
export const NO_MESSAGE = refused('no such message', 'There is no message of that id here.');
export const NO_PERSON = refused('no such person', 'There is nobody of that name.');

const INVITATION = {
  mistyped: 'The invitation has a letter that is not right.',
  unknown: 'The invitation is not known here.',
  expired: 'The invitation has expired.',
  'used up': 'The invitation was used up.',
};

const TEXT = { empty: 'It is empty.', 'too long': 'It is too long.', 'bad character': 'It has a character that cannot be in it.' };

/** An answer of the node as an outcome; `value` is what it comes to where it was done. */
export function outcomeOf(answer: Answer, value: (answer: Answer) => unknown = () => null): Outcome {
  if (answer.type === 'unknown') return { unknown: true };
  return answer.type === 'refused' ? { refused: refusalOf(answer.refusal) } : ok(value(answer));
}

export function refusalOf(refusal: Refusal): Refused {
  const retry = 'retryMs' in refusal ? { retryMs: Math.ceil(refusal.retryMs) } : {};
  return { type: refusal.type, words: words(refusal), ...retry };
}

function words(refusal: Refusal): string {
  switch (refusal.type) {
    case 'bad text':
      return TEXT[refusal.fault];
    case 'name in use':
      return 'Somebody who is here has that name.';
    case 'name registered':
      return "The name is an account's: whoever it is logs in.";
    case 'name alike':
      return refusal.like === null
        ? 'The name mixes scripts that do not go together.'
        : `The name looks like ${refusal.like}, which somebody has.`;
    case 'bad key':
      return 'The key does not speak for the account, or no longer: log in again.';
    case 'bad grant':
      return 'The session has not granted this node as it runs now: sign its grant to the feed that it named last.';
    case 'not granted':
      return 'The node went on under a new incarnation and waits for the grant of this session: try again once it was given.';
    case 'no account':
      return 'There is no such account, or it takes one.';
    case 'registration':
      return refusal.policy === 'closed' ? 'Nobody can register here.' : 'To register here takes an invitation.';
    case 'bad invitation':
      return INVITATION[refusal.fault];
    case 'silenced':
      return silencedWords(refusal);
    default:
      return PLAIN[refusal.type];
  }
}

const PLAIN = {
  'no such room': 'There is no such room.',
  'no such person': 'There is no such person.',
  'no such message': 'There is no message of that id here.',
  'not in room': 'You are not in that room: join it first.',
  'not open': 'Open a session first.',
  'too many rooms': 'You are in too many rooms: leave one first.',
  'not allowed': 'You have no right to that.',
  archived: 'The room is archived: it can be read, and nothing can be added.',
  'last owner': 'There would be no owner left.',
  'bad after': 'What was shown last is far ahead of all that is known here: take in what is new first.',
  slow: 'The room is slow: try again in a moment.',
  flood: 'Too much in too short a time: try again in a moment.',
  busy: 'The node is busy: try again in a moment.',
  'not stored': 'The node cannot store anything now: try again in a moment.',
} as const;

function silencedWords({ by, untilMs, reason }: Extract<Refusal, { type: 'silenced' }>): string {
  const until = untilMs === null ? '' : ` until ${isoTime(untilMs)}`;
  return `You are ${by === 'ban' ? 'banned' : 'muted'}${until}${reason === '' ? '.' : `: ${reason}`}`;
}

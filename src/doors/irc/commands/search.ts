/**
 * SEARCH (soju.im/search, a work in progress of the soju project): messages by words, room or person, author and time, as tags are written: `SEARCH text=fast;in=#chan`.
 * The newest that fit are sent, in chronological order.
 */

import type { AuthorId, RoomId } from '../../../core/ids.ts';
import type { Place } from '../../../core/order.ts';
import { type Found, SEARCH_LIMIT_MAX, type SearchRequest } from '../../../core/search.ts';
import { SEARCH } from '../caps.ts';
import type { IrcDoor } from '../door.ts';
import { sendFound } from '../history-page.ts';
import { HISTORY_WAITING_MAX, SEARCH_PAGES_MAX } from '../limits.ts';
import { findPerson } from '../post.ts';
import type { Session } from '../session.ts';
import { tagOf } from '../tags.ts';
import { parseTime } from '../timestamp.ts';
import type { IrcCommand } from './command.ts';
import { roomOfTarget } from './redact.ts';

const NAME = 'SEARCH';

/** What is asked for; `invalid`: the attribute that cannot be read; `nothing`: a room or a person that is not there. */
type Asked = { readonly request: SearchRequest } | { readonly invalid: string } | { readonly nothing: true };

function asked(door: IrcDoor, session: Session, attributes: string): Asked {
  const of = (name: string): string | undefined => tagOf(attributes, name);
  const limit = of('limit') === undefined ? SEARCH_LIMIT_MAX : Number(of('limit'));
  if (!Number.isInteger(limit) || limit < 1) return { invalid: 'limit' };
  const [from, to] = [timeOf(of('after')), timeOf(of('before'))];
  if (from === null) return { invalid: 'after' };
  if (to === null) return { invalid: 'before' };
  const [where, who] = [of('in'), of('from')];
  const room: RoomId | null | undefined = where === undefined ? undefined : roomOfTarget(door, session, where);
  const author: AuthorId | null | undefined = who === undefined ? undefined : findPerson(door, who);
  if (room === null || author === null) return { nothing: true };
  const request = {
    words: of('text') ?? '',
    ...(room === undefined ? {} : { room }),
    ...(author === undefined ? {} : { author }),
    ...(from === undefined ? {} : { fromMs: from }),
    // Up to this time, and with it.
    ...(to === undefined ? {} : { toMs: to + 1 }),
    limit: Math.min(limit, SEARCH_LIMIT_MAX),
  };
  return { request };
}

/** Null for what is no time. */
function timeOf(text: string | undefined): number | null | undefined {
  return text === undefined ? undefined : parseTime(text);
}

/** A page may be short where there is more: goes on for a few. */
async function find(door: IrcDoor, session: Session, request: SearchRequest): Promise<readonly Found[]> {
  const all: Found[] = [];
  let before: Place | undefined;
  for (let pages = 0; pages < SEARCH_PAGES_MAX && all.length < request.limit; pages++) {
    const { found, next } = await door.port.search(session.no, {
      ...request,
      ...(before ? { before } : {}),
      limit: request.limit - all.length,
    });
    all.push(...found);
    if (!next) break;
    before = next;
  }
  return all;
}

export const search: IrcCommand = {
  paramsMin: 1,
  run(door, session, params) {
    if (!session.has(SEARCH)) return door.reply(session, '421', NAME, 'Unknown command: ask for the capability soju.im/search first');
    const one = asked(door, session, params.join(' '));
    if ('invalid' in one) return door.fail(session, NAME, 'INVALID_PARAMS', one.invalid, 'This attribute cannot be read');
    if ('nothing' in one) return sendFound(door, session, []);
    if (session.historyWaiting >= HISTORY_WAITING_MAX)
      return door.fail(session, NAME, 'TRY_AGAIN', 'Too many requests wait; try again in 1 s');
    session.historyWaiting++;
    door.later(session, find(door, session, one.request), (found) => {
      session.historyWaiting--;
      if (!found) return door.fail(session, NAME, 'INTERNAL_ERROR', 'The search could not be run; try again in 1 s');
      // Rights may have ended while later pages were read.
      const shown = found.filter(({ message }) => door.port.mayRead(session.author, message.room) && !session.hidden?.has(message.author));
      sendFound(door, session, shown.map(({ message }) => message).reverse());
    });
  },
};

/**
 * Whom accounts block: what they say is not shown to any session of the account. Read when a session opens, while all that is live is held back; renewed by what becomes
 * durable, so that all devices agree.
 */

import type { AuthorId } from '../../core/ids.ts';
import type { Wish } from '../../core/state.ts';
import type { IrcDoor } from './door.ts';
import type { Session } from './session.ts';

/** Reads what the session's account wants, then goes on; `null` where that cannot be read. */
export function loadWishes(door: IrcDoor, session: Session, then: (wishes: readonly Wish[] | null) => void): void {
  door.later(session, door.port.wishes(session.no), (wishes) => {
    if (wishes) session.hidden = blockedBy(wishes);
    then(wishes);
  });
}

function blockedBy(wishes: readonly Wish[]): ReadonlySet<AuthorId> | null {
  const people = wishes.flatMap(({ about, on }) => (on && about.type === 'person' ? [about.person] : []));
  return people.length > 0 ? new Set(people) : null;
}

/** A wish is in the log. */
export function wished(door: IrcDoor, { author, about, on }: Wish): void {
  if (about.type !== 'person') return;
  for (const session of door.sessionsOf(author)) {
    const hidden = new Set(session.hidden);
    if (on) hidden.add(about.person);
    else hidden.delete(about.person);
    session.hidden = hidden.size > 0 ? hidden : null;
  }
}

/** Wishes of before may count no more, or count again. */
export function reloadWishes(door: IrcDoor): void {
  for (const sessions of door.byAuthor.values()) {
    for (const session of sessions) if (session.isAccount) loadWishes(door, session, () => undefined);
  }
}

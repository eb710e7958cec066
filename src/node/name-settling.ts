/** Names that two people have: this node gives its own people another one where somebody else had theirs earlier. */

import type { Op } from '../core/op.ts';
import type { Notice } from '../core/port.ts';
import { foldName } from '../core/text.ts';
import type { Now } from '../sync/effects.ts';
import { opsOf } from './commands.ts';
import type { Desk } from './desk.ts';

/** The ops that give other names to those whom a turn's notices brought into a clash. */
export function settledNames(desk: Desk, notices: readonly Notice[], now: Now): Op[] {
  const { sessions, people, state } = desk;
  const touched = notices.flatMap((one) => {
    if (one.type === 'refolded') return [...sessions.authors()];
    return one.type === 'guest' || one.type === 'rename' || one.type === 'back' || one.type === 'account' ? [one.author] : [];
  });
  return people.clashing(sessions.own, touched).flatMap((author) => {
    const [session] = sessions.of(author);
    const value = state.guests.get(author)?.name.value;
    // Another name is on its way already.
    if (!session || value === undefined || foldName(session.name) !== foldName(value)) return [];
    session.name = people.free(value);
    const result = opsOf(desk, session, { type: 'rename', name: session.name }, now, true);
    return 'ops' in result ? result.ops : [];
  });
}

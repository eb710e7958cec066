/** Whether somebody is there, as the app shows it. */

import type { WirePerson } from '../../../src/api/protocol.ts';

export type Presence = 'here' | 'away' | 'gone';

export function presenceOf(person: WirePerson | undefined): Presence {
  if (!person?.present) return 'gone';
  return person.away === null ? 'here' : 'away';
}

export const PRESENCE_WORDS: Readonly<Record<Presence, string>> = { here: 'here', away: 'away', gone: 'not here' };

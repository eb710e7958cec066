/** The people of a room in groups by role, in each those who are there first. Pure. */

import type { WirePerson, WireRole } from '../../../src/api/protocol.ts';
import type { AuthorId } from '../../../src/core/ids.ts';
import { foldName } from '../../../src/core/text.ts';
import { compareText } from '../../../src/lib/bytes.ts';
import { presenceOf } from '../chat/presence.ts';

export type GroupName = 'Owners' | 'Moderators' | 'People' | 'Not here';

export interface Member {
  readonly person: WirePerson;
  /** The greater one of their roles in the room and in the network. */
  readonly role: 'owner' | 'moderator' | null;
}

export interface Group {
  readonly name: GroupName;
  readonly members: readonly Member[];
}

const RANK = { here: 0, away: 1, gone: 2 };
const NAMES: readonly GroupName[] = ['Owners', 'Moderators', 'People', 'Not here'];

export function roleIn(person: WirePerson, room: WireRole | undefined): Member['role'] {
  const both = [person.role, room];
  return both.includes('owner') ? 'owner' : both.includes('moderator') ? 'moderator' : null;
}

function groupOf({ person, role }: Member): GroupName {
  if (role === 'owner') return 'Owners';
  if (role === 'moderator') return 'Moderators';
  return presenceOf(person) === 'gone' ? 'Not here' : 'People';
}

/** `sought`: what is to be in the names; `max`: of all groups together. */
export function groupsOf(
  people: readonly WirePerson[],
  roles: Readonly<Record<AuthorId, WireRole>>,
  { sought, max }: { readonly sought: string; readonly max: number },
): { readonly groups: readonly Group[]; readonly hidden: number } {
  const wanted = foldName(sought.trim());
  const members = people
    .filter(({ name }) => foldName(name).includes(wanted))
    .map((person) => ({ person, role: roleIn(person, roles[person.author]) }));
  members.sort(
    (a, b) =>
      NAMES.indexOf(groupOf(a)) - NAMES.indexOf(groupOf(b)) ||
      RANK[presenceOf(a.person)] - RANK[presenceOf(b.person)] ||
      compareText(foldName(a.person.name), foldName(b.person.name)) ||
      compareText(a.person.author, b.person.author),
  );
  const shown = members.slice(0, max);
  const groups = NAMES.map((name) => ({ name, members: shown.filter((one) => groupOf(one) === name) }));
  return { groups: groups.filter((one) => one.members.length > 0), hidden: members.length - shown.length };
}

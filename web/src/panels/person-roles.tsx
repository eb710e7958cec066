/** Which role somebody has in a room, and in the network where one owns that. Roles are for accounts. */

import { useState } from 'react';
import type { WireRole, WireRoom } from '../../../src/api/protocol.ts';
import type { AuthorId, RoomId } from '../../../src/core/ids.ts';
import { Choice } from '../design/field-parts.tsx';
import { complain, useChat, useView } from '../state/hooks.ts';
import styles from './panel.module.css';
import { useRoles } from './use-roles.ts';

const WORDS: Readonly<Record<'none' | 'member' | 'moderator' | 'owner', string>> = {
  none: 'None',
  member: 'Member',
  moderator: 'Moderator: kicks, mutes, bans, pins',
  owner: 'Owner: all of that, settings and roles',
};

export function PersonRoles({ room, author }: { readonly room: WireRoom; readonly author: AuthorId }) {
  const [no, setNo] = useState(0);
  const person = useView((view) => view.people.get(author));
  const roles = useRoles(room.id, no);
  const again = (): void => setNo((now) => now + 1);
  if (!person?.account) return <p className={styles['quiet']}>Roles are for accounts: a guest is gone with their session.</p>;
  return (
    <section className={styles['section']} aria-label="Roles">
      <h3>Roles</h3>
      <RoleChoice label={`In ${room.name}`} place={room.id} author={author} role={roles[author] ?? null} done={again} />
      {room.power === 4 && <RoleChoice label="In the whole network" place="" author={author} role={person.role} done={again} />}
    </section>
  );
}

interface RoleChoiceProps {
  readonly label: string;
  readonly place: RoomId | '';
  readonly author: AuthorId;
  readonly role: WireRole;
  readonly done: () => void;
}

function RoleChoice({ label, place, author, role, done }: RoleChoiceProps) {
  const chat = useChat();
  const give = (given: string): void => {
    chat
      .role(place, author, given === 'none' ? null : (given as WireRole))
      .then(done)
      .catch(complain);
  };
  return (
    <Choice label={label} value={role ?? 'none'} onChange={(event) => give(event.target.value)}>
      {Object.entries(WORDS).map(([value, words]) => (
        <option key={value} value={value}>
          {words}
        </option>
      ))}
    </Choice>
  );
}

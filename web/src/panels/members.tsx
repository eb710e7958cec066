/** Who is in the room, by role: those who are there first. A press shows who somebody is, and what can be done. */

import { type RefObject, useMemo, useState } from 'react';
import { PRESENCE_WORDS, presenceOf } from '../chat/presence.ts';
import { Avatar } from '../design/avatar.tsx';
import { Button } from '../design/button.tsx';
import { Field } from '../design/field.tsx';
import { intoList, useRoving } from '../design/roving.ts';
import { dispatch, useRoom, useView } from '../state/hooks.ts';
import { type Group, groupsOf, type Member } from './member-groups.ts';
import styles from './members.module.css';
import panel from './panel.module.css';
import type { PanelProps } from './panel-slot.tsx';
import { useRoles } from './use-roles.ts';

/** More people than that are found by their names. */
const SHOWN_MAX = 200;

export default function Members({ room }: PanelProps) {
  const view = useRoom(room);
  const members = view?.members ?? [];
  const people = useView((all) => all.people);
  const roles = useRoles(room);
  const list = useRoving<HTMLDivElement>();
  const [sought, setSought] = useState('');
  const { groups, hidden } = useMemo(() => {
    const known = members.flatMap((author) => people.get(author) ?? []);
    return groupsOf(known, roles, { sought, max: SHOWN_MAX });
  }, [members, people, roles, sought]);
  const mayInvite = view?.room.kind === 'private' && view.room.power >= 2;
  return (
    <>
      <form className={panel['form']} onSubmit={(event) => event.preventDefault()} onKeyDown={(event) => intoList(event, list)}>
        <Field label="Find somebody" type="search" value={sought} maxLength={64} onChange={(event) => setSought(event.target.value)} />
        {mayInvite && <Button onClick={() => dispatch({ type: 'dialog', dialog: { kind: 'invite', room } })}>Invite somebody</Button>}
      </form>
      <Groups groups={groups} list={list} />
      {groups.length === 0 && <p className={panel['quiet']}>Nobody of that name is here.</p>}
      {hidden > 0 && <p className={panel['quiet']}>{hidden} more: find them by their names.</p>}
    </>
  );
}

function Groups({ groups, list }: { readonly groups: readonly Group[]; readonly list: RefObject<HTMLDivElement | null> }) {
  return (
    <div ref={list} className={styles['groups']}>
      {groups.map(({ name, members }) => (
        <section key={name} aria-label={name}>
          <h3>
            {name} <span>{members.length}</span>
          </h3>
          <ul className={styles['members']}>
            {members.map((member) => (
              <li key={member.person.author}>
                <Line member={member} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Line({ member: { person, role } }: { readonly member: Member }) {
  const presence = presenceOf(person);
  const words = [role, person.account ? null : 'guest', person.away ?? PRESENCE_WORDS[presence]].filter(Boolean);
  return (
    <button type="button" data-rove onClick={() => dispatch({ type: 'panel', panel: { kind: 'person', author: person.author } })}>
      <Avatar author={person.author} name={person.name} size={28} presence={presence} />
      <span className={styles['who']}>
        <bdi>{person.name}</bdi>
        <span dir="auto">{words.join(', ')}</span>
      </span>
    </button>
  );
}

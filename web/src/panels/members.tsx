/** Who is in the room: those who are there first. */

import { useMemo } from 'react';
import { PRESENCE_WORDS, presenceOf } from '../chat/presence.ts';
import { Avatar } from '../design/avatar.tsx';
import { complain, useChat, useRoom, useView } from '../state/hooks.ts';
import { roomHash } from '../state/route.ts';
import styles from './members.module.css';
import type { PanelProps } from './panel-slot.tsx';

export default function Members({ room }: PanelProps) {
  const chat = useChat();
  const members = useRoom(room)?.members ?? [];
  const people = useView((view) => view.people);
  const me = useView((view) => view.me?.author);
  const list = useMemo(() => {
    const known = members.flatMap((author) => people.get(author) ?? []);
    const rank = { here: 0, away: 1, gone: 2 };
    return known.sort((a, b) => rank[presenceOf(a)] - rank[presenceOf(b)] || a.name.localeCompare(b.name));
  }, [members, people]);
  return (
    <ul className={styles['members']}>
      {list.map((person) => (
        <li key={person.author}>
          <button
            type="button"
            disabled={person.author === me}
            onClick={() =>
              chat
                .direct(person.author)
                .then((id) => {
                  location.hash = roomHash(id);
                })
                .catch(complain)
            }
          >
            <Avatar author={person.author} name={person.name} size={28} presence={presenceOf(person)} />
            <span className={styles['who']}>
              <bdi>{person.name}</bdi>
              <span>
                {[person.role !== 'member' && person.role, person.away ?? PRESENCE_WORDS[presenceOf(person)]].filter(Boolean).join(', ')}
              </span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

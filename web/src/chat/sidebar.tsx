/** The side: whose network this is, the rooms and the people one talks with, what waits there, and oneself. */

import { type RefObject, useMemo } from 'react';
import { Avatar } from '../design/avatar.tsx';
import { IconButton } from '../design/button.tsx';
import { Icon } from '../design/icon.tsx';
import { useRoving } from '../design/roving.ts';
import { useBadge } from '../notify/badge.ts';
import { dispatch, useUi, useView } from '../state/hooks.ts';
import { type Route, roomHash } from '../state/route.ts';
import { presenceOf } from './presence.ts';
import { type RoomLine, type RoomList, roomList, waiting } from './room-list.ts';
import styles from './sidebar.module.css';

export function Sidebar({ route }: { readonly route: Route }) {
  const network = useView((view) => view.network);
  const rooms = useView((view) => view.rooms);
  const muted = useView((view) => view.muted);
  const blocked = useView((view) => view.blocked);
  const wishes = useUi((ui) => ui.wishes);
  const list = useMemo(() => roomList({ rooms, muted, blocked }, wishes), [rooms, muted, blocked, wishes]);
  useBadge(network, waiting(list));
  const lists = useRoving<HTMLDivElement>();
  const open = route.page === 'chat' ? route.room : null;
  return (
    <nav className={styles['sidebar']} aria-label="Rooms" data-part="rooms">
      <header className={styles['head']}>
        <img src="/icon.svg" alt="" width="26" height="26" />
        <h1 dir="auto">{network || 'Skein'}</h1>
        <IconButton icon="plus" label="Join or make a room" onClick={() => dispatch({ type: 'dialog', dialog: { kind: 'join' } })} />
      </header>
      <Lists list={list} open={open} box={lists} />
      <Foot route={route} />
    </nav>
  );
}

interface ListsProps {
  readonly list: RoomList;
  readonly open: string | null;
  readonly box: RefObject<HTMLDivElement | null>;
}

function Lists({ list, open, box }: ListsProps) {
  return (
    <div ref={box} className={styles['lists']}>
      <Section title="Rooms" lines={list.rooms} open={open} empty="None yet: join one with +." />
      <Section title="Direct" lines={list.direct} open={open} empty="" />
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly lines: readonly RoomLine[];
  readonly open: string | null;
  readonly empty: string;
}

function Section({ title, lines, open, empty }: SectionProps) {
  return (
    <section aria-label={title}>
      <div className={styles['title']}>
        <h2>{title}</h2>
        {title === 'Direct' && (
          <IconButton
            icon="plus"
            size={16}
            label="Message somebody"
            onClick={() => dispatch({ type: 'dialog', dialog: { kind: 'direct' } })}
          />
        )}
      </div>
      <ul>
        {lines.map((line) => (
          <li key={line.id}>
            <RoomLink line={line} isOpen={line.id === open} />
          </li>
        ))}
      </ul>
      {lines.length === 0 && empty && <p className={styles['none']}>{empty}</p>}
    </section>
  );
}

function RoomLink({ line, isOpen }: { readonly line: RoomLine; readonly isOpen: boolean }) {
  const waits = line.isMuted ? 0 : line.unread;
  // A number for what is for the reader, else a word in bold.
  const mentions = line.isMuted ? 0 : line.mentions;
  const classes = [styles['room'], waits > 0 && styles['waits'], line.isMuted && styles['muted']];
  return (
    <a data-rove href={roomHash(line.id)} className={classes.filter(Boolean).join(' ')} aria-current={isOpen ? 'page' : undefined}>
      {line.with ? <PersonSign line={line} /> : <Icon name={line.kind === 'private' ? 'lock' : 'hash'} size={16} />}
      <span className={styles['name']} dir="auto">
        {line.name}
      </span>
      {line.isMuted && <span className="visually-hidden">muted</span>}
      {waits > 0 && (
        <span className={mentions > 0 ? styles['badge'] : styles['count']}>
          {countWords(mentions > 0 ? mentions : waits)}
          <span className="visually-hidden">{mentions > 0 ? ` for you, ${countWords(waits)} unread` : ' unread'}</span>
        </span>
      )}
    </a>
  );
}

function countWords(count: number): string {
  return count > 999 ? '999+' : String(count);
}

function PersonSign({ line }: { readonly line: RoomLine }) {
  const person = useView((view) => (line.with ? view.people.get(line.with) : undefined));
  return <Avatar author={line.with!} name={line.name} size={20} presence={presenceOf(person)} />;
}

function Foot({ route }: { readonly route: Route }) {
  const me = useView((view) => view.me);
  const role = useView((view) => (view.me && view.people.get(view.me.author)?.role) ?? null);
  const current = (page: Route['page']): 'page' | undefined => (route.page === page ? 'page' : undefined);
  return (
    <footer className={styles['foot']}>
      {me && <Avatar author={me.author} name={me.name} size={26} />}
      <span className={styles['name']} dir="auto">
        {me?.name ?? ''}
      </span>
      <QuietButton />
      {(role === 'owner' || role === 'moderator') && (
        <a href="#/admin" className={styles['go']} aria-label="Administration" title="Administration" aria-current={current('admin')}>
          <Icon name="shield" />
        </a>
      )}
      <a href="#/network" className={styles['go']} aria-label="Network" title="Network" aria-current={current('network')}>
        <Icon name="network" />
      </a>
      <a href="#/settings" className={styles['go']} aria-label="Settings" title="Settings" aria-current={current('settings')}>
        <Icon name="settings" />
      </a>
    </footer>
  );
}

/** Do not disturb: nothing pops up until it is pressed again. */
function QuietButton() {
  const isQuiet = useUi((ui) => ui.wishes.isQuiet);
  return (
    <IconButton
      icon={isQuiet ? 'quiet' : 'bell'}
      label="Do not disturb"
      aria-pressed={isQuiet}
      onClick={() => dispatch({ type: 'wish', wishes: { isQuiet: !isQuiet } })}
    />
  );
}

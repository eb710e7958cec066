/** The side: whose network this is, the rooms and the people one talks with, what waits there, and oneself. */

import { useEffect, useMemo } from 'react';
import { Avatar } from '../design/avatar.tsx';
import { IconButton } from '../design/button.tsx';
import { Icon } from '../design/icon.tsx';
import { dispatch, useView } from '../state/hooks.ts';
import { type Route, roomHash } from '../state/route.ts';
import { presenceOf } from './presence.ts';
import { type RoomLine, roomList, waiting } from './room-list.ts';
import styles from './sidebar.module.css';

export function Sidebar({ route }: { readonly route: Route }) {
  const network = useView((view) => view.network);
  const rooms = useView((view) => view.rooms);
  const muted = useView((view) => view.muted);
  const blocked = useView((view) => view.blocked);
  const list = useMemo(() => roomList({ rooms, muted, blocked }), [rooms, muted, blocked]);
  const { unread, mentions } = waiting(list);
  useEffect(() => {
    document.title = `${mentions > 0 ? `(${mentions}) ` : unread > 0 ? '• ' : ''}${network || 'Skein'}`;
  }, [network, unread, mentions]);
  const open = route.page === 'chat' ? route.room : null;
  return (
    <nav className={styles['sidebar']} aria-label="Rooms">
      <header className={styles['head']}>
        <img src="/icon.svg" alt="" width="26" height="26" />
        <h1 dir="auto">{network || 'Skein'}</h1>
        <IconButton icon="plus" label="Join or make a room" onClick={() => dispatch({ type: 'dialog', dialog: { kind: 'join' } })} />
      </header>
      <div className={styles['lists']}>
        <Section title="Rooms" lines={list.rooms} open={open} />
        {list.direct.length > 0 && <Section title="Direct" lines={list.direct} open={open} />}
      </div>
      <Foot route={route} />
    </nav>
  );
}

function Section({ title, lines, open }: { readonly title: string; readonly lines: readonly RoomLine[]; readonly open: string | null }) {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <ul>
        {lines.map((line) => (
          <li key={line.id}>
            <RoomLink line={line} isOpen={line.id === open} />
          </li>
        ))}
      </ul>
      {lines.length === 0 && <p className={styles['none']}>None yet: join one with +.</p>}
    </section>
  );
}

function RoomLink({ line, isOpen }: { readonly line: RoomLine; readonly isOpen: boolean }) {
  const waits = line.isMuted ? 0 : line.unread;
  const classes = [styles['room'], waits > 0 && styles['waits'], line.isMuted && styles['muted']];
  return (
    <a href={roomHash(line.id)} className={classes.filter(Boolean).join(' ')} aria-current={isOpen ? 'page' : undefined}>
      {line.with ? <PersonSign line={line} /> : <Icon name={line.kind === 'private' ? 'lock' : 'hash'} size={16} />}
      <span className={styles['name']} dir="auto">
        {line.name}
      </span>
      {waits > 0 && (
        <span className={line.mentions > 0 ? styles['badge'] : styles['count']}>
          {waits > 999 ? '999+' : waits}
          <span className="visually-hidden">{line.mentions > 0 ? ' unread, some for you' : ' unread'}</span>
        </span>
      )}
    </a>
  );
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
      {role === 'owner' && (
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

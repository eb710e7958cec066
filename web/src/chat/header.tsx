/** The head of a room: its name, its topic, and the ways to what stands beside it. */

import type { RoomId } from '../../../src/core/ids.ts';
import { IconButton } from '../design/button.tsx';
import { Icon } from '../design/icon.tsx';
import { dispatch, useRoom, useUi } from '../state/hooks.ts';
import type { Panel } from '../state/ui.ts';
import styles from './header.module.css';
import { plainName } from './room-list.ts';

export function RoomHeader({ id }: { readonly id: RoomId }) {
  const view = useRoom(id);
  if (!view) return null;
  const { room } = view;
  return (
    <header className={styles['header']}>
      <IconButton icon="menu" label="Rooms" className={styles['menu']!} onClick={() => dispatch({ type: 'drawer', on: true })} />
      <div className={styles['about']}>
        <h1 dir="auto">
          {room.kind !== 'direct' && <Icon name={room.kind === 'private' ? 'lock' : 'hash'} size={18} />}
          <span>{plainName(room.name, room.kind)}</span>
        </h1>
        {room.topic && (
          <p className={styles['topic']} dir="auto" title={room.topic}>
            {room.topic}
          </p>
        )}
      </div>
      <PanelButton icon="search" label="Search" panel={{ kind: 'search' }} />
      <PanelButton icon="pin" label="Pinned" panel={{ kind: 'pins' }} />
      {room.kind === 'direct' && room.with ? (
        <PanelButton icon="people" label={`About ${room.name}`} panel={{ kind: 'person', author: room.with }} />
      ) : (
        <PanelButton icon="people" label={`${room.members} people`} panel={{ kind: 'members' }} />
      )}
      <PanelButton icon="info" label="About this room" panel={{ kind: 'room' }} />
    </header>
  );
}

function PanelButton({
  icon,
  label,
  panel,
}: {
  readonly icon: 'search' | 'pin' | 'people' | 'info';
  readonly label: string;
  readonly panel: Panel;
}) {
  const isOpen = useUi((ui) => ui.panel?.kind === panel.kind);
  return <IconButton icon={icon} label={label} aria-pressed={isOpen} onClick={() => dispatch({ type: 'panel', panel })} />;
}

/** A room: its head, what was said, what one writes, and the panel beside it. */

import { useEffect } from 'react';
import type { MessageId, RoomId } from '../../../src/core/ids.ts';
import { Composer } from '../composer/composer.tsx';
import { Button, IconButton } from '../design/button.tsx';
import { PanelSlot } from '../panels/panel-slot.tsx';
import { dispatch, useChat, useRoom, useUi } from '../state/hooks.ts';
import styles from './chat-page.module.css';
import { RoomHeader } from './header.tsx';
import { Timeline } from './timeline.tsx';
import { TypingLine } from './typing-line.tsx';

/** Whether the page is looked at: what comes to a page in the background was not read. */
function isLookedAt(): boolean {
  return document.visibilityState === 'visible';
}

/** The room of the address counts as read while the page is looked at. */
function useOpen(room: RoomId | null, isKnown: boolean): void {
  const chat = useChat();
  useEffect(() => {
    const look = (): void => chat.open(isKnown && isLookedAt() ? room : null);
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      chat.open(null);
    };
  }, [chat, room, isKnown]);
}

export function ChatPage({ room, message }: { readonly room: RoomId | null; readonly message: MessageId | null }) {
  const known = useRoom(room ?? ('' as RoomId));
  useOpen(room, known !== undefined);
  if (!known) return <NoRoom wanted={room} />;
  return <OpenRoom key={known.room.id} id={known.room.id} message={message} />;
}

function OpenRoom({ id, message }: { readonly id: RoomId; readonly message: MessageId | null }) {
  const panel = useUi((ui) => ui.panel);
  return (
    <div className={`${styles['chat']} ${panel ? styles['beside'] : ''}`}>
      <main className={styles['main']}>
        <RoomHeader id={id} />
        <Timeline id={id} message={message} />
        <div className={styles['foot']}>
          <TypingLine id={id} />
          <Composer id={id} />
        </div>
      </main>
      {panel && <PanelSlot room={id} panel={panel} />}
    </div>
  );
}

function NoRoom({ wanted }: { readonly wanted: RoomId | null }) {
  return (
    <main className={styles['none']}>
      <header className={styles['bar']}>
        <IconButton icon="menu" label="Rooms" className={styles['menu']!} onClick={() => dispatch({ type: 'drawer', on: true })} />
      </header>
      <div className={styles['words']}>
        <img src="/icon.svg" alt="" width="64" height="64" />
        <h1>{wanted === null ? 'Choose a room' : 'You are not in this room'}</h1>
        <p>Every node of this network holds what is said in its rooms. Whichever serves you, you read the same.</p>
        <Button look="main" onClick={() => dispatch({ type: 'dialog', dialog: { kind: 'join' } })}>
          Join or make a room
        </Button>
      </div>
    </main>
  );
}

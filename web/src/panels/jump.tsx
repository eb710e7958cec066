/** A message as a panel shows it: who said it, where and when, and a press goes there. */

import type { ReactNode } from 'react';
import type { WireMessage } from 'skein/client';
import { nameColour } from '../design/avatar.tsx';
import { clock, dayWords, fullTime } from '../design/time.ts';
import { dispatch, useView } from '../state/hooks.ts';
import { roomHash } from '../state/route.ts';
import styles from './panel.module.css';

/** On narrower pages a panel lies over the timeline (panel-slot.module.css). */
const OVER = '(max-width: 68rem)';

export function Jump({
  message,
  hasRoom = false,
  children,
}: {
  readonly message: WireMessage;
  readonly hasRoom?: boolean;
  readonly children: ReactNode;
}) {
  const room = useView((view) => view.rooms.get(message.room)?.room);
  return (
    <a
      data-rove
      className={styles['jump']}
      href={roomHash(message.room, message.id)}
      onClick={() => matchMedia(OVER).matches && dispatch({ type: 'panel', panel: null })}
    >
      <span className={styles['head']}>
        <bdi style={{ color: nameColour(message.author) }}>{message.name}</bdi>
        {hasRoom && <bdi>{room?.kind === 'direct' ? `with ${room.name}` : (room?.name ?? message.room)}</bdi>}
        <time dateTime={new Date(message.atMs).toISOString()} title={fullTime(message.atMs)}>
          {dayWords(message.atMs, Date.now())}, {clock(message.atMs)}
        </time>
      </span>
      <span className={styles['text']} dir="auto">
        {children}
      </span>
    </a>
  );
}

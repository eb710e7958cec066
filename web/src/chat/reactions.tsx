/** What people reacted with, and how often; one press adds one's own or takes it back. */

import type { Item } from 'skein/client';
import type { RoomId } from '../../../src/core/ids.ts';
import { Icon } from '../design/icon.tsx';
import { complain, useChat, useView } from '../state/hooks.ts';
import styles from './reactions.module.css';
import { useTimeline } from './timeline-context.ts';

/** Names that a reaction tells, at most. */
const NAMES_MAX = 12;

export function Reactions({ item, room }: { readonly item: Item; readonly room: RoomId }) {
  const { open } = useTimeline();
  const entries = Object.entries(item.reactions ?? {}).filter(([, authors]) => authors.length > 0);
  if (entries.length === 0 || item.text === null) return null;
  return (
    <ul className={styles['reactions']} aria-label="Reactions">
      {entries.map(([emoji, authors]) => (
        <li key={emoji}>
          <Reaction emoji={emoji} authors={authors} item={item} room={room} />
        </li>
      ))}
      <li>
        <button
          type="button"
          className={styles['more']}
          aria-label="React with another"
          aria-haspopup="dialog"
          onClick={(event) => open({ kind: 'react', item, anchor: event.currentTarget })}
        >
          <Icon name="smile" size={16} />
        </button>
      </li>
    </ul>
  );
}

interface ReactionProps {
  readonly emoji: string;
  readonly authors: NonNullable<Item['reactions']>[string];
  readonly item: Item;
  readonly room: RoomId;
}

function Reaction({ emoji, authors, item, room }: ReactionProps) {
  const chat = useChat();
  const me = useView((view) => view.me?.author);
  const people = useView((view) => view.people);
  const isMine = me !== undefined && authors.includes(me);
  const names = authors.slice(0, NAMES_MAX).map((author) => people.get(author)?.name ?? 'somebody');
  const words = `${emoji}, ${authors.length}: ${names.join(', ')}${authors.length > NAMES_MAX ? '…' : ''}`;
  return (
    <button
      type="button"
      className={styles['reaction']}
      aria-pressed={isMine}
      aria-label={words}
      onClick={() => chat.react(room, item.id, emoji, !isMine).catch(complain)}
    >
      <span className={styles['emoji']}>{emoji}</span>
      <span>{authors.length}</span>
      <span className={styles['who']} aria-hidden="true" dir="auto">
        {names.join(', ')}
        {authors.length > NAMES_MAX && '…'}
      </span>
    </button>
  );
}

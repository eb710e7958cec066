/** What people reacted with, and how often; one press adds one's own or takes it back. */

import type { Item } from 'skein/client';
import type { RoomId } from '../../../src/core/ids.ts';
import { complain, useChat, useView } from '../state/hooks.ts';
import styles from './reactions.module.css';

/** Names that a reaction tells, at most. */
const NAMES_MAX = 12;

export function Reactions({ item, room }: { readonly item: Item; readonly room: RoomId }) {
  const entries = Object.entries(item.reactions ?? {}).filter(([, authors]) => authors.length > 0);
  if (entries.length === 0 || item.text === null) return null;
  return (
    <ul className={styles['reactions']} aria-label="Reactions">
      {entries.map(([emoji, authors]) => (
        <li key={emoji}>
          <Reaction emoji={emoji} authors={authors} item={item} room={room} />
        </li>
      ))}
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
      title={words}
      onClick={() => chat.react(room, item.id, emoji, !isMine).catch(complain)}
    >
      <span className={styles['emoji']}>{emoji}</span>
      <span>{authors.length}</span>
    </button>
  );
}

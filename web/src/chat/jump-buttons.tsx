/** The ways to what was not read and to the newest message, over the timeline while one is elsewhere. */

import { IconButton } from '../design/button.tsx';
import { Icon } from '../design/icon.tsx';
import styles from './jump-buttons.module.css';
import { COUNT_MAX } from './unread.ts';

function counted(count: number): string {
  if (count === 1) return '1 new message';
  return `${count >= COUNT_MAX ? `${COUNT_MAX}+` : count} new messages`;
}

export function ToUnread({ count, onGo, onLeave }: { readonly count: number; readonly onGo: () => void; readonly onLeave: () => void }) {
  return (
    <div className={styles['unread']}>
      <button type="button" className={styles['go']} onClick={onGo}>
        <span className={styles['up']}>
          <Icon name="down" size={16} />
        </span>
        {counted(count)}: to the first
      </button>
      <IconButton icon="close" size={16} label="Leave them" className={styles['leave']!} onClick={onLeave} />
    </div>
  );
}

/** `isApart`: one is far from the end, in what was jumped to. */
export function ToNewest({ count, isApart, onGo }: { readonly count: number; readonly isApart: boolean; readonly onGo: () => void }) {
  const words = count > 0 ? counted(count) : isApart ? 'Back to the newest' : '';
  return (
    <button
      type="button"
      className={`${styles['newest']} ${words === '' ? styles['round'] : ''}`}
      aria-label={words === '' ? 'To the newest message' : `To the newest message: ${words}`}
      title="To the newest message"
      onClick={onGo}
    >
      {words !== '' && <span>{words}</span>}
      <Icon name="down" size={18} />
    </button>
  );
}

/** What can be done with a message: shown while the pointer, a finger or the keyboard is at it. */

import type { Item } from 'skein/client';
import type { RoomId } from '../../../src/core/ids.ts';
import { IconButton } from '../design/button.tsx';
import { dispatch, useView } from '../state/hooks.ts';
import styles from './message-actions.module.css';

export function MessageActions({ item, room }: { readonly item: Item; readonly room: RoomId }) {
  const isMine = useView((view) => view.me?.author === item.author);
  if (item.delivery && item.delivery.state !== 'held') return null;
  return (
    <div className={styles['actions']}>
      <IconButton
        icon="reply"
        label="Reply"
        size={18}
        onClick={() => dispatch({ type: 'about', room, about: { kind: 'reply', id: item.id } })}
      />
      {isMine && item.style === 'text' && (
        <IconButton
          icon="edit"
          label="Edit"
          size={18}
          onClick={() => dispatch({ type: 'about', room, about: { kind: 'edit', id: item.id }, text: item.text ?? '' })}
        />
      )}
    </div>
  );
}

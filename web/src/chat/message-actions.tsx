/** The tools at a message: shown while the pointer, a finger or the keyboard is at it. The rest is in its menu. */

import type { Item } from 'skein/client';
import type { RoomId } from '../../../src/core/ids.ts';
import { IconButton } from '../design/button.tsx';
import { dispatch, useRoom, useView } from '../state/hooks.ts';
import styles from './message-actions.module.css';
import { doingsOf } from './message-doings.ts';
import { useTimeline } from './timeline-context.ts';

export function reply(room: RoomId, item: Item): void {
  dispatch({ type: 'about', room, about: { kind: 'reply', id: item.id } });
}

export function edit(room: RoomId, item: Item): void {
  dispatch({ type: 'about', room, about: { kind: 'edit', id: item.id }, text: item.text ?? '' });
}

export function MessageActions({ item, room }: { readonly item: Item; readonly room: RoomId }) {
  const me = useView((view) => view.me?.author);
  const view = useRoom(room);
  const { open } = useTimeline();
  if (!view || (item.delivery && item.delivery.state !== 'held')) return null;
  const can = doingsOf(item, view.room, me);
  return (
    <div className={styles['actions']}>
      {can.react && (
        <IconButton
          icon="smile"
          label="React"
          data-tool="React"
          aria-haspopup="dialog"
          size={18}
          onClick={(event) => open({ kind: 'react', item, anchor: event.currentTarget })}
        />
      )}
      {can.reply && <IconButton icon="reply" label="Reply" data-tool="Reply" size={18} onClick={() => reply(room, item)} />}
      {can.edit && <IconButton icon="edit" label="Edit" data-tool="Edit" size={18} onClick={() => edit(room, item)} />}
      <IconButton
        icon="more"
        label="More"
        data-tool="More"
        aria-haspopup="menu"
        size={18}
        onClick={(event) => open({ kind: 'menu', item, anchor: event.currentTarget })}
      />
    </div>
  );
}

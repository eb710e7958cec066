/** All that can be done with a message. */

import { Menu } from '@base-ui/react/menu';
import type { ReactNode } from 'react';
import { Icon, type IconName } from '../design/icon.tsx';
import { complain, dispatch, useChat, useRoom, useView } from '../state/hooks.ts';
import { roomHash } from '../state/route.ts';
import { edit, reply } from './message-actions.tsx';
import { doingsOf } from './message-doings.ts';
import styles from './popups.module.css';
import type { PopupProps } from './popups.tsx';
import { removeSoon } from './removals.ts';

const ACTS = [
  ['kick', 'Kick'],
  ['mute', 'Mute'],
  ['ban', 'Ban'],
] as const;

function copy(text: string, words: string): void {
  navigator.clipboard
    .writeText(text)
    .then(() => dispatch({ type: 'notice', kind: 'good', words }))
    .catch(() => dispatch({ type: 'notice', kind: 'bad', words: 'The browser does not let the page copy: it needs HTTPS, or localhost.' }));
}

export default function MessageMenu({ popup, room, onClose, onOpen }: PopupProps) {
  const chat = useChat();
  const me = useView((view) => view.me?.author);
  const view = useRoom(room);
  const { item, anchor } = popup;
  if (!view) return null;
  const can = doingsOf(item, view.room, me);
  const link = `${location.origin}/${roomHash(room, item.id)}`;
  return (
    <Menu.Root open modal={false} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Menu.Portal container={document.querySelector('main')}>
        <Menu.Positioner anchor={anchor} align="start" sideOffset={4} className={styles['place']}>
          <Menu.Popup className={styles['popup']} aria-label={`Message of ${item.name}`}>
            {can.reply && (
              <MenuItem icon="reply" hint="R" onClick={() => reply(room, item)}>
                Reply
              </MenuItem>
            )}
            {can.react && (
              <MenuItem icon="smile" hint="+" onClick={() => queueMicrotask(() => onOpen({ kind: 'react', item, anchor }))}>
                React
              </MenuItem>
            )}
            {can.edit && (
              <MenuItem icon="edit" hint="E" onClick={() => edit(room, item)}>
                Edit
              </MenuItem>
            )}
            {can.pin && (
              <MenuItem icon="pin" onClick={() => chat.pin(room, item.id, !item.pinned).catch(complain)}>
                {item.pinned ? 'Unpin' : 'Pin'}
              </MenuItem>
            )}
            <MenuItem icon="link" onClick={() => copy(link, 'The link is copied.')}>
              Copy link
            </MenuItem>
            <MenuItem icon="copy" onClick={() => copy(item.text ?? '', 'The text is copied.')}>
              Copy text
            </MenuItem>
            {can.report && (
              <MenuItem icon="flag" onClick={() => dispatch({ type: 'dialog', dialog: { kind: 'report', room, id: item.id } })}>
                Report
              </MenuItem>
            )}
            {can.moderate && (
              <>
                <div className={styles['rule']} />
                {ACTS.map(([act, words]) => (
                  <MenuItem
                    key={act}
                    icon="shield"
                    onClick={() => dispatch({ type: 'dialog', dialog: { kind: 'moderate', act, room, person: item.author } })}
                  >
                    {words} {item.name}
                  </MenuItem>
                ))}
              </>
            )}
            {can.remove && (
              <>
                <div className={styles['rule']} />
                <MenuItem icon="trash" isBad onClick={() => removeSoon(chat, room, item.id)}>
                  Delete
                </MenuItem>
              </>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

interface MenuItemProps {
  readonly icon: IconName;
  readonly children: ReactNode;
  readonly onClick: () => void;
  /** The key that does the same at the message. */
  readonly hint?: string;
  readonly isBad?: boolean;
}

export function MenuItem({ icon, children, onClick, hint, isBad }: MenuItemProps) {
  return (
    <Menu.Item className={`${styles['item']} ${isBad ? styles['bad'] : ''}`} onClick={onClick}>
      <Icon name={icon} size={18} />
      <span>{children}</span>
      {hint && <small aria-hidden="true">{hint}</small>}
    </Menu.Item>
  );
}

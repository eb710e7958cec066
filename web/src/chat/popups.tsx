/** What opens beside a message: its menu, the emoji to react with, its former texts. One at a time, each loaded when it opens first. */

import { lazy, Suspense, useCallback, useState } from 'react';
import type { RoomId } from '../../../src/core/ids.ts';
import { complain, useChat } from '../state/hooks.ts';
import type { Popup } from './timeline-context.ts';

const MessageMenu = lazy(() => import('./message-menu.tsx'));
const FormerTexts = lazy(() => import('./former-texts.tsx'));
const EmojiPopup = lazy(() => import('../composer/emoji-popup.tsx'));

export interface PopupProps {
  readonly popup: Popup;
  readonly room: RoomId;
  readonly onClose: () => void;
  readonly onOpen: (popup: Popup) => void;
}

export function usePopup(): { readonly now: Popup | null; readonly open: (popup: Popup) => void; readonly close: () => void } {
  const [now, setNow] = useState<Popup | null>(null);
  const close = useCallback(() => setNow(null), []);
  return { now, open: setNow, close };
}

export function Popups({ popup, ...rest }: Omit<PopupProps, 'popup'> & { readonly popup: Popup | null }) {
  return popup && <Suspense fallback={null}>{<One popup={popup} {...rest} />}</Suspense>;
}

function One({ popup, room, onClose, onOpen }: PopupProps) {
  const chat = useChat();
  switch (popup.kind) {
    case 'menu':
      return <MessageMenu popup={popup} room={room} onClose={onClose} onOpen={onOpen} />;
    case 'edits':
      return <FormerTexts popup={popup} room={room} onClose={onClose} />;
    case 'react':
      return (
        <EmojiPopup
          anchor={popup.anchor}
          label="React with"
          onClose={onClose}
          onPick={(emoji) => {
            onClose();
            chat.react(room, popup.item.id, emoji).catch(complain);
          }}
        />
      );
  }
}

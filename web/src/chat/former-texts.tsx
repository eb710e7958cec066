/** What a message said before it was edited, the last text first. */

import { Popover } from '@base-ui/react/popover';
import { useEffect, useState } from 'react';
import type { WireText } from '../../../src/api/protocol.ts';
import type { RoomId } from '../../../src/core/ids.ts';
import { fullTime } from '../design/time.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { complain, useChat } from '../state/hooks.ts';
import styles from './popups.module.css';
import type { Popup } from './timeline-context.ts';

/** Texts that are shown, at most. */
const TEXTS = 50;

export default function FormerTexts({
  popup,
  room,
  onClose,
}: {
  readonly popup: Popup;
  readonly room: RoomId;
  readonly onClose: () => void;
}) {
  const chat = useChat();
  const [texts, setTexts] = useState<readonly WireText[] | null>(null);
  const { id } = popup.item;
  useEffect(() => {
    let isGone = false;
    chat
      .edits(room, id, undefined, TEXTS)
      .then((answer) => !isGone && setTexts(answer.texts.toReversed()))
      .catch((error: unknown) => {
        complain(error);
        onClose();
      });
    return () => {
      isGone = true;
    };
  }, [chat, room, id, onClose]);
  return (
    <Popover.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Popover.Portal>
        <Popover.Positioner anchor={popup.anchor} sideOffset={4} className={styles['place']}>
          <Popover.Popup className={styles['popup']}>
            <Popover.Title className={styles['title']}>What it said</Popover.Title>
            <ol className={styles['texts']} aria-busy={texts === null}>
              {texts?.map((one, i) => (
                <li key={one.place.join()}>
                  <time dateTime={new Date(one.atMs).toISOString()}>
                    {fullTime(one.atMs)}
                    {i === 0 ? ', now' : i === texts.length - 1 ? ', at first' : ''}
                  </time>
                  <Markdown text={one.text} />
                </li>
              ))}
            </ol>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

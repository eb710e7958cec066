/**
 * What was said in a room. Only what shows is drawn (virtua). The reader stays where they are: at the end they are shown what comes; elsewhere nothing that comes before,
 * behind or between moves what they look at. Where they were is remembered for each room.
 */

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Item } from 'skein/client';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { indexOfId } from '../../../src/client/find.ts';
import type { MessageId, RoomId } from '../../../src/core/ids.ts';
import { IconButton } from '../design/button.tsx';
import { complain, useChat, useRoom } from '../state/hooks.ts';
import { isPrepended } from './grouping.ts';
import { MessageRow } from './message.tsx';
import { useReader } from './reader.ts';
import styles from './timeline.module.css';

/** Nearer to the beginning than this, in px, more is loaded. */
const MORE_PX = 1200;
/** Height of what stands before the first message; the list has to know it. */
const TOP_PX = 76;
/** A message that was jumped to is marked for so long, in ms. */
const FLASH_MS = 2500;

export function Timeline({ id, message }: { readonly id: RoomId; readonly message: MessageId | null }) {
  const room = useRoom(id)!;
  const { timeline, isWhole, firstUnread } = room;
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const reader = useReader({ id, timeline, firstUnread, list, scroller });
  const flash = useJump(timeline, message, reader.toMessage);
  useOlder(id, isWhole, timeline.length, scroller);

  const before = useRef<readonly Item[]>(timeline);
  const shift = isPrepended(before.current, timeline);
  useLayoutEffect(() => {
    before.current = timeline;
  });

  const row = (item: Item, i: number) => (
    <MessageRow
      key={item.id}
      item={item}
      before={timeline[i - 1]}
      room={id}
      isFirstUnread={item.id === firstUnread}
      isFlashed={item.id === flash}
    />
  );

  return (
    <div className={styles['frame']}>
      <section
        ref={scroller}
        className={styles['scroller']}
        data-part="messages"
        aria-label={`What was said in ${room.room.name}`}
        tabIndex={0}
      >
        <div className={styles['list']} role="log" aria-live="off">
          <div className={styles['top']} style={{ height: TOP_PX }}>
            <TopOf name={room.room.name} isWhole={isWhole} isDirect={room.room.kind === 'direct'} isEmpty={timeline.length === 0} />
          </div>
          <Virtualizer
            ref={list}
            scrollRef={scroller}
            data={timeline}
            shift={shift}
            startMargin={TOP_PX}
            bufferSize={600}
            onScroll={reader.onScroll}
            onResize={reader.onResize}
          >
            {row}
          </Virtualizer>
        </div>
      </section>
      {!reader.isAtEnd && <IconButton icon="down" label="To the newest message" className={styles['down']!} onClick={reader.toEnd} />}
    </div>
  );
}

function TopOf({
  name,
  isWhole,
  isDirect,
  isEmpty,
}: {
  readonly name: string;
  readonly isWhole: boolean;
  readonly isDirect: boolean;
  readonly isEmpty: boolean;
}) {
  if (!isWhole) return <p role="status">{isEmpty ? 'Reading what was said…' : 'Reading what was said before…'}</p>;
  return <p dir="auto">{isDirect ? `This is between ${name} and you.` : `This is where ${name} begins.`}</p>;
}

/** Goes to the message of the address, once it is there; which one is marked for a moment. */
function useJump(timeline: readonly Item[], message: MessageId | null, toMessage: (id: MessageId) => void): MessageId | null {
  const [flash, setFlash] = useState<MessageId | null>(null);
  const done = useRef<MessageId | null>(null);
  useEffect(() => {
    if (message === null || done.current === message || indexOfId(timeline, message) < 0) return;
    done.current = message;
    toMessage(message);
    setFlash(message);
  }, [timeline, message, toMessage]);
  useEffect(() => {
    if (flash === null) return;
    const timer = setTimeout(() => setFlash(null), FLASH_MS);
    return () => clearTimeout(timer);
  }, [flash]);
  return flash;
}

/** Loads what is before while the reader comes near to the beginning. */
function useOlder(id: RoomId, isWhole: boolean, length: number, scroller: React.RefObject<HTMLDivElement | null>): void {
  const chat = useChat();
  const isOpen = useRoom(id)!.isLoading;
  const look = useCallback(() => {
    const box = scroller.current;
    if (!box || isWhole || isOpen || box.scrollTop > MORE_PX) return;
    chat.older(id).catch(complain);
  }, [chat, id, isWhole, isOpen, scroller]);
  useEffect(() => {
    const box = scroller.current;
    // Also where all that is there does not fill the page.
    if (length >= 0) look();
    box?.addEventListener('scroll', look, { passive: true });
    return () => box?.removeEventListener('scroll', look);
  }, [look, length, scroller]);
}

/**
 * What was said in a room. Only what shows is drawn (virtua). The reader stays where they are: at the end they are shown what comes; elsewhere nothing that comes before,
 * behind or between moves what they look at. Where they were is remembered for each room. What one jumps to and is not loaded is a stretch of its own (use-stretch.ts).
 */

import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Item } from 'skein/client';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { indexOfId } from '../../../src/client/find.ts';
import type { MessageId, RoomId } from '../../../src/core/ids.ts';
import { useRoom, useView } from '../state/hooks.ts';
import { roomHash } from '../state/route.ts';
import { DayPill } from './day-pill.tsx';
import { isPrepended } from './grouping.ts';
import { ToNewest, ToUnread } from './jump-buttons.tsx';
import { MessageRow } from './message.tsx';
import { Popups, usePopup } from './popups.tsx';
import { useReader } from './reader.ts';
import styles from './timeline.module.css';
import { TimelineContext } from './timeline-context.ts';
import { UndoLine } from './undo-line.tsx';
import { countBehind } from './unread.ts';
import { useActiveRow } from './use-active-row.ts';
import { useJump } from './use-jump.ts';
import { useHistory } from './use-stretch.ts';
import { useUnread } from './use-unread.ts';

/** Nearer to an end of what is loaded than this, in px, more is loaded. */
const MORE_PX = 1200;
/** Height of what stands before the first message; the list has to know it. */
const TOP_PX = 76;

export function Timeline({ id, message }: { readonly id: RoomId; readonly message: MessageId | null }) {
  const room = useRoom(id)!;
  const me = useView((view) => view.me?.author);
  const history = useHistory(id, room);
  const { items } = history;
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState<Item | null>(null);
  const unread = useUnread(id, room);
  const reader = useReader({ id, timeline: items, firstUnread: unread.first, isLive: history.isLive, list, scroller });
  const { goTo, flash } = useJump({ message, history, toMessage: reader.toMessage });
  const left = useRef<MessageId | null>(null);
  const popup = usePopup();
  const active = useActiveRow(scroller, items, popup.open);

  const before = useRef<readonly Item[]>(items);
  const shift = isPrepended(before.current, items);
  useLayoutEffect(() => {
    before.current = items;
  });

  const look = useCallback(() => {
    const box = scroller.current;
    const handle = list.current;
    if (!box || !handle || items.length === 0) return;
    const at = handle.findItemIndex(Math.max(0, handle.scrollOffset));
    setTop(items[at] ?? null);
    if (unread.first !== null && !unread.isDone) {
      const first = indexOfId(items, unread.first);
      if (first >= 0 && at <= first) unread.finish();
    }
    if (box.scrollTop < MORE_PX) history.older();
    if (!history.isLive && box.scrollHeight - box.scrollTop - box.clientHeight < MORE_PX) history.newer();
  }, [items, history, unread]);

  const { onScroll, isAtEnd } = reader;
  const scrolled = useCallback(() => {
    onScroll();
    look();
  }, [onScroll, look]);
  useLayoutEffect(() => {
    if (isAtEnd && history.isLive) left.current = room.timeline.at(-1)?.id ?? null;
  }, [isAtEnd, history.isLive, room.timeline]);

  // Also where all that is there does not fill the page.
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box && (box.scrollTop < MORE_PX || !history.isLive)) look();
  }, [look, history.isLive]);

  const toNewest = (): void => {
    history.leave();
    unread.finish();
    reader.toEnd();
    if (message !== null) location.replace(roomHash(id));
  };
  const toUnread = (): void => {
    unread.find().then((first) => first && goTo({ id: first }));
    unread.finish();
  };

  const context = useMemo(() => ({ goTo, open: popup.open }), [goTo, popup.open]);
  const row = (item: Item, i: number) => (
    <MessageRow
      key={item.id}
      item={item}
      before={items[i - 1]}
      room={id}
      isFirstUnread={item.id === unread.first}
      isFlashed={item.id === flash}
      isActive={item.id === active.id}
    />
  );
  const { name, kind } = room.room;

  return (
    <TimelineContext value={context}>
      <div className={styles['frame']}>
        <section
          ref={scroller}
          className={styles['scroller']}
          data-part="messages"
          aria-label={`What was said in ${name}`}
          tabIndex={0}
          {...active.handlers}
        >
          <div className={styles['list']} role="log" aria-live="off">
            <div className={styles['top']} style={{ height: TOP_PX }}>
              <TopOf name={name} isWhole={history.isStart} isDirect={kind === 'direct'} isEmpty={items.length === 0} />
            </div>
            <Virtualizer
              ref={list}
              scrollRef={scroller}
              data={items}
              shift={shift}
              startMargin={TOP_PX}
              bufferSize={600}
              onScroll={scrolled}
              onResize={reader.onResize}
            >
              {row}
            </Virtualizer>
          </div>
        </section>
        {top && !isAtEnd && <DayPill atMs={top.atMs} onGo={goTo} />}
        {!unread.isDone && unread.count > 0 && <ToUnread count={unread.count} onGo={toUnread} onLeave={unread.finish} />}
        {(!isAtEnd || !history.isLive) && (
          <ToNewest count={countBehind(room.timeline, left.current, me)} isApart={!history.isLive} onGo={toNewest} />
        )}
        <UndoLine />
        <Popups popup={popup.now} room={id} onClose={popup.close} onOpen={popup.open} />
      </div>
    </TimelineContext>
  );
}

interface TopProps {
  readonly name: string;
  readonly isWhole: boolean;
  readonly isDirect: boolean;
  readonly isEmpty: boolean;
}

function TopOf({ name, isWhole, isDirect, isEmpty }: TopProps) {
  if (!isWhole) return <p role="status">{isEmpty ? 'Reading what was said…' : 'Reading what was said before…'}</p>;
  return <p dir="auto">{isDirect ? `This is between ${name} and you.` : `This is where ${name} begins.`}</p>;
}

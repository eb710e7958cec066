/**
 * Keeps the reader of a timeline where they are, whatever comes. The list (virtua) knows rows by their number, so it keeps the place itself only where a page of what is before
 * comes. For all else the place is brought back here: at once, and again for as long as rows that moved are measured anew. Whatever the reader does meanwhile wins.
 */

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Item } from 'skein/client';
import type { VirtualizerHandle } from 'virtua';
import { indexOfId } from '../../../src/client/find.ts';
import type { MessageId, RoomId } from '../../../src/core/ids.ts';
import { isPrepended } from './grouping.ts';
import { type Place, placeIn, places, restore } from './places.ts';

/** Rows that moved are measured anew for so long, in ms, at most. */
const SETTLE_MS = 500;
/** What was not read begins so far below the upper edge, in px. */
const UNREAD_TOP_PX = 120;
/** What a reader moves a page with. */
const INPUTS = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;

export interface ReaderOptions {
  readonly id: RoomId;
  readonly timeline: readonly Item[];
  readonly firstUnread: MessageId | null;
  /** Whether what comes live comes at the end; else that is an end like any other place. */
  readonly isLive: boolean;
  readonly list: RefObject<VirtualizerHandle | null>;
  readonly scroller: RefObject<HTMLElement | null>;
}

export interface Reader {
  readonly isAtEnd: boolean;
  /** The list was scrolled, by whomever. */
  readonly onScroll: () => void;
  /** Rows, or the page, have another size. */
  readonly onResize: () => void;
  readonly toEnd: () => void;
  /** Goes to a message that is there. */
  readonly toMessage: (id: MessageId) => void;
}

export function useReader({ id, timeline, firstUnread, isLive, list, scroller }: ReaderOptions): Reader {
  const place = useRef<Place>(places.get(id) ?? 'end');
  const settlesUntil = useRef(0);
  const lastTop = useRef(0);
  const shown = useRef<readonly Item[]>([]);
  const live = useRef(isLive);
  live.current = isLive;
  const [isAtEnd, setAtEnd] = useState(true);

  const bringBack = useCallback(() => {
    const box = scroller.current;
    const handle = list.current;
    if (!box || !handle) return;
    if (place.current === 'end') box.scrollTop = box.scrollHeight;
    else restore(place.current, shown.current, handle, box);
    lastTop.current = box.scrollTop;
  }, [list, scroller]);

  const settle = useCallback(() => {
    settlesUntil.current = performance.now() + SETTLE_MS;
    const step = (): void => {
      if (performance.now() >= settlesUntil.current) return;
      bringBack();
      requestAnimationFrame(step);
    };
    step();
  }, [bringBack]);

  const go = useCallback(
    (to: Place) => {
      place.current = to;
      setAtEnd(to === 'end');
      if (to === 'end') list.current?.scrollToIndex(shown.current.length - 1, { align: 'end' });
      settle();
    },
    [list, settle],
  );

  useLayoutEffect(() => {
    const before = shown.current;
    shown.current = timeline;
    if (timeline.length === 0) return;
    if (before.length === 0) {
      const isUnread = firstUnread !== null && place.current === 'end' && indexOfId(timeline, firstUnread) > 0;
      go(isUnread ? { id: firstUnread, top: UNREAD_TOP_PX } : place.current);
    } else if (place.current === 'end') go('end');
    else if (!isPrepended(before, timeline)) settle();
  }, [timeline, firstUnread, go, settle]);

  useEffect(() => {
    const box = scroller.current;
    const act = (): void => {
      settlesUntil.current = 0;
    };
    for (const type of INPUTS) box?.addEventListener(type, act, { passive: true });
    return () => {
      for (const type of INPUTS) box?.removeEventListener(type, act);
      settlesUntil.current = 0;
      places.set(id, place.current);
    };
  }, [id, scroller]);

  const onScroll = useCallback(() => {
    const box = scroller.current;
    if (!box || performance.now() < settlesUntil.current) return;
    const isUp = box.scrollTop < lastTop.current - 1;
    lastTop.current = box.scrollTop;
    // Rows that are higher than they were thought to be put the end farther away: nobody left it.
    if (place.current === 'end' && !isUp && live.current) return;
    place.current = placeIn(box, live.current);
    setAtEnd(place.current === 'end');
  }, [scroller]);

  const onResize = useCallback(() => {
    if (place.current === 'end') bringBack();
  }, [bringBack]);

  const toEnd = useCallback(() => go('end'), [go]);
  const toMessage = useCallback(
    (message: MessageId) => {
      const box = scroller.current;
      go({ id: message, top: Math.round((box?.clientHeight ?? 0) / 3) });
    },
    [go, scroller],
  );
  return { isAtEnd, onScroll, onResize, toEnd, toMessage };
}

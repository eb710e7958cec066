/** What was not read when the room was opened: how much, and where it begins, also where that is not loaded yet. */

import { useCallback, useMemo, useRef, useState } from 'react';
import type { RoomView } from 'skein/client';
import type { MessageId, RoomId } from '../../../src/core/ids.ts';
import { useChat, useView } from '../state/hooks.ts';
import { firstOf } from './unread.ts';

/** Messages of a page that is loaded on the way there. */
const PAGE = 200;

export interface Unread {
  readonly count: number;
  /** Null: nothing is, or it is not loaded. */
  readonly first: MessageId | null;
  /** Loads up to it, and gives it. */
  readonly find: () => Promise<MessageId | null>;
  /** It was seen, or is not wanted: nothing more is said of it. */
  readonly isDone: boolean;
  readonly finish: () => void;
}

export function useUnread(id: RoomId, room: RoomView): Unread {
  const chat = useChat();
  const me = useView((view) => view.me?.author);
  // The count as it is when the room is shown first: looking at it makes it none.
  const [count] = useState(room.unread);
  const [isDone, setDone] = useState(count === 0);
  const last = useRef<MessageId | null>(null);
  last.current ??= room.timeline.at(-1)?.id ?? null;
  const { timeline, firstUnread } = room;
  const first = useMemo(
    () => (count === 0 ? firstUnread : firstOf(timeline, { count, last: last.current, me })),
    [timeline, count, firstUnread, me],
  );
  const find = useCallback(async () => {
    for (;;) {
      const now = chat.view.rooms.get(id);
      if (!now) return null;
      const found = firstOf(now.timeline, { count, last: last.current, me });
      if (found || now.isWhole) return found ?? now.timeline[0]?.id ?? null;
      if (!(await chat.older(id, PAGE))) return now.timeline[0]?.id ?? null;
    }
  }, [chat, id, count, me]);
  const finish = useCallback(() => setDone(true), []);
  return { count, first, find, isDone, finish };
}

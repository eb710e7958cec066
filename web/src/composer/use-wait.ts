/** How long one has still to wait in a slow room, in ms; it goes by while one looks. */

import { useEffect, useState } from 'react';
import type { RoomId } from '../../../src/core/ids.ts';
import { useRoom, useView } from '../state/hooks.ts';
import { waitMs } from './writing.ts';

const TICK_MS = 500;

export function useWait(id: RoomId): number {
  const room = useRoom(id);
  const me = useView((view) => view.me?.author);
  const [nowMs, setNow] = useState(() => Date.now());
  const isSlow = (room?.room.slowSeconds ?? 0) > 0;
  const timeline = room?.timeline;
  useEffect(() => {
    if (!isSlow || !timeline) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [isSlow, timeline]);
  return room && isSlow ? waitMs(room.room, room.timeline, me, nowMs) : 0;
}

/** The public rooms of the network, page by page. */

import { useEffect, useState } from 'react';
import type { WireRoom } from 'skein/client';
import { complain, useChat } from '../state/hooks.ts';

const PAGE = 100;

export interface Directory {
  /** Null: not told yet. */
  readonly rooms: readonly WireRoom[] | null;
  readonly more: (() => void) | null;
}

export function useDirectory(): Directory {
  const chat = useChat();
  const [rooms, setRooms] = useState<readonly WireRoom[] | null>(null);
  const [hasMore, setMore] = useState(false);
  const load = (before: readonly WireRoom[]): void => {
    chat
      .directory(before.at(-1)?.id, PAGE)
      .then((told) => {
        setRooms([...before, ...told.rooms]);
        setMore(told.more);
      })
      .catch(complain);
  };
  useEffect(() => {
    let isOver = false;
    chat
      .directory(undefined, PAGE)
      .then((told) => {
        if (isOver) return;
        setRooms(told.rooms);
        setMore(told.more);
      })
      .catch(complain);
    return () => {
      isOver = true;
    };
  }, [chat]);
  return { rooms, more: hasMore && rooms ? () => load(rooms) : null };
}

/** The live region: new messages of the room that is looked at are said politely, a few at a time (announcing.ts). */

import { useEffect, useState } from 'react';
import type { Item } from 'skein/client';
import { useChat } from '../state/hooks.ts';
import { APART_MS, announcement } from './announcing.ts';

export function Announcer() {
  const chat = useChat();
  const [words, setWords] = useState('');
  useEffect(() => {
    let waiting: Item[] = [];
    let room = chat.view.open;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lastMs = Number.NEGATIVE_INFINITY;
    const say = (): void => {
      timer = undefined;
      lastMs = performance.now();
      const name = room === null ? '' : (chat.view.rooms.get(room)?.room.name ?? '');
      setWords(announcement(waiting, name));
      waiting = [];
    };
    const stop = chat.on('message', (item) => {
      const { open, me, blocked } = chat.view;
      if (item.room !== open || item.author === me?.author || blocked.has(item.author)) return;
      if (room !== open) waiting = [];
      room = open;
      waiting.push(item);
      timer ??= setTimeout(say, Math.max(150, lastMs + APART_MS - performance.now()));
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [chat]);
  return (
    <div className="visually-hidden" role="status" aria-label="New messages" aria-live="polite">
      {words}
    </div>
  );
}

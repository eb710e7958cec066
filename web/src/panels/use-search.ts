/** A search at work: asked a moment after the last key, page by page; what comes for an older question is dropped. */

import { useCallback, useEffect, useRef, useState } from 'react';
import type { Chat } from 'skein/client';
import type { WireFound } from '../../../src/api/protocol.ts';
import type { AuthorId, RoomId } from '../../../src/core/ids.ts';
import { foldName } from '../../../src/core/text.ts';
import { useChat } from '../state/hooks.ts';
import { isEmpty, type Sought, times } from './search-query.ts';

/** Asked so long after the last key, in ms. */
const PAUSE_MS = 300;
const PAGE = 30;

export interface Search {
  /** Null: nothing was asked yet. */
  readonly found: readonly WireFound[] | null;
  readonly isBusy: boolean;
  readonly fault: string | null;
  readonly hasMore: boolean;
  readonly more: () => void;
}

async function authorOf(chat: Chat, who: string): Promise<AuthorId | null> {
  const name = who.trim();
  const sought = foldName(name);
  for (const person of chat.view.people.values()) if (foldName(person.name) === sought) return person.author;
  return (await chat.person(name))?.author ?? null;
}

interface Result {
  readonly found: readonly WireFound[] | null;
  readonly next: string | null;
  readonly isBusy: boolean;
  readonly fault: string | null;
}

const NONE: Result = { found: null, next: null, isBusy: false, fault: null };

export function useSearch(room: RoomId, sought: Sought): Search {
  const chat = useChat();
  const [result, setResult] = useState<Result>(NONE);
  const asked = useRef(0);

  const ask = useCallback(
    async (before: readonly WireFound[], next: string | null): Promise<void> => {
      const no = ++asked.current;
      setResult((now) => ({ ...now, isBusy: true, fault: null }));
      try {
        const author = sought.who.trim() === '' ? undefined : await authorOf(chat, sought.who);
        if (author === null) throw new Error(`There is nobody called ${sought.who.trim()}.`);
        const where = sought.isEverywhere ? {} : { room };
        const answer = await chat.search({
          text: sought.text.trim(),
          ...where,
          ...(author && { author }),
          ...times(sought),
          ...(next !== null && { next }),
          limit: PAGE,
        });
        if (no === asked.current) setResult({ found: [...before, ...answer.found], next: answer.next, isBusy: false, fault: null });
      } catch (error) {
        const fault = error instanceof Error ? error.message : String(error);
        if (no === asked.current) setResult({ found: before, next: null, isBusy: false, fault });
      }
    },
    [chat, room, sought],
  );

  useEffect(() => {
    asked.current++;
    if (isEmpty(sought)) {
      setResult(NONE);
      return;
    }
    const timer = setTimeout(() => void ask([], null), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [sought, ask]);

  const { found, next, isBusy, fault } = result;
  return { found, isBusy, fault, hasMore: next !== null, more: () => void ask(found ?? [], next) };
}

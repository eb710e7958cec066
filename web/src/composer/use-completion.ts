/** Completion at work in the field: what fits shows while one types, arrows choose, Enter or Tab take, Escape puts it away. */

import { type KeyboardEvent, useEffect, useMemo, useState } from 'react';
import type { RoomId } from '../../../src/core/ids.ts';
import { useChat, useRoom } from '../state/hooks.ts';
import { askedAt, type Candidate, candidatesFor, taken } from './completion.ts';
import { type Emoji, loadEmoji } from './emoji.ts';

export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly chosen: number;
  readonly choose: (i: number) => void;
  /** Puts one in. */
  readonly take: (candidate: Candidate) => void;
  /** True: the key was for it. */
  readonly onKey: (event: KeyboardEvent) => boolean;
}

interface Field {
  readonly text: string;
  /** The cursor; null where a part is chosen, or the field has not the focus. */
  readonly at: number | null;
  readonly put: (text: string, at: number) => void;
}

const NONE: readonly Candidate[] = [];

function useEmoji(isWanted: boolean): readonly Emoji[] {
  const [emoji, setEmoji] = useState<readonly Emoji[]>([]);
  useEffect(() => {
    if (isWanted) loadEmoji().then(setEmoji, () => undefined);
  }, [isWanted]);
  return emoji;
}

export function useCompletion(id: RoomId, { text, at, put }: Field): Completion {
  const chat = useChat();
  const room = useRoom(id);
  const asked = useMemo(() => (at === null ? null : askedAt(text, at)), [text, at]);
  const emoji = useEmoji(asked?.kind === 'emoji');
  // What is put away comes again with another beginning.
  const [away, setAway] = useState<string | null>(null);
  const key = asked && `${asked.kind} ${asked.from}`;
  const [chosen, choose] = useState(0);
  const words = asked?.words;
  useEffect(() => {
    if (words !== undefined) choose(0);
  }, [words]);
  const candidates = useMemo(() => {
    if (!asked || key === away) return NONE;
    const found = candidatesFor(asked, chat.view, room, emoji);
    // What is whole already needs no list.
    return found.length === 1 && found[0]!.text.trim() === text.slice(asked.from, at ?? 0) ? NONE : found;
  }, [asked, key, away, chat, room, emoji, text, at]);

  const take = (candidate: Candidate): void => {
    if (!asked || at === null) return;
    const next = taken(text, at, asked, candidate);
    put(next.text, next.at);
  };
  const onKey = (event: KeyboardEvent): boolean => {
    if (candidates.length === 0 || event.nativeEvent.isComposing || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey)
      return false;
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        choose((chosen + (event.key === 'ArrowDown' ? 1 : candidates.length - 1)) % candidates.length);
        return true;
      case 'Enter':
      case 'Tab':
        take(candidates[Math.min(chosen, candidates.length - 1)]!);
        return true;
      case 'Escape':
        setAway(key);
        return true;
      default:
        return false;
    }
  };
  return { candidates, chosen: Math.min(chosen, Math.max(0, candidates.length - 1)), choose, take, onKey };
}

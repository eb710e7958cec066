/** How this page was served since it is open: which node, and when none was in reach. Kept while the page is, for the network's history. */

import type { Chat } from 'skein/client';

export interface PageEvent {
  readonly no: number;
  /** In ms since 1970. */
  readonly atMs: number;
  readonly kind: 'good' | 'busy';
  readonly words: string;
}

const EVENTS_MAX = 100;
/** Whoever is served again within so long, in ms, has noticed nothing. */
const NOTICED_MS = 700;

export interface PageEvents {
  readonly now: () => readonly PageEvent[];
  readonly subscribe: (listener: () => void) => () => void;
}

const ofChats = new WeakMap<Chat, PageEvents>();

/** Those of a chat, recorded from the first call on. */
export function pageEvents(chat: Chat): PageEvents {
  const known = ofChats.get(chat);
  if (known) return known;
  let events: readonly PageEvent[] = [];
  const listeners = new Set<() => void>();
  const add = (atMs: number, kind: PageEvent['kind'], words: string): void => {
    events = [...events, { no: (events.at(-1)?.no ?? 0) + 1, atMs, kind, words }].slice(-EVENTS_MAX);
    for (const listener of [...listeners]) listener();
  };
  const { connection } = chat.view;
  let last = 'node' in connection ? connection.node : null;
  let lost: ReturnType<typeof setTimeout> | null = null;
  chat.on('connection', (next) => {
    if (next.state === 'connecting') {
      const sinceMs = Date.now();
      lost ??= setTimeout(() => add(sinceMs, 'busy', 'No node answered this page'), NOTICED_MS);
      return;
    }
    if (next.state !== 'online' && next.state !== 'catching up') return;
    if (lost !== null) clearTimeout(lost);
    lost = null;
    if (last?.id !== next.node.id)
      add(Date.now(), 'good', last ? `${next.node.name} serves you, after ${last.name}` : `${next.node.name} serves you`);
    last = next.node;
  });
  const made: PageEvents = {
    now: () => events,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  ofChats.set(chat, made);
  return made;
}

/** The messages that others answer, as far as they show: from the timeline, else asked for, many at a time. */

import { useCallback, useSyncExternalStore } from 'react';
import type { Chat, Item } from 'skein/client';
import { indexOfId } from '../../../src/client/find.ts';
import type { MessageId, RoomId } from '../../../src/core/ids.ts';
import { useChat } from '../state/hooks.ts';

/** Remembered, at most. */
const KEPT_MAX = 1000;
/** Asked for at a time (api/protocol.ts, REFRESH_MAX). */
const ASKED_MAX = 200;

/** Null: it shows nowhere; undefined: it is not known yet. */
export type Quote = Item | null | undefined;

class Quotes {
  readonly #chat: Chat;
  readonly #kept = new Map<MessageId, Item | null>();
  readonly #wanted = new Map<MessageId, RoomId>();
  readonly #listeners = new Set<() => void>();

  constructor(chat: Chat) {
    this.#chat = chat;
    const take = (item: Item): void => {
      if (this.#kept.has(item.id)) this.#keep(item.id, item);
    };
    chat.on('changed', take);
    chat.on('elsewhere', take);
    chat.on('gone', ({ id }) => this.#kept.has(id) && this.#keep(id, null));
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  get(room: RoomId, id: MessageId): Quote {
    const known = this.#kept.get(id);
    if (known !== undefined || this.#wanted.has(id)) return known;
    const timeline = this.#chat.view.rooms.get(room)?.timeline ?? [];
    const item = timeline[indexOfId(timeline, id)];
    if (item) {
      this.#put(id, item);
      return item;
    }
    if (this.#wanted.size === 0) queueMicrotask(() => void this.#ask());
    this.#wanted.set(id, room);
    return undefined;
  }

  #put(id: MessageId, item: Item | null): void {
    this.#kept.delete(id);
    if (this.#kept.size >= KEPT_MAX) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(id, item);
  }

  #keep(id: MessageId, item: Item | null): void {
    this.#put(id, item);
    for (const listener of [...this.#listeners]) listener();
  }

  async #ask(): Promise<void> {
    for (const room of new Set(this.#wanted.values())) {
      const ids = [...this.#wanted].filter(([, where]) => where === room).map(([id]) => id);
      const asked = ids.slice(0, ASKED_MAX);
      try {
        const { messages } = (await this.#chat.ask({ do: 'refresh', room, ids: asked })) as { readonly messages: readonly Item[] };
        for (const id of asked) this.#put(id, messages.find((one) => one.id === id) ?? null);
      } catch {
        // Without a node nothing more is known: it is asked for again when it is drawn again.
      }
      for (const id of ids) this.#wanted.delete(id);
    }
    for (const listener of [...this.#listeners]) listener();
  }
}

const stores = new WeakMap<Chat, Quotes>();

function quotesOf(chat: Chat): Quotes {
  const known = stores.get(chat);
  if (known) return known;
  const made = new Quotes(chat);
  stores.set(chat, made);
  return made;
}

export function useQuote(room: RoomId, id: MessageId): Quote {
  const quotes = quotesOf(useChat());
  return useSyncExternalStore(
    quotes.subscribe,
    useCallback(() => quotes.get(room, id), [quotes, room, id]),
  );
}

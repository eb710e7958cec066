/** A room's history at work: the timeline, or the stretch that was jumped to, and how more of either is loaded. */

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Item, RoomView } from 'skein/client';
import { indexOfId } from '../../../src/client/find.ts';
import type { MessageId, RoomId } from '../../../src/core/ids.ts';
import { complain, useChat, useView } from '../state/hooks.ts';
import { heard, type Shown, type Stretch, shownOf, stretchOf, withChanged, withNewer, withOlder, without } from './stretch.ts';

/** Messages of a page of a stretch. */
const PAGE = 100;
/** Messages that are asked for anew at a time (api/protocol.ts, REFRESH_MAX). */
const REFRESH = 200;

/** Where to go: a message, or the first one of a time on. */
export type Goal = { readonly id: MessageId } | { readonly atMs: number };

export interface History extends Shown {
  readonly older: () => void;
  readonly newer: () => void;
  /** Loads what is around a goal, and gives the message to show; null where there is none. */
  readonly find: (goal: Goal) => Promise<MessageId | null>;
  /** Back to the timeline. */
  readonly leave: () => void;
}

/** Stretches of rooms that one left, so that one finds oneself there again. */
const stretches = new Map<RoomId, Stretch>();

export function useHistory(id: RoomId, room: RoomView): History {
  const chat = useChat();
  const [stretch, setStretch] = useState<Stretch | null>(() => stretches.get(id) ?? null);
  const { timeline, isWhole } = room;
  const blocked = useView((view) => view.blocked);
  const shown = useMemo(() => heard(shownOf(stretch, timeline, isWhole), blocked), [stretch, timeline, isWhole, blocked]);
  const now = useRef({ stretch, shown, timeline });
  now.current = { stretch, shown, timeline };
  const busy = useRef({ older: false, newer: false });

  useEffect(() => {
    if (stretch) stretches.set(id, stretch);
    else stretches.delete(id);
  }, [id, stretch]);
  useFresh(id, stretch, setStretch);

  const page = useCallback(
    async (way: 'older' | 'newer') => {
      const { stretch: at } = now.current;
      const edge = at?.items.at(way === 'older' ? 0 : -1);
      if (!at || !edge || busy.current[way]) return;
      busy.current[way] = true;
      try {
        const { messages, more } = await chat.page(id, way === 'older' ? { before: edge.place } : { after: edge.place }, PAGE);
        const take = way === 'older' ? withOlder : withNewer;
        setStretch((so) => so && take(so, messages, !more));
      } catch (error) {
        complain(error);
      } finally {
        busy.current[way] = false;
      }
    },
    [chat, id],
  );

  const older = useCallback(() => {
    const { stretch: at, shown: all } = now.current;
    if (all.isStart) return;
    if (at && at.items.length > 0) void page('older');
    else chat.older(id).catch(complain);
  }, [chat, id, page]);

  const newer = useCallback(() => {
    if (!now.current.shown.isLive) void page('newer');
  }, [page]);

  const find = useCallback(
    async (goal: Goal): Promise<MessageId | null> => {
      const { shown: all } = now.current;
      if ('id' in goal) {
        if (indexOfId(all.items, goal.id) >= 0) return goal.id;
        const messages = await chat.around(id, goal.id, PAGE);
        if (!messages.some((one) => one.id === goal.id)) return null;
        setStretch(stretchOf(messages));
        return goal.id;
      }
      return findTime(goal.atMs);
      async function findTime(atMs: number): Promise<MessageId | null> {
        const known = all.items.findIndex((item) => item.atMs >= atMs);
        if (known > 0 || (known === 0 && all.isStart)) return all.items[known]!.id;
        // What is of the very millisecond is in neither page of the protocol.
        const [before, after] = await Promise.all([
          chat.page(id, { before: { atMs } }, PAGE / 2),
          chat.page(id, { after: { atMs: Math.max(0, atMs - 1) } }, PAGE / 2),
        ]);
        const target = after.messages[0] ?? before.messages.at(-1);
        if (!target) return null;
        const made = stretchOf([...before.messages, ...after.messages]);
        setStretch({ ...made, isStart: !before.more, isEnd: !after.more });
        return target.id;
      }
    },
    [chat, id],
  );

  const leave = useCallback(() => setStretch(null), []);
  return { ...shown, older, newer, find, leave };
}

/** What changes in a stretch shows; after a while without connection it is asked for anew. */
function useFresh(id: RoomId, stretch: Stretch | null, setStretch: (change: (so: Stretch | null) => Stretch | null) => void): void {
  const chat = useChat();
  const isOnline = useView((view) => view.connection.state === 'online');
  const wasOnline = useRef(isOnline);
  const items = useRef<readonly Item[]>([]);
  items.current = stretch?.items ?? [];
  useEffect(() => {
    const take = (item: Item): void => {
      if (item.room === id) setStretch((so) => so && withChanged(so, [item]));
    };
    const stops = [chat.on('elsewhere', take), chat.on('changed', take)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [chat, id, setStretch]);
  useEffect(() => {
    const was = wasOnline.current;
    wasOnline.current = isOnline;
    if (was || !isOnline || items.current.length === 0) return;
    const all = items.current.map((item) => item.id);
    for (let from = 0; from < all.length; from += REFRESH) {
      const ids = all.slice(from, from + REFRESH);
      chat
        .ask({ do: 'refresh', room: id, ids })
        .then((answer) => {
          const { messages } = answer as { readonly messages: readonly Item[] };
          const there = new Set(messages.map((one) => one.id));
          const gone = new Set(ids.filter((one) => !there.has(one)));
          setStretch((so) => so && without(withChanged(so, messages), gone));
        })
        .catch(() => undefined);
    }
  }, [chat, id, isOnline, setStretch]);
}

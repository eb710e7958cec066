/** What flows: each message that comes to be shown runs over the map from the node of whoever wrote it; on the links of this page's node, what the node counts. */

import { useEffect, useRef } from 'react';
import { useChat } from '../state/hooks.ts';
import type { Picture } from './picture.ts';
import type { Pulses } from './pulses.ts';
import { waveFrom } from './waves.ts';

/** Steps of one wave, and the time between two, in ms: in a busy network some messages stand for all. */
const STEPS_MAX = 60;
const BETWEEN_MS = 220;

export function useTraffic(picture: Picture, pulses: Pulses): void {
  const chat = useChat();
  const now = useRef(picture);
  now.current = picture;
  useEffect(() => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    let lastMs = Number.NEGATIVE_INFINITY;
    return chat.on('message', ({ author }) => {
      const nowMs = performance.now();
      const origin = author === chat.view.me?.author ? now.current.self : (chat.view.people.get(author)?.node ?? null);
      if (origin === null || nowMs - lastMs < BETWEEN_MS) return;
      lastMs = nowMs;
      for (const { from, to, hop } of waveFrom(origin, now.current, STEPS_MAX)) pulses.send(from, to, hop);
    });
  }, [chat, pulses]);
}

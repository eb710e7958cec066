/** The links of the map. Where they lie is set from outside (map.tsx), by their keys, so that moving draws nothing anew. */

import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react';
import styles from './map.module.css';
import type { DrawnLink, DrawnNode } from './picture.ts';
import { rttWords } from './words.ts';

/** How long a link that is gone is still seen going, in ms. */
const GOING_MS = 1600;

/** Those of a moment ago that are there no more. */
function useGoing(links: readonly DrawnLink[]): readonly DrawnLink[] {
  const before = useRef(links);
  const [going, setGoing] = useState<readonly DrawnLink[]>([]);
  useEffect(() => {
    const keys = new Set(links.map(({ key }) => key));
    const gone = before.current.filter(({ key }) => !keys.has(key));
    before.current = links;
    setGoing((now) => [...now.filter(({ key }) => !keys.has(key)), ...gone]);
    if (gone.length === 0) return;
    const timer = setTimeout(() => setGoing((now) => now.filter((link) => !gone.includes(link))), GOING_MS);
    return () => clearTimeout(timer);
  }, [links]);
  return going;
}

interface MapLinksProps {
  readonly links: readonly DrawnLink[];
  readonly self: DrawnNode['id'] | null;
  /** Whether there is room for words beside links. */
  readonly hasWords: boolean;
  /** Elements came or went: they are to be placed before they are seen. */
  readonly onRenewed: () => void;
}

export const MapLinks = memo(function MapLinks({ links, self, hasWords, onRenewed }: MapLinksProps) {
  const going = useGoing(links);
  useLayoutEffect(onRenewed);
  return (
    <>
      {going.map((link) => (
        <g key={`${link.key} going`} data-link={link.key} className={styles['going']}>
          <line pathLength={1} />
        </g>
      ))}
      {links.map((link) => {
        const isOwn = link.a === self || link.b === self;
        return (
          <g
            key={link.key}
            data-link={link.key}
            className={[styles['link'], isOwn && styles['own'], link.isSuspect && styles['suspect']].filter(Boolean).join(' ')}
          >
            <line pathLength={1} />
            {hasWords && link.rttMs !== null && <text>{rttWords(link.rttMs)}</text>}
          </g>
        );
      })}
    </>
  );
});

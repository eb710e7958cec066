/** What happened in the network lately, newest first. */

import { useMemo, useSyncExternalStore } from 'react';
import type { WireMeshEvent } from '../../../src/api/mesh.ts';
import { clock, dayOf, dayWords, fullTime } from '../design/time.ts';
import { useChat } from '../state/hooks.ts';
import { happenings } from './happenings.ts';
import styles from './history.module.css';
import { pageEvents } from './page-events.ts';
import type { Picture } from './picture.ts';

/** Lines that are drawn. */
const LINES_MAX = 60;

export function History({ events, picture }: { readonly events: readonly WireMeshEvent[]; readonly picture: Picture }) {
  const own = pageEvents(useChat());
  const page = useSyncExternalStore(own.subscribe, own.now);
  const { byId } = picture;
  const lines = useMemo(
    () => happenings(events, page, (id) => byId.get(id)?.name ?? id.slice(0, 8)).slice(0, LINES_MAX),
    [events, page, byId],
  );
  return (
    <section aria-labelledby="history" className={styles['history']}>
      <h2 id="history">What happened</h2>
      {lines.length === 0 && <p className={styles['quiet']}>Nothing yet: that is good.</p>}
      <ol tabIndex={0} aria-labelledby="history">
        {lines.map(({ key, atMs, kind, words }) => (
          <li key={key} className={styles[kind]}>
            <time dateTime={new Date(atMs).toISOString()} title={fullTime(atMs)}>
              {dayOf(atMs) === dayOf(Date.now()) ? '' : `${dayWords(atMs, Date.now())}, `}
              {clock(atMs)}
            </time>
            <span dir="auto">{words}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

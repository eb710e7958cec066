/** Says above everything when no node is in reach, and for a moment which node took over. While all is well it takes no room. */

import { useEffect, useRef, useState } from 'react';
import { useView } from '../state/hooks.ts';
import styles from './connection-line.module.css';
import { connectionWords, WORTH_A_WORD_MS } from './connection-words.ts';

/** How long the node that took over is named, in ms. */
const TAKEN_OVER_MS = 6000;

export function ConnectionLine() {
  const connection = useView((view) => view.connection);
  const failovers = useView((view) => view.failovers);
  const [isLong, setLong] = useState(false);
  const [tookOver, setTookOver] = useState<string | null>(null);
  const seen = useRef(failovers);
  const { state } = connection;
  const name = state === 'online' ? connection.node.name : null;

  useEffect(() => {
    setLong(false);
    if (state === 'online') return;
    const timer = setTimeout(() => setLong(true), WORTH_A_WORD_MS);
    return () => clearTimeout(timer);
  }, [state]);

  useEffect(() => {
    if (name === null || seen.current === failovers) return;
    seen.current = failovers;
    setTookOver(name);
    const timer = setTimeout(() => setTookOver(null), TAKEN_OVER_MS);
    return () => clearTimeout(timer);
  }, [name, failovers]);

  const said =
    connectionWords(connection, isLong) ?? (tookOver === null ? null : { kind: 'calm' as const, words: `${tookOver} serves you now.` });
  return (
    <div role="status" className={styles['place']}>
      {said && <p className={`${styles['line']} ${styles[said.kind]}`}>{said.words}</p>}
    </div>
  );
}

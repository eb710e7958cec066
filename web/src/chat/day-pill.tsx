/** The day that one reads, over the timeline: pressed, it leads to another. */

import { lazy, Suspense, useRef, useState } from 'react';
import { dayWords } from '../design/time.ts';
import styles from './day-pill.module.css';
import type { Goal } from './use-stretch.ts';

const DatePopup = lazy(() => import('./date-popup.tsx'));

export function DayPill({ atMs, onGo }: { readonly atMs: number; readonly onGo: (goal: Goal) => void }) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <div className={styles['place']}>
      <button
        ref={button}
        type="button"
        className={styles['pill']}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        title="Go to a date"
        onClick={() => setOpen(true)}
      >
        {dayWords(atMs, Date.now())}
        <span className="visually-hidden">: go to a date</span>
      </button>
      {isOpen && (
        <Suspense fallback={null}>
          <DatePopup atMs={atMs} anchor={button} onClose={() => setOpen(false)} onGo={onGo} />
        </Suspense>
      )}
    </div>
  );
}

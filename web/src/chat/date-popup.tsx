/** Goes to a date: one of a calendar, or one of those that are asked for most. */

import { Popover } from '@base-ui/react/popover';
import { type FormEvent, type RefObject, useState } from 'react';
import { Button } from '../design/button.tsx';
import styles from './popups.module.css';
import type { Goal } from './use-stretch.ts';

interface DateProps {
  readonly atMs: number;
  readonly anchor: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
  readonly onGo: (goal: Goal) => void;
}

function isoDay(atMs: number): string {
  const at = new Date(atMs);
  const two = (n: number): string => n.toString().padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The first moment of a local day, so many days ago. */
function daysAgo(days: number): number {
  const at = new Date();
  at.setHours(0, 0, 0, 0);
  at.setDate(at.getDate() - days);
  return at.getTime();
}

const SHORTCUTS: readonly (readonly [words: string, atMs: () => number])[] = [
  ['Today', () => daysAgo(0)],
  ['Last week', () => daysAgo(7)],
  ['Last month', () => daysAgo(30)],
  ['The very beginning', () => 0],
];

export default function DatePopup({ atMs, anchor, onClose, onGo }: DateProps) {
  const [day, setDay] = useState(isoDay(atMs));
  const go = (to: number): void => {
    onClose();
    onGo({ atMs: to });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const to = new Date(`${day}T00:00`).getTime();
    if (Number.isFinite(to)) go(to);
  };
  return (
    <Popover.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Popover.Portal>
        <Popover.Positioner anchor={anchor} sideOffset={4} className={styles['place']}>
          <Popover.Popup className={`${styles['popup']} ${styles['date']}`} finalFocus={anchor}>
            <Popover.Title className={styles['title']}>Go to a date</Popover.Title>
            <form onSubmit={submit}>
              <input
                type="date"
                aria-label="Date"
                value={day}
                max={isoDay(Date.now())}
                required
                onChange={(event) => setDay(event.target.value)}
              />
              <Button look="main" type="submit">
                Go
              </Button>
            </form>
            <ul>
              {SHORTCUTS.map(([words, to]) => (
                <li key={words}>
                  <button type="button" className={styles['item']} onClick={() => go(to())}>
                    {words}
                  </button>
                </li>
              ))}
            </ul>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

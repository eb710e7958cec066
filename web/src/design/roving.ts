/**
 * Lists in which one thing at a time is in the order of Tab, and arrows, Home and End go on from it (the "roving tabindex" of the ARIA practices). What takes part is marked
 * with `data-rove`.
 */

import { type KeyboardEvent as ReactKeyboardEvent, type RefObject, useEffect, useRef } from 'react';

function thingsIn(box: HTMLElement | null): HTMLElement[] {
  return box ? [...box.querySelectorAll<HTMLElement>('[data-rove]:not(:disabled)')] : [];
}

function next(things: readonly HTMLElement[], at: number, key: string): HTMLElement | undefined {
  switch (key) {
    case 'ArrowDown':
      return things[Math.min(at + 1, things.length - 1)];
    case 'ArrowUp':
      return things[Math.max(at - 1, 0)];
    case 'Home':
      return things[0];
    case 'End':
      return things.at(-1);
    default:
      return undefined;
  }
}

/** One of them is reached by Tab: the one that had the focus last, else that of the page that is open, else the first. */
function settle(box: HTMLElement | null, last: HTMLElement | null): void {
  const things = thingsIn(box);
  const chosen = things.find((one) => one === last) ?? things.find((one) => one.ariaCurrent === 'page') ?? things[0];
  for (const one of things) one.tabIndex = one === chosen ? 0 : -1;
}

/** For the element around the list. */
export function useRoving<E extends HTMLElement>(): RefObject<E | null> {
  const box = useRef<E>(null);
  const last = useRef<HTMLElement | null>(null);
  // Each time it is drawn: things come and go.
  useEffect(() => settle(box.current, last.current));
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const things = thingsIn(element);
      const at = things.indexOf(event.target as HTMLElement);
      const to = at < 0 ? undefined : next(things, at, event.key);
      if (!to) return;
      event.preventDefault();
      to.focus();
    };
    const onFocus = (event: FocusEvent): void => {
      const thing = (event.target as HTMLElement).closest<HTMLElement>('[data-rove]');
      if (!thing) return;
      last.current = thing;
      settle(element, thing);
    };
    element.addEventListener('keydown', onKeyDown);
    element.addEventListener('focusin', onFocus);
    return () => {
      element.removeEventListener('keydown', onKeyDown);
      element.removeEventListener('focusin', onFocus);
    };
  }, []);
  return box;
}

/** From a field above a list into it, by the arrow down. */
export function intoList(event: ReactKeyboardEvent, list: RefObject<HTMLElement | null>): void {
  if (event.key !== 'ArrowDown') return;
  const [first] = thingsIn(list.current);
  if (!first) return;
  event.preventDefault();
  first.focus();
}

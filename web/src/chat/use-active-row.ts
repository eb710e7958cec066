/**
 * The message that a pointer, a finger or the keyboard is at: it alone has its tools drawn. Arrows go from message to message, letters do what the menu does, and the menu
 * opens with the key for it or by the other mouse button.
 */

import { type HTMLAttributes, type KeyboardEvent, type MouseEvent, type RefObject, useCallback, useMemo, useState } from 'react';
import type { Item } from 'skein/client';
import type { MessageId } from '../../../src/core/ids.ts';
import type { Popup } from './timeline-context.ts';

type Handlers = Pick<HTMLAttributes<HTMLElement>, 'onMouseOver' | 'onMouseLeave' | 'onFocus' | 'onKeyDown' | 'onContextMenu' | 'onClick'>;

function rowOf(target: EventTarget): HTMLElement | null {
  return (target as Element).closest<HTMLElement>('[data-message]');
}

/** What a key does to a message: the label of the tool it presses. */
const KEYS: Readonly<Record<string, string>> = { r: 'Reply', e: 'Edit', '+': 'React', m: 'More', ContextMenu: 'More' };

function step(box: HTMLElement, by: 1 | -1): void {
  const rows = [...box.querySelectorAll<HTMLElement>('[data-message]')];
  const at = rows.findIndex((one) => one.contains(document.activeElement));
  const edge = box.getBoundingClientRect();
  // From the timeline itself arrows begin at what shows last.
  const last = rows.findLastIndex((one) => one.getBoundingClientRect().top < edge.bottom - 8);
  const row = at < 0 ? rows[last] : rows[at + by];
  row?.querySelector<HTMLElement>('article')?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: 'nearest' });
}

export function useActiveRow(
  scroller: RefObject<HTMLElement | null>,
  items: readonly Item[],
  open: (popup: Popup) => void,
): { readonly id: MessageId | null; readonly handlers: Handlers } {
  const [id, setId] = useState<MessageId | null>(null);
  const at = useCallback((target: EventTarget) => setId((rowOf(target)?.dataset['message'] as MessageId | undefined) ?? null), []);

  const onKeyDown = useCallback(
    (event: KeyboardEvent): void => {
      const box = scroller.current;
      const target = event.target as HTMLElement;
      if (!box || (target !== box && target.tagName !== 'ARTICLE') || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
        event.preventDefault();
        step(box, event.key === 'ArrowUp' ? -1 : 1);
        return;
      }
      const label = KEYS[event.key];
      if (!label || target === box) return;
      event.preventDefault();
      target.querySelector<HTMLElement>(`[data-tool="${label}"]`)?.click();
    },
    [scroller],
  );

  const onContextMenu = useCallback(
    (event: MouseEvent): void => {
      const target = event.target as HTMLElement;
      const row = rowOf(target);
      const item = row && items.find((one) => one.id === row.dataset['message']);
      // Links, code that is chosen, and whoever holds Shift keep the browser's own menu.
      if (!item || item.text === null || event.shiftKey || target.closest('a, pre') || String(getSelection()) !== '') return;
      event.preventDefault();
      const point = new DOMRect(event.clientX, event.clientY, 0, 0);
      open({ kind: 'menu', item, anchor: { getBoundingClientRect: () => point } });
    },
    [items, open],
  );

  const handlers = useMemo(
    (): Handlers => ({
      onMouseOver: (event) => at(event.target),
      onMouseLeave: () => setId(null),
      onFocus: (event) => rowOf(event.target) && at(event.target),
      onClick: (event) => at(event.target),
      onKeyDown,
      onContextMenu,
    }),
    [at, onKeyDown, onContextMenu],
  );
  return { id, handlers };
}

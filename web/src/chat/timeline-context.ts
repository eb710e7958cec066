/** What a message asks of the timeline it stands in. */

import { createContext, useContext } from 'react';
import type { Item } from 'skein/client';
import type { Goal } from './use-stretch.ts';

/** What opens beside a message; one at a time. */
export type PopupKind = 'menu' | 'react' | 'edits';

/** What a popup stands beside: an element, or a point. */
export type Anchor = Element | { getBoundingClientRect(): DOMRect };

export interface Popup {
  readonly kind: PopupKind;
  readonly item: Item;
  readonly anchor: Anchor;
}

export interface TimelineActions {
  readonly goTo: (goal: Goal) => void;
  readonly open: (popup: Popup) => void;
}

export const TimelineContext = createContext<TimelineActions>({ goTo: () => undefined, open: () => undefined });

export function useTimeline(): TimelineActions {
  return useContext(TimelineContext);
}

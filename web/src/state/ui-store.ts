/** The app's own state at work: the reducer (ui.ts), its listeners, and what of it is kept in the browser: the theme, the drafts, the wishes. */

import type { RoomId } from '../../../src/core/ids.ts';
import { type Density, type Draft, makeUi, reduceUi, type Theme, type Ui, type UiAction } from './ui.ts';
import { NO_WISHES, readWishes, writeWishes } from './wishes.ts';

const THEME_KEY = 'skein/theme';
const DENSITY_KEY = 'skein/density';
const DRAFTS_KEY = 'skein/drafts';
const WISHES_KEY = 'skein/wishes';
/** Drafts are stored after so long, in ms: not at each key. */
const SAVE_MS = 300;

/** A browser may refuse its storage (a private window, a full disk): then nothing is kept, and nothing else is lost. */
function kept(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

function keep(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // See kept.
  }
}

function readTheme(): Theme {
  const theme = kept(THEME_KEY);
  return theme === 'light' || theme === 'dark' || theme === 'contrast' ? theme : 'system';
}

function readDensity(): Density {
  return kept(DENSITY_KEY) === 'compact' ? 'compact' : 'roomy';
}

function readDrafts(): ReadonlyMap<RoomId, Draft> {
  const drafts = kept(DRAFTS_KEY);
  return new Map(Array.isArray(drafts) ? (drafts as [RoomId, Draft][]) : []);
}

export interface UiStore {
  readonly ui: () => Ui;
  readonly subscribe: (listener: () => void) => () => void;
  readonly dispatch: (action: UiAction) => void;
}

function makeStore(): UiStore {
  let ui = makeUi({ theme: readTheme(), density: readDensity(), drafts: readDrafts(), wishes: readWishes(kept(WISHES_KEY)) });
  const listeners = new Set<() => void>();
  let isSaving = false;
  const save = (): void => {
    isSaving = false;
    keep(DRAFTS_KEY, ui.drafts.size > 0 ? [...ui.drafts] : null);
  };
  addEventListener('pagehide', save);
  const show = (): void => {
    if (ui.theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = ui.theme;
    document.documentElement.dataset['density'] = ui.density;
  };
  show();
  return {
    ui: () => ui,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dispatch(action) {
      const before = ui;
      ui = reduceUi(ui, action);
      if (ui === before) return;
      if (ui.theme !== before.theme) {
        show();
        keep(THEME_KEY, ui.theme === 'system' ? null : ui.theme);
      }
      if (ui.wishes !== before.wishes) keep(WISHES_KEY, ui.wishes === NO_WISHES ? null : writeWishes(ui.wishes));
      if (ui.density !== before.density) {
        show();
        keep(DENSITY_KEY, ui.density === 'roomy' ? null : ui.density);
      }
      if (ui.drafts !== before.drafts && !isSaving) {
        isSaving = true;
        setTimeout(save, SAVE_MS);
      }
      for (const listener of [...listeners]) listener();
    },
  };
}

export const uiStore: UiStore = makeStore();

/** The keys that do something from anywhere, and those of the composer and of lists, as the sheet tells them. Pure. */

export type Act =
  | 'palette'
  | 'keys'
  | 'search'
  | 'next room'
  | 'room before'
  | 'next unread'
  | 'unread before'
  | 'next part'
  | 'part before'
  | 'all read';

export interface Shortcut {
  /** Null: it is told of here, and done where it belongs. */
  readonly act: Act | null;
  readonly keys: readonly string[];
  readonly words: string;
  readonly group: 'Anywhere' | 'Writing' | 'Lists and panels';
}

/** `Mod`: Cmd on Apple's machines, Ctrl elsewhere. */
export const SHORTCUTS: readonly Shortcut[] = [
  { act: 'palette', keys: ['Mod', 'K'], words: 'Go to a room or a person, or do something', group: 'Anywhere' },
  { act: 'search', keys: ['Mod', 'Shift', 'F'], words: 'Search', group: 'Anywhere' },
  { act: 'next room', keys: ['Alt', '↓'], words: 'Next room', group: 'Anywhere' },
  { act: 'room before', keys: ['Alt', '↑'], words: 'The room before', group: 'Anywhere' },
  { act: 'next unread', keys: ['Alt', 'Shift', '↓'], words: 'Next room in which something waits', group: 'Anywhere' },
  { act: 'unread before', keys: ['Alt', 'Shift', '↑'], words: 'The one before in which something waits', group: 'Anywhere' },
  { act: 'next part', keys: ['F6'], words: 'Next part of the page: rooms, messages, composer, panel', group: 'Anywhere' },
  { act: 'part before', keys: ['Shift', 'F6'], words: 'The part before', group: 'Anywhere' },
  { act: 'all read', keys: ['Shift', 'Esc'], words: 'Everything was read', group: 'Anywhere' },
  { act: 'keys', keys: ['Mod', '/'], words: 'This sheet', group: 'Anywhere' },
  { act: 'keys', keys: ['?'], words: 'This sheet, while no text has the focus', group: 'Anywhere' },
  { act: null, keys: ['Enter'], words: 'Send', group: 'Writing' },
  { act: null, keys: ['Shift', 'Enter'], words: 'A new line', group: 'Writing' },
  { act: null, keys: ['↑'], words: 'Edit what you wrote last, where nothing is written', group: 'Writing' },
  { act: null, keys: ['Esc'], words: 'No answer, no edit', group: 'Writing' },
  { act: null, keys: ['↓', '↑'], words: 'Through rooms, people and what was found', group: 'Lists and panels' },
  { act: null, keys: ['Home', 'End'], words: 'To its first and last', group: 'Lists and panels' },
  { act: null, keys: ['Esc'], words: 'Close the panel or the dialog', group: 'Lists and panels' },
];

/** What of a key press counts; `isText`: a text has the focus. */
export interface Press {
  readonly key: string;
  readonly isMod: boolean;
  readonly isAlt: boolean;
  readonly isShift: boolean;
  readonly isText: boolean;
}

const ARROWS: Readonly<Record<string, string>> = { ArrowDown: '↓', ArrowUp: '↑', Escape: 'Esc' };

/** Null: the press is none of these. `hasLetterKeys`: whether a sign alone counts. */
export function actOf({ key, isMod, isAlt, isShift, isText }: Press, hasLetterKeys: boolean): Act | null {
  const name = ARROWS[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  const found = SHORTCUTS.find(({ act, keys }) => {
    if (act === null || keys.at(-1) !== name) return false;
    if (keys.length === 1 && name.length === 1) return hasLetterKeys && !isText && !isMod && !isAlt;
    return keys.includes('Mod') === isMod && keys.includes('Alt') === isAlt && keys.includes('Shift') === isShift;
  });
  return found?.act ?? null;
}

/** The next of a list, round and round; null where it is empty. */
export function nextOf<T>(list: readonly T[], now: T | null, step: 1 | -1): T | null {
  if (list.length === 0) return null;
  const at = now === null ? -1 : list.indexOf(now);
  if (at < 0) return step === 1 ? list[0]! : list.at(-1)!;
  return list[(at + step + list.length) % list.length]!;
}

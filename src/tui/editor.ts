/** A text being written, and the place in it: what the keys of a composer do. Pure. */

import { graphemeBefore, nextGrapheme, nextWord, wordBefore } from './text.ts';

export interface Editor {
  readonly text: string;
  /** In code units, between two graphemes. */
  readonly at: number;
  /** What was cut last. */
  readonly cut: string;
  /** What it was before, the latest last. */
  readonly before: readonly { readonly text: string; readonly at: number }[];
}

export const EMPTY: Editor = { text: '', at: 0, cut: '', before: [] };
/** Steps that can be taken back. */
const UNDO_MAX = 100;

function changed(editor: Editor, text: string, at: number, cut = editor.cut): Editor {
  const before = [...editor.before.slice(1 - UNDO_MAX), { text: editor.text, at: editor.at }];
  return { text, at, cut, before };
}

export function withText(editor: Editor, text: string): Editor {
  return { ...editor, text, at: text.length, before: [] };
}

export function insert(editor: Editor, text: string): Editor {
  return changed(editor, editor.text.slice(0, editor.at) + text + editor.text.slice(editor.at), editor.at + text.length);
}

/** Puts a text in the place of what is between two places. */
export function replace(editor: Editor, from: number, to: number, text: string): Editor {
  return changed(editor, editor.text.slice(0, from) + text + editor.text.slice(to), from + text.length);
}

function remove(editor: Editor, from: number, to: number, isCut: boolean): Editor {
  if (from === to) return editor;
  return changed(editor, editor.text.slice(0, from) + editor.text.slice(to), from, isCut ? editor.text.slice(from, to) : editor.cut);
}

const moved = (editor: Editor, at: number): Editor => (at === editor.at ? editor : { ...editor, at });

function lineStart({ text, at }: Editor): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

function lineEnd({ text, at }: Editor): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** Swaps the graphemes around the place. */
function transposed(editor: Editor): Editor {
  const { text, at } = editor;
  const to = at >= text.length ? text.length : nextGrapheme(text, at);
  const middle = graphemeBefore(text, to);
  const from = graphemeBefore(text, middle);
  if (from === middle) return editor;
  return changed(editor, text.slice(0, from) + text.slice(middle, to) + text.slice(from, middle) + text.slice(to), to);
}

function undone(editor: Editor): Editor {
  const last = editor.before.at(-1);
  return last ? { ...editor, ...last, before: editor.before.slice(0, -1) } : editor;
}

/** What each key does, by its name (keys.ts). */
const KEYS: Readonly<Record<string, (editor: Editor) => Editor>> = {
  left: (editor) => moved(editor, graphemeBefore(editor.text, editor.at)),
  right: (editor) => moved(editor, nextGrapheme(editor.text, editor.at)),
  'alt-b': (editor) => moved(editor, wordBefore(editor.text, editor.at)),
  'alt-f': (editor) => moved(editor, nextWord(editor.text, editor.at)),
  home: (editor) => moved(editor, lineStart(editor)),
  end: (editor) => moved(editor, lineEnd(editor)),
  'ctrl-home': (editor) => moved(editor, 0),
  'ctrl-end': (editor) => moved(editor, editor.text.length),
  backspace: (editor) => remove(editor, graphemeBefore(editor.text, editor.at), editor.at, false),
  delete: (editor) => remove(editor, editor.at, nextGrapheme(editor.text, editor.at), false),
  'ctrl-w': (editor) => remove(editor, wordBefore(editor.text, editor.at), editor.at, true),
  'alt-d': (editor) => remove(editor, editor.at, nextWord(editor.text, editor.at), true),
  'ctrl-u': (editor) => remove(editor, lineStart(editor), editor.at, true),
  'ctrl-k': (editor) => {
    const end = lineEnd(editor);
    return remove(editor, editor.at, end === editor.at ? Math.min(end + 1, editor.text.length) : end, true);
  },
  'ctrl-y': (editor) => (editor.cut === '' ? editor : insert(editor, editor.cut)),
  'ctrl-t': transposed,
  'ctrl-_': undone,
};

const SAME: Readonly<Record<string, string>> = {
  'ctrl-b': 'left',
  'ctrl-f': 'right',
  'ctrl-left': 'alt-b',
  'alt-left': 'alt-b',
  'ctrl-right': 'alt-f',
  'alt-right': 'alt-f',
  'ctrl-a': 'home',
  'ctrl-e': 'end',
  'ctrl-h': 'backspace',
  'ctrl-d': 'delete',
  'alt-backspace': 'ctrl-w',
  'ctrl-backspace': 'ctrl-w',
  'ctrl-delete': 'alt-d',
};

/** What a key makes of the text; null where the key is none of the editor's. */
export function edited(editor: Editor, key: string): Editor | null {
  return KEYS[SAME[key] ?? key]?.(editor) ?? null;
}

/** One line up or down in a text of several; null at its first or last. */
export function lineMoved(editor: Editor, by: -1 | 1): Editor | null {
  const start = lineStart(editor);
  const column = editor.at - start;
  if (by < 0) {
    if (start === 0) return null;
    const above = editor.text.lastIndexOf('\n', start - 2) + 1;
    return moved(editor, onGrapheme(editor.text, Math.min(above + column, start - 1)));
  }
  const end = lineEnd(editor);
  if (end === editor.text.length) return null;
  const next = lineEnd({ ...editor, at: end + 1 });
  return moved(editor, onGrapheme(editor.text, Math.min(end + 1 + column, next)));
}

/** The nearest place before or at `at` that is between two graphemes. */
function onGrapheme(text: string, at: number): number {
  return at >= text.length
    ? text.length
    : at <= 0
      ? 0
      : nextGrapheme(text, graphemeBefore(text, at)) === at
        ? at
        : graphemeBefore(text, at);
}

/** Keys in what lies over the timeline, and in questions. Pure. */

import { indexOfId } from '../client/find.ts';
import type { View } from '../client/view.ts';
import { areasOf, viewportOf } from './areas.ts';
import { type Step, step, told } from './commands.ts';
import { EMPTY, edited, insert } from './editor.ts';
import type { Env } from './env.ts';
import { sheetLength, switchable } from './sheets.ts';
import { clean } from './text.ts';
import { centred } from './timeline.ts';
import type { Prompt, Sheet, Ui } from './ui.ts';
import { opened } from './update-rooms.ts';

/** A secret in characters, at most. */
const SECRET_LENGTH_MAX = 4096;

export function promptText(ui: Ui, prompt: Prompt, text: string): Step {
  const safe = clean(text).replace(/\n/g, '');
  if (prompt.editor.text.length + safe.length > SECRET_LENGTH_MAX) return step(ui);
  return step({ ...ui, prompt: { ...prompt, editor: insert(prompt.editor, safe) } });
}

export function promptKey(ui: Ui, prompt: Prompt, key: string): Step {
  if (key === 'escape') return told({ ...ui, prompt: null }, 'nothing was done', 'good');
  if (key !== 'enter') {
    const editor = edited(prompt.editor, key);
    // Nothing of a secret is kept, to be put in elsewhere.
    return step(editor ? { ...ui, prompt: { ...prompt, editor: { ...editor, cut: '', before: [] } } } : ui);
  }
  const given = [...prompt.given, prompt.editor.text];
  if (prompt.editor.text === '' && prompt.isSecret) return step(ui);
  const ask = (words: string, isSecret = true): Step => step({ ...ui, prompt: { ...prompt, given, words, isSecret, editor: EMPTY } });
  const ended: Ui = { ...ui, prompt: null };
  const [first = '', second = '', third = ''] = given;
  switch (prompt.kind) {
    case 'login':
      return step(ended, { type: 'as', as: { account: prompt.name, password: first } });
    case 'register':
      if (given.length === 1) return ask('the same again');
      if (second !== first) return told(ended, 'the two were not the same: nothing was done');
      if (given.length === 2) return ask('your invitation, if you were given one', false);
      return step(ended, {
        type: 'as',
        as: { register: prompt.name, password: first, ...(third.trim() ? { invitation: third.trim() } : {}) },
      });
    case 'passwd':
      if (given.length === 1) return ask('the new password');
      if (given.length === 2) return ask('the new one again');
      return third === second
        ? step(ended, { type: 'passwd', now: first, next: second })
        : told(ended, 'the two were not the same: nothing was done');
  }
}

export function sheetWheel(view: View, ui: Ui, env: Env, sheet: Sheet, rows: number): Step {
  if ('chosen' in sheet) return chosenBy(view, ui, sheet, Math.sign(rows));
  return scrolledSheet(view, ui, env, sheet, rows);
}

function scrolledSheet(view: View, ui: Ui, env: Env, sheet: Sheet, rows: number): Step {
  if (!('top' in sheet)) return step(ui);
  const { middle, timelineRows } = areasOf(view, ui);
  const last = Math.max(0, sheetLength(view, ui, env, sheet, middle) - Math.max(1, timelineRows - 1));
  return step({ ...ui, sheet: { ...sheet, top: Math.max(0, Math.min(last, sheet.top + rows)) } });
}

/** How many can be chosen from. */
function choices(view: View, sheet: Sheet): number {
  if (sheet.kind === 'search') return sheet.found?.length ?? 0;
  if (sheet.kind === 'rooms') return sheet.rooms?.length ?? 0;
  return sheet.kind === 'switch' ? switchable(view, sheet.editor.text).length : 0;
}

function chosenBy(view: View, ui: Ui, sheet: Sheet & { chosen: number }, by: number): Step {
  const length = choices(view, sheet);
  const chosen = Math.max(0, Math.min(length - 1, sheet.chosen + by));
  const next = step({ ...ui, sheet: { ...sheet, chosen } as Sheet });
  if (sheet.kind !== 'search' || sheet.next === null || chosen < length - 3) return next;
  return step({ ...next.ui, sheet: { ...sheet, chosen, next: null } }, { type: 'search', words: sheet.words, next: sheet.next });
}

export function sheetText(view: View, ui: Ui, env: Env, sheet: Sheet, text: string): Step {
  if (sheet.kind === 'switch')
    return step({ ...ui, sheet: { ...sheet, editor: insert(sheet.editor, clean(text).replace(/\n/g, '')), chosen: 0 } });
  let now = step(ui);
  for (const letter of text) {
    const open = now.ui.sheet;
    if (!open) break;
    const next = sheetKey(view, now.ui, env, open, letter);
    now = step(next.ui, ...now.effects, ...next.effects);
  }
  return now;
}

export function sheetKey(view: View, ui: Ui, env: Env, sheet: Sheet, key: string): Step {
  if (sheet.kind === 'confirm') {
    return key === 'y' || key === 'Y' || key === 'enter' ? step({ ...ui, sheet: null }, sheet.effect) : step({ ...ui, sheet: null });
  }
  if (key === 'escape' || (sheet.kind !== 'switch' && key === 'q'))
    return step({ ...ui, sheet: sheet.kind === 'excerpt' ? sheet.back : null });
  if (sheet.kind === 'switch') {
    const editor = edited(sheet.editor, key);
    if (editor && key !== 'ctrl-k') return step({ ...ui, sheet: { ...sheet, editor, chosen: 0 } });
  }
  const page = Math.max(1, areasOf(view, ui).timelineRows - 2);
  const by = STEPS[key] ?? (key === 'pageup' ? -page : key === 'pagedown' || key === ' ' ? page : 0);
  if (by !== 0) return 'chosen' in sheet ? chosenBy(view, ui, sheet, by) : scrolledSheet(view, ui, env, sheet, by);
  return key === 'enter' ? entered(view, ui, env, sheet) : step(ui);
}

const STEPS: Readonly<Record<string, number>> = {
  up: -1,
  down: 1,
  k: -1,
  j: 1,
  'ctrl-p': -1,
  'ctrl-n': 1,
  'shift-tab': -1,
  tab: 1,
  home: -1e9,
  end: 1e9,
};

function entered(view: View, ui: Ui, env: Env, sheet: Sheet): Step {
  if (sheet.kind === 'switch') {
    const room = switchable(view, sheet.editor.text)[sheet.chosen];
    return room ? opened({ ...ui, sheet: null }, room.room.id) : step(ui);
  }
  if (sheet.kind === 'rooms') {
    const room = sheet.rooms?.[sheet.chosen];
    return room ? step({ ...ui, sheet: null }, { type: 'ask', request: { do: 'join', room: room.name }, done: '' }) : step(ui);
  }
  if (sheet.kind !== 'search') return step({ ...ui, sheet: sheet.kind === 'excerpt' ? sheet.back : null });
  const found = sheet.found?.[sheet.chosen];
  return found ? jumped(view, ui, env, sheet, found.message) : step(ui);
}

/** To a message that was found: in its timeline where it is there, else among those that stand around it. */
function jumped(
  view: View,
  ui: Ui,
  env: Env,
  sheet: Sheet,
  { room, id }: { room: Parameters<typeof opened>[1]; id: Parameters<typeof indexOfId>[1] },
): Step {
  const known = view.rooms.get(room);
  if (!known || indexOfId(known.timeline, id) < 0) {
    return step({ ...ui, sheet: { kind: 'excerpt', id, messages: [], top: 0, back: sheet } }, { type: 'around', room, id });
  }
  const next = opened({ ...ui, sheet: null }, room);
  const port = viewportOf(view, next.ui, env);
  const anchor = port && centred(port, id);
  const scroll = new Map(next.ui.scroll);
  if (anchor) scroll.set(room, anchor);
  else scroll.delete(room);
  return step({ ...next.ui, scroll, chosen: id }, ...next.effects);
}

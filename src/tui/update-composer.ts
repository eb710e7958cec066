/** The composer: what keys do while a text is written, and what becomes of it. Pure. */

import type { View } from '../client/view.ts';
import { TEXT_BYTES_MAX } from '../core/text.ts';
import { areasOf } from './areas.ts';
import { commandIn, messageIn, runCommand, type Step, step, told } from './commands.ts';
import { completed, takenBack, turned, withEmoji } from './complete.ts';
import { type Editor, EMPTY, edited, insert, lineMoved, withText } from './editor.ts';
import type { Effect } from './effects.ts';
import type { Env } from './env.ts';
import { clean } from './text.ts';
import { type About, roomOf, type Ui } from './ui.ts';
import { chooseBy, chooseLast, chosenItem, editing, reacting } from './update-chosen.ts';
import { nextUnread, numbered, opened, scrolledBy, stepped } from './update-rooms.ts';

/** Lines of the input history. */
const HISTORY_MAX = 200;
/** Messages that are looked through for the last of one's own. */
const LAST_OWN_DEPTH = 200;

function written(view: View, ui: Ui, editor: Editor): Step {
  const next: Ui = { ...ui, editor, completion: null, note: null };
  const room = roomOf(view, ui);
  if (!room || ui.about || editor.text === ui.editor.text) return step(next);
  const isMessage = editor.text !== '' && !/^[:/]/.test(editor.text);
  if (!isMessage && ui.editor.text === '') return step(next);
  return step(next, { type: 'typing', to: room.room.id, on: isMessage });
}

export function typed(view: View, ui: Ui, text: string): Step {
  return written(view, ui, insert(ui.editor, clean(text)));
}

/** What is pasted is text, whatever it holds; a line break at its end sends nothing. */
export function pasted(view: View, ui: Ui, text: string): Step {
  return written(view, ui, insert(ui.editor, clean(text).replace(/\n+$/, '')));
}

export function composerKey(view: View, ui: Ui, env: Env, key: string): Step {
  const done = going(view, ui, env, key) ?? writing(view, ui, env, key);
  if (done) return done;
  const editor = edited(ui.editor, key);
  return editor ? written(view, ui, editor) : step(ui);
}

/** Keys that go somewhere. */
function going(view: View, ui: Ui, env: Env, key: string): Step | null {
  const page = Math.max(1, areasOf(view, ui).timelineRows - 2);
  const digit = /^alt-([1-9])$/.exec(key);
  if (digit) return numbered(view, ui, Number(digit[1]));
  switch (key) {
    case 'pageup':
      return scrolledBy(view, ui, env, -page);
    case 'pagedown':
      return scrolledBy(view, ui, env, page);
    case 'shift-up':
    case 'ctrl-up':
      return scrolledBy(view, ui, env, -1);
    case 'shift-down':
    case 'ctrl-down':
      return scrolledBy(view, ui, env, 1);
    case 'alt-up':
      return chooseBy(view, ui, env, -1);
    case 'alt-down':
      return chooseBy(view, ui, env, 1);
    case 'ctrl-n':
      return stepped(view, ui, 1);
    case 'ctrl-p':
      return stepped(view, ui, -1);
    case 'alt-a':
      return nextUnread(view, ui);
    case 'alt-0':
      return ui.lastRoom ? opened(ui, ui.lastRoom) : step(ui);
    case 'f1':
      return step({ ...ui, sheet: { kind: 'help', top: 0 } });
    case 'f2':
      return step({ ...ui, sheet: { kind: 'net', top: 0 } });
    case 'ctrl-k':
      return ui.editor.at < ui.editor.text.length ? null : step({ ...ui, sheet: { kind: 'switch', editor: EMPTY, chosen: 0 } });
    case 'end':
      return ui.editor.text === '' ? step({ ...ui, scroll: withoutAnchor(ui) }) : null;
    case 'ctrl-d':
      return ui.editor.text === '' && !ui.about ? step(ui, { type: 'quit' }) : null;
    default:
      return null;
  }
}

function withoutAnchor(ui: Ui): Ui['scroll'] {
  return new Map([...ui.scroll].filter(([room]) => room !== ui.room));
}

/** Keys that are about the text. */
function writing(view: View, ui: Ui, env: Env, key: string): Step | null {
  switch (key) {
    case 'enter':
      return submitted(view, ui, env);
    case 'alt-enter':
    case 'shift-enter':
    case 'ctrl-enter':
    case 'ctrl-j':
      return written(view, ui, insert(ui.editor, '\n'));
    case 'tab':
      return tabbed(view, ui, env, 1);
    case 'shift-tab':
      return tabbed(view, ui, env, -1);
    case 'escape':
      return escaped(view, ui, env);
    case 'up':
      return up(view, ui);
    case 'down': {
      const editor = lineMoved(ui.editor, 1);
      return editor ? step({ ...ui, editor }) : recalled(ui, -1);
    }
    case 'alt-p':
      return recalled(ui, 1);
    case 'alt-n':
      return recalled(ui, -1);
    default:
      return null;
  }
}

/** A line up; from the first one to what was sent before; from nothing to the last message of one's own, to edit it. */
function up(view: View, ui: Ui): Step {
  const editor = lineMoved(ui.editor, -1);
  if (editor) return step({ ...ui, editor });
  if (ui.editor.text !== '' || ui.about || ui.historyBack > 0) return recalled(ui, 1);
  const timeline = roomOf(view, ui)?.timeline ?? [];
  for (let i = timeline.length - 1; i >= Math.max(0, timeline.length - LAST_OWN_DEPTH); i--) {
    const item = timeline[i]!;
    if (item.author === view.me?.author && item.text !== null && !item.removed) return editing(ui, item);
  }
  return recalled(ui, 1);
}

function recalled(ui: Ui, by: 1 | -1): Step {
  const back = ui.historyBack + by;
  if (back < 0 || back > ui.history.length) return step(ui);
  const unsaid = ui.historyBack === 0 ? ui.editor.text : ui.unsaid;
  const text = back === 0 ? unsaid : ui.history[ui.history.length - back]!;
  return step({ ...ui, historyBack: back, unsaid, editor: withText(ui.editor, text), completion: null });
}

function tabbed(view: View, ui: Ui, env: Env, by: 1 | -1): Step {
  if (ui.completion) return step({ ...ui, ...turned(ui.editor, ui.completion, by) });
  const found = completed(view, ui, ui.editor, env.emoji);
  if (!found) return step(ui);
  return step({ ...ui, editor: found.editor, completion: found.completion.candidates.length > 1 ? found.completion : null });
}

function escaped(view: View, ui: Ui, env: Env): Step {
  if (ui.completion) return step({ ...ui, editor: takenBack(ui.editor, ui.completion), completion: null });
  if (ui.about) return step(released(ui));
  if (ui.note) return step({ ...ui, note: null });
  if (ui.chosen) return step({ ...ui, chosen: null });
  return chooseLast(view, ui, env);
}

/** The composer is for new messages again, with what was begun before. */
function released(ui: Ui): Ui {
  const draft = ui.about?.kind === 'edit' ? ui.drafts.get(ui.about.room) : undefined;
  const editor = ui.about?.kind === 'edit' ? { ...(draft ?? EMPTY), cut: ui.editor.cut } : ui.editor;
  return { ...ui, about: null, chosen: null, editor };
}

function submitted(view: View, ui: Ui, env: Env): Step {
  const text = ui.editor.text.trimEnd();
  if (text.trim() === '') return step(ui.about ? released(ui) : { ...ui, editor: { ...EMPTY, cut: ui.editor.cut }, completion: null });
  const emptied: Ui = {
    ...ui,
    editor: { ...EMPTY, cut: ui.editor.cut },
    completion: null,
    note: null,
    history: remembered(ui.history, text),
    historyBack: 0,
    unsaid: '',
  };
  if (ui.about) return aboutMessage(view, emptied, ui.about, withEmoji(text, env.emoji).trim(), ui);
  if (commandIn(text) !== null) return runCommand({ ui: emptied, view, line: text });
  const room = roomOf(view, ui);
  if (!room) return told(ui, 'no room is open: :join #room');
  const words = withEmoji(messageIn(text), env.emoji);
  if (tooLong(words)) return told(ui, tooLongWords(words));
  return posting(emptied, { type: 'post', to: room.room.id, text: words, style: 'text' });
}

function posting(ui: Ui, effect: Effect): Step {
  return step({ ...ui, scroll: withoutAnchor(ui), chosen: null }, effect);
}

function remembered(history: readonly string[], text: string): readonly string[] {
  if (history.at(-1) === text) return history;
  return [...history.slice(1 - HISTORY_MAX), text];
}

const bytes = (text: string): number => new TextEncoder().encode(text).length;
const tooLong = (text: string): boolean => bytes(text) > TEXT_BYTES_MAX;
const tooLongWords = (text: string): string => `too long by ${bytes(text) - TEXT_BYTES_MAX} bytes of ${TEXT_BYTES_MAX}: send it in parts`;

/** A reply, an edit or a reaction is done. */
function aboutMessage(view: View, emptied: Ui, about: About, text: string, before: Ui): Step {
  if (tooLong(text)) return told(before, tooLongWords(text));
  const { room, id } = about;
  const draft = emptied.drafts.get(room);
  const next: Ui = { ...emptied, about: null, chosen: null, editor: about.kind === 'edit' && draft ? draft : emptied.editor };
  if (about.kind === 'reply') return posting(next, { type: 'post', to: room, text, style: 'text', target: id });
  if (about.kind === 'edit') return step(next, { type: 'ask', request: { do: 'edit', room, target: id, text }, done: '' });
  const item = chosenItem(view, { ...emptied, chosen: id });
  if (!item) return told(next, 'the message is not there any more');
  if (/\s/.test(text) || bytes(text) > 64) return told(before, 'a reaction is one emoji: :tada and Tab');
  return reacting(view, next, item, text);
}

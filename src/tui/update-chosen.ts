/** A message is chosen: what keys do with it. Pure. */

import { indexOfId } from '../client/find.ts';
import type { Item, View } from '../client/view.ts';
import type { MessageId } from '../core/ids.ts';
import { viewportOf } from './areas.ts';
import { type Step, step, told } from './commands.ts';
import { EMPTY, withText } from './editor.ts';
import type { Env } from './env.ts';
import { cleanLine, clip } from './text.ts';
import { revealed, visible } from './timeline.ts';
import { roomOf, type Ui } from './ui.ts';

/** What the digits react with. */
export const QUICK = ['👍', '❤️', '😂', '🎉', '😮', '😢'];

/** Power in a room from which on others' messages may be removed and pinned (api/protocol.ts, WireRoom). */
const MODERATES = 2;

export function chosenItem(view: View, ui: Ui): Item | null {
  const room = roomOf(view, ui);
  if (!room || !ui.chosen) return null;
  return room.timeline[indexOfId(room.timeline, ui.chosen)] ?? null;
}

/** A message is chosen, and shows. */
export function choosing(view: View, ui: Ui, env: Env, id: MessageId): Step {
  const next: Ui = { ...ui, chosen: id, completion: null };
  const port = viewportOf(view, next, env);
  if (!port) return step(ui);
  const anchor = revealed(port, id);
  const scroll = new Map(ui.scroll);
  if (anchor) scroll.set(port.room.room.id, anchor);
  else scroll.delete(port.room.room.id);
  return step({ ...next, scroll });
}

/** The choice goes on to a message further up or down; out of the lower end it ends. */
export function chooseBy(view: View, ui: Ui, env: Env, by: number): Step {
  const room = roomOf(view, ui);
  if (!room || room.timeline.length === 0) return step(ui);
  const { timeline } = room;
  if (!ui.chosen) return chooseLast(view, ui, env);
  const at = indexOfId(timeline, ui.chosen);
  if (at < 0) return chooseLast(view, ui, env);
  if (at + by >= timeline.length) return step({ ...ui, chosen: null });
  return choosing(view, ui, env, timeline[Math.max(0, at + by)]!.id);
}

/** The last message that shows. */
export function chooseLast(view: View, ui: Ui, env: Env): Step {
  const port = viewportOf(view, ui, env);
  const last = port && visible(port).findLast(({ id }) => id !== null)?.id;
  return last ? choosing(view, ui, env, last) : step(ui);
}

/** What a key does to the chosen message; null where it does nothing there. */
export function chosenKey(view: View, ui: Ui, env: Env, key: string): Step | null {
  const item = chosenItem(view, ui);
  if (!item) return null;
  const ended: Ui = { ...ui, chosen: null };
  const isMine = item.author === view.me?.author;
  const power = roomOf(view, ui)?.room.power ?? 0;
  const { delivery } = item;
  switch (key) {
    case 'escape':
    case 'q':
    case 'i':
      return step(ended);
    case 'k':
    case 'up':
      return chooseBy(view, ui, env, -1);
    case 'j':
    case 'down':
      return chooseBy(view, ui, env, 1);
    case 'G':
      return step({ ...ended, scroll: new Map([...ui.scroll].filter(([room]) => room !== ui.room)) });
    case 'r':
      return step({ ...ui, about: { kind: 'reply', room: item.room, id: item.id } });
    case 'e':
      return isMine ? editing(ui, item) : told(ui, 'only its author may edit a message');
    case '+':
      return step({ ...ui, about: { kind: 'react', room: item.room, id: item.id } });
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
      return reacting(view, ended, item, QUICK[Number(key) - 1]!);
    case 'p':
      return step(ended, {
        type: 'ask',
        request: { do: 'pin', room: item.room, target: item.id, on: !item.pinned },
        done: item.pinned ? 'no longer pinned' : 'pinned',
      });
    case 'y':
      return copied(ended, item.id, 'its id was copied');
    case 'c':
      return copied(ended, item.text ?? '', 'its text was copied');
    case 'x':
    case 'delete':
      return isMine || power >= MODERATES ? removing(ui, item) : told(ui, 'only its author or a moderator may remove a message');
    case 'd':
      return delivery?.state === 'refused' ? step(ended, { type: 'discard', id: item.id }) : null;
    case 'enter':
      if (delivery?.state === 'refused') return step(ended, { type: 'retry', id: item.id });
      return item.target ? choosing(view, ui, env, item.target) : step({ ...ui, about: { kind: 'reply', room: item.room, id: item.id } });
    default:
      return null;
  }
}

function copied(ui: Ui, text: string, words: string): Step {
  const next = told(ui, words, 'good');
  return step(next.ui, { type: 'copy', text });
}

export function editing(ui: Ui, item: Item): Step {
  if (item.text === null) return told(ui, 'it was removed');
  const drafts = new Map(ui.drafts);
  if (ui.editor.text !== '') drafts.set(item.room, ui.editor);
  return step({
    ...ui,
    drafts,
    about: { kind: 'edit', room: item.room, id: item.id },
    chosen: item.id,
    editor: withText(ui.editor, item.text),
  });
}

/** A reaction is put there, or taken back where it is there. */
export function reacting(view: View, ui: Ui, item: Item, emoji: string): Step {
  const isThere = view.me !== null && (item.reactions?.[emoji] ?? []).includes(view.me.author);
  return step(
    { ...ui, editor: { ...EMPTY, cut: ui.editor.cut } },
    {
      type: 'ask',
      request: { do: 'react', room: item.room, target: item.id, emoji, on: !isThere },
      done: '',
    },
  );
}

function removing(ui: Ui, item: Item): Step {
  const words = `Remove “${clip(cleanLine(item.text ?? ''), 40)}” for everybody?`;
  const effect = { type: 'ask', request: { do: 'remove', room: item.room, target: item.id, reason: '' }, done: 'removed' } as const;
  return step({ ...ui, chosen: null, sheet: { kind: 'confirm', words, effect } });
}

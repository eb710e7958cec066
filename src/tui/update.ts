/** The face's state machine: an input in, the new state and effects out. Pure. */

import type { Answers, Request, WireMessage, WirePerson, WireRoom } from '../api/protocol.ts';
import type { View } from '../client/view.ts';
import type { RoomId } from '../core/ids.ts';
import { viewportOf } from './areas.ts';
import type { Size } from './cells.ts';
import { runCommand, type Step, step, told } from './commands.ts';
import type { Env } from './env.ts';
import type { TerminalInput } from './keys.ts';
import { hit } from './render.ts';
import { cleanLine } from './text.ts';
import { wantsOlder } from './timeline.ts';
import { type FoundMessage, orderedRooms, type Ui } from './ui.ts';
import { choosing, chosenKey } from './update-chosen.ts';
import { composerKey, pasted, typed } from './update-composer.ts';
import { opened, scrolledBy } from './update-rooms.ts';
import { promptKey, promptText, sheetKey, sheetText, sheetWheel } from './update-sheet.ts';

/** What the face is told. */
export type Input =
  | TerminalInput
  | { readonly type: 'resize'; readonly size: Size }
  /** The view is another than before. */
  | { readonly type: 'view'; readonly before: View }
  | { readonly type: 'done'; readonly request: Request; readonly value: unknown; readonly words: string }
  | { readonly type: 'failed'; readonly words: string }
  | { readonly type: 'said'; readonly words: string }
  | { readonly type: 'person'; readonly name: string; readonly person: WirePerson | null; readonly line: string }
  /** What could not be read may be asked for again. */
  | { readonly type: 'again' }
  /** A room is to be shown. */
  | { readonly type: 'go'; readonly room: RoomId }
  | { readonly type: 'rooms'; readonly rooms: readonly WireRoom[] }
  | { readonly type: 'found'; readonly found: readonly FoundMessage[]; readonly next: string | null; readonly isMore: boolean }
  | { readonly type: 'around'; readonly messages: readonly WireMessage[] }
  | { readonly type: 'lines'; readonly title: string; readonly lines: readonly string[] };

/** Rows of one step of a mouse's wheel. */
const WHEEL_ROWS = 3;

export function update(view: View, ui: Ui, env: Env, input: Input): Step {
  const next = react(view, ui, env, input);
  const port = viewportOf(view, next.ui, env);
  if (!port || !wantsOlder(port)) return next;
  return step(next.ui, ...next.effects, { type: 'older', room: port.room.room.id });
}

function react(view: View, ui: Ui, env: Env, input: Input): Step {
  switch (input.type) {
    case 'key':
      return keyed(view, ui, env, input.key);
    case 'text':
      return texted(view, ui, env, input.text);
    case 'paste':
      return texted(view, ui, env, input.text, true);
    case 'wheel':
      return wheel(view, ui, env, input.by);
    case 'press':
      return pressed(view, ui, env, input.row, input.column);
    case 'focus':
      return focused(view, ui, input.on);
    case 'background':
      return step(ui);
    case 'synchronised':
      return step(ui);
    case 'resize':
      return step({ ...ui, size: input.size });
    case 'view':
      return viewed(view, ui, input.before);
    default:
      return answered(view, ui, input);
  }
}

type Told = Exclude<Input, TerminalInput | { type: 'resize' } | { type: 'view' }>;

function answered(view: View, ui: Ui, input: Told): Step {
  switch (input.type) {
    case 'done':
      return done(view, ui, input.request, input.value, input.words);
    case 'failed':
      return told(ui, cleanLine(input.words));
    case 'said':
      return told(ui, cleanLine(input.words), 'good');
    case 'person':
      return runCommand({ ui, view, line: input.line, known: { name: input.name, person: input.person } });
    case 'again':
      return step(ui);
    case 'go':
      return opened(ui, input.room);
    case 'rooms':
      return step(ui.sheet?.kind === 'rooms' ? { ...ui, sheet: { ...ui.sheet, rooms: input.rooms } } : ui);
    case 'found': {
      if (ui.sheet?.kind !== 'search') return step(ui);
      const found = input.isMore ? [...(ui.sheet.found ?? []), ...input.found] : input.found;
      return step({ ...ui, sheet: { ...ui.sheet, found, next: input.next } });
    }
    case 'around':
      return step(ui.sheet?.kind === 'excerpt' ? { ...ui, sheet: { ...ui.sheet, messages: input.messages } } : ui);
    case 'lines':
      return step({ ...ui, sheet: { kind: 'lines', title: input.title, lines: input.lines, top: 0 } });
  }
}

function done(view: View, ui: Ui, request: Request, value: unknown, words: string): Step {
  if (request.do === 'join' || request.do === 'make private room') return opened(ui, (value as Answers['join']).room.id);
  if (request.do === 'part' && ui.room === request.room) {
    const other = orderedRooms(view).find(({ room }) => room.id !== request.room);
    return other ? opened(ui, other.room.id) : step(ui);
  }
  return words === '' ? step(ui) : told(ui, cleanLine(words), 'good');
}

function keyed(view: View, ui: Ui, env: Env, key: string): Step {
  if (key === 'ctrl-c') return step(ui, { type: 'quit' });
  if (key === 'ctrl-z') return step(ui, { type: 'suspend' });
  if (key === 'ctrl-l') return step(ui, { type: 'redraw' });
  if (ui.prompt) return promptKey(ui, ui.prompt, key);
  if (ui.sheet) return sheetKey(view, ui, env, ui.sheet, key);
  if (ui.chosen && !ui.about) {
    const chosen = chosenKey(view, ui, env, key);
    if (chosen) return chosen;
  }
  return composerKey(view, ui, env, key);
}

function texted(view: View, ui: Ui, env: Env, text: string, isPaste = false): Step {
  if (ui.prompt) return promptText(ui, ui.prompt, text);
  if (ui.sheet) return sheetText(view, ui, env, ui.sheet, text);
  if (ui.chosen && !ui.about && !isPaste) return lettered(view, ui, env, text);
  return isPaste ? pasted(view, ui, text) : typed(view, ui, text);
}

/** Letters while a message is chosen: each is a key of its own, until there is something to write. */
function lettered(view: View, ui: Ui, env: Env, text: string): Step {
  const [letter = '', ...rest] = text;
  const next = chosenKey(view, ui, env, letter) ?? step(ui);
  if (rest.length === 0) return next;
  const last = texted(view, next.ui, env, rest.join(''));
  return step(last.ui, ...next.effects, ...last.effects);
}

function wheel(view: View, ui: Ui, env: Env, by: -1 | 1): Step {
  if (ui.sheet) return sheetWheel(view, ui, env, ui.sheet, by * WHEEL_ROWS);
  return scrolledBy(view, ui, env, by * WHEEL_ROWS);
}

function pressed(view: View, ui: Ui, env: Env, row: number, column: number): Step {
  if (ui.prompt || ui.sheet) return step(ui);
  const at = hit(view, ui, env, row, column);
  if (at?.type === 'room') return opened(ui, at.room);
  if (at?.type === 'message') return ui.chosen === at.id ? step({ ...ui, chosen: null }) : choosing(view, ui, env, at.id);
  return step({ ...ui, chosen: null });
}

/** Of a room that nobody looks at the library keeps the newest messages alone (client/limits.ts): whoever is further back keeps their place. */
const KEPT_MESSAGES = 4_000;

function focused(view: View, ui: Ui, on: boolean): Step {
  const next: Ui = { ...ui, hasFocus: on };
  if (on) return step(next, { type: 'open', room: ui.room });
  const isFarBack = ui.room !== null && ui.scroll.has(ui.room) && (view.rooms.get(ui.room)?.timeline.length ?? 0) > KEPT_MESSAGES;
  return isFarBack ? step(next) : step(next, { type: 'open', room: null });
}

/** What the view’s change means for the face: a room to show, a bell. */
function viewed(view: View, ui: Ui, before: View): Step {
  const shown = ui.room !== null && view.rooms.has(ui.room);
  const isNamed = ui.hasBell && calls(view) > calls(before);
  const bell = isNamed ? [{ type: 'bell' } as const] : [];
  if (shown || view.rooms.size === 0) return step(ui, ...bell);
  const room = ui.lastRoom !== null && view.rooms.has(ui.lastRoom) ? ui.lastRoom : orderedRooms(view)[0]!.room.id;
  const next = opened(ui, room);
  return step(next.ui, ...next.effects, ...bell);
}

function calls(view: View): number {
  let sum = 0;
  for (const { room, mentions } of view.rooms.values()) if (!view.muted.has(room.id)) sum += mentions;
  return sum;
}

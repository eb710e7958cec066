/** What Tab makes of a beginning: names after `@`, rooms after `#`, commands after `:` or `/`, emoji after `:`. Pure. */

import type { View } from '../client/view.ts';
import { COMMANDS, commandNamed } from './commands.ts';
import { type Editor, replace } from './editor.ts';
import type { Emoji } from './env.ts';
import { cleanLine } from './text.ts';
import { THEMES } from './theme.ts';
import { type Candidate, type Completion, orderedRooms, roomOf, type Ui } from './ui.ts';

const CANDIDATES_MAX = 50;

/** Starts a completion at the cursor, with its first candidate put in; null where nothing fits. */
export function completed(view: View, ui: Ui, editor: Editor, emoji: readonly Emoji[]): { editor: Editor; completion: Completion } | null {
  const found = candidatesAt(view, ui, editor, emoji);
  if (!found || found.candidates.length === 0) return null;
  const completion: Completion = {
    from: found.from,
    candidates: found.candidates.slice(0, CANDIDATES_MAX),
    chosen: 0,
    before: { text: editor.text, at: editor.at },
  };
  return { editor: withCandidate(editor, completion), completion };
}

/** The next candidate, or the one before. */
export function turned(editor: Editor, completion: Completion, by: 1 | -1): { editor: Editor; completion: Completion } {
  const { length } = completion.candidates;
  const next = { ...completion, chosen: (completion.chosen + by + length) % length };
  return { editor: withCandidate(editor, next), completion: next };
}

/** The text as it was before Tab. */
export function takenBack(editor: Editor, { before }: Completion): Editor {
  return { ...editor, ...before };
}

function withCandidate(editor: Editor, { from, candidates, chosen, before }: Completion): Editor {
  return replace({ ...editor, ...before }, from, before.at, candidates[chosen]!.text);
}

function candidatesAt(view: View, ui: Ui, { text, at }: Editor, emoji: readonly Emoji[]): { from: number; candidates: Candidate[] } | null {
  const head = text.slice(0, at);
  const command = /^([:/])([a-z]*)$/.exec(head);
  if (command) {
    const list = commandCandidates(command[1]!, command[2]!);
    if (command[1] === '/' || list.length > 0) return { from: 0, candidates: list };
  }
  const word = /\S*$/.exec(head)![0];
  const from = at - word.length;
  const argument = argumentOf(head);
  if (argument === 'theme')
    return { from, candidates: THEMES.filter((one) => one.startsWith(word)).map((one) => ({ text: one, label: one })) };
  if (word.startsWith('#') || argument === 'room') return { from, candidates: roomCandidates(view, word) };
  const smile = /:([a-z0-9_+-]{1,})$/i.exec(word);
  if (smile) return { from: at - smile[0].length, candidates: emojiCandidates(smile[1]!.toLowerCase(), emoji) };
  if (word.startsWith('@')) return { from, candidates: nameCandidates(view, ui, word.slice(1), argument === 'person' ? '' : '@', ' ') };
  if (argument === 'person') return { from, candidates: nameCandidates(view, ui, word, '', ' ') };
  if (word === '') return null;
  return { from, candidates: nameCandidates(view, ui, word, '', from === 0 ? ': ' : ' ') };
}

/** What the first word behind a command is, where the cursor is in it. */
function argumentOf(head: string): string {
  const match = /^[:/]([a-z]+)\s+\S*$/.exec(head);
  return match ? (commandNamed(match[1]!)?.takes ?? '') : '';
}

function commandCandidates(sign: string, start: string): Candidate[] {
  return COMMANDS.filter(({ names }) => names[0]!.startsWith(start)).map(({ names, usage, about }) => ({
    text: `${sign}${names[0]} `,
    label: `${sign}${usage} – ${about}`,
  }));
}

function roomCandidates(view: View, word: string): Candidate[] {
  const wanted = word.toLowerCase().replace(/^#?/, '#');
  return orderedRooms(view)
    .filter(({ room }) => room.kind !== 'direct' && room.name.toLowerCase().startsWith(wanted))
    .map(({ room }) => ({ text: `${room.name} `, label: cleanLine(`${room.name}${room.topic === '' ? '' : ` – ${room.topic}`}`) }));
}

/** Who spoke here last comes first, then who is here, then everybody. */
function nameCandidates(view: View, ui: Ui, start: string, before: string, behind: string): Candidate[] {
  const wanted = start.toLowerCase();
  const names = new Set<string>();
  const add = (name: string): void => {
    if (name.toLowerCase().startsWith(wanted) && name !== view.me?.name && !/\s/.test(name)) names.add(name);
  };
  const room = roomOf(view, ui);
  for (const { name } of room?.timeline.slice(-100).reverse() ?? []) add(name);
  for (const author of room?.members ?? []) {
    const person = view.people.get(author);
    if (person) add(person.name);
  }
  const others = [...view.people.values()].map(({ name }) => name).sort();
  for (const name of others) add(name);
  return [...names].map((name) => ({ text: `${before}${name}${behind}`, label: name }));
}

function emojiCandidates(start: string, emoji: readonly Emoji[]): Candidate[] {
  const first = emoji.filter(({ name }) => name.startsWith(start));
  const others = start.length < 3 ? [] : emoji.filter(({ name }) => !name.startsWith(start) && name.includes(start));
  return [...first, ...others].map(({ name, emoji: sign }) => ({ text: sign, label: `${sign} :${name}:` }));
}

/** `:tada:` becomes what it names. */
export function withEmoji(text: string, emoji: readonly Emoji[]): string {
  if (!/:[a-z0-9_+-]+:/i.test(text)) return text;
  const byName = new Map(emoji.map((one) => [one.name, one.emoji]));
  return text.replace(/:([a-z0-9_+-]+):/gi, (whole, name: string) => byName.get(name.toLowerCase()) ?? whole);
}

/** What the word before the cursor can become: a person after `@`, a room after `#`, an emoji after `:`, a command after `/`. Pure. */

import type { RoomView, View } from 'skein/client';
import type { AuthorId } from '../../../src/core/ids.ts';
import { COMMANDS, commandNamed } from './command-table.ts';
import { type Emoji, soughtEmoji } from './emoji.ts';

export type CompletionKind = 'person' | 'room' | 'emoji' | 'command';

/** What is being completed: from `from` to the cursor. */
export interface Asked {
  readonly kind: CompletionKind;
  readonly from: number;
  readonly words: string;
}

export interface Candidate {
  readonly kind: CompletionKind;
  /** What it puts in. */
  readonly text: string;
  readonly label: string;
  /** Quieter, behind it. */
  readonly about: string;
  readonly author?: AuthorId;
}

const CANDIDATES_MAX = 8;
/** An emoji's name is completed from so many letters on: `:p` is a face. */
const EMOJI_LETTERS = 2;

/** Whether the cursor is in code: there a word is what it is. */
function isInCode(head: string): boolean {
  const fences = head.match(/^ {0,3}```/gm)?.length ?? 0;
  if (fences % 2 === 1) return true;
  const line = head.slice(head.lastIndexOf('\n') + 1);
  return (line.match(/`/g)?.length ?? 0) % 2 === 1;
}

export function askedAt(text: string, at: number): Asked | null {
  const head = text.slice(0, at);
  const command = /^\/([a-z]*)$/.exec(head);
  if (command) return { kind: 'command', from: 0, words: command[1]! };
  const [, name, argument] = /^\/([a-z]+)\s+(\S*)$/.exec(head) ?? [];
  const takes = name === undefined ? '' : (commandNamed(name)?.takes ?? '');
  if (takes === 'person' || takes === 'room') return { kind: takes, from: at - argument!.length, words: argument!.replace(/^[@#]/, '') };
  if (isInCode(head)) return null;
  const [word] = /\S*$/.exec(head)!;
  const from = at - word.length;
  if (/^@[^\s@]*$/.test(word)) return { kind: 'person', from, words: word.slice(1) };
  if (/^#[^\s#]+$/.test(word)) return { kind: 'room', from, words: word.slice(1) };
  const [smile] = /(?:^|[^\w:]):[a-z0-9_+-]+$/.exec(word) ?? [];
  if (smile === undefined) return null;
  const words = smile.slice(smile.indexOf(':') + 1);
  return words.length < EMOJI_LETTERS ? null : { kind: 'emoji', from: at - words.length - 1, words };
}

export function candidatesFor(asked: Asked, view: View, room: RoomView | undefined, emoji: readonly Emoji[]): readonly Candidate[] {
  switch (asked.kind) {
    case 'command':
      return commandCandidates(asked.words);
    case 'person':
      return people(view, room, asked.words).slice(0, CANDIDATES_MAX);
    case 'room':
      return rooms(view, asked.words).slice(0, CANDIDATES_MAX);
    case 'emoji':
      return soughtEmoji(emoji, asked.words, CANDIDATES_MAX).map(({ sign, names }) => ({
        kind: 'emoji',
        text: `${sign} `,
        label: sign,
        about: `:${names.find((name) => name.startsWith(asked.words)) ?? names[0]}:`,
      }));
  }
}

function commandCandidates(start: string): Candidate[] {
  return COMMANDS.filter(({ name }) => name.startsWith(start)).map(({ name, usage, about }) => ({
    kind: 'command',
    text: `/${name} `,
    label: `/${usage}`,
    about,
  }));
}

/** Who spoke here last comes first, then who is here, then everybody by name. */
function people(view: View, room: RoomView | undefined, start: string): Candidate[] {
  const wanted = start.toLowerCase();
  const found = new Map<AuthorId, string>();
  const add = (author: AuthorId): void => {
    const name = view.people.get(author)?.name;
    if (name?.toLowerCase().startsWith(wanted) && author !== view.me?.author) found.set(author, name);
  };
  for (const { author } of room?.timeline.slice(-100).reverse() ?? []) add(author);
  for (const author of room?.members ?? []) add(author);
  const others = [...view.people.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { author } of others) add(author);
  return [...found].map(([author, name]) => ({ kind: 'person', text: `@${name} `, label: name, about: presence(view, author), author }));
}

function presence(view: View, author: AuthorId): string {
  const person = view.people.get(author);
  return !person?.present ? 'not here' : (person.away ?? 'here');
}

function rooms(view: View, start: string): Candidate[] {
  const wanted = start.toLowerCase();
  return [...view.rooms.values()]
    .filter(({ room }) => room.kind === 'public' && room.name.slice(1).toLowerCase().startsWith(wanted))
    .sort((a, b) => (a.room.name < b.room.name ? -1 : 1))
    .map(({ room }) => ({ kind: 'room', text: `${room.name} `, label: room.name, about: room.topic }));
}

/** The text with a candidate put in, and where the cursor is then. */
export function taken(text: string, at: number, { from }: Asked, candidate: Candidate): { readonly text: string; readonly at: number } {
  const behind = text.slice(at);
  const put = behind.startsWith(' ') ? candidate.text.trimEnd() : candidate.text;
  const next = text.slice(0, from) + put + behind;
  return { text: next, at: from + put.length + (put === candidate.text ? 0 : 1) };
}

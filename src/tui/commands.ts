/** What may be typed after `:` or `/`: a table of commands, and how a line of one is read. Pure. */

import type { Request, WirePerson, WireRole } from '../api/protocol.ts';
import type { View } from '../client/view.ts';
import type { AuthorId, RoomId } from '../core/ids.ts';
import { foldName } from '../core/text.ts';
import { EMPTY } from './editor.ts';
import type { Effect } from './effects.ts';
import { THEMES, type ThemeName } from './theme.ts';
import { type Prompt, roomOf, type Sheet, type Ui } from './ui.ts';

/** What an input comes to. */
export interface Step {
  readonly ui: Ui;
  readonly effects: readonly Effect[];
}

interface Given {
  readonly ui: Ui;
  readonly view: View;
  /** The line as it was typed. */
  readonly line: string;
  /** What stands behind the command. */
  readonly rest: string;
  /** The answer to who somebody is, where that was asked for; undefined: it was not. */
  readonly known?: { readonly name: string; readonly person: WirePerson | null };
}

export interface CommandSpec {
  readonly names: readonly string[];
  readonly usage: string;
  readonly about: string;
  /** What Tab completes behind it. */
  readonly takes: 'room' | 'person' | 'theme' | 'text' | '';
  readonly run: (given: Given) => Step;
}

export const step = (ui: Ui, ...effects: readonly Effect[]): Step => ({ ui, effects });
export const told = (ui: Ui, text: string, kind: 'good' | 'bad' = 'bad'): Step => step({ ...ui, note: { text, kind } });

const showing = ({ ui }: Given, sheet: Sheet, ...effects: readonly Effect[]): Step => step({ ...ui, sheet }, ...effects);
const asking = ({ ui }: Given, request: Request, done: string): Step => step(ui, { type: 'ask', request, done });

function words(rest: string): [string, string] {
  const match = /^(\S+)\s*([\s\S]*)$/.exec(rest.trim());
  return match ? [match[1]!, match[2]!] : ['', ''];
}

const bare = (name: string): string => foldName(name.replace(/^@/, ''));

export function personNamed(view: View, name: string): WirePerson | null {
  const wanted = bare(name);
  for (const person of view.people.values()) if (foldName(person.name) === wanted) return person;
  return null;
}

/** Goes on with a person by name: known from the view, or asked for. */
function withPerson(given: Given, name: string, then: (person: AuthorId, name: string) => Step): Step {
  if (name === '') return told(given.ui, `who? ${usageOf(given.line)}`);
  const here = personNamed(given.view, name);
  if (here) return then(here.author, here.name);
  const { known } = given;
  if (!known || bare(known.name) !== bare(name)) return step(given.ui, { type: 'person', name: name.replace(/^@/, ''), line: given.line });
  return known.person ? then(known.person.author, known.person.name) : told(given.ui, `there is nobody called ${name.replace(/^@/, '')}`);
}

function withRoom(given: Given, then: (room: RoomId) => Step): Step {
  const room = roomOf(given.view, given.ui);
  return room ? then(room.room.id) : told(given.ui, 'no room is open: :join #room');
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `10m`, `2h`, `7d` in seconds; null where it is no time. */
export function seconds(text: string): number | null {
  const match = /^(\d{1,6})([smhdw])$/.exec(text);
  return match ? Number(match[1]) * UNITS[match[2]!]! : null;
}

function prompted(given: Given, kind: Prompt['kind'], name: string, what: string): Step {
  return step({ ...given.ui, prompt: { words: what, isSecret: true, editor: EMPTY, kind, name, given: [] } });
}

const ROLES: Readonly<Record<string, WireRole>> = { owner: 'owner', moderator: 'moderator', member: 'member', none: null };

function silence(does: 'ban' | 'mute') {
  return (given: Given): Step => {
    const [name, rest] = words(given.rest);
    const [first, others] = words(rest);
    const forSeconds = seconds(first);
    const reason = forSeconds === null ? rest : others;
    return withPerson(given, name, (person, shown) =>
      withRoom(given, (room) =>
        asking(
          given,
          { do: does, room, person, forSeconds: forSeconds ?? 0, reason },
          `${shown} is ${does === 'ban' ? 'banned' : 'muted'} here`,
        ),
      ),
    );
  };
}

function preferring(on: boolean) {
  return (given: Given): Step =>
    withPerson(given, words(given.rest)[0], (person, shown) =>
      asking(given, { do: 'prefer', person, on }, on ? `you see nothing of ${shown} any more` : `you see ${shown} again`),
    );
}

function search(given: Given): Step {
  const text = given.rest.trim();
  if (text === '') return told(given.ui, 'search for what? :search words, or :search #room words');
  const sheet: Sheet = { kind: 'search', words: text, found: null, next: null, chosen: 0 };
  const [first, rest] = words(text);
  const room = first.startsWith('#') && [...given.view.rooms.values()].find((one) => one.room.name.toLowerCase() === first.toLowerCase());
  if (room && rest !== '') return showing(given, sheet, { type: 'search', words: rest, room: room.room.id });
  return showing(given, sheet, { type: 'search', words: text });
}

function post(style: 'action' | 'text') {
  return (given: Given): Step =>
    withRoom(given, (to) =>
      given.rest.trim() === '' ? told(given.ui, 'say what?') : step(given.ui, { type: 'post', to, text: given.rest.trim(), style }),
    );
}

function message(given: Given): Step {
  const [name, text] = words(given.rest);
  return withPerson(given, name, (person) => {
    const open: Effect = { type: 'direct', person };
    return text === '' ? step(given.ui, open) : step(given.ui, { type: 'post', to: { person }, text, style: 'text' }, open);
  });
}

function join(given: Given): Step {
  const [name] = words(given.rest);
  if (name === '') return showing(given, { kind: 'rooms', rooms: null, chosen: 0 }, { type: 'rooms' });
  const room = /^[#!@]/.test(name) ? name : `#${name}`;
  return asking(given, { do: 'join', room }, '');
}

function part(given: Given): Step {
  const [name] = words(given.rest);
  if (name === '') return withRoom(given, (room) => asking(given, { do: 'part', room }, ''));
  const found = [...given.view.rooms.values()].find((one) => one.room.name.toLowerCase() === name.toLowerCase());
  return found ? asking(given, { do: 'part', room: found.room.id }, '') : told(given.ui, `you are not in ${name}`);
}

function theme(given: Given): Step {
  const name = THEMES.find((one) => one === given.rest.trim());
  if (!name) return told(given.ui, `themes: ${THEMES.join(', ')}. It is ${given.ui.theme} now`);
  return step({ ...given.ui, theme: name }, { type: 'theme', theme: name as ThemeName });
}

function role(given: Given): Step {
  const [name, rest] = words(given.rest);
  const wanted = rest.trim().toLowerCase();
  if (!(wanted in ROLES)) return told(given.ui, 'roles: owner, moderator, member, none. :role name moderator');
  return withPerson(given, name, (person, shown) =>
    withRoom(given, (room) =>
      asking(
        given,
        { do: 'role', room, person, role: ROLES[wanted]! },
        `${shown} is ${wanted === 'none' ? 'without a role' : wanted} here`,
      ),
    ),
  );
}

export const COMMANDS: readonly CommandSpec[] = [
  { names: ['join', 'j'], usage: 'join #room', about: 'enter a room; alone: which there are', takes: 'room', run: join },
  { names: ['part', 'leave'], usage: 'part [#room]', about: 'leave a room', takes: 'room', run: part },
  { names: ['msg', 'm', 'query'], usage: 'msg name [text]', about: 'talk with somebody alone', takes: 'person', run: message },
  { names: ['me'], usage: 'me waves', about: 'say what you do', takes: 'text', run: post('action') },
  {
    names: ['topic'],
    usage: 'topic text',
    about: 'what the room is about',
    takes: 'text',
    run: (given) =>
      withRoom(given, (room) => {
        if (given.rest.trim() !== '') return asking(given, { do: 'topic', room, text: given.rest.trim() }, '');
        return told(given.ui, roomOf(given.view, given.ui)?.room.topic || 'the room has no topic', 'good');
      }),
  },
  { names: ['search', 's'], usage: 'search [#room] words', about: 'search all you may read', takes: 'text', run: search },
  {
    names: ['who', 'names'],
    usage: 'who',
    about: 'who is in the room',
    takes: '',
    run: (given) => showing(given, { kind: 'who', top: 0 }),
  },
  {
    names: ['net'],
    usage: 'net',
    about: 'nodes, their links, and on how many a message is kept',
    takes: '',
    run: (given) => showing(given, { kind: 'net', top: 0 }),
  },
  { names: ['rooms', 'list'], usage: 'rooms', about: 'all public rooms', takes: '', run: (given) => join({ ...given, rest: '' }) },
  {
    names: ['nick'],
    usage: 'nick name',
    about: 'another name',
    takes: '',
    run: (given) => {
      const [name] = words(given.rest);
      return name === ''
        ? told(given.ui, `you are ${given.view.me?.name ?? 'nobody yet'}`, 'good')
        : asking(given, { do: 'rename', name }, `you are ${name} now`);
    },
  },
  {
    names: ['away'],
    usage: 'away [words]',
    about: 'say that you are away; :back ends it',
    takes: 'text',
    run: (given) => asking(given, { do: 'away', text: given.rest.trim() || 'away' }, 'you are away'),
  },
  {
    names: ['back'],
    usage: 'back',
    about: 'you are here again',
    takes: '',
    run: (given) => asking(given, { do: 'away', text: '' }, 'you are back'),
  },
  {
    names: ['read'],
    usage: 'read',
    about: 'everything everywhere was read',
    takes: '',
    run: (given) => asking(given, { do: 'read', room: '' }, 'everything counts as read'),
  },
  {
    names: ['private'],
    usage: 'private name',
    about: 'make a room into which people are invited',
    takes: 'text',
    run: (given) =>
      given.rest.trim() === ''
        ? told(given.ui, 'its name? :private name')
        : asking(given, { do: 'make private room', name: given.rest.trim() }, ''),
  },
  {
    names: ['invite'],
    usage: 'invite name',
    about: 'let somebody into this private room',
    takes: 'person',
    run: (given) =>
      withPerson(given, words(given.rest)[0], (person, shown) =>
        withRoom(given, (room) => asking(given, { do: 'invite', room, person }, `${shown} may come in`)),
      ),
  },
  {
    names: ['kick'],
    usage: 'kick name [reason]',
    about: 'put somebody out of the room',
    takes: 'person',
    run: (given) => {
      const [name, reason] = words(given.rest);
      return withPerson(given, name, (person, shown) =>
        withRoom(given, (room) => asking(given, { do: 'kick', room, person, reason }, `${shown} is out`)),
      );
    },
  },
  {
    names: ['ban'],
    usage: 'ban name [2h] [reason]',
    about: 'put somebody out for a time, or for good',
    takes: 'person',
    run: silence('ban'),
  },
  { names: ['mute'], usage: 'mute name [10m] [reason]', about: 'somebody may read and not speak', takes: 'person', run: silence('mute') },
  {
    names: ['undo'],
    usage: 'undo name',
    about: 'take back the last kick, mute or ban of somebody',
    takes: 'person',
    run: (given) =>
      withPerson(given, words(given.rest)[0], (person, name) =>
        withRoom(given, (room) => step(given.ui, { type: 'take back', room, person, name })),
      ),
  },
  { names: ['role'], usage: 'role name moderator', about: 'owner, moderator, member or none, here', takes: 'person', run: role },
  {
    names: ['log'],
    usage: 'log',
    about: 'what moderators did here',
    takes: '',
    run: (given) => withRoom(given, (room) => step(given.ui, { type: 'log', room })),
  },
  {
    names: ['quiet'],
    usage: 'quiet [off]',
    about: 'no unread counts and no bell for this room',
    takes: '',
    run: (given) =>
      withRoom(given, (room) => {
        const on = given.rest.trim() !== 'off';
        return asking(given, { do: 'prefer', room, on }, on ? 'this room is quiet now' : 'this room is heard again');
      }),
  },
  { names: ['block'], usage: 'block name', about: 'see nothing of somebody', takes: 'person', run: preferring(true) },
  { names: ['unblock'], usage: 'unblock name', about: 'see them again', takes: 'person', run: preferring(false) },
  {
    names: ['login'],
    usage: 'login name',
    about: 'to an account; its password is asked for',
    takes: '',
    run: (given) => {
      const name = words(given.rest)[0] || given.view.me?.name || '';
      return name === '' ? told(given.ui, 'as whom? :login name') : prompted(given, 'login', name, `password of ${name}`);
    },
  },
  {
    names: ['register'],
    usage: 'register [name]',
    about: 'make an account; a password is asked for',
    takes: '',
    run: (given) => {
      const name = words(given.rest)[0] || given.view.me?.name || '';
      return name === '' ? told(given.ui, 'which name? :register name') : prompted(given, 'register', name, `a password for ${name}`);
    },
  },
  {
    names: ['passwd'],
    usage: 'passwd',
    about: 'change your password',
    takes: '',
    run: (given) =>
      given.view.me?.account
        ? prompted(given, 'passwd', given.view.me.name, 'your password as it is')
        : told(given.ui, 'a guest has no password: :register makes an account'),
  },
  { names: ['theme'], usage: 'theme dark', about: THEMES.join(', '), takes: 'theme', run: theme },
  {
    names: ['bell'],
    usage: 'bell on',
    about: 'whether the terminal rings when you are named',
    takes: '',
    run: (given) => {
      const on = given.rest.trim() !== 'off';
      return told({ ...given.ui, hasBell: on }, on ? 'the bell rings when you are named' : 'the bell is off', 'good');
    },
  },
  { names: ['help', 'h'], usage: 'help', about: 'keys and commands', takes: '', run: (given) => showing(given, { kind: 'help', top: 0 }) },
  { names: ['quit', 'q', 'exit'], usage: 'quit', about: 'leave', takes: '', run: (given) => step(given.ui, { type: 'quit' }) },
];

export function commandNamed(name: string): CommandSpec | null {
  return COMMANDS.find(({ names }) => names.includes(name)) ?? null;
}

function usageOf(line: string): string {
  const name = /^[:/](\S+)/.exec(line)?.[1] ?? '';
  const spec = commandNamed(name);
  return spec ? `:${spec.usage}` : '';
}

/** The name of the command a line is; null for a message. `::word` and `//word` say `:word` and `/word`; `:tada:` is an emoji, `:p` is a face. */
export function commandIn(line: string): string | null {
  const name = /^[:/]([a-z]+)(?:\s|$)/.exec(line)?.[1];
  if (name === undefined || line.includes('\n')) return null;
  return name.length === 1 && !commandNamed(name) ? null : name;
}

/** What a line says when it is no command. */
export function messageIn(line: string): string {
  return /^(::|\/\/)[a-z]/.test(line) ? line.slice(1) : line;
}

export function runCommand(given: Omit<Given, 'rest'>): Step {
  const name = commandIn(given.line) ?? '';
  const spec = commandNamed(name);
  if (!spec) return told(given.ui, `there is no command :${name}. F1 tells which there are; ::${name} says it`);
  return spec.run({ ...given, rest: given.line.slice(1 + name.length).trimStart() });
}

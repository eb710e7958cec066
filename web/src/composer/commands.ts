/** What the commands of the composer do. Each gives words for a notice, or none where it shows by itself. */

import type { Chat } from 'skein/client';
import type { AuthorId, RoomId } from '../../../src/core/ids.ts';
import { foldName } from '../../../src/core/text.ts';
import { roomHash } from '../state/route.ts';
import { commandNamed } from './command-table.ts';

interface Given {
  readonly chat: Chat;
  readonly room: RoomId;
  readonly rest: string;
}

type Run = (given: Given) => Promise<string>;

/** What somebody typed makes no command: told in words, and the text stays. */
export class CommandError extends Error {
  override name = 'CommandError';
}

function firstWord(rest: string): [string, string] {
  const [, word = '', others = ''] = /^(\S+)\s*([\s\S]*)$/.exec(rest) ?? [];
  return [word, others];
}

async function personOf(chat: Chat, raw: string): Promise<{ readonly author: AuthorId; readonly name: string }> {
  const name = raw.replace(/^@/, '').replace(/[:,]$/, '');
  if (name === '') throw new CommandError('Who? A name has to stand behind it.');
  const folded = foldName(name);
  for (const person of chat.view.people.values()) if (foldName(person.name) === folded) return person;
  const found = await chat.person(name);
  if (!found) throw new CommandError(`There is nobody called ${name}.`);
  return found;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `10m`, `2h`, `7d` at the beginning, in seconds, and what stands behind; 0: for good. */
function timeOf(rest: string): [number, string] {
  const [, count, unit, others = ''] = /^(\d{1,6})([smhdw])(?:\s+([\s\S]*))?$/.exec(rest) ?? [];
  return count ? [Number(count) * UNITS[unit!]!, others] : [0, rest];
}

function silence(does: 'ban' | 'mute'): Run {
  return async ({ chat, room, rest }) => {
    const [name, others] = firstWord(rest);
    const person = await personOf(chat, name);
    const [forSeconds, reason] = timeOf(others);
    await chat[does](room, person.author, forSeconds, reason);
    return `${person.name} is ${does === 'ban' ? 'banned' : 'muted'} here.`;
  };
}

const RUNS: Readonly<Record<string, Run>> = {
  async me({ chat, room, rest }) {
    if (rest === '') throw new CommandError('What do you do? /me waves');
    void chat.post(room, rest, { style: 'action' });
    return '';
  },
  async join({ chat, rest }) {
    const [name] = firstWord(rest);
    if (name === '') throw new CommandError('Which room? /join #room');
    const { id } = await chat.join(/^[#!@]/.test(name) ? name : `#${name}`);
    location.hash = roomHash(id);
    return '';
  },
  async part({ chat, room }) {
    await chat.part(room);
    location.hash = '#/';
    return '';
  },
  async msg({ chat, rest }) {
    const [name, text] = firstWord(rest);
    const { author } = await personOf(chat, name);
    const room = await chat.direct(author);
    if (text !== '') void chat.post({ person: author }, text);
    location.hash = roomHash(room);
    return '';
  },
  async topic({ chat, room, rest }) {
    if (rest === '') return chat.view.rooms.get(room)?.room.topic || 'The room has no topic.';
    await chat.topic(room, rest);
    return '';
  },
  async invite({ chat, room, rest }) {
    const person = await personOf(chat, firstWord(rest)[0]);
    await chat.invite(room, person.author);
    return `${person.name} may come in.`;
  },
  async away({ chat, rest }) {
    await chat.away(rest || 'away');
    return 'You are away.';
  },
  async back({ chat }) {
    await chat.away('');
    return 'You are back.';
  },
  async nick({ chat, rest }) {
    const [name] = firstWord(rest);
    if (name === '') throw new CommandError(`You are ${chat.view.me?.name ?? 'nobody yet'}. Which name? /nick name`);
    await chat.rename(name);
    return `You are ${name} now.`;
  },
  async kick({ chat, room, rest }) {
    const [name, reason] = firstWord(rest);
    const person = await personOf(chat, name);
    await chat.kick(room, person.author, reason);
    return `${person.name} is out.`;
  },
  mute: silence('mute'),
  ban: silence('ban'),
};

/** Rejects with words for people: a CommandError, or what a node refused. */
export function runCommand(chat: Chat, room: RoomId, name: string, text: string): Promise<string> {
  const run = commandNamed(name) && RUNS[name];
  if (!run) return Promise.reject(new CommandError(`There is no command /${name}. Type / to see which there are; //${name} says it.`));
  return run({ chat, room, rest: text.slice(name.length + 1).trim() });
}

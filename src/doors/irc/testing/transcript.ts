/**
 * Golden transcripts: conversations written down. A line `> NAME: …` is what a client says, `* …` is what happens elsewhere, `# …` is a remark with the
 * rules that it shows; `< NAME: …` is what the client is sent, and is what the runner writes.
 */

import type { AuthorId, RoomId } from '../../../core/ids.ts';
import type { Style } from '../../../core/message.ts';
import type { Message } from '../../../core/state.ts';
import { FakeClient, settle, setUp } from './client.ts';
import { isAway, types } from './fake-commands.ts';

type World = ReturnType<typeof setUp> & { clients: Map<string, FakeClient>; authors: Map<string, AuthorId>; silent: Message | null };

const plain = (text: string): string => text.replaceAll('\\x01', '\x01').replaceAll('\\n', '\n');
const shown = (text: string): string => text.replaceAll('\x01', '\\x01');

function authorOf({ node, authors }: World, name: string): AuthorId {
  const author = authors.get(name) ?? node.presentByName(name);
  if (!author) throw new Error(`nobody is called ${name}`);
  return author;
}

const DIRECTIVES: Record<string, (world: World, ...words: string[]) => void> = {
  connect: ({ door, clients }, name) => clients.set(name!, new FakeClient(door)),
  'hang-up': ({ door, clients }, name) => door.disconnect(clients.get(name!)!.session, 'Connection closed'),
  register: ({ node, authors }, name, password) => authors.set(name!, node.register(name!, password!)),
  arrive: ({ node, authors }, name) => authors.set(name!, node.arrive(name!)),
  join: (world, name, room) => world.node.join(authorOf(world, name!), room!),
  part: (world, name, room, ...reason) => world.node.part(authorOf(world, name!), room as RoomId, reason.join(' ')),
  topic: (world, name, room, ...text) => world.node.topic(authorOf(world, name!), room as RoomId, text.join(' ')),
  types(world, name, to, how) {
    const target = to!.startsWith('#') ? { room: to as RoomId } : { author: authorOf(world, to!) };
    types(world.node, authorOf(world, name!), target, how !== 'done');
  },
  away: (world, name, ...text) => isAway(world.node, authorOf(world, name!), text.join(' ')),
  rename: (world, name, to) => world.node.rename(authorOf(world, name!), to!),
  end: (world, name, ...reason) => world.node.end(authorOf(world, name!), reason.join(' ')),
  gone: (world, name) => world.node.gone(authorOf(world, name!)),
  back: (world, name) => world.node.back(authorOf(world, name!)),
  post(world, name, to, style, ...text) {
    const target = to!.startsWith('#') ? { room: to as RoomId } : { author: authorOf(world, to!) };
    world.node.post(authorOf(world, name!), target, style as Style, plain(text.join(' ')));
  },
  'post-silently'(world, name, room, ...text) {
    world.silent = world.node.post(authorOf(world, name!), { room: room as RoomId }, 'text', text.join(' '), { silent: true });
  },
  'tell-silent': ({ node, silent }) => node.tell(silent!),
  import(world, name, room, ...text) {
    world.node.post('cc'.repeat(16) as AuthorId, { room: room as RoomId }, 'text', text.join(' '), { nick: name! });
  },
  turn: ({ node }) => node.turn(),
  'hold-acks': ({ node }) => (node.holdsAcks = true),
  acknowledge: ({ node }) => node.acknowledge(),
  'hold-history': ({ node }) => (node.holdsHistory = true),
  'serve-history': ({ node }) => node.serveHistory(),
  refuse: ({ node }, json) => (node.refuseNext = JSON.parse(json!.replaceAll('_', ' '))),
  unknown: ({ node }) => (node.unknownNext = true),
  sweep: ({ door }, ms) => door.sweep(Number(ms)),
};

function perform(world: World, line: string): void {
  if (line.startsWith('> ')) {
    const at = line.indexOf(': ');
    world.clients.get(line.slice(2, at))!.say(plain(line.slice(at + 2)));
  } else if (line.startsWith('* ')) {
    const [directive, ...words] = line.slice(2).split(' ');
    const run = DIRECTIVES[directive!];
    if (!run) throw new Error(`unknown directive ‘${directive}’`);
    run(world, ...words);
  }
}

/** The transcript with what the door says now. */
export async function replay(transcript: string): Promise<string> {
  const world: World = { ...setUp(), clients: new Map(), authors: new Map(), silent: null };
  const lines: string[] = [];
  for (const line of transcript.trimEnd().split('\n')) {
    if (line.startsWith('< ')) continue;
    lines.push(line);
    perform(world, line);
    await settle();
    for (const [name, client] of world.clients) for (const heard of client.heard()) lines.push(`< ${name}: ${shown(heard)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** What lies over the timeline: help, the mesh, people, rooms, what was found. Pure. */

import type { WireMessage, WireNode, WirePerson } from '../api/protocol.ts';
import type { Item, RoomView, View } from '../client/view.ts';
import { fitted, type Look, type Row, relooked, span, spread } from './cells.ts';
import { COMMANDS } from './commands.ts';
import { clockText, type Env } from './env.ts';
import { messageRows, nameLook } from './message.ts';
import { cleanLine, padded, width, wrap } from './text.ts';
import { orderedRooms, roomOf, type Sheet, type Ui, unsent } from './ui.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['Enter', 'send; Alt+Enter or Ctrl+J begins a new line'],
  ['Tab', 'complete @names, #rooms, :commands, :emoji; Esc takes it back'],
  ['Up', 'on an empty line: edit your last message; else what you sent before'],
  ['Alt+P  Alt+N', 'what you sent before, and back'],
  ['PgUp  PgDn', 'history; End goes to the newest. The wheel works, too'],
  ['Esc  Alt+Up', 'choose a message, then j k or the arrows'],
  ['Ctrl+N  Ctrl+P', 'next room, previous room; Alt+1 to Alt+9 by number'],
  ['Ctrl+K', 'go to a room by its name'],
  ['Alt+A', 'the next room in which something waits'],
  ['F1  F2', 'this help; the nodes and their links'],
  ['Ctrl+C  :q', 'leave; what is not sent yet is kept for the next time'],
];
const CHOSEN_KEYS: readonly (readonly [string, string])[] = [
  ['r', 'reply'],
  ['e', 'edit (your own)'],
  ['+  1…6', 'react: any emoji; 👍 ❤️ 😂 🎉 😮 😢'],
  ['p', 'pin, unpin'],
  ['x', 'remove'],
  ['y  c', 'copy its id; its text'],
  ['Enter', 'go to what it answers, or reply; send again what was refused'],
];

export function titleOf(sheet: Sheet): string {
  switch (sheet.kind) {
    case 'help':
      return 'Help';
    case 'net':
      return 'The network';
    case 'who':
      return 'People here';
    case 'lines':
      return sheet.title;
    case 'rooms':
      return 'Public rooms';
    case 'search':
      return `Found: ${cleanLine(sheet.words)}`;
    case 'excerpt':
      return 'Around it';
    case 'switch':
      return 'Go to';
    case 'confirm':
      return 'Really?';
  }
}

/** What may be done in it. */
export function hintOf(sheet: Sheet): string {
  switch (sheet.kind) {
    case 'confirm':
      return 'y yes   n no';
    case 'rooms':
      return 'Enter joins   Esc back';
    case 'search':
      return 'Enter goes there   Esc back';
    case 'switch':
      return 'Enter goes there   Esc back';
    default:
      return 'Up Down scroll   Esc back';
  }
}

/** All rows of a sheet, and which of them is chosen. */
export function sheetRows(view: View, ui: Ui, env: Env, sheet: Sheet, columns: number): { rows: Row[]; chosen: number | null } {
  switch (sheet.kind) {
    case 'help':
      return { rows: helpRows(columns), chosen: null };
    case 'net':
      return { rows: netRows(view, env, columns), chosen: null };
    case 'who':
      return { rows: whoRows(view, ui, env), chosen: null };
    case 'lines':
      return { rows: sheet.lines.flatMap((line) => paragraph(line, columns)), chosen: null };
    case 'rooms':
      return sheet.rooms === null
        ? { rows: [waiting(env)], chosen: null }
        : pick(
            sheet.rooms.map((room) => roomRow(room, columns)),
            sheet.chosen,
            'there are none yet: :join #name makes one',
          );
    case 'search':
      return searchRows(view, env, sheet, columns);
    case 'excerpt':
      return excerptRows(view, env, sheet, columns);
    case 'switch':
      return pick(
        switchable(view, sheet.editor.text).map((room) => switchRow(view, room, columns)),
        sheet.chosen,
        'no room is called so',
      );
    case 'confirm':
      return { rows: paragraph(sheet.words, columns), chosen: null };
  }
}

export function sheetLength(view: View, ui: Ui, env: Env, sheet: Sheet, columns: number): number {
  return sheetRows(view, ui, env, sheet, columns).rows.length;
}

function pick(rows: Row[], chosen: number, nothing: string): { rows: Row[]; chosen: number | null } {
  return rows.length === 0 ? { rows: [[span(` ${nothing}`, 'quiet')]], chosen: null } : { rows, chosen: Math.min(chosen, rows.length - 1) };
}

const waiting = ({ glyphs }: Env): Row => [span(` asking${glyphs.more}`, 'quiet')];

function paragraph(text: string, columns: number, look: Look = 'plain'): Row[] {
  return wrap(cleanLine(text), columns - 2).map((line) => [span(' '), span(line.text.trimEnd(), look)]);
}

function table(entries: readonly (readonly [string, string])[], columns: number, most: number): Row[] {
  const first = Math.min(most, Math.max(...entries.map(([left]) => width(left))));
  return entries.flatMap(([left, right]) => {
    if (columns < 50)
      return [
        [span(` ${left}`, 'strong')] as Row,
        ...wrap(right, columns - 4).map((line): Row => [span('   '), span(line.text.trimEnd())]),
      ];
    return wrap(right, columns - first - 4).map(
      (line, i): Row => [span(` ${padded(i === 0 ? left : '', first)}`, 'strong'), span('  '), span(line.text.trimEnd())],
    );
  });
}

function helpRows(columns: number): Row[] {
  const commands = COMMANDS.map(({ usage, about }) => [`:${usage}`, about] as const);
  return [
    [span(' Keys', 'title')],
    ...table(KEYS, columns, 16),
    [],
    [span(' A chosen message', 'title')],
    ...table(CHOSEN_KEYS, columns, 16),
    [],
    [span(' Commands', 'title'), span(' (/ works as well as :)', 'quiet')],
    ...table(commands, columns, 26),
    [],
    ...paragraph(
      'Held 2/3 means: on the disks of two of the three nodes that are wanted. To select text with the mouse, hold Shift.',
      columns,
      'quiet',
    ),
  ];
}

const STATES: Readonly<Record<WireNode['state'], readonly [string, Look]>> = {
  self: ['here', 'good'],
  up: ['up', 'good'],
  suspect: ['silent', 'busy'],
  down: ['down', 'bad'],
};

function netRows(view: View, env: Env, columns: number): Row[] {
  const { nodes, connection } = view;
  const names = new Map(nodes.map(({ id, name }) => [id, cleanLine(name)]));
  const live = nodes.filter(({ state }) => state !== 'down');
  const rows: Row[] = [
    [
      span(` ${cleanLine(view.network)}`, 'title'),
      span(`, ${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}, ${live.length} in reach`, 'quiet'),
    ],
    [],
  ];
  const wide = Math.min(20, Math.max(4, ...[...names.values()].map(width)));
  for (const node of [...nodes].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1))) {
    const [word, look] = STATES[node.state];
    const isMine = 'node' in connection && connection.node.id === node.id;
    const sign = node.state === 'down' ? env.glyphs.off : env.glyphs.on;
    const rtt = isMine ? ('rttMs' in connection ? connection.rttMs : null) : node.rttMs;
    rows.push([
      span(` ${sign} `, look),
      span(padded(names.get(node.id)!, wide), isMine ? 'strong' : 'plain'),
      span(` ${padded(isMine ? 'yours' : word, 7)}`, look),
      span(rtt === null ? '        ' : `${String(Math.round(rtt)).padStart(5)} ms`, 'quiet'),
      span(node.urls[0] ? `  ${cleanLine(node.urls[0])}` : '', 'quiet'),
    ]);
    const linked = node.links.map((id) => names.get(id) ?? id.slice(0, 8));
    if (linked.length > 0)
      rows.push(
        ...wrap(`linked with ${linked.join(', ')}`, columns - 5).map((line): Row => [span('     '), span(line.text.trimEnd(), 'quiet')]),
      );
  }
  if (nodes.length === 0) rows.push([span(' no node has told of itself yet', 'quiet')]);
  rows.push([], ...copiesRows(view, columns));
  return rows;
}

/** On how many nodes one's own messages are. */
function copiesRows(view: View, columns: number): Row[] {
  const waits = unsent(view);
  const { wanted } = lastHeld(view);
  const words =
    wanted === 0 ? 'You sent nothing in this session yet.' : `Your messages are wanted on ${wanted} ${wanted === 1 ? 'node' : 'nodes'}.`;
  const more = waits === 0 ? 'Nothing waits to be sent.' : `${waits} ${waits === 1 ? 'waits' : 'wait'} to be sent.`;
  const failovers =
    view.failovers === 0 ? '' : ` Another node took over ${view.failovers === 1 ? 'once' : `${view.failovers} times`} since the start.`;
  return paragraph(`${words} ${more}${failovers}`, columns, 'quiet');
}

function lastHeld(view: View): { wanted: number } {
  for (const { timeline } of view.rooms.values()) {
    for (let i = timeline.length - 1; i >= Math.max(0, timeline.length - 100); i--) {
      const delivery = timeline[i]!.delivery;
      if (delivery?.state === 'held') return { wanted: delivery.wanted };
    }
  }
  return { wanted: 0 };
}

/** The people of a room: who is present first, by name. */
export function peopleOf(view: View, room: RoomView): WirePerson[] {
  const list = room.members.flatMap((author) => view.people.get(author) ?? []);
  const rank = (person: WirePerson): number => (person.present ? (person.away === null ? 0 : 1) : 2);
  const name = (person: WirePerson): string => person.name.toLowerCase();
  return list.sort((a, b) => rank(a) - rank(b) || (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : a.author < b.author ? -1 : 1));
}

export function personRow(person: WirePerson, view: View, { glyphs }: Env): Row {
  const sign = !person.present ? span(` ${glyphs.off} `, 'quiet') : span(` ${glyphs.on} `, person.away === null ? 'good' : 'busy');
  const look = person.present ? (person.author === view.me?.author ? 'me' : nameLook(person.author)) : 'quiet';
  return [sign, span(cleanLine(person.name), look)];
}

function whoRows(view: View, ui: Ui, env: Env): Row[] {
  const room = roomOf(view, ui);
  if (!room) return [[span(' no room is open', 'quiet')]];
  const nodes = new Map(view.nodes.map(({ id, name }) => [id, name]));
  return peopleOf(view, room).map((person) => {
    const about = [
      person.role ?? '',
      person.account ? '' : 'guest',
      person.present ? (person.node && nodes.has(person.node) ? `at ${cleanLine(nodes.get(person.node)!)}` : '') : 'not here',
      person.away === null ? '' : `away: ${cleanLine(person.away)}`,
    ].filter((part) => part !== '');
    return [...personRow(person, view, env), span(`  ${about.join(', ')}`, 'quiet')];
  });
}

function roomRow(
  { name, topic, members, joined }: { name: string; topic: string; members: number; joined: boolean },
  columns: number,
): Row {
  return spread(
    [span(` ${cleanLine(name)}`, joined ? 'strong' : 'plain'), span(`  ${cleanLine(topic)}`, 'quiet')],
    [span(`${members} `, 'quiet')],
    columns,
  );
}

function searchRows(view: View, env: Env, sheet: Sheet & { kind: 'search' }, columns: number): { rows: Row[]; chosen: number | null } {
  if (sheet.found === null) return { rows: [waiting(env)], chosen: null };
  if (sheet.found.length === 0) return { rows: [[span(' nothing was found', 'quiet')]], chosen: null };
  const rows: Row[] = [];
  let chosen = 0;
  for (const [i, { message, snippet }] of sheet.found.entries()) {
    if (i === sheet.chosen) chosen = rows.length;
    const wall = env.wall(message.atMs);
    const room = view.rooms.get(message.room)?.room.name ?? message.room;
    const date = `${wall.year}-${String(wall.month).padStart(2, '0')}-${String(wall.day).padStart(2, '0')} ${clockText(wall)}`;
    rows.push(
      spread(
        [span(` ${cleanLine(message.name)}`, nameLook(message.author)), span(`  ${cleanLine(room)}`, 'quiet')],
        [span(`${date} `, 'quiet')],
        columns,
      ),
    );
    rows.push(fitted([span(`   ${cleanLine(snippet === '' ? (message.text ?? '') : snippet)}`)], columns));
  }
  return { rows, chosen };
}

function excerptRows(view: View, env: Env, sheet: Sheet & { kind: 'excerpt' }, columns: number): { rows: Row[]; chosen: number | null } {
  if (sheet.messages.length === 0) return { rows: [waiting(env)], chosen: null };
  const rows: Row[] = [];
  const byId = new Map(sheet.messages.map((message) => [message.id, message]));
  let before: WireMessage | null = null;
  for (const item of sheet.messages) {
    const target = (item.target && byId.get(item.target)) ?? null;
    const block = messageRows({ item, before: before as Item | null, target, isFirstUnread: false, view, columns }, env);
    rows.push(...(item.id === sheet.id ? block.map((row) => relooked(row, 'chosen')) : block));
    before = item;
  }
  return { rows, chosen: null };
}

/** The rooms whose names hold what was typed: those in which something waits first. */
export function switchable(view: View, typed: string): readonly RoomView[] {
  const wanted = typed.trim().toLowerCase();
  const rank = ({ mentions, unread }: RoomView): number => (mentions > 0 ? 0 : unread > 0 ? 1 : 2);
  return orderedRooms(view)
    .filter(({ room }) => room.name.toLowerCase().includes(wanted))
    .map((room, i) => ({ room, i }))
    .sort((a, b) => rank(a.room) - rank(b.room) || a.i - b.i)
    .map(({ room }) => room);
}

function switchRow(view: View, room: RoomView, columns: number): Row {
  const name = room.room.kind === 'direct' ? `@${room.room.name}` : room.room.name;
  return spread(
    [span(` ${cleanLine(name)}`, room.unread > 0 ? 'unread' : 'plain'), span(`  ${cleanLine(room.room.topic)}`, 'quiet')],
    countsOf(view, room),
    columns,
  );
}

/** What waits in a room, as it stands behind its name. */
export function countsOf(view: View, { room, unread, mentions }: RoomView): Row {
  if (view.muted.has(room.id) || unread === 0) return [];
  const count = unread >= 1000 ? '999+' : String(unread);
  return mentions > 0
    ? [span(`@${mentions} `, 'mention'), ...(room.kind === 'direct' ? [] : [span(`${count} `, 'unread')])]
    : [span(`${count} `, 'unread')];
}

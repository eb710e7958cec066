/** The picture of the demo: nodes, links, clients, counts and the conversation as it goes. Pure: facts in, lines out. */

import { styleText } from 'node:util';

export interface Picture {
  readonly nodes: readonly { readonly name: string; readonly state: 'up' | 'dead' | 'starting'; readonly clients: readonly string[] }[];
  readonly sent: number;
  readonly echoed: number;
  /** How many echoes said so many copies. */
  readonly copies: ReadonlyMap<number, number>;
  readonly shown: readonly number[];
  readonly events: readonly string[];
  readonly chat: readonly { readonly nick: string; readonly text: string; readonly node: string }[];
  readonly seconds: number;
  readonly progress: number;
  readonly width: number;
}

const COLOURS = ['cyan', 'magenta', 'yellow'] as const;
const MARK = { up: ['green', '●'], dead: ['red', '✗'], starting: ['yellow', '◐'] } as const;

function nodeLabel(node: Picture['nodes'][number]): string {
  const [colour, mark] = MARK[node.state];
  return `${styleText(colour, mark)} ${styleText('bold', node.name)}`;
}

function link(a: Picture['nodes'][number], b: Picture['nodes'][number], line: string, none: string): string {
  return a.state === 'up' && b.state === 'up' ? styleText('green', line) : styleText('dim', none);
}

function mesh([a, b, c]: Picture['nodes']): string[] {
  const people = (node: typeof a): string => styleText('dim', (node!.clients.join(' ') || '–').padEnd(22));
  return [
    `    ${nodeLabel(a!)} ${link(a!, b!, '━━━━━━━━━━━━━━━━━━━', '╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌')} ${nodeLabel(b!)}`,
    `    ${people(a)}      ${people(b)}`,
    `          ${link(a!, c!, '╲', '╌')}               ${link(b!, c!, '╱', '╌')}`,
    `            ${link(a!, c!, '╲', '╌')}  ${nodeLabel(c!)}  ${link(b!, c!, '╱', '╌')}`,
    `               ${people(c)}`,
  ];
}

function bar(progress: number, width: number): string {
  const full = Math.round(progress * width);
  return styleText('green', '█'.repeat(full)) + styleText('dim', '░'.repeat(width - full));
}

/** The whole picture; as many lines each time, so that it can be drawn over. */
export function pictureLines(picture: Picture): string[] {
  const { sent, echoed, copies, shown } = picture;
  const held = [...copies].sort(([a], [b]) => b - a).map(([n, count]) => `${count} on ${n} node${n === 1 ? '' : 's'}`);
  const clock = `${String(Math.floor(picture.seconds / 60)).padStart(2, '0')}:${String(Math.floor(picture.seconds % 60)).padStart(2, '0')}`;
  const colourOf = new Map(picture.nodes.map((node, i) => [node.name, COLOURS[i]!]));
  const chat = picture.chat
    .slice(-6)
    .map(({ nick, text, node }) => `  ${styleText(colourOf.get(node) ?? 'white', nick.padStart(8))} ${text}`);
  const events = picture.events.slice(-5).map((event) => `  ${event}`);
  return [
    `${styleText('bold', 'Skein')}  three nodes, one conversation, two kills   ${styleText('dim', clock)}`,
    `  ${bar(picture.progress, 48)}`,
    '',
    ...mesh(picture.nodes),
    '',
    `  sent ${sent}   echoed ${echoed}  ${styleText('dim', held.join(', '))}`,
    `  shown to each client: ${shown.join(' ')}`,
    '',
    ...padded(events, 5),
    '',
    ...padded(chat, 6),
  ].map((line) => cut(line, picture.width));
}

function padded(lines: readonly string[], count: number): string[] {
  return [...lines, ...Array.from({ length: count - lines.length }, () => '')];
}

/** Cuts a line to so many columns, escape sequences not counted. */
function cut(line: string, width: number): string {
  let columns = 0;
  let out = '';
  for (const part of line.split(/(\x1b\[[0-9;]*m)/)) {
    if (part.startsWith('\x1b')) {
      out += part;
      continue;
    }
    const letters = [...part].slice(0, Math.max(0, width - columns));
    columns += letters.length;
    out += letters.join('');
  }
  return out;
}

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

type DrawnNode = Picture['nodes'][number];

/** Of the nodes, in their order: their names and whoever speaks through them have the same one. */
const COLOURS = ['cyan', 'magenta', 'yellow'] as const;
const MARK = { up: ['green', '●'], dead: ['red', '✗'], starting: ['yellow', '◐'] } as const;
/** Where the two upper nodes stand, and how far in the lower one does, in columns. */
const LEFT = 3;
const RIGHT = 41;
const LOWER = 16;

function nodeLabel(node: DrawnNode, at: number): string {
  const [colour, mark] = MARK[node.state];
  return `${styleText(colour, mark)} ${styleText(node.state === 'up' ? ['bold', COLOURS[at]!] : 'dim', node.name)}`;
}

/** Who is served by a node, or what became of it. */
function people(node: DrawnNode, at: number, width = 0): string {
  if (node.state === 'dead') return styleText('red', 'killed'.padEnd(width));
  if (node.state === 'starting') return styleText('yellow', 'starts again'.padEnd(width));
  if (node.clients.length === 0) return styleText('dim', 'no one here'.padEnd(width));
  return styleText(COLOURS[at]!, node.clients.join(' ').padEnd(width));
}

/** The pieces of a link between two nodes: bright where both are up. */
function link(a: DrawnNode, b: DrawnNode): (up: string, down: string) => string {
  return (up, down) => (a.state === 'up' && b.state === 'up' ? styleText('green', up) : styleText('dim', down));
}

function across(piece: ReturnType<typeof link>, columns: number): string {
  return piece('━'.repeat(columns), '╌'.repeat(columns));
}

/** The nodes as the corners of a triangle. */
function mesh([a, b, c]: Picture['nodes']): string[] {
  const [ab, ac, bc] = [link(a!, b!), link(a!, c!), link(b!, c!)];
  const margin = ' '.repeat(LEFT);
  const lowerEnd = LOWER + 2 + c!.name.length;
  return [
    `${margin}${nodeLabel(a!, 0)} ${across(ab, RIGHT - LEFT - a!.name.length - 4)} ${nodeLabel(b!, 1)}`,
    `${margin}${ac('┃', '╎')} ${people(a!, 0, RIGHT - LEFT - 2)}${bc('┃', '╎')} ${people(b!, 1)}`,
    `${margin}${ac('┃', '╎')}${' '.repeat(RIGHT - LEFT - 1)}${bc('┃', '╎')}`,
    `${margin}${ac('┗', '╌')}${across(ac, LOWER - LEFT - 2)} ${nodeLabel(c!, 2)} ${across(bc, RIGHT - lowerEnd - 1)}${bc('┛', '╌')}`,
    `${' '.repeat(LOWER + 2)}${people(c!, 2)}`,
  ];
}

function bar(progress: number, width: number): string {
  const full = Math.round(progress * width);
  return styleText('green', '█'.repeat(full)) + styleText('dim', '░'.repeat(width - full));
}

/** The whole picture; as many lines each time, so that it can be drawn over. */
export function pictureLines(picture: Picture): string[] {
  const { sent, echoed, copies, shown } = picture;
  const held = [...copies].sort(([a], [b]) => b - a).map(([n, count]) => `${count} held by ${n} node${n === 1 ? '' : 's'}`);
  const lost = picture.progress === 1 && sent > echoed ? `   ${sent - echoed} never: on their way when a node was killed` : '';
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
    `  ${sent} sent, ${echoed} acknowledged${styleText('dim', lost)}`,
    `  ${styleText('dim', `when acknowledged: ${held.join(', ')}`)}`,
    `  shown to each of the ${shown.length}: ${shown.join(' ')}`,
    '',
    ...padded(events, 5),
    '',
    ...padded(chat, 6),
  ].map((line) => cut(line, picture.width));
}

function padded(lines: readonly string[], count: number): string[] {
  return [...lines, ...Array.from({ length: count - lines.length }, () => '')];
}

/** Cuts a line to so many columns, escape sequences not counted; an ellipsis says so. */
function cut(line: string, width: number): string {
  if (columnsOf(line) <= width) return line;
  let columns = 0;
  let out = '';
  for (const part of line.split(/(\x1b\[[0-9;]*m)/)) {
    if (part.startsWith('\x1b')) {
      out += part;
      continue;
    }
    const letters = [...part].slice(0, Math.max(0, width - 1 - columns));
    columns += letters.length;
    out += letters.join('');
  }
  return `${out}…`;
}

function columnsOf(line: string): number {
  return [...line.replace(/\x1b\[[0-9;]*m/g, '')].length;
}

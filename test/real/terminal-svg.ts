/** A terminal's screen, with its escape sequences for colours, as a picture that needs nothing besides itself: SVG, without fonts or scripts. Pure. */

import { width as columnsOf } from '../../src/tui/text.ts';

const CELL = { width: 8.4, height: 18 };
const FONT_SIZE = 14;
const MARGIN = 18;
const BAR = 34;
const PAPER = '#16181d';
const INK = '#d5d8df';
/** By the last digit of their code. */
const INKS = ['#4b5160', '#f2777a', '#8fce74', '#f0c674', '#6f9de8', '#d39bf0', '#5fd0cf', '#d5d8df'];

interface Style {
  readonly ink: string;
  readonly paper: string | null;
  readonly isBold: boolean;
  readonly isDim: boolean;
}

interface Run {
  readonly column: number;
  readonly text: string;
  readonly style: Style;
}

const PLAIN: Style = { ink: INK, paper: null, isBold: false, isDim: false };

/** One of the 256 colours: sixteen, a cube of 6×6×6, and greys. */
function colour(n: number): string {
  if (n < 16) return INKS[n % 8]!;
  const hex = (value: number): string => value.toString(16).padStart(2, '0');
  if (n >= 232) return `#${hex(8 + 10 * (n - 232)).repeat(3)}`;
  const step = (value: number): string => hex(value === 0 ? 0 : 55 + 40 * value);
  return `#${step(Math.floor((n - 16) / 36))}${step(Math.floor((n - 16) / 6) % 6)}${step((n - 16) % 6)}`;
}

function restyled(style: Style, codes: string): Style {
  let now = style;
  const list = codes.split(/[;:]/).map(Number);
  for (let i = 0; i < list.length; i++) {
    const code = list[i]!;
    if ((code === 38 || code === 48) && list[i + 1] === 5) {
      now = code === 38 ? { ...now, ink: colour(list[i + 2]!) } : { ...now, paper: colour(list[i + 2]!) };
      i += 2;
    } else if (code === 0) now = PLAIN;
    else if (code === 1) now = { ...now, isBold: true };
    else if (code === 2) now = { ...now, isDim: true };
    else if (code === 22) now = { ...now, isBold: false, isDim: false };
    else if (code === 39) now = { ...now, ink: INK };
    else if (code === 49) now = { ...now, paper: null };
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) now = { ...now, ink: INKS[code % 10]! };
  }
  return now;
}

/** The lines of a screen as runs of one style; a style goes on into the next line. */
function runsOf(screen: string): Run[][] {
  let style = PLAIN;
  return screen.split('\n').map((line) => {
    const runs: Run[] = [];
    let column = 0;
    for (const part of line.split(/(\x1b\[[0-9;:]*m)/)) {
      const codes = /^\x1b\[([0-9;:]*)m$/.exec(part);
      if (codes) {
        style = restyled(style, codes[1]!);
        continue;
      }
      for (const [text] of part.matchAll(/([━┃┗┛█░╌╎─│▌])\1*|[^━┃┗┛█░╌╎─│▌]+/g)) {
        if (text.trim() !== '' || style.paper) runs.push({ column, text, style });
        column += columnsOf(text);
      }
    }
    return runs;
  });
}

const round = (value: number): string => String(Math.round(value * 100) / 100);

function rectangle(x: number, y: number, width: number, height: number, style: Style, opacity = 1): string {
  const shade = opacity * (style.isDim ? 0.5 : 1);
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${style.ink}"${shade < 1 ? ` opacity="${round(shade)}"` : ''}/>`;
}

/** Lines and blocks as shapes, so that they join in every font; null for text. */
function shapes({ column, text, style }: Run, top: number): string | null {
  const left = MARGIN + column * CELL.width;
  const columns = [...text].length;
  const [midX, midY] = [left + CELL.width / 2 - 1, top + CELL.height / 2 - 1];
  switch (text[0]) {
    case '━':
      return rectangle(left, midY, columns * CELL.width, 2, style);
    case '─':
      return rectangle(left, midY + 0.5, columns * CELL.width, 1, style);
    case '│':
      return rectangle(midX + 0.5, top, 1, CELL.height, style);
    case '▌':
      return rectangle(left, top, CELL.width / 2, CELL.height, style);
    case '█':
      return rectangle(left, top + 4, columns * CELL.width, CELL.height - 8, style);
    case '░':
      return rectangle(left, top + 4, columns * CELL.width, CELL.height - 8, style, 0.5);
    case '┃':
      return rectangle(midX, top, 2, CELL.height, style);
    case '┗':
      return rectangle(midX, top, 2, CELL.height / 2 + 1, style) + rectangle(midX, midY, CELL.width / 2 + 1, 2, style);
    case '┛':
      return rectangle(midX, top, 2, CELL.height / 2 + 1, style) + rectangle(left, midY, CELL.width / 2 + 1, 2, style);
    case '╎':
      return rectangle(midX, top + 2, 2, 5, style) + rectangle(midX, top + 11, 2, 5, style);
    case '╌':
      return Array.from({ length: columns }, (_, i) => rectangle(left + i * CELL.width + 2, midY, CELL.width - 4, 2, style)).join('');
    default:
      return null;
  }
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function words({ column, text, style }: Run, top: number): string {
  const indent = text.length - text.trimStart().length;
  const shown = text.trim();
  const weight = style.isBold ? ' font-weight="bold"' : '';
  const shade = style.isDim ? ' opacity="0.55"' : '';
  const x = round(MARGIN + (column + indent) * CELL.width);
  const length = round(columnsOf(shown) * CELL.width);
  return `<text x="${x}" y="${round(top + 13.5)}" textLength="${length}" lengthAdjust="spacingAndGlyphs" fill="${style.ink}"${weight}${shade}>${escaped(shown)}</text>`;
}

/** The ground under a run, where it has one of its own. */
function ground({ column, text, style }: Run, top: number): string {
  if (!style.paper) return '';
  const wide = round(columnsOf(text) * CELL.width);
  return `<rect x="${round(MARGIN + column * CELL.width)}" y="${round(top)}" width="${wide}" height="${CELL.height}" fill="${style.paper}"/>`;
}

/** A window with a title and the screen in it. */
export function terminalSvg(screen: string, columns: number, title: string): string {
  const lines = runsOf(screen.trimEnd());
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
  const height = Math.ceil(lines.length * CELL.height + BAR + 2 * MARGIN - 8);
  const drawn = lines.flatMap((runs, row) => {
    const top = BAR + 10 + row * CELL.height;
    return runs.map((run) => ground(run, top) + (run.text.trim() === '' ? '' : (shapes(run, top) ?? words(run, top))));
  });
  const buttons = ['#f2777a', '#f0c674', '#8fce74'].map((fill, i) => `<circle cx="${20 + i * 20}" cy="17" r="6" fill="${fill}"/>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="10" fill="${PAPER}"/>`,
    ...buttons,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT_SIZE}" xml:space="preserve">`,
    `<text x="${width / 2}" y="22" text-anchor="middle" fill="#8a90a0">${escaped(title)}</text>`,
    ...drawn,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

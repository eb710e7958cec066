/**
 * What a terminal sends, as keys, pastes, the mouse and answers: a reader that is handed text as it comes. Pure.
 *
 * Names of keys: a letter for itself (`text`), `enter`, `tab`, `up`, `f1` …, with `ctrl-`, `alt-`, `shift-` before them, in this order. Whatever else comes is taken
 * whole and means nothing, so that no half of a sequence is ever typed into a message.
 */

export type TerminalInput =
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'paste'; readonly text: string }
  | { readonly type: 'wheel'; readonly by: -1 | 1; readonly column: number; readonly row: number }
  | { readonly type: 'press'; readonly column: number; readonly row: number }
  | { readonly type: 'focus'; readonly on: boolean }
  /** Answers to what the terminal was asked. */
  | { readonly type: 'background'; readonly isLight: boolean }
  | { readonly type: 'synchronised'; readonly is: boolean };

/** What was read of a sequence that is not over yet. */
export interface Pending {
  readonly text: string;
  /** A paste is under way; this is what came of it. */
  readonly paste: string | null;
}

export const NOTHING_PENDING: Pending = { text: '', paste: null };
/** A paste that is longer is cut, in code units. */
export const PASTE_LENGTH_MAX = 65_536;
const SEQUENCE_LENGTH_MAX = 256;

const END_OF_PASTE = '\x1b[201~';
const FINAL: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  E: 'begin',
  F: 'end',
  H: 'home',
  M: 'enter',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
};
const TILDE: Readonly<Record<string, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
};
const CODES: Readonly<Record<number, string>> = { 9: 'tab', 13: 'enter', 27: 'escape', 32: ' ', 127: 'backspace' };

/** Reads what came. What may be the beginning of a sequence is kept. */
export function readKeys(before: Pending, came: string): { inputs: TerminalInput[]; pending: Pending } {
  const inputs: TerminalInput[] = [];
  let text = before.text + came;
  let { paste } = before;
  for (;;) {
    if (paste !== null) {
      const end = text.indexOf(END_OF_PASTE);
      if (end < 0) {
        // The end may be cut in two.
        const kept = Math.max(0, text.length - END_OF_PASTE.length + 1);
        paste = (paste + text.slice(0, kept)).slice(0, PASTE_LENGTH_MAX);
        return { inputs, pending: { text: text.slice(kept), paste } };
      }
      inputs.push({ type: 'paste', text: (paste + text.slice(0, end)).slice(0, PASTE_LENGTH_MAX) });
      text = text.slice(end + END_OF_PASTE.length);
      paste = null;
    }
    if (text === '') return { inputs, pending: NOTHING_PENDING };
    const read = first(text);
    if (read === null) return { inputs, pending: { text, paste: null } };
    text = text.slice(read.length);
    if (read.input === 'paste') paste = '';
    else if (read.input) add(inputs, read.input);
  }
}

/** Nothing more came for a while: what is there is all there is. A lone escape is the key. */
export function flushKeys(before: Pending): { inputs: TerminalInput[]; pending: Pending } {
  if (before.paste !== null || before.text === '') return { inputs: [], pending: before };
  if (before.text === '\x1b') return { inputs: [{ type: 'key', key: 'escape' }], pending: NOTHING_PENDING };
  if (before.text === '\x1b\x1b') return { inputs: [{ type: 'key', key: 'escape' }], pending: NOTHING_PENDING };
  if (/^\x1b[[O]$/.test(before.text)) return { inputs: [{ type: 'key', key: `alt-${before.text[1]}` }], pending: NOTHING_PENDING };
  return { inputs: [], pending: NOTHING_PENDING };
}

/** Letters that come together are one text. */
function add(inputs: TerminalInput[], input: TerminalInput): void {
  const last = inputs.at(-1);
  if (input.type === 'text' && last?.type === 'text') inputs[inputs.length - 1] = { type: 'text', text: last.text + input.text };
  else inputs.push(input);
}

interface Read {
  readonly length: number;
  readonly input: TerminalInput | 'paste' | null;
}

const key = (name: string, length: number): Read => ({ length, input: { type: 'key', key: name } });

/** The first input of a text; null where more has to come. */
function first(text: string): Read | null {
  const code = text.codePointAt(0)!;
  if (code === 0x1b) return escaped(text);
  if (code === 0x0d) return key('enter', 1);
  if (code === 0x0a) return key('ctrl-j', 1);
  if (code === 0x09) return key('tab', 1);
  if (code === 0x7f || code === 0x08) return key('backspace', 1);
  if (code === 0x1f) return key('ctrl-_', 1);
  if (code === 0) return key('ctrl-space', 1);
  if (code < 0x1b) return key(`ctrl-${String.fromCharCode(code + 0x60)}`, 1);
  if (code < 0x20 || (code >= 0x80 && code < 0xa0)) return { length: 1, input: null };
  if (code >= 0xd800 && code < 0xdc00 && text.length === 1) return null;
  const letter = String.fromCodePoint(code);
  return { length: letter.length, input: { type: 'text', text: letter } };
}

function escaped(text: string): Read | null {
  if (text.length === 1) return null;
  const next = text[1]!;
  if (next === '[') return control(text);
  if (next === 'O') {
    if (text.length < 3) return null;
    const name = FINAL[text[2]!];
    return name ? key(name, 3) : { length: 3, input: null };
  }
  if (next === ']' || next === 'P' || next === '_' || next === '^') return report(text);
  if (next === '\x1b') return text.length === 2 ? null : { length: 1, input: { type: 'key', key: 'escape' } };
  const read = first(text.slice(1));
  if (!read) return null;
  const { input } = read;
  if (input === null || input === 'paste') return { length: read.length + 1, input: null };
  if (input.type === 'text') return key(`alt-${input.text}`, read.length + 1);
  if (input.type === 'key') return key(withAlt(input.key), read.length + 1);
  return { length: read.length + 1, input: null };
}

function withAlt(name: string): string {
  return name.startsWith('ctrl-') ? `ctrl-alt-${name.slice(5)}` : `alt-${name}`;
}

/** OSC, DCS and the like: up to their end. */
function report(text: string): Read | null {
  const end = /\x07|\x1b\\/.exec(text.slice(2));
  if (!end) return text.length > SEQUENCE_LENGTH_MAX ? { length: text.length, input: null } : null;
  const body = text.slice(2, 2 + end.index);
  const length = 2 + end.index + end[0].length;
  const colour = /^11;rgba?:([0-9a-fA-F]{1,4})\/([0-9a-fA-F]{1,4})\/([0-9a-fA-F]{1,4})/.exec(body);
  if (!colour) return { length, input: null };
  const [r, g, b] = colour.slice(1).map((digits) => Number.parseInt(digits, 16) / (16 ** digits.length - 1));
  return { length, input: { type: 'background', isLight: 0.299 * r! + 0.587 * g! + 0.114 * b! > 0.5 } };
}

function control(text: string): Read | null {
  const match = /^\x1b\[([<>=?]?[0-9;:]*)([ -/]*)([@-~])/.exec(text);
  if (!match) {
    // A linux console's F1 is ESC [ [ A.
    if (text.length > 3 && text[2] === '[') return { length: 4, input: null };
    return /^\x1b\[[<>=?]?[0-9;: -/]*$/.test(text) && text.length <= SEQUENCE_LENGTH_MAX ? null : { length: 2, input: null };
  }
  const [whole, parameters, between, final] = match as unknown as [string, string, string, string];
  const { length } = whole;
  if (between === '$' && final === 'y') {
    const is = /^\?2026;([12])$/.test(parameters);
    return { length, input: parameters.startsWith('?2026') ? { type: 'synchronised', is } : null };
  }
  if (parameters.startsWith('<')) return { length, input: mouse(parameters.slice(1), final) };
  if (final === 'I' || final === 'O') return { length, input: parameters === '' ? { type: 'focus', on: final === 'I' } : null };
  if (final === '~' && parameters === '200') return { length, input: 'paste' };
  const name = named(parameters, final);
  return name === null ? { length, input: null } : { length, input: name };
}

function named(parameters: string, final: string): TerminalInput | null {
  const [one = '', modifiers = '', third = ''] = parameters.split(';');
  if (final === 'Z') return { type: 'key', key: 'shift-tab' };
  if (final === '~' && one === '27') return coded(Number(third.split(':')[0]), modifiers);
  if (final === 'u') return coded(Number(one.split(':')[0]), modifiers);
  const name = final === '~' ? TILDE[one] : FINAL[final];
  return name ? { type: 'key', key: prefix(modifiers) + name } : null;
}

/** A key by the number of its letter, as newer terminals send them. */
function coded(code: number, modifiers: string): TerminalInput | null {
  const name = CODES[code] ?? (code > 32 && code < 0x110000 && !(code >= 0xd800 && code < 0xe000) ? String.fromCodePoint(code) : null);
  if (name === null || /\p{C}/u.test(name)) return null;
  const before = prefix(modifiers);
  if (name.length <= 2 && (before === '' || before === 'shift-') && !CODES[code]) return { type: 'text', text: name };
  return { type: 'key', key: before + name };
}

function prefix(modifiers: string): string {
  const bits = Math.max(0, Number(modifiers.split(':')[0] || 1) - 1);
  return `${bits & 4 ? 'ctrl-' : ''}${bits & 10 ? 'alt-' : ''}${bits & 1 ? 'shift-' : ''}`;
}

function mouse(parameters: string, final: string): TerminalInput | null {
  const [button, column, row] = parameters.split(';').map(Number);
  if (button === undefined || !column || !row) return null;
  const at = { column: column - 1, row: row - 1 };
  if ((button & ~28) === 64) return { type: 'wheel', by: -1, ...at };
  if ((button & ~28) === 65) return { type: 'wheel', by: 1, ...at };
  return final === 'M' && (button & ~28) === 0 ? { type: 'press', ...at } : null;
}

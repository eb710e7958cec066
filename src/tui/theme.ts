/** Looks in colours: for dark and light terminals, for sixteen colours, and for none. Pure. */

import type { Look } from './cells.ts';

export type ThemeName = 'dark' | 'light' | 'basic' | 'mono';
export const THEMES: readonly ThemeName[] = ['dark', 'light', 'basic', 'mono'];

/** What stands between ESC [ and m. */
export type Theme = Readonly<Record<Look, string>>;

const names = (codes: readonly string[]): Record<`name ${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}`, string> => ({
  'name 0': codes[0]!,
  'name 1': codes[1]!,
  'name 2': codes[2]!,
  'name 3': codes[3]!,
  'name 4': codes[4]!,
  'name 5': codes[5]!,
  'name 6': codes[6]!,
  'name 7': codes[7]!,
});
const ink = (n: number, more = ''): string => `38;5;${n}${more}`;

/** 256 colours, on black or nearly so: every ink has a contrast of at least 4.5 there. */
const dark: Theme = {
  plain: '',
  strong: '1',
  quiet: ink(245),
  line: ink(240),
  title: ink(252, ';1'),
  open: ink(231, ';48;5;24;1'),
  unread: '1',
  mention: ink(221, ';1'),
  me: ink(254, ';1'),
  code: ink(180),
  link: ink(111, ';4'),
  good: ink(114),
  busy: ink(179),
  bad: ink(210),
  chosen: ink(231, ';48;5;237'),
  bar: ink(252, ';48;5;236'),
  'bar good': ink(114, ';48;5;236'),
  'bar busy': ink(221, ';48;5;236'),
  'bar bad': ink(210, ';48;5;236'),
  ...names([110, 114, 179, 176, 80, 209, 147, 150].map((n) => ink(n, ';1'))),
};

/** The same on white. */
const light: Theme = {
  plain: '',
  strong: '1',
  quiet: ink(242),
  line: ink(249),
  title: ink(235, ';1'),
  open: ink(231, ';48;5;25;1'),
  unread: '1',
  mention: ink(130, ';1'),
  me: ink(234, ';1'),
  code: ink(94),
  link: ink(25, ';4'),
  good: ink(28),
  busy: ink(94),
  bad: ink(124),
  chosen: ink(232, ';48;5;253'),
  bar: ink(236, ';48;5;254'),
  'bar good': ink(22, ';48;5;254'),
  'bar busy': ink(94, ';48;5;254'),
  'bar bad': ink(124, ';48;5;254'),
  ...names([25, 28, 94, 91, 30, 130, 61, 64].map((n) => ink(n, ';1'))),
};

/** The terminal's own sixteen, and its own ground. */
const basic: Theme = {
  plain: '',
  strong: '1',
  quiet: '2',
  line: '2',
  title: '1',
  open: '7',
  unread: '1',
  mention: '1;33',
  me: '1',
  code: '33',
  link: '4',
  good: '32',
  busy: '33',
  bad: '31',
  chosen: '7',
  bar: '7',
  'bar good': '7',
  'bar busy': '7;1',
  'bar bad': '7;1',
  ...names(['1;34', '1;32', '1;33', '1;35', '1;36', '1;31', '34', '36']),
};

/** No colour at all (https://no-color.org): what matters is bold, underlined or turned round. */
const mono: Theme = {
  ...basic,
  mention: '1;4',
  code: '',
  good: '',
  busy: '1',
  bad: '1',
  ...names(['1', '1', '1', '1', '1', '1', '1', '1']),
};

const TABLE: Readonly<Record<ThemeName, Theme>> = { dark, light, basic, mono };

export function themeOf(name: ThemeName): Theme {
  return TABLE[name];
}

/** The theme that suits a terminal, by what the environment says of it and what it says of its ground (null: nothing). */
export function suitable(environment: Readonly<Record<string, string | undefined>>, isLight: boolean | null): ThemeName {
  if (environment['NO_COLOR']) return 'mono';
  const term = environment['TERM'] ?? '';
  const isRich = /256|direct|kitty|alacritty|ghostty|foot/.test(term) || /truecolor|24bit/.test(environment['COLORTERM'] ?? '');
  if (/^(vt\d|xterm-mono|ansi-m)/.test(term)) return 'mono';
  if (!isRich) return 'basic';
  if (isLight !== null) return isLight ? 'light' : 'dark';
  // What some terminals say in the environment: ink;ground, in numbers of the sixteen.
  const ground = Number(/;(\d+)$/.exec(environment['COLORFGBG'] ?? '')?.[1] ?? 0);
  return ground === 7 || ground === 15 ? 'light' : 'dark';
}

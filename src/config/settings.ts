/**
 * Every setting of a node, declared once: the flags of `skein up`, the keys of its configuration file, and what both print as help come from here.
 */

/** One setting. `flag` is null where only the configuration file has it. */
export interface Setting<T> {
  readonly key: string;
  readonly flag: string | null;
  readonly value: string;
  readonly default: T;
  readonly doc: string;
  /** The value of a text, or why it is none. */
  readonly parse: (text: string) => T | { readonly fault: string };
}

const text = (value: string): string => value;

function whole(min: number, max: number) {
  return (value: string): number | { fault: string } => {
    const number = Number(value);
    return Number.isInteger(number) && number >= min && number <= max ? number : { fault: `a whole number from ${min} to ${max}` };
  };
}

function oneOf<const T extends string>(...allowed: readonly T[]) {
  return (value: string): T | { fault: string } => allowed.find((one) => one === value) ?? { fault: `one of ${allowed.join(', ')}` };
}

/** `ADDR:PORT`, `[IPV6]:PORT` or `off`. */
function listen(value: string): string | { fault: string } {
  if (value === 'off') return value;
  const port = /^(?:\[[0-9a-fA-F:.]+\]|[^:\s[\]]+):(\d{1,5})$/.exec(value)?.[1];
  return port !== undefined && Number(port) <= 65_535 ? value : { fault: 'ADDR:PORT, [IPV6]:PORT, or off' };
}

/** A URL of the web's, without a path; or nothing. */
function webUrl(value: string): string | { fault: string } {
  const url = value === '' ? null : URL.parse(value);
  if (value === '') return value;
  return url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
    ? url.origin
    : { fault: 'http://HOST:PORT or https://HOST:PORT' };
}

/** Several of them, with spaces or commas between. */
function severalOf(one: (value: string) => string | { fault: string }) {
  return (value: string): string | { fault: string } => {
    const parts = value.split(/[\s,]+/).filter((part) => part !== '');
    const read = parts.map(one);
    return read.find((part) => typeof part !== 'string') ?? read.join(' ');
  };
}

function hostName(value: string): string | { fault: string } {
  return /^[^\s/:@[\]]{1,253}$/.test(value) ? value.toLowerCase() : { fault: 'names of hosts, without ports' };
}

function setting<T extends string | number>(
  key: string,
  flag: string | null,
  value: string,
  initial: T,
  doc: string,
  parse: Setting<T>['parse'],
): Setting<T> {
  return { key, flag, value, default: initial, doc, parse };
}

export const SETTINGS = {
  name: setting('name', 'name', 'NODE', '', 'name of this node, shown to everybody (default: the machine’s name)', text),
  network: setting('network', 'network', 'NAME', 'skein', 'name of the network, where this run makes it', text),
  join: setting('join', 'join', 'INVITE', '', 'join the network that the invitation is for', text),
  mesh: setting(
    'mesh',
    'mesh',
    'ADDR:PORT',
    '0.0.0.0:7401',
    'where other nodes connect; closed to anyone without the network’s key',
    listen,
  ),
  http: setting('http', 'http', 'ADDR:PORT', '127.0.0.1:7400', 'where browsers and scripts connect, or off', listen),
  httpUrl: setting(
    'http.url',
    null,
    'URL',
    '',
    'where others reach what --http listens on, told to clients of other nodes (default: the address itself)',
    webUrl,
  ),
  httpHosts: setting(
    'http.hosts',
    null,
    'NAMES',
    '',
    'names under which the HTTP door is reached, beside addresses and localhost',
    severalOf(hostName),
  ),
  httpOrigins: setting('http.origins', null, 'ORIGINS', '', 'web pages elsewhere that may use the API: https://HOST', severalOf(webUrl)),
  irc: setting('irc', 'irc', 'ADDR:PORT', '127.0.0.1:6667', 'where IRC clients connect, or off', listen),
  copies: setting('copies', 'copies', 'N', 3, 'on how many nodes a message is to be before it is acknowledged', whole(1, 100)),
  guests: setting(
    'guests',
    'guests',
    'on|off',
    '',
    'whether people may chat without an account (default: only while every door listens on loopback)',
    oneOf('', 'on', 'off'),
  ),
  floods: setting(
    'floods',
    'floods',
    'on|off',
    '',
    'whether people who send too much too fast are slowed down (default: off while every door listens on loopback)',
    oneOf('', 'on', 'off'),
  ),
  registration: setting(
    'registration',
    'registration',
    'open|invite|closed',
    'invite',
    'who may make an account, where this run makes the network',
    oneOf('open', 'invite', 'closed'),
  ),
  fullUpTo: setting(
    'mesh.full_up_to',
    null,
    'N',
    8,
    'up to so many members everybody links with everybody; 0: only along the links there are',
    whole(0, 64),
  ),
  eraseAfter: setting('erase.after', null, 'SECONDS', 60, 'how long what was removed stays on the disk, in seconds', whole(0, 31_536_000)),
} as const;

/** The value of every setting. */
export interface Settings {
  name: string;
  network: string;
  join: string;
  mesh: string;
  http: string;
  httpUrl: string;
  httpHosts: string;
  httpOrigins: string;
  irc: string;
  copies: number;
  guests: '' | 'on' | 'off';
  floods: '' | 'on' | 'off';
  registration: 'open' | 'invite' | 'closed';
  fullUpTo: number;
  eraseAfter: number;
}

/** Wrong usage: what to change is in the message. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Settings from the flags given, then the configuration file, then the defaults. Throws UsageError for a value that is none, and for keys that nobody knows. */
export function resolveSettings(flags: ReadonlyMap<string, string>, file: Readonly<Record<string, unknown>>): Settings {
  const settings: Record<string, unknown> = {};
  const keys = new Set<string>();
  for (const [field, one] of Object.entries(SETTINGS) as [string, Setting<unknown>][]) {
    keys.add(one.key);
    const flag = one.flag === null ? undefined : flags.get(one.flag);
    const given = flag ?? (file[one.key] === undefined ? undefined : String(file[one.key]));
    settings[field] = given === undefined ? one.default : parsed(one, given, flag !== undefined);
  }
  for (const key of Object.keys(file))
    if (!keys.has(key)) throw new UsageError(`the configuration file has an unknown key ‘${key}’; known are ${[...keys].join(', ')}`);
  return settings as unknown as Settings;
}

function parsed(one: Setting<unknown>, given: string, isFlag: boolean): unknown {
  const value = one.parse(given);
  if (typeof value !== 'object' || value === null) return value;
  const where = isFlag ? `--${one.flag}` : `‘${one.key}’ in the configuration file`;
  throw new UsageError(`${where} takes ${(value as { fault: string }).fault}, not ‘${given}’`);
}

/** Whether a listening address is on loopback, or closed. */
export function isLoopback(listening: string): boolean {
  return listening === 'off' || /^(127\.|localhost:|\[::1\])/.test(listening);
}

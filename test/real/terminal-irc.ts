/** How irssi and WeeChat are set up, and how the lines of their screens are read. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeProcess } from '../../src/demo/processes.ts';
import type { Terminal, Terminals } from './terminal.ts';

/** A message as a screen shows it. */
export interface Seen {
  readonly time: string;
  readonly nick: string;
  readonly text: string;
}

export interface Client {
  readonly program: string;
  /** Starts it with a list of nodes: it connects to the first, and joins the room. */
  open(terminals: Terminals, folder: string, nick: string, nodes: readonly NodeProcess[]): Promise<Terminal>;
  /** The messages on a screen, from the last time on that this nick joined the room. */
  messages(lines: readonly string[], nick: string): Seen[];
  /** What it says when it loses its node, and when it is served again. */
  readonly lost: RegExp;
  /** The welcome of a node, in the window of the server. */
  readonly serves: RegExp;
  joins(nick: string): RegExp;
  /** What it says of somebody unknown. */
  readonly nobody: RegExp;
  /** How it asks for the list of rooms. */
  readonly list: string;
  /** Shows the window of the server. */
  readonly statusWindow: string;
  readonly roomWindow: string;
}

export const ROOM = '#skein';
function fromLastJoin(lines: readonly string[], joins: RegExp): readonly string[] {
  return lines.slice(lines.findLastIndex((line) => joins.test(line)) + 1);
}

function readMessages(lines: readonly string[], pattern: RegExp): Seen[] {
  return lines.flatMap((line) => {
    const match = pattern.exec(line);
    return match ? [{ time: match[1]!, nick: match[2]!.replace(/^[~@]/, ''), text: match[3]!.trimEnd() }] : [];
  });
}

/** Seconds in times, the server's times, and none of the waiting by which irssi keeps clear of flood limits. */
const IRSSI_STARTUP = [
  '/set timestamp_format %H:%M:%S',
  '/set show_server_time on',
  '/set cmds_max_at_once 100',
  '/set cmd_queue_speed 10msec',
];

function irssiConfig(nick: string, nodes: readonly NodeProcess[]): string {
  const servers = nodes.map(
    ({ irc }, i) => `{ address = "${irc!.host}"; port = "${irc!.port}"; chatnet = "skein"; autoconnect = "${i === 0 ? 'yes' : 'no'}"; }`,
  );
  return `
servers = ( ${servers.join(',\n')} );
chatnets = { skein = { type = "IRC"; nick = "${nick}"; }; };
channels = ( { name = "${ROOM}"; chatnet = "skein"; autojoin = "yes"; } );
settings = {
  core = { real_name = "${nick}"; user_name = "${nick}"; nick = "${nick}"; server_reconnect_time = "1s"; };
};
`;
}

export const irssi: Client = {
  program: 'irssi',
  async open(terminals, folder, nick, nodes) {
    const home = mkdtempSync(join(folder, 'irssi-'));
    writeFileSync(join(home, 'config'), irssiConfig(nick, nodes));
    writeFileSync(join(home, 'startup'), IRSSI_STARTUP.map((line) => `${line}\n`).join(''));
    return terminals.open({ name: 'irssi', command: ['irssi', `--home=${home}`], env: { HOME: home } });
  },
  messages(lines, nick) {
    const since = fromLastJoin(lines, this.joins(nick));
    return readMessages(since, /^(\d\d:\d\d:\d\d) (?:<\s?|\s+\* )([^\s>]+)>? (.*)$/);
  },
  lost: /Connection lost to 127\.0\.0\.1|Connection reset by peer/,
  joins: (nick) => new RegExp(`-!- ${nick} \\[guest@[0-9a-f]+\\.skein\\] has joined ${ROOM}`),
  serves: /-!- Your node is \w+, running Skein/,
  nobody: /nobody-here.*no such nick|no such nick.*nobody-here/i,
  list: '/list -yes',
  statusWindow: '/window 1',
  roomWindow: '/window 2',
};

function weechatCommands(nick: string, nodes: readonly NodeProcess[]): string[] {
  const addresses = nodes.map(({ irc }) => `${irc!.host}/${irc!.port}`).join(',');
  return [
    '/set irc.server_default.anti_flood_prio_high 0',
    '/set irc.server_default.anti_flood_prio_low 0',
    '/set weechat.look.prefix_align_max 10',
    `/server add skein ${addresses} -nicks=${nick} -username=${nick} -autojoin=${ROOM} -autoreconnect_delay=1`,
    '/connect skein',
  ];
}

export const weechat: Client = {
  program: 'weechat',
  async open(terminals, folder, nick, nodes) {
    const home = mkdtempSync(join(folder, 'weechat-'));
    const commands = weechatCommands(nick, nodes).flatMap((command) => ['-r', command]);
    return terminals.open({ name: 'weechat', command: ['weechat', '-d', home, ...commands], env: { HOME: home } });
  },
  messages(lines, nick) {
    const since = fromLastJoin(lines, this.joins(nick));
    const seen = readMessages(since, /│(\d\d:\d\d:\d\d)\s+(\S+) \| ([^│]*)/);
    return seen.flatMap((one) => {
      if (/^(-->|<--|--|=!=)$/.test(one.nick)) return [];
      if (one.nick !== '*') return [one];
      const space = one.text.indexOf(' ');
      return [{ time: one.time, nick: one.text.slice(0, space), text: one.text.slice(space + 1) }];
    });
  },
  lost: /reading data on socket|irc: disconnected from server/,
  joins: (nick) => new RegExp(`--> \\| ${nick} (?:\\([^)]*\\) )?\\(guest@[0-9a-f]+\\.skein\\) has joined ${ROOM}`),
  serves: /Your node is \w+, running Skein/,
  nobody: /nobody-here: No such nick/,
  list: '/list',
  statusWindow: '/buffer irc.server.skein',
  roomWindow: `/buffer irc.skein.${ROOM}`,
};

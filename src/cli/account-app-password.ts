/** `skein account app-password`: passwords for programs, which may speak for an account and not change it. */

import type { Command } from 'commander';
import { UsageError } from '../config/settings.ts';
import { APP_PASSWORD_BYTES, appPasswordSeed, formatAppPassword } from '../core/app-password.ts';
import { checkLabel, NAME_LENGTH_MAX } from '../core/text.ts';
import type { Person } from '../node/people-facts.ts';
import { atDesk, type Desk, personOf, subcommand } from './account-desk.ts';
import { FailedError } from './run.ts';

interface Flags {
  readonly data?: string;
  readonly json?: boolean;
}

/** How much of a device's key is shown. */
const SHOWN_LETTERS = 16;
const NAMED_LETTERS_MIN = 4;

export function addAppPassword(account: Command): void {
  const command = account.command('app-password').description('passwords for programs: they may speak for the account, and not change it');
  subcommand(command, 'add', 'make one and print it, once')
    .argument('<NAME>', 'whose')
    .option('--label <TEXT>', 'what it is for, as lists show it; every node can read it')
    .action((name: string, flags: Flags & { label?: string }) => atDesk(flags, (desk) => add(desk, name, flags.label ?? '')));
  subcommand(command, 'list', 'by the beginnings of their keys')
    .argument('<NAME>', 'whose')
    .option('--json', 'as one JSON array')
    .action((name: string, flags: Flags) =>
      atDesk(flags, async (desk) => {
        const { devices } = personOf(await desk.facts(name), name);
        if (flags.json) return JSON.stringify(devices);
        return devices.length === 0 ? 'none' : devices.map(shown).join('\n');
      }),
    );
  subcommand(command, 'remove', 'end one: programs that use it are logged out')
    .argument('<NAME>', 'whose')
    .argument('<KEY>', 'the beginning of its key, as `list` shows it')
    .action((name: string, key: string, flags: Flags) => atDesk(flags, (desk) => end(desk, name, key)));
}

function shown({ key, label }: Person['devices'][number]): string {
  return label === '' ? key.slice(0, SHOWN_LETTERS) : `${key.slice(0, SHOWN_LETTERS)} ${label}`;
}

async function add(desk: Desk, name: string, raw: string): Promise<string> {
  const label = raw === '' ? '' : checkLabel(raw);
  if (label === null) throw new UsageError(`--label takes 1 to ${NAME_LENGTH_MAX} letters, without controls`);
  const facts = await desk.facts(name);
  const person = personOf(facts, name);
  const key = await desk.keyOf(person);
  const bytes = desk.random.bytes(APP_PASSWORD_BYTES);
  const device = desk.suite.keyPair(appPasswordSeed(desk.suite, bytes));
  await desk.write([desk.pen(facts).device(key, person.author, device.publicKey, label)]);
  process.stderr.write(`an app password of ${person.name}, key ${device.publicKey.slice(0, SHOWN_LETTERS)}; it is shown this once:\n`);
  return formatAppPassword(bytes);
}

async function end(desk: Desk, name: string, prefix: string): Promise<string> {
  const facts = await desk.facts(name);
  const person = personOf(facts, name);
  const device = deviceOf(person, prefix);
  const key = await desk.keyOf(person);
  await desk.write([desk.pen(facts).logout(key, person, [device])]);
  return `ended the app password ${device.slice(0, SHOWN_LETTERS)} of ${person.name}`;
}

function deviceOf({ name, devices }: Person, prefix: string): string {
  const found = prefix.length < NAMED_LETTERS_MIN ? [] : devices.filter(({ key }) => key.startsWith(prefix.toLowerCase()));
  if (found.length === 1) return found[0]!.key;
  const why = found.length === 0 ? `has no app password ‘${prefix}’` : `has ${found.length} app passwords that begin with ‘${prefix}’`;
  throw new FailedError(`${name} ${why}: \`skein account app-password list ${name}\` lists them`);
}

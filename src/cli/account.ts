/** `skein account`: people's accounts, made, changed and deleted. Passwords come from a prompt or from stdin, and their keys are made here: the node sees neither. */

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../config/settings.ts';
import { authorId, type RoomId } from '../core/ids.ts';
import { isRoomId } from '../core/kinds/moderation.ts';
import { publicRoomId } from '../core/kinds/room.ts';
import { ROLES, type Role } from '../core/law/body.ts';
import type { By } from '../core/pen.ts';
import { checkRoomName } from '../core/text.ts';
import { askNode } from '../node/control.ts';
import { controlPath, defaultDirectory, readSetupToken } from '../node/directory.ts';
import type { AccountLine, Facts, Person } from '../node/people-facts.ts';
import { setupLink } from '../node/setup.ts';
import { addAppPassword } from './account-app-password.ts';
import { atDesk, type Desk, personOf, subcommand } from './account-desk.ts';
import { addAccountLog } from './account-log.ts';
import { durationMs } from './invite.ts';
import { FailedError } from './run.ts';
import type { Status } from './status.ts';

interface Flags {
  readonly data?: string;
  /** The owner whose word it is. */
  readonly as?: string;
  /** The network's root key stands in for an owner. */
  readonly recovery?: boolean;
}

export function addAccount(program: Command): void {
  const account = program.command('account').description('people’s accounts; passwords are asked for, or read from stdin, a line each');
  addCreate(account);
  addSetup(account);
  addPasswd(account);
  addDelete(account);
  addList(account);
  addRole(account);
  addAppPassword(account);
  addLogout(account);
  addInvitePeople(account);
  addRename(account);
  addAccountLog(account);
}

function byOthers(command: Command): Command {
  return command
    .option('--as <OWNER>', 'by the word of this owner of the network')
    .option('--recovery', 'by the network’s recovery key, where no owner can');
}

function checkedRole(text: string): Role {
  const role = ROLES.find((one) => one === text);
  if (!role) throw new UsageError(`a role is one of ${ROLES.join(', ')}, not ‘${text}’`);
  return role;
}

/** Who stands behind it, where it is not the account itself; null where nobody was named. */
async function otherOf(desk: Desk, facts: Facts, { as, recovery }: Flags): Promise<By | null> {
  if (as !== undefined && recovery) throw new UsageError('--as and --recovery exclude each other');
  if (recovery) return { root: await desk.root(facts) };
  return as === undefined ? null : desk.owner(facts.people[1], as);
}

async function factsOf(desk: Desk, name: string, { as }: Flags): Promise<Facts> {
  return desk.facts(name, ...(as === undefined ? [] : [as]));
}

/** Keeps a network from losing its last owner. */
function checkNotLast({ owners }: Facts, person: Person): void {
  if (person.power === 4 && owners.length === 1)
    throw new FailedError(`${person.name} is the network’s last owner: make another one first (\`skein account role NAME owner\`)`);
}

/** Whoever may read the data directory may have the link. */
function addSetup(account: Command): void {
  account
    .command('setup')
    .description('print the link that makes the network’s first owner in a browser, once')
    .option('--data <DIR>', 'the node’s data directory')
    .action(async ({ data }: Flags) => {
      const directory = data ? resolve(data) : defaultDirectory();
      const { listen, network } = (await askNode(controlPath(directory), { command: 'status' })) as Status;
      const token = readSetupToken(directory);
      if (network.owners.length > 0) throw new FailedError(`the network has an owner (${network.owners.join(', ')}): they make others`);
      if (token === null)
        throw new FailedError(
          'this node did not make the network, or its recovery key was taken away: use `skein account create NAME --role owner`',
        );
      if (listen.http === 'off')
        throw new FailedError('the HTTP door is closed: start the node with --http ADDR:PORT, or use `skein account create`');
      process.stdout.write(`${setupLink(token, listen.http)}\n`);
    });
}

function addCreate(account: Command): void {
  const command = subcommand(
    account,
    'create',
    'make an account: by an invitation, or by an owner’s word; the first owner by the recovery key',
  );
  byOthers(command)
    .argument('<NAME>', 'how it is shown to everybody')
    .option('--role <ROLE>', 'owner, moderator or member, in the whole network', 'member')
    .action((name: string, flags: Flags & { role: string }) => atDesk(flags, (desk) => create(desk, name, flags)));
}

async function create(desk: Desk, name: string, flags: Flags & { role: string }): Promise<string> {
  const role = checkedRole(flags.role);
  const facts = await factsOf(desk, name, flags);
  const fault = (await desk.ask('check name', { name })) as string | null;
  if (fault) throw new FailedError(fault);
  const by = await makerOf(desk, facts, role, flags);
  const invite = by || facts.registration === 'open' ? undefined : await invitationOf(desk, facts);
  const { key, kdf } = await desk.newKey(name);
  const pen = desk.pen(facts);
  const made = pen.account(key, name.normalize('NFC'), kdf, invite);
  const author = authorId(desk.suite, key.publicKey);
  // A seal of the root key lets an account in as an owner's session does.
  const isNamed = role !== 'member' || (by !== null && 'root' in by);
  await desk.write([...(by ? pen.session(by) : []), made, ...(by && isNamed ? [pen.role(by, author, role, '')] : [])]);
  return `made the account ${name}${role === 'member' ? '' : `, ${role} of the network`}`;
}

/** Who makes an account, beside an invitation. The first owner is made by the root key. */
async function makerOf(desk: Desk, facts: Facts, role: Role, flags: Flags): Promise<By | null> {
  const other = await otherOf(desk, facts, flags);
  if (other || role === 'member' || role === 'none') return other;
  if (role === 'owner' && facts.owners.length === 0) return { root: await desk.root(facts) };
  const who =
    facts.owners.length === 0
      ? 'make an owner first, with --role owner'
      : `one of its owners (${facts.owners.join(', ')}) does that: add --as OWNER`;
  throw new FailedError(`a ${role} of the network is made by an owner: ${who}`);
}

async function invitationOf(desk: Desk, { registration }: Facts): Promise<string> {
  if (registration === 'closed') throw new FailedError('registration is closed: an owner makes accounts, with --as OWNER');
  const token = await desk.secrets.ask('invitation (`skein account invite` prints one)');
  return (await desk.ask('check invitation', { token })) as string;
}

function addPasswd(account: Command): void {
  const command = subcommand(
    account,
    'passwd',
    'change a password: by the old one, or (--reset) by an owner; all sessions and app passwords end',
  );
  byOthers(command)
    .argument('<NAME>', 'whose')
    .option('--reset', 'the old one is lost: by --as OWNER, or by the recovery key')
    .action((name: string, flags: Flags & { reset?: boolean }) => atDesk(flags, (desk) => passwd(desk, name, flags)));
}

async function passwd(desk: Desk, name: string, flags: Flags & { reset?: boolean }): Promise<string> {
  const isReset = flags.reset === true;
  if (!isReset && (flags.as !== undefined || flags.recovery)) throw new UsageError('--as and --recovery go with --reset');
  const facts = await factsOf(desk, name, flags);
  const person = personOf(facts, name);
  const other = isReset ? await otherOf(desk, facts, flags.as === undefined ? { ...flags, recovery: true } : flags) : null;
  const by = other ?? { author: person.author, key: await desk.keyOf(person) };
  const { key, kdf } = await desk.newKey(person.name);
  const pen = desk.pen(facts);
  await desk.write([...(other ? pen.session(by) : []), pen.rekey(by, person, key.publicKey, kdf)]);
  return `the password of ${person.name} is changed: sessions and app passwords of before have ended`;
}

function addDelete(account: Command): void {
  subcommand(account, 'delete', 'delete an account: by its own password, or by an owner; its name is free again')
    .argument('<NAME>', 'whose')
    .option('--erase', 'erase all it wrote, too, on every node')
    .option('--as <OWNER>', 'by the word of this owner of the network')
    .action((name: string, flags: Flags & { erase?: boolean }) => atDesk(flags, (desk) => remove(desk, name, flags)));
}

async function remove(desk: Desk, name: string, flags: Flags & { erase?: boolean }): Promise<string> {
  const facts = await factsOf(desk, name, flags);
  const person = personOf(facts, name);
  checkNotLast(facts, person);
  const other = flags.as === undefined ? null : await desk.owner(facts.people[1], flags.as);
  const by = other ?? { author: person.author, key: await desk.keyOf(person) };
  const pen = desk.pen(facts);
  const isOwn = by.author === person.author;
  await desk.write([...(isOwn ? [] : pen.session(by)), pen.deletion(by, person, flags.erase === true)]);
  return `deleted the account ${person.name}${flags.erase ? ', and all it wrote' : ''}`;
}

function addList(account: Command): void {
  subcommand(account, 'list', 'the accounts, their roles in the network, and who is there')
    .option('--json', 'as one JSON array')
    .action((flags: { data?: string; json?: boolean }) =>
      atDesk(flags, async (desk) => {
        const lines = (await desk.ask('accounts')) as AccountLine[];
        if (flags.json) return JSON.stringify(lines);
        return lines.length === 0
          ? 'no accounts yet: `skein account create NAME --role owner` makes the first'
          : lines.map(lineOf).join('\n');
      }),
    );
}

function lineOf({ id, name, role, present }: AccountLine): string {
  return `${name.padEnd(20)} ${role.padEnd(10)} ${(present ? 'here' : 'away').padEnd(5)} ${id.slice(0, 16)}`;
}

function addRole(account: Command): void {
  byOthers(subcommand(account, 'role', 'give a role in the network, or in a room: by somebody who may'))
    .argument('<NAME>', 'who gets it; where nobody else is named, by their own password')
    .argument('<ROLE>', 'owner, moderator, member or none')
    .option('--room <ROOM>', 'in this room alone')
    .action((name: string, role: string, flags: Flags & { room?: string }) => atDesk(flags, (desk) => giveRole(desk, name, role, flags)));
}

async function giveRole(desk: Desk, name: string, given: string, flags: Flags & { room?: string }): Promise<string> {
  const role = checkedRole(given);
  const room = flags.room === undefined ? '' : roomOf(flags.room);
  const facts = await factsOf(desk, name, flags);
  const person = personOf(facts, name);
  if (room === '' && role !== 'owner') checkNotLast(facts, person);
  const isFirst = facts.owners.length === 0 && room === '' && flags.as === undefined;
  const other = await otherOf(desk, facts, isFirst ? { ...flags, recovery: true } : flags);
  const by = other ?? { author: person.author, key: await desk.keyOf(person) };
  const pen = desk.pen(facts);
  await desk.write([...pen.session(by), pen.role(by, person.author, role, room)]);
  return `${person.name} is ${role === 'none' ? 'without a role' : role} ${room === '' ? 'in the network' : `in ${room}`}`;
}

function roomOf(text: string): RoomId {
  if (isRoomId(text) && text.startsWith('!')) return text as RoomId;
  const room = checkRoomName(text);
  if ('fault' in room) throw new UsageError(`‘${text}’ is no room: a public one begins with #`);
  return publicRoomId(room.name);
}

function addLogout(account: Command): void {
  subcommand(account, 'logout', 'end all sessions and app passwords of an account (an owner does it for others by passwd --reset)')
    .argument('<NAME>', 'whose; by their own password')
    .action((name: string, flags: Flags) =>
      atDesk(flags, async (desk) => {
        const facts = await desk.facts(name);
        const person = personOf(facts, name);
        const key = await desk.keyOf(person);
        await desk.write([desk.pen(facts).logout(key, person, [])]);
        return `${person.name} is logged out everywhere`;
      }),
    );
}

function addInvitePeople(account: Command): void {
  subcommand(account, 'invite', 'print an invitation for people: a secret, good for one account, for a day, unless told otherwise')
    .option('--uses <N>', 'how many accounts it is good for', '1')
    .option('--expires <TIME>', 'how long it is good, like 30m, 24h or 7d', '24h')
    .action((flags: Flags & { uses: string; expires: string }) => {
      if (!/^\d{1,4}$/.test(flags.uses)) throw new UsageError('--uses takes a whole number');
      const fields = { uses: Number(flags.uses), forMs: durationMs(flags.expires) };
      return atDesk(flags, async (desk) => String(await desk.ask('invite people', fields)));
    });
}

function addRename(account: Command): void {
  byOthers(subcommand(account, 'rename', 'give an account another name: its own word, or an owner’s, which comes before others’ claims'))
    .argument('<NAME>', 'as it is now')
    .argument('<NEW>', 'as it is to be')
    .action((name: string, to: string, flags: Flags) =>
      atDesk(flags, async (desk) => {
        const facts = await factsOf(desk, name, flags);
        const person = personOf(facts, name);
        const by = (await otherOf(desk, facts, flags)) ?? { author: person.author, key: await desk.keyOf(person) };
        const pen = desk.pen(facts);
        await desk.write([...pen.session(by), pen.settle(by, person.author, to.normalize('NFC'))]);
        return `${person.name} is ${to} now`;
      }),
    );
}

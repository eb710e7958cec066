/** One `skein account` command at work: what the node knows, the keys that passwords make here, and the words handed in. */

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { isHexOf, type NodeId, networkId } from '../core/ids.ts';
import { encodeKdf, newKdf, SALT_BYTES } from '../core/kdf.ts';
import { PASSWORD_WORDS, passwordFault } from '../core/password.ts';
import { type ByAccount, Pen } from '../core/pen.ts';
import type { KeyPair } from '../core/suite.ts';
import { fromHex } from '../lib/bytes.ts';
import { makeSuite, systemRandom } from '../lib/crypto.ts';
import { askNode } from '../node/control.ts';
import { controlPath, defaultDirectory, readRecoveryKey } from '../node/directory.ts';
import { Passwords } from '../node/passwords.ts';
import type { Facts, Person } from '../node/people-facts.ts';
import { Secrets } from './account-prompt.ts';
import { FailedError } from './run.ts';

/** How often somebody at a terminal may choose another password. */
const CHOICES_MAX = 5;

/** A key that a password makes. */
interface Made {
  readonly key: KeyPair;
  readonly kdf: Uint8Array;
}

export class Desk {
  readonly suite = makeSuite();
  readonly random = systemRandom();
  readonly secrets: Secrets;
  readonly #directory: string;
  readonly #passwords = new Passwords();

  constructor(directory: string, secrets: Secrets) {
    this.#directory = directory;
    this.secrets = secrets;
  }

  ask(command: string, fields: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return askNode(controlPath(this.#directory), { ...fields, command });
  }

  /** What the node knows, and of each name whose it is. */
  async facts(...names: string[]): Promise<Facts> {
    return (await this.ask('people', { names })) as Facts;
  }

  pen(facts: Facts): Pen {
    return new Pen(this.suite, this.random, facts, Date.now());
  }

  /** Hands ops in. Resolves when all of them are durable and count. */
  async write(ops: readonly string[]): Promise<void> {
    const faults = (await this.ask('write', { ops })) as (string | null)[];
    const fault = faults.find((one) => one !== null);
    if (fault) throw new FailedError(`it was written, and does not count: ${fault}`);
  }

  // Passwords and keys

  async #derive(password: string, kdf: Uint8Array): Promise<KeyPair> {
    const derived = await this.#passwords.derive(password, kdf, '');
    if ('seed' in derived) return this.suite.keyPair(derived.seed);
    if ('busy' in derived) throw new FailedError('this machine has too little memory free to make a key from the password: try again');
    if (derived.refused === 'bad kdf') throw new FailedError('the account’s key is made in a way this version does not know');
    throw new FailedError('the password is wrong');
  }

  /** An account's own key, by its password. */
  async keyOf({ name, key: wanted, kdf }: Person): Promise<KeyPair> {
    const key = await this.#derive(await this.secrets.ask(`password of ${name}`), fromHex(kdf));
    if (key.publicKey !== wanted) throw new FailedError(`that is not the password of ${name}: nothing was done`);
    return key;
  }

  /** A new password and its key; asked for twice where somebody types it. */
  async newKey(name: string): Promise<Made> {
    const password = await this.#newPassword(name);
    const kdf = encodeKdf(newKdf(this.random.bytes(SALT_BYTES)));
    return { key: await this.#derive(password, kdf), kdf };
  }

  async #newPassword(name: string): Promise<string> {
    for (let choice = 1; ; choice++) {
      const password = await this.secrets.ask(`new password for ${name}`);
      const fault = passwordFault(password, name);
      const isSame = fault !== null || !this.secrets.isTerminal || (await this.secrets.ask('the same again')) === password;
      if (!fault && isSame) return password;
      const words = fault ? PASSWORD_WORDS[fault] : 'These are two different passwords.';
      if (!this.secrets.isTerminal || choice === CHOICES_MAX) throw new FailedError(`${words} Nothing was done.`);
      process.stderr.write(`${words}\n`);
    }
  }

  /** The network's root key: from the data directory where it still is, else asked for. */
  async root(facts: Facts): Promise<KeyPair> {
    const kept = readRecoveryKey(this.#directory);
    const isRoot = (key: KeyPair): boolean => networkId(this.suite, key.publicKey as NodeId) === facts.network;
    const key = kept && this.suite.keyPair(kept);
    if (key && isRoot(key)) return key;
    const text = (await this.secrets.ask('recovery key of the network (64 letters and digits)')).trim().toLowerCase();
    const typed = isHexOf(text, 32) ? this.suite.keyPair(fromHex(text)) : null;
    if (!typed || !isRoot(typed)) throw new FailedError('that is not the recovery key of this network: nothing was done');
    return typed;
  }

  /** An owner, by their password. */
  async owner(person: Person | null | undefined, name: string): Promise<ByAccount> {
    if (!person) throw noAccount(name);
    if (person.power !== 4) throw new FailedError(`${person.name} is no owner of the network: \`skein account list\` tells who is`);
    return { author: person.author, key: await this.keyOf(person) };
  }
}

function noAccount(name: string): FailedError {
  return new FailedError(`there is no account ‘${name}’: \`skein account list\` lists them`);
}

/** The person that was asked for. */
export function personOf({ people }: Facts, name: string): Person {
  if (!people[0]) throw noAccount(name);
  return people[0];
}

/** Runs one command at a desk; stdin is let go of afterwards. */
export async function atDesk(flags: { readonly data?: string }, work: (desk: Desk) => Promise<string>): Promise<void> {
  const secrets = new Secrets();
  try {
    const told = await work(new Desk(flags.data ? resolve(flags.data) : defaultDirectory(), secrets));
    process.stdout.write(`${told}\n`);
  } finally {
    secrets.close();
  }
}

export function subcommand(account: Command, name: string, description: string): Command {
  return account.command(name).description(description).option('--data <DIR>', 'the node’s data directory');
}

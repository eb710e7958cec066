/**
 * A node's data directory: its identity (secret, mode 0600), its store, its lock and its control socket.
 *
 * The lock is an SQLite transaction that is open for as long as the process lives, so it is gone with the process, however that ended.
 */

import { createHash } from 'node:crypto';
import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Chain, encodeChain, readChain } from '../core/admission.ts';
import { isHexOf, type NetworkId } from '../core/ids.ts';
import { fromHex, toHex } from '../lib/bytes.ts';
import { Reader } from '../lib/codec.ts';

/** Who this node is. */
export interface Identity {
  readonly seed: Uint8Array;
  readonly name: string;
  readonly network: NetworkId;
  readonly networkName: string;
  readonly networkKey: Uint8Array;
  /** Empty until the node was let in. */
  readonly chain: Chain;
  /** Of the invitation, until the node was let in. */
  readonly token: Uint8Array;
  readonly seeds: readonly string[];
}

/** The directory is used by another process. */
export class InUseError extends Error {
  override name = 'InUseError';
}

const IDENTITY_FILE = 'identity.json';
/** The longest path a Unix socket may have on Linux and macOS, in bytes, with room for the terminator. */
const SOCKET_PATH_MAX = 100;

/** Where a node's data is when nobody says: SKEIN_DATA, else ./.skein where it exists, else the platform's place. */
export function defaultDirectory(): string {
  if (process.env['SKEIN_DATA']) return resolve(process.env['SKEIN_DATA']);
  if (existsSync('.skein')) return resolve('.skein');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'skein');
  if (process.platform === 'win32') return join(process.env['LOCALAPPDATA'] ?? homedir(), 'skein');
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'skein');
}

export function makeDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
}

/** The identity, or null in a directory without one. */
export function readIdentity(directory: string): Identity | null {
  const file = join(directory, IDENTITY_FILE);
  if (!existsSync(file)) return null;
  const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string> & { seeds: string[] };
  return {
    seed: fromHex(json['seed']!),
    name: json['name']!,
    network: json['network'] as NetworkId,
    networkName: json['networkName']!,
    networkKey: fromHex(json['networkKey']!),
    chain: readChain(new Reader(fromHex(json['chain']!))),
    token: fromHex(json['token']!),
    seeds: json.seeds,
  };
}

/** Writes the identity whole or not at all; it is on stable storage then. */
export function writeIdentity(directory: string, identity: Identity): void {
  const file = join(directory, IDENTITY_FILE);
  const json = {
    seed: toHex(identity.seed),
    name: identity.name,
    network: identity.network,
    networkName: identity.networkName,
    networkKey: toHex(identity.networkKey),
    chain: toHex(encodeChain(identity.chain)),
    token: toHex(identity.token),
    seeds: identity.seeds,
  };
  writeFileSync(`${file}.new`, `${JSON.stringify(json, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  syncNames(directory);
}

/** Brings the names in a directory to stable storage: the sync of a file does not say under which name it is found. */
function syncNames(directory: string): void {
  // Windows opens no directories, and keeps names in a journal of its own.
  if (process.platform === 'win32') return;
  const fd = openSync(directory, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

const RECOVERY_FILE = 'recovery-key';

/** Writes the network's root key for its owner to take away. */
export function writeRecoveryKey(directory: string, root: Uint8Array): string {
  return writeSecret(directory, RECOVERY_FILE, `${toHex(root)}\n`);
}

/** The root key, where its owner did not take it away yet. */
export function readRecoveryKey(directory: string): Uint8Array | null {
  const file = join(directory, RECOVERY_FILE);
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return isHexOf(text, 32) ? fromHex(text) : null;
}

const SETUP_FILE = 'setup-token';

/** Keeps the token of the setup link for the network's first owner. */
export function writeSetupToken(directory: string, token: string): void {
  writeSecret(directory, SETUP_FILE, `${token}\n`);
}

export function readSetupToken(directory: string): string | null {
  const file = join(directory, SETUP_FILE);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() || null : null;
}

export function removeSetupToken(directory: string): void {
  rmSync(join(directory, SETUP_FILE), { force: true });
}

/** Writes a secret for the operator to take away. */
function writeSecret(directory: string, name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text, { mode: 0o600, flush: true });
  chmodSync(file, 0o600);
  return file;
}

/** Takes the directory for this process. Throws InUseError. */
export function lockDirectory(directory: string): { release(): void } {
  const db = new DatabaseSync(join(directory, 'lock.db'));
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch {
    db.close();
    throw new InUseError(`${directory} is in use by another Skein process: stop it first, or choose another --data`);
  }
  return { release: () => db.close() };
}

/** Where commands about the live node connect. A path too long for a socket is replaced by one in the temporary directory. */
export function controlPath(directory: string): string {
  const path = join(resolve(directory), 'control.sock');
  if (Buffer.byteLength(path) <= SOCKET_PATH_MAX) return path;
  const name = createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 24);
  return join(tmpdir(), `skein-${name}.sock`);
}

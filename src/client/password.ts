/** Passwords become keys here, in the client: no node ever sees one. */

import type { AccountKey, OwnAccount, Submission, Submitted } from '../api/protocol.ts';
import { HLC_PER_MS } from '../core/hlc.ts';
import { authorId } from '../core/ids.ts';
import { invitationId, readInvitationToken } from '../core/invitation-token.ts';
import { encodeKdf, newKdf, preparePassword, readKdf, SALT_BYTES } from '../core/kdf.ts';
import { issueKeyCertificate, writeKeyChain } from '../core/kinds/proof.ts';
import { PASSWORD_WORDS, passwordFault } from '../core/password.ts';
import { Pen } from '../core/pen.ts';
import type { KeyPair } from '../core/suite.ts';
import { fromHex, toHex } from '../lib/bytes.ts';
import { Writer } from '../lib/codec.ts';
import { RefusedError } from './chat.ts';
import type { Identity } from './identity.ts';
import type { Platform } from './platform.ts';

/** How long a session's certificate holds, in ms: whoever does not come for so long gives the password again. */
const SESSION_MS = 90 * 86_400_000;

const refused = (type: string, words: string): RefusedError => new RefusedError({ type, words });
const WRONG = 'The name or the password is wrong.';

/** What the setup link is spent on. `setup`: its token. */
export interface SettingUp {
  readonly owner: string;
  readonly password: string;
  readonly setup: string;
  readonly network?: string;
}

/** Asks nodes, one after the other, until one answers. */
async function askAny<T>(platform: Platform, urls: readonly string[], path: string, body?: unknown): Promise<T> {
  let last: unknown = new Error('no address of a node was given');
  for (const url of urls) {
    try {
      const answer = await platform.fetch(url + path, body === undefined ? undefined : JSON.stringify(body));
      if (answer.status < 400) return (await answer.json()) as T;
      if (answer.status < 500 && answer.status !== 429) throw problem(await answer.json().catch(() => null));
      last = new Error(`the node answered ${answer.status}`);
    } catch (error) {
      if (error instanceof RefusedError) throw error;
      last = error;
    }
  }
  throw last;
}

/** What a node's problem+json says. */
function problem(body: unknown): RefusedError {
  const { type, title, detail, reason } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const words = [detail, reason, title].find((one) => typeof one === 'string') ?? 'The node refused it.';
  return refused(typeof type === 'string' ? type : 'refused', words as string);
}

/** The key that a password makes. */
export async function derive(platform: Platform, password: string, kdf: Uint8Array): Promise<KeyPair> {
  const prepared = preparePassword(password);
  if ('fault' in prepared) throw refused('bad password', PASSWORD_WORDS[prepared.fault]);
  const read = readKdf(kdf);
  if (read instanceof Error) throw refused('bad kdf', 'The account’s key is made in a way this version does not know.');
  return platform.suite.keyPair(await platform.argon2(prepared.password, read));
}

/** A new session of an account, certified by its key. */
export function certify(platform: Platform, key: KeyPair, of: Pick<AccountKey, 'network' | 'author' | 'name' | 'nowKey'>): Identity {
  const seed = platform.random.bytes(32);
  const session = platform.suite.keyPair(seed);
  const until = of.nowKey + SESSION_MS * HLC_PER_MS;
  const chain = [issueKeyCertificate(key, of.network, of.author, { key: session.publicKey, kind: 'session', may: 'speak', until })];
  const bytes = writeKeyChain(new Writer(256), chain, key.publicKey).done();
  return { type: 'account', name: of.name, author: of.author, seed: toHex(seed), chain: toHex(bytes) };
}

function accountKey(platform: Platform, urls: readonly string[], name: string): Promise<AccountKey> {
  return askAny<AccountKey>(platform, urls, `/api/v1/accounts/${encodeURIComponent(name)}/key`);
}

/** Logs in: one password, one hash, and then a session's key does. */
export async function logIn(platform: Platform, urls: readonly string[], name: string, password: string): Promise<Identity> {
  const facts = await accountKey(platform, urls, name);
  const key = await derive(platform, password, fromHex(facts.kdf));
  if (key.publicKey !== facts.key) throw refused('wrong password', WRONG);
  return certify(platform, key, facts);
}

/** Hands ops in; rejects where one of them does not count. */
export async function submit(platform: Platform, urls: readonly string[], ops: readonly string[]): Promise<void> {
  const { faults } = await askAny<Submitted>(platform, urls, '/api/v1/ops', { ops } satisfies Submission);
  const fault = faults.find((one) => one !== null);
  if (fault) throw refused('not counted', fault);
}

/** Makes an account. `invitation`: its token, where only the invited may. */
export async function register(
  platform: Platform,
  urls: readonly string[],
  name: string,
  password: string,
  invitation?: string,
): Promise<Identity> {
  const { op, identity } = await newAccount(platform, urls, name, password, invitation);
  await submit(platform, urls, [op]);
  return identity;
}

/** What the log knows an invitation by. */
function inviteOf({ suite }: Platform, token: string): string {
  const bytes = readInvitationToken(suite, token);
  if (!bytes) throw refused('bad invitation', 'This is no invitation: a letter is wrong or missing. Copy it again, whole.');
  return invitationId(suite, bytes);
}

async function newAccount(platform: Platform, urls: readonly string[], name: string, password: string, invitation?: string) {
  const fault = passwordFault(password, name);
  if (fault) throw refused('bad password', PASSWORD_WORDS[fault]);
  const invite = invitation === undefined ? undefined : inviteOf(platform, invitation);
  const facts = await accountKey(platform, urls, name);
  const kdf = encodeKdf(newKdf(platform.random.bytes(SALT_BYTES)));
  const key = await derive(platform, password, kdf);
  const author = authorId(platform.suite, key.publicKey);
  const pen = new Pen(platform.suite, platform.random, facts, platform.wallMs());
  return { op: pen.account(key, name, kdf, invite), identity: certify(platform, key, { ...facts, author, name }) };
}

/** Makes the first owner of a network, at the node that has its setup link, and names the network where that is asked for. */
export async function setUp(platform: Platform, url: string, { owner, password, setup, network }: SettingUp): Promise<Identity> {
  const { op, identity } = await newAccount(platform, [url], owner, password);
  await askAny(platform, [url], '/api/v1/setup', { token: setup, ops: [op], ...(network && { network }) });
  return identity;
}

/** Another password; the session that asks goes on with the identity that comes back. `before` is called right before it is handed in. */
export async function changePassword(
  platform: Platform,
  urls: readonly string[],
  own: OwnAccount,
  passwords: { readonly now: string; readonly next: string },
  before: () => void,
): Promise<Identity> {
  const fault = passwordFault(passwords.next, own.name);
  if (fault) throw refused('bad password', PASSWORD_WORDS[fault]);
  const key = await derive(platform, passwords.now, fromHex(own.kdf));
  if (key.publicKey !== own.key) throw refused('wrong password', 'That is not the password: nothing was changed.');
  const kdf = encodeKdf(newKdf(platform.random.bytes(SALT_BYTES)));
  const next = await derive(platform, passwords.next, kdf);
  const pen = new Pen(platform.suite, platform.random, own, platform.wallMs());
  const cut = Object.entries(own.cut) as [keyof typeof own.cut, number][];
  before();
  await submit(platform, urls, [pen.rekey({ author: own.author, key }, { author: own.author, cut }, next.publicKey, kdf)]);
  return certify(platform, next, own);
}

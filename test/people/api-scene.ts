/** A node of its own with the HTTP door, accounts and app passwords, for tests of the API. */

import { after } from 'node:test';
import { appPasswordSeed, formatAppPassword } from '../../src/core/app-password.ts';
import { type AuthorId, authorId, type ClientId } from '../../src/core/ids.ts';
import { deviceBody, newAccountBody } from '../../src/core/kinds/account.ts';
import { issueKeyCertificate, writeKeyChain } from '../../src/core/kinds/proof.ts';
import { type Head, KIND, NO_BYTES, type Op } from '../../src/core/op.ts';
import type { KeyPair } from '../../src/core/suite.ts';
import { uuidV7 } from '../../src/core/uuid.ts';
import { ApiClient } from '../../src/doors/api/testing/client.ts';
import { listenHttp } from '../../src/doors/http/server.ts';
import { Writer } from '../../src/lib/codec.ts';
import { Accounts } from '../../src/node/accounts.ts';
import { Admin } from '../../src/node/admin.ts';
import type { Mesh } from '../../src/node/mesh.ts';
import { type Solo, solo, suite } from '../../src/node/testing/solo.ts';
import { testMesh } from './mesh.ts';

export interface Bot {
  readonly key: KeyPair;
  readonly author: AuthorId;
  readonly token: string;
}

export interface ApiScene {
  readonly node: Solo;
  readonly mesh: Mesh;
  readonly url: string;
  /** `METHOD PATH` of all that is served. */
  readonly routes: readonly string[];
  client(name?: string): Promise<ApiClient>;
  head(kind: number, author: AuthorId): Head;
  /** An account with an app password. */
  bot(name: string): Promise<Bot>;
  crown(author: AuthorId): Promise<void>;
  /** A session that the account’s own key certified, as by a password. */
  session(author: AuthorId, key: KeyPair): Promise<ApiClient>;
}

const setup = { spend: async () => ({ fault: 'over', words: '' }) as const };
const page = () => ({ network: 'n', node: 'n', peers: [], irc: 'off' });
const ends: (() => Promise<void>)[] = [];

after(async () => {
  for (const end of ends.reverse()) await end();
});

export async function apiScene({ guests = true, floods = false } = {}): Promise<ApiScene> {
  const node = await solo('open', 1, floods);
  const accounts = new Accounts({ ...node, suite, secret: new Uint8Array(32), floods: true, now: () => node.clock.nowMs });
  const names = { hosts: ['chat.example.org'], origins: ['https://page.example.org'] };
  const admin = new Admin({ ...node, identity: { network: node.network, networkKey: new Uint8Array(32) }, now: () => node.clock.nowMs });
  const mesh = testMesh(node.loop, () => node.clock.nowMs, { warnings: () => node.loop.told.all });
  const api = { port: node.loop, hashing: suite, guests, accounts, mesh, admin, version: '0.0.0', ...names };
  const routes: string[] = [];
  const http = await listenHttp({
    host: '127.0.0.1',
    port: 0,
    ready: async () => true,
    page,
    setup,
    api,
    onRoute: (route) => routes.push(route),
  });
  ends.push(async () => {
    await http.close();
    await node.close();
  });
  const { network, operator, random } = node;
  const head = (kind: number, author: AuthorId): Head => {
    const client: ClientId = uuidV7(Date.now(), random);
    return { kind, author, client, room: '', target: '', after: 0, body: NO_BYTES, payloadHash: null };
  };
  const write = async (...ops: Op[]): Promise<void> => {
    const faults = await operator.writeOps(ops);
    if (faults.some((fault) => fault !== null)) throw new Error(faults.join());
  };
  return {
    node,
    mesh,
    url: http.address,
    routes,
    head,
    async client(name) {
      const client = await ApiClient.connect(http.address);
      if (name !== undefined) await client.guest(name);
      return client;
    },
    async bot(name) {
      const key = suite.keyPair(random.bytes(32));
      const author = authorId(suite, key.publicKey);
      const secret = random.bytes(16);
      const device = suite.keyPair(appPasswordSeed(suite, secret)).publicKey;
      const certificate = issueKeyCertificate(key, network, author, { key: device, kind: 'device', may: 'speak', until: 0 });
      const made = head(KIND.account, author);
      await write({ head: { ...made, body: newAccountBody(key, network, made, name, new Uint8Array([1, 2])) }, payload: null });
      await write({ head: { ...head(KIND.device, author), body: deviceBody([certificate], key.publicKey) }, payload: null });
      return { key, author, token: formatAppPassword(secret) };
    },
    async session(author, key) {
      const client = await ApiClient.connect(http.address);
      const of = { key: client.key.publicKey, kind: 'session', may: 'speak', until: 0 } as const;
      const chain = writeKeyChain(new Writer(), [issueKeyCertificate(key, network, author, of)], key.publicKey).done();
      await client.ask<'account'>({ do: 'account', author, chain: Buffer.from(chain).toString('hex'), ...client.granted() });
      return client;
    },
    crown: node.crown,
  };
}

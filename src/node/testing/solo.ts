/** A whole node in this process, alone in its network: engine, loop, a store in memory, no doors. For tests. */

import { issueCertificate, NO_INVITE } from '../../core/admission.ts';
import { type AuthorId, type ClientId, type NodeId, networkId } from '../../core/ids.ts';
import { roleBody } from '../../core/kinds/moderation.ts';
import { type Head, KIND, NO_BYTES } from '../../core/op.ts';
import { uuidV7 } from '../../core/uuid.ts';
import { makeSuite } from '../../lib/crypto.ts';
import { seededRandom } from '../../lib/prng.ts';
import { memoryHub } from '../../mesh/memory.ts';
import { MemoryStore } from '../../store/memory.ts';
import { Engine } from '../engine.ts';
import { NodeLoop } from '../loop.ts';
import { Operator } from '../operator.ts';

export const suite = makeSuite();

/** A node that made a network with this policy, up until its `close`. `clock` may be set forth. */
export async function solo(registration: 'open' | 'invite' | 'closed', seed = 1, floods = false) {
  const random = seededRandom(seed);
  const root = { seed: random.bytes(32) };
  const rootKey = suite.keyPair(root.seed);
  const nodeSeed = random.bytes(32);
  const key = suite.keyPair(nodeSeed);
  const network = networkId(suite, rootKey.publicKey as NodeId);
  const node = key.publicKey as NodeId;
  const chain = [issueCertificate(rootKey, { network, node, name: 'solo', invite: NO_INVITE, atMs: 1 })];
  const store = new MemoryStore(suite);
  const stored = store.loadNow();
  const engine = new Engine({
    suite,
    network,
    key,
    name: 'solo',
    chain,
    token: new Uint8Array(0),
    random,
    loaded: stored,
    governance: [],
    lastKeys: stored.lastKeys,
    remembered: new Map(),
    seeds: [],
    fullUpTo: 8,
    copies: 1,
    push: true,
    floods,
  });
  const ignore = (): void => undefined;
  const loop = new NodeLoop(engine, store, 'solo', new Uint8Array(32), {
    admitted: ignore,
    notAdmitted: ignore,
    remember: ignore,
    warn: ignore,
    restart: ignore,
  });
  engine.members.found(rootKey, 'test', registration);
  engine.start();
  const transport = { seed: nodeSeed, networkKey: random.bytes(32), listen: ':0', events: loop.linkEvents };
  loop.start(await memoryHub().transport(transport));
  await loop.settled();
  const clock = { nowMs: Date.now() };
  const operator = new Operator({ loop, suite, network, random, now: () => clock.nowMs });
  /** By the root key's word the account owns the network. */
  const crown = async (author: AuthorId): Promise<void> => {
    const client: ClientId = uuidV7(clock.nowMs, random);
    const head: Head = { kind: KIND.role, author, client, room: '', target: '', after: 0, body: NO_BYTES, payloadHash: null };
    const op = { head: { ...head, body: roleBody(rootKey, network, head, author, 'owner') }, payload: null };
    const [fault] = await operator.writeOps([op]);
    if (fault) throw new Error(fault);
  };
  return { loop, engine, store, operator, network, random, clock, rootSeed: root.seed, rootKey, crown, close: () => loop.close() };
}

export type Solo = Awaited<ReturnType<typeof solo>>;

/** Brings a node up: its directory, its store, the engine, the mesh and the doors; and takes it down again. */

import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { isLoopback, type Settings, UsageError } from '../config/settings.ts';
import { issueCertificate, NO_INVITE } from '../core/admission.ts';
import { type NodeId, networkId } from '../core/ids.ts';
import type { KeyPair } from '../core/suite.ts';
import { makeSuite, systemRandom } from '../lib/crypto.ts';
import { Verified } from '../lib/verified.ts';
import type { Transport } from '../mesh/transport.ts';
import { storeBytes } from '../store/size.ts';
import { LOG_FILE, type SqliteStore } from '../store/sqlite.ts';
import { Accounts } from './accounts.ts';
import { Admin } from './admin.ts';
import { CHECKPOINT_PACE } from './checkpoint-duty.ts';
import { answerControl } from './commands-about.ts';
import { listenControl } from './control.ts';
import {
  controlPath,
  type Identity,
  lockDirectory,
  makeDirectory,
  readIdentity,
  readRecoveryKey,
  writeIdentity,
  writeRecoveryKey,
} from './directory.ts';
import { Engine } from './engine.ts';
import type { Sabotage } from './engine-options.ts';
import { parseInvitation } from './invitation.ts';
import { NodeLoop } from './loop.ts';
import { LoopDelay } from './loop-delay.ts';
import { LOOK_MS, Mesh } from './mesh.ts';
import { Metrics } from './metrics.ts';
import { Operator } from './operator.ts';
import { readPeers, writePeers } from './peers-file.ts';
import { openStore } from './rescue.ts';
import { rootKeyIn, Setup, setupWords } from './setup.ts';
import { type Listening, StateHashes } from './status.ts';

/** Longest time a newcomer tries to get in before it gives up, in ms. */
const JOIN_MS = 30_000;
const PEERS_KEY = 'peers';

export interface UpOptions {
  readonly directory: string;
  readonly settings: Settings;
  readonly version: string;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** The log was met damaged while it was in use: all of it is examined first. */
  readonly suspect?: boolean;
  readonly sabotage?: Sabotage;
}

export interface RunningNode {
  readonly listening: Listening;
  readonly loop: NodeLoop;
  /** Why the node has to be closed and brought up again; kept for as long as it need not. */
  readonly restart: Promise<string>;
  close(): Promise<void>;
}

/** Where the files of a join that must not be tried again say so. */
export class JoinError extends Error {
  override name = 'JoinError';
}

/** `ADDR:PORT` in its parts. */
function hostPort(listen: string): { host: string; port: number } {
  const at = listen.lastIndexOf(':');
  return { host: listen.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(listen.slice(at + 1)) };
}

/** The identity that is there, or a new one: of a newcomer with an invitation, or of the first node of a new network. */
function identityFor({ directory, settings, log }: UpOptions): { identity: Identity; root: Uint8Array | null } {
  const found = readIdentity(directory);
  const name = settings.name || found?.name || hostname().split('.')[0]!;
  if (found) {
    // Where it was never let in, another invitation may do better.
    if (settings.join && found.chain.length === 0) return { identity: newcomer(settings.join, found.seed, name), root: null };
    if (settings.join) checkSameNetwork(found, settings.join);
    return { identity: { ...found, name: found.chain[0]?.name ?? name }, root: null };
  }
  const random = systemRandom();
  const seed = random.bytes(32);
  if (settings.join) return { identity: newcomer(settings.join, seed, name), root: null };
  const root = random.bytes(32);
  const suite = makeSuite();
  const rootKey = suite.keyPair(root);
  const network = networkId(suite, rootKey.publicKey as NodeId);
  const node = suite.keyPair(seed).publicKey as NodeId;
  const chain = [issueCertificate(rootKey, { network, node, name, invite: NO_INVITE, atMs: Date.now() })];
  const identity: Identity = {
    seed,
    name,
    network,
    networkName: settings.network,
    networkKey: random.bytes(32),
    chain,
    token: new Uint8Array(0),
    seeds: [],
  };
  const file = writeRecoveryKey(directory, root);
  log('info', `made the network ‘${settings.network}’; its owner’s recovery key is in ${file}: move it to a safe place off this machine`);
  return { identity, root };
}

/** The root key of a network whose first node went down before it had written the network's settings. */
function unfinishedRoot(directory: string, { chain, network }: Identity): Uint8Array | null {
  const root = chain.length === 1 && chain[0]!.invite === NO_INVITE ? readRecoveryKey(directory) : null;
  const suite = makeSuite();
  return root && networkId(suite, suite.keyPair(root).publicKey as NodeId) === network ? root : null;
}

function newcomer(join: string, seed: Uint8Array, name: string): Identity {
  const invitation = parseInvitation(join);
  if (invitation instanceof Error) throw new UsageError(`--join: ${invitation.message}`);
  const { network, networkName, networkKey, token, addresses } = invitation;
  return { seed, name, network, networkName, networkKey, chain: [], token, seeds: addresses };
}

function checkSameNetwork(found: Identity, join: string): void {
  const invitation = parseInvitation(join);
  if (invitation instanceof Error) throw new UsageError(`--join: ${invitation.message}`);
  if (invitation.network === found.network) return;
  throw new UsageError(
    `this data directory is of the network ‘${found.networkName}’ and the invitation is for ‘${invitation.networkName}’: choose another --data`,
  );
}

/** Whether guests may chat: as set, else only while every door listens on loopback. */
function guestsAllowed(settings: Settings): boolean {
  if (settings.guests !== '') return settings.guests === 'on';
  return isLoopback(settings.http) && isLoopback(settings.irc);
}

/** Whether floods are held back: as set, else wherever a door is open to more than this machine. */
function floodsHeld(settings: Settings): boolean {
  if (settings.floods !== '') return settings.floods === 'on';
  return !isLoopback(settings.http) || !isLoopback(settings.irc);
}

function portInUse(flag: string, listen: string, error: unknown): Error {
  const code = (error as { code?: string }).code;
  if (code === 'EADDRINUSE')
    return new UsageError(`--${flag} ${listen}: the port is in use: choose another with --${flag} ADDR:PORT (port 0 takes any free one)`);
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
    return new UsageError(`--${flag} ${listen}: cannot listen there (${code}): choose another address`);
  return error as Error;
}

/** Runs a node. Rejects with a UsageError, InUseError, StoreVersionError or JoinError for what its operator can mend. */
export async function up(options: UpOptions): Promise<RunningNode> {
  const { directory, log } = options;
  makeDirectory(directory);
  const lock = lockDirectory(directory);
  const undo: (() => Promise<unknown> | unknown)[] = [() => lock.release()];
  const undoAll = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return await start(options, undo, undoAll);
  } catch (error) {
    log('warn', 'could not start');
    await undoAll();
    throw error;
  }
}

async function start(options: UpOptions, undo: (() => Promise<unknown> | unknown)[], undoAll: () => Promise<void>): Promise<RunningNode> {
  const { directory, settings, log } = options;
  const transportModule = import('../mesh/libp2p.ts');
  let { identity, root } = identityFor(options);
  // Before the log: a log whose node nobody knows would be of no use after a power cut.
  writeIdentity(directory, identity);
  const suite = makeSuite(new Verified());
  const { store, stored, alarm } = await openStore(suite, identity.network, directory, options.suspect ?? false);
  undo.push(() => store.close());
  if (stored.feeds.length === 0 && !alarm) root ??= unfinishedRoot(directory, identity);
  const key = suite.keyPair(identity.seed);
  const remembered = readPeers(store.get(PEERS_KEY));
  const engine = new Engine({
    suite,
    network: identity.network,
    key,
    name: identity.name,
    chain: identity.chain,
    token: identity.token,
    random: systemRandom(),
    loaded: stored,
    governance: stored.governance,
    lastKeys: stored.lastKeys,
    remembered,
    seeds: identity.seeds,
    fullUpTo: settings.fullUpTo,
    copies: settings.copies,
    push: true,
    floods: floodsHeld(settings),
    eraseAfterMs: settings.eraseAfter * 1000,
    checkpoints: CHECKPOINT_PACE,
    root: () => rootKeyIn(directory, suite, identity.network),
    ...(options.sabotage ? { sabotage: options.sabotage } : {}),
  });
  let kept = Buffer.from(writePeers(remembered)).toString('base64');
  let restart: (reason: string) => void = () => undefined;
  const restarting = new Promise<string>((resolve) => (restart = resolve));
  let joined: (error: Error | null) => void = () => undefined;
  const joining = new Promise<Error | null>((resolve) => (joined = resolve));
  const loop = new NodeLoop(engine, store, identity.name, identity.networkKey, {
    admitted(chain) {
      identity = { ...identity, chain, token: new Uint8Array(0) };
      writeIdentity(directory, identity);
      joined(null);
    },
    notAdmitted: (reason) => joined(new JoinError(`could not join: ${reason}`)),
    remember(peers) {
      const bytes = writePeers(peers);
      const text = Buffer.from(bytes).toString('base64');
      if (text === kept) return;
      kept = text;
      store.put(PEERS_KEY, bytes).catch(() => undefined);
    },
    warn: (warning) => log('warn', warning),
    restart: (reason) => restart(reason),
  });
  if (alarm) loop.warn(alarm);
  if (root) engine.members.found(suite.keyPair(root), identity.networkName, settings.registration);
  if (identity.chain.length > 0) engine.start();
  const { libp2pTransport } = await transportModule;
  const make = libp2pTransport({ seed: identity.seed, networkKey: identity.networkKey, listen: settings.mesh, events: loop.linkEvents });
  const transport: Transport = await make.catch((error: unknown) => Promise.reject(portInUse('mesh', settings.mesh, error)));
  undo.pop();
  undo.push(() => loop.close());
  loop.start(transport);
  if (identity.chain.length === 0) await waitUntilIn(joining);
  await loop.settled();
  writeIdentity(directory, identity);
  const startedAt = new Date().toISOString();
  const listening = { http: 'off', irc: 'off', mesh: transport.addresses() as readonly string[] };
  const common = { suite, network: identity.network, random: systemRandom(), now: () => Date.now() };
  const operator = new Operator({ ...common, loop });
  const nameNetwork = async (key: KeyPair, name: string): Promise<void> => {
    engine.members.found(key, name, operator.facts.registration());
    await loop.settled();
  };
  const setup = new Setup({ ...common, directory, operator, nameNetwork });
  const floods = floodsHeld(settings);
  const accounts = new Accounts({ ...common, loop, operator, secret: identity.networkKey, floods });
  const delay = new LoopDelay();
  undo.push(() => delay.close());
  const mesh = meshOf(options, loop, delay, startedAt);
  const looking = setInterval(() => mesh.look(), LOOK_MS);
  undo.push(() => clearInterval(looking));
  const admin = new Admin({ loop, operator, identity, now: common.now });
  const metrics = new Metrics({
    ...{ loop, delay, version: options.version, storeBytes: () => storeBytes(directory) },
    monoMs: () => performance.now(),
  });
  await openDoors(options, loop, store, { setup, accounts, mesh, admin, metrics }, listening, undo);
  const token = setup.token();
  if (operator.facts.owners().length === 0) log('info', setupWords(token, listening.http));
  const hashes = new StateHashes(join(directory, LOG_FILE), identity.network, (reason) => restart(`the log is damaged: ${reason}`));
  const about = {
    loop,
    hashes,
    listening,
    identity,
    startedAt,
    version: options.version,
    suite,
    verify: () => store.verify(),
    operator,
    setup,
    delay,
  };
  const control = await listenControl(controlPath(directory), answerControl(about));
  undo.push(() => control.close());
  return { listening, loop, restart: restarting, close: undoAll };
}

function meshOf({ directory, version }: UpOptions, loop: NodeLoop, delay: LoopDelay, startedAt: string): Mesh {
  return new Mesh({
    ...{ port: loop, warnings: () => loop.told.all, delay, version, startedMs: Date.parse(startedAt) },
    storeBytes: () => storeBytes(directory),
    now: () => ({ wallMs: Date.now(), monoMs: performance.now() }),
  });
}

async function waitUntilIn(joining: Promise<Error | null>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Error>((resolve) => {
    timer = setTimeout(
      () =>
        resolve(
          new JoinError('could not join: no node of the invitation answered within 30 s; is one of them running, and reachable from here?'),
        ),
      JOIN_MS,
    );
  });
  const error = await Promise.race([joining, late]);
  clearTimeout(timer);
  if (error) throw error;
}

async function openDoors(
  { settings, version, log }: UpOptions,
  loop: NodeLoop,
  store: SqliteStore,
  {
    setup,
    metrics,
    ...ports
  }: { readonly setup: Setup; readonly accounts: Accounts; readonly mesh: Mesh; readonly admin: Admin; readonly metrics: Metrics },
  listening: { http: string; irc: string },
  undo: (() => Promise<unknown> | unknown)[],
): Promise<void> {
  if (settings.irc !== 'off') {
    const guests = guestsAllowed(settings);
    const { listenIrc } = await import('../doors/irc/server.ts');
    const irc = await listenIrc({ ...hostPort(settings.irc), node: loop, hashing: makeSuite(), guests }).catch((error: unknown) => {
      throw portInUse('irc', settings.irc, error);
    });
    undo.push(() => irc.close());
    listening.irc = irc.address;
  }
  if (settings.http !== 'off') {
    const { listenHttp } = await import('../doors/http/server.ts');
    const page = () => ({
      network: loop.networkName(),
      node: loop.node.name,
      irc: listening.irc,
      peers: [...loop.state.nodes]
        .filter(([node]) => node !== loop.node.id)
        .map(([node, { name }]) => ({ name, state: loop.engine.replica.linked().has(node) ? 'up' : 'down' })),
    });
    const api = { port: loop, hashing: makeSuite(), guests: guestsAllowed(settings), ...ports, version, ...namesOf(settings) };
    const http = await listenHttp({
      ...hostPort(settings.http),
      ready: () => store.check(),
      page,
      setup,
      api,
      metrics: () => metrics.text(),
    }).catch((error: unknown) => {
      throw portInUse('http', settings.http, error);
    });
    undo.push(() => http.close());
    listening.http = http.address;
    log('info', `chat in a browser at ${settings.httpUrl || http.address}`);
    loop.tellUrls(settings.httpUrl === '' ? urlsOf(http.address, http.port) : [settings.httpUrl]);
  }
}

/** The names and the web pages that the operator trusts. */
function namesOf({ httpUrl, httpHosts, httpOrigins }: Settings): { hosts: string[]; origins: string[] } {
  const own = httpUrl === '' ? [] : [new URL(httpUrl).hostname];
  const listed = (text: string): string[] => text.split(' ').filter((one) => one !== '');
  return { hosts: [hostname(), ...own, ...listed(httpHosts)], origins: [...(httpUrl === '' ? [] : [httpUrl]), ...listed(httpOrigins)] };
}

/** Where a listening address is reached: of one that stands for all, by those of this machine. */
function urlsOf(address: string, port: number): string[] {
  if (!/\/\/(0\.0\.0\.0|\[::\]):/.test(address)) return [address];
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.filter(({ internal, family }) => !internal && family === 'IPv4').map((one) => `http://${one.address}:${port}`);
}

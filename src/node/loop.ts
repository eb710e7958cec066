/**
 * The loop: the one place where inputs meet the engine and its effects are carried out, always in the same order: append, then send, then tell the doors.
 *
 * Everything that happens in one turn of the process is gathered: commands of all sessions become one write, and doors are told once.
 */

import { randomBytes } from 'node:crypto';
import type { Chain } from '../core/admission.ts';
import type { Entry } from '../core/entry.ts';
import { FEED_KIND, INCARNATION_BYTES } from '../core/feed.ts';
import type { NodeId } from '../core/ids.ts';
import type { Op } from '../core/op.ts';
import type { Command, SessionNo } from '../core/port.ts';
import type { Link, LinkEvents, Transport } from '../mesh/transport.ts';
import { CommitError, type Store } from '../store/store.ts';
import type { Batch, Effect, Input, Now, Repeat } from '../sync/effects.ts';
import type { Engine } from './engine.ts';
import { EnginePort } from './engine-port.ts';
import { Logins } from './logins.ts';
import { Warnings } from './warnings.ts';

/** How often the engine is told the time when nothing else happens, in ms. */
const TICK_MS = 50;
/** How often a store that failed is tried again, in ms. */
const STORE_RETRY_MS = 500;
/** How soon it is tried again to erase what could not be erased, in ms. */
const ERASE_RETRY_MS = 10_000;
/** Warned of while it lasts. */
const CANNOT_WRITE = 'the store cannot write';
const NOT_ERASED = 'what was removed is still on the disk';

export interface NodeEvents {
  /** This node was let in. */
  admitted(chain: Chain): void;
  notAdmitted(reason: string): void;
  remember(peers: ReadonlyMap<NodeId, readonly string[]>): void;
  warn(warning: string): void;
  /** The node has to start anew: with what can be saved of its log, or with governance that was mended. */
  restart(reason: string): void;
}

export class NodeLoop extends EnginePort {
  readonly #store: Store;
  readonly #logins: Logins;
  readonly #events: NodeEvents;
  #transport: Transport | null = null;
  readonly #links = new Map<number, Link>();
  readonly told = new Warnings();
  #timer: NodeJS.Timeout | null = null;
  #turning = false;
  #closed = false;
  #committing: Promise<void> = Promise.resolve();

  /** `secret`: the network's own, which no one outside knows. */
  constructor(engine: Engine, store: Store, name: string, secret: Uint8Array, events: NodeEvents) {
    super(engine, store, name);
    const keyOf = (of: string): string | null => {
      const author = engine.rights.accountNamed(of);
      return author && (engine.desk.ownKey(author)?.key ?? null);
    };
    this.#logins = new Logins(engine.desk.suite, secret, keyOf, () => performance.now());
    this.#store = store;
    this.#events = events;
    store.onDamage(
      (holes) => this.#input({ type: 'damaged', holes }),
      (reason) => events.restart(`the log is damaged: ${reason}`),
    );
  }

  /** What the transport tells. */
  readonly linkEvents: LinkEvents = {
    linkUp: (link) => {
      this.#links.set(link.id, link);
      this.#input({ type: 'link up', link: link.id, node: link.node as NodeId, address: link.address, outbound: link.outbound });
    },
    frame: (link, bytes) => this.#input({ type: 'frame', link: link.id, bytes }),
    drained: (link) => this.#input({ type: 'drained', link: link.id }),
    linkDown: (link, reason) => {
      this.#links.delete(link.id);
      this.#input({ type: 'link down', link: link.id, reason });
    },
  };

  /** Begins to run: the transport is listening, the engine was started. */
  start(transport: Transport): void {
    this.#transport = transport;
    this.#input({ type: 'addresses', addresses: transport.addresses() });
    this.#timer = setInterval(() => this.#input({ type: 'tick' }), TICK_MS);
    this.#input({ type: 'tick' });
  }

  #now(): Now {
    return { wallMs: Date.now(), monoMs: performance.now() };
  }

  #input(input: Input): void {
    if (this.#closed) return;
    for (const effect of this.engine.step(input, this.#now())) this.#perform(effect);
    this.#schedule();
  }

  /** Asks for the end of the turn, where commands are written and doors are told. */
  #schedule(): void {
    if (this.#turning) return;
    this.#turning = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#turning = false;
    if (this.#closed) return;
    for (const effect of this.engine.step({ type: 'turn' }, this.#now())) this.#perform(effect);
    this.engine.deliver(this.#now());
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'append':
        this.#committing = this.#commit(effect.batch);
        return;
      case 'send':
        if (this.#links.get(effect.link)?.send(effect.bytes) === false) this.engine.replica.filled(effect.link);
        return;
      case 'close':
        this.#links.get(effect.link)?.close(effect.reason);
        return;
      case 'load':
        void this.#load(effect);
        return;
      case 'dial':
        this.#transport?.dial(effect.address).catch(() => this.#input({ type: 'dial failed', address: effect.address }));
        return;
      case 'remember':
        return this.#events.remember(effect.peers);
      case 'admitted':
        return this.#events.admitted(effect.chain);
      case 'not admitted':
        return this.#events.notAdmitted(effect.reason);
      case 'warn':
        return this.warn(effect.warning, effect.about);
      case 'fetch':
        void this.#fetch(effect);
        return;
      case 'mend':
        void this.#mend(effect.entry);
        return;
      case 'erase':
        void this.#erase();
        return;
      case 'compare':
        void this.#compare(effect.link, effect.entry);
        return;
      default:
        return;
    }
  }

  /** What people should know, the latest last. */
  get warnings(): string[] {
    return this.told.all.map(({ words }) => words);
  }

  /** Tells people; with `about`, in place of what was told of the same, and nothing where that is over. */
  warn(warning: string, about = warning): void {
    if (this.told.tell(warning, about, this.#now().wallMs)) this.#events.warn(warning);
  }

  async #commit(batch: Batch): Promise<void> {
    try {
      const begunMs = performance.now();
      const repeats = await this.#store.commit(batch);
      this.engine.tally.commits.add((performance.now() - begunMs) / 1000);
      this.#countImports(batch, repeats);
      this.#input({ type: 'committed', batch: batch.id, repeats });
    } catch (error) {
      if (this.#closed) return;
      if (!(error instanceof CommitError)) throw error;
      this.engine.tally.failedCommits++;
      this.warn(`${CANNOT_WRITE}: ${error.message}`, CANNOT_WRITE);
      if (error.repeats) this.#countImports(batch, error.repeats);
      this.#input({ type: 'commit failed', batch: batch.id, written: error.repeats !== null, repeats: error.repeats ?? [] });
      if (!this.engine.replica.writable) this.#retryStore();
    }
  }

  #retryStore(): void {
    setTimeout(async () => {
      if (this.#closed) return;
      if (!(await this.#store.check())) return this.#retryStore();
      this.#events.warn('the store writes again');
      this.warn('', CANNOT_WRITE);
      this.#input({ type: 'writable' });
    }, STORE_RETRY_MS);
  }

  async #load({ link, feed, after, bytesMax }: Extract<Effect, { type: 'load' }>): Promise<void> {
    const entries = await this.#store.entries(feed, after, bytesMax).catch((error: unknown) => {
      this.warn(`the store cannot read: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    });
    this.#input({ type: 'loaded', link, feed, entries });
  }

  /** Entries that a peer asks for by number: those that are whole. */
  async #fetch({ link, feed, seqs }: Extract<Effect, { type: 'fetch' }>): Promise<void> {
    const found = await Promise.all(seqs.map((seq) => this.#store.entries(feed, seq - 1, 1).catch(() => [])));
    const entries = found.flatMap((list, i) => list.filter((entry) => entry.seq === seqs[i]).slice(0, 1));
    this.#input({ type: 'fetched', link, entries });
  }

  async #compare(link: number, other: Entry): Promise<void> {
    const [own] = await this.#store.entries(other.feed, other.seq - 1, 1).catch(() => []);
    if (own?.seq === other.seq) this.#input({ type: 'compared', link, own, other });
  }

  async #erase(): Promise<void> {
    try {
      const holes = await this.#store.erase();
      this.warn('', NOT_ERASED);
      this.#input({ type: 'gaps', holes });
    } catch (error) {
      if (this.#closed) return;
      this.warn(`${NOT_ERASED}: ${error instanceof Error ? error.message : String(error)}`, NOT_ERASED);
      setTimeout(() => !this.#closed && void this.#erase(), ERASE_RETRY_MS);
    }
  }

  async #mend(entry: Entry): Promise<void> {
    const isMended = await this.#store.mend(entry).catch(() => false);
    if (!isMended) return;
    this.#input({ type: 'mended', entry });
    const isGovernance = this.engine.replica.log.infos.get(entry.feed)?.kind === FEED_KIND.governance;
    if (isGovernance && this.engine.replica.governanceHoles === 0)
      this.#events.restart('the governance is whole again, and is folded anew');
  }

  // The port for doors: see also engine-port.ts

  command(session: SessionNo, token: number, command: Command): void {
    this.engine.command(session, token, command, this.#now());
    this.#schedule();
  }

  derive(
    password: string,
    kdf: Uint8Array | null,
    name: string,
    source: string,
  ): Promise<Uint8Array | null | { readonly retryMs: number }> {
    return this.#logins.derive(password, kdf, name, source);
  }

  // For commands about the node

  /** Messages imported by this process, and those of them that were there before. */
  readonly imports = { written: 0, repeated: 0 };

  /** Opens a feed for the imports that follow. */
  openImport(): void {
    this.engine.replica.log.openImport(randomBytes(INCARNATION_BYTES).toString('hex'));
  }

  /** Writes imported messages; they are durable when the promise is kept. */
  async import(ops: readonly Op[]): Promise<void> {
    this.engine.replica.log.write(0, ops, true);
    await this.settled();
  }

  #countImports(batch: Batch, repeats: readonly Repeat[]): void {
    const isImport = (entry: Entry | undefined): boolean => {
      const info = entry && this.engine.replica.log.infos.get(entry.feed);
      return info?.kind === FEED_KIND.import && info.node === this.node.id;
    };
    for (const entry of batch.entries) if (isImport(entry)) this.imports.written += entry.heads.length;
    for (const repeat of repeats) if (isImport(batch.entries[repeat.entry])) this.imports.repeated++;
  }

  /** A new invitation's token; it stands once the promise is kept. */
  async invite(uses: number, expiresMs: number): Promise<Uint8Array> {
    const token = this.engine.members.invite(uses, expiresMs);
    await this.settled();
    return token;
  }

  /** Cuts a node off; whether it was a member until now. */
  async revoke(node: NodeId, reason: string): Promise<boolean> {
    const isNew = this.engine.members.revoke(node, reason);
    await this.settled();
    return isNew;
  }

  /** Waits until everything asked for so far has been written. */
  async settled(): Promise<void> {
    this.#schedule();
    do {
      await new Promise((resolve) => setImmediate(resolve));
      await this.#committing;
    } while (this.engine.replica.log.committing.length > 0 || this.engine.replica.log.writeOps > 0);
  }

  /** Where this node's API answers, for clients of other nodes. */
  tellUrls(urls: readonly string[]): void {
    this.engine.replica.records.setUrls(urls);
  }

  addresses(): string[] {
    return this.#transport?.addresses() ?? [];
  }

  /** Stops: what was asked for is written, links are closed. Doors have to be closed before. */
  async close(): Promise<void> {
    await Promise.race([this.settled(), new Promise((resolve) => setTimeout(resolve, 2000))]);
    this.#closed = true;
    if (this.#timer) clearInterval(this.#timer);
    await this.#transport?.close();
    await this.#store.close();
  }
}

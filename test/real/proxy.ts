/** A TCP proxy between nodes: what passes it can be cut by RST in the middle of a frame, delayed, slowed down and held back, each way on its own. */

import { connect, createServer, type Server, type Socket } from 'node:net';

/** `up`: from the one who dials to the one who listens. */
export type Way = 'up' | 'down';
const WAYS: readonly Way[] = ['up', 'down'];

/** What one way may hold of one connection, in bytes; behind it, the sender has to wait, as on a real line. */
const HELD_BYTES_MAX = 256 * 1024;
/** A slow line hands on in steps of so many ms. */
const STEP_MS = 20;

/** What is done to one way, for all connections. */
interface Rules {
  stalled: boolean;
  delayMs: number;
  bytesPerSecond: number;
  /** So many bytes more are handed on, then their connection is reset; null: no cut is planned. */
  cutAfter: number | null;
}

/** A cut that happened. */
export interface Cut {
  readonly way: Way;
  /** What was held back of the same chunk: with it, the last frame is half. */
  readonly withheld: number;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** One way of one connection. */
class Pipe {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #rules: Rules;
  readonly #cut: (withheld: number) => void;
  readonly #queue: { bytes: Buffer; dueMs: number }[] = [];
  #held = 0;
  #ended = false;
  #pumping = false;

  constructor(from: Socket, to: Socket, rules: Rules, cut: (withheld: number) => void) {
    this.#from = from;
    this.#to = to;
    this.#rules = rules;
    this.#cut = cut;
    from.on('data', (bytes: Buffer) => this.#take(bytes));
    from.on('end', () => {
      this.#ended = true;
      this.pump();
    });
  }

  #take(bytes: Buffer): void {
    this.#queue.push({ bytes, dueMs: performance.now() + this.#rules.delayMs });
    this.#held += bytes.length;
    if (this.#held > HELD_BYTES_MAX) this.#from.pause();
    this.pump();
  }

  /** Hands on what may be handed on. */
  pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    void this.#run().finally(() => {
      this.#pumping = false;
    });
  }

  async #run(): Promise<void> {
    for (let next = this.#queue[0]; next && !this.#rules.stalled && !this.#to.destroyed; next = this.#queue[0]) {
      const earlyMs = next.dueMs - performance.now();
      if (earlyMs > 0) await wait(earlyMs);
      else if (!(await this.#handOn(next))) return;
    }
    if (this.#ended && this.#queue.length === 0) this.#to.end();
  }

  /** False where it cut. */
  async #handOn(next: { bytes: Buffer }): Promise<boolean> {
    const rules = this.#rules;
    const size = Math.min(next.bytes.length, rules.cutAfter ?? Number.POSITIVE_INFINITY, (rules.bytesPerSecond * STEP_MS) / 1000);
    const part = next.bytes.subarray(0, Math.max(1, Math.floor(size)));
    next.bytes = next.bytes.subarray(part.length);
    if (next.bytes.length === 0) this.#queue.shift();
    this.#held -= part.length;
    await new Promise<void>((resolve) => this.#to.write(part, () => resolve()));
    if (rules.cutAfter !== null && (rules.cutAfter -= part.length) <= 0) {
      rules.cutAfter = null;
      this.#cut(next.bytes.length);
      return false;
    }
    if (Number.isFinite(rules.bytesPerSecond)) await wait(STEP_MS);
    if (this.#held <= HELD_BYTES_MAX) this.#from.resume();
    return true;
  }
}

interface Passage {
  readonly near: Socket;
  readonly far: Socket;
  readonly pipes: Readonly<Record<Way, Pipe>>;
}

const free = (): Rules => ({ stalled: false, delayMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY, cutAfter: null });

export class TcpProxy {
  readonly #rules: Readonly<Record<Way, Rules>> = { up: free(), down: free() };
  readonly #server: Server;
  readonly #passages = new Set<Passage>();
  /** Connections it ever took. */
  accepted = 0;
  readonly cuts: Cut[] = [];
  /** Told of every cut, right after it. */
  onCut: (cut: Cut) => void = () => undefined;

  private constructor(host: string, port: number) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => this.#accept(near, host, port));
  }

  /** A proxy on a port of its own before this one. */
  static async before(host: string, port: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(host, port);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  get open(): number {
    return this.#passages.size;
  }

  #accept(near: Socket, host: string, port: number): void {
    if (!this.#server.listening) return void near.resetAndDestroy();
    this.accepted++;
    const far = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const cut = (way: Way) => (withheld: number) => {
      near.resetAndDestroy();
      far.resetAndDestroy();
      this.cuts.push({ way, withheld });
      this.onCut(this.cuts.at(-1)!);
    };
    const pipes = { up: new Pipe(near, far, this.#rules.up, cut('up')), down: new Pipe(far, near, this.#rules.down, cut('down')) };
    const passage = { near, far, pipes };
    this.#passages.add(passage);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.resetAndDestroy());
      one.on('close', () => {
        this.#passages.delete(passage);
        if (!other.destroyed && one.errored) other.resetAndDestroy();
      });
    }
  }

  #change(ways: readonly Way[], change: Partial<Rules>): void {
    for (const way of ways) {
      Object.assign(this.#rules[way], change);
      for (const { pipes } of this.#passages) pipes[way].pump();
    }
  }

  /** Holds everything back, without closing anything. */
  stall(...ways: Way[]): void {
    this.#change(ways.length > 0 ? ways : WAYS, { stalled: true });
  }

  resume(): void {
    this.#change(WAYS, { stalled: false });
  }

  delay(ms: number): void {
    this.#change(WAYS, { delayMs: ms });
  }

  throttle(bytesPerSecond: number): void {
    this.#change(WAYS, { bytesPerSecond });
  }

  /** Hands on so many bytes more this way, then resets the connection they came on, at both ends. */
  cutAfter(way: Way, bytes: number): void {
    this.#change([way], { cutAfter: bytes });
  }

  /** Resets all there is. */
  reset(): void {
    for (const { near, far } of this.#passages) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.reset();
    await closed;
  }
}

/**
 * The virtual network: reliable streams between machines, each direction in order, with delay, jitter and a bounded buffer.
 *
 * A blocked direction carries nothing, and loses nothing: what was sent arrives when it is unblocked, as TCP does it; a loss is a delay. A connection that is cut
 * ends at both sides, each as soon as word of it gets through. A dial needs both directions. A link may be told to break the contract of streams, and to double
 * or swap frames: a node must live through that too.
 */

import type { Random } from '../../src/lib/prng.ts';
import { FRAME_BYTES_MAX } from '../../src/mesh/transport.ts';
import type { Timeline } from './timeline.ts';

/** What the network needs of a machine. */
export interface Host {
  readonly index: number;
  /** Whether its process is there to accept. */
  isListening(): boolean;
  linkUp(end: End, peer: number, outbound: boolean): void;
  frame(end: End, bytes: Uint8Array): void;
  drained(end: End): void;
  linkDown(end: End, reason: string): void;
}

/** One end of a connection. */
export interface End {
  readonly host: Host;
  readonly connection: Connection;
  up: boolean;
}

interface Direction {
  readonly from: End;
  readonly to: End;
  readonly queue: { readonly bytes: Uint8Array | null; readonly atMs: number }[];
  lastMs: number;
  buffered: number;
  wasFull: boolean;
  scheduled: boolean;
  /** The connection ends in the middle of the next frame that is at least so long; told when it did. */
  cut: { readonly bytesMin: number; readonly happened: () => void } | null;
}

export interface Connection {
  readonly ends: readonly [End, End];
  readonly directions: readonly [Direction, Direction];
}

export interface LinkQuality {
  delayMs: number;
  jitterMs: number;
  /** The share of frames that need sending again. */
  loss: number;
  /** The share of frames that come twice, and of those that come before the one ahead of them. */
  readonly doubled?: number;
  readonly swapped?: number;
  /** Told when a frame was sent again, came twice, or came too early. */
  readonly happened?: () => void;
}

const RESEND_MS = 220;
const DIAL_TIMEOUT_MS = 3000;

export class Network {
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #hosts: Host[] = [];
  readonly connections = new Set<Connection>();
  readonly blocked = new Set<string>();
  readonly #quality = new Map<string, LinkQuality>();
  readonly normal: LinkQuality;
  /** Bytes under way in one direction before the sender is told to wait. */
  readonly bufferBytes: number;
  readonly #dice: Random;

  constructor(timeline: Timeline, random: Random, dice: Random, normal: LinkQuality, bufferBytes: number) {
    this.#timeline = timeline;
    this.#random = random;
    this.#dice = dice;
    this.normal = normal;
    this.bufferBytes = bufferBytes;
  }

  attach(host: Host): void {
    this.#hosts[host.index] = host;
  }

  setQuality(a: number, b: number, quality: LinkQuality | null): void {
    if (quality) this.#quality.set(pair(a, b), quality);
    else this.#quality.delete(pair(a, b));
  }

  #delay(from: number, to: number): number {
    const { delayMs, jitterMs, loss, happened } = this.#quality.get(pair(from, to)) ?? this.normal;
    let delay = delayMs + this.#random.unit() * jitterMs;
    while (this.#random.unit() < loss) {
      delay += RESEND_MS;
      happened?.();
    }
    return delay;
  }

  isBlocked(from: number, to: number): boolean {
    return this.blocked.has(`${from}>${to}`);
  }

  block(from: number, to: number): void {
    this.blocked.add(`${from}>${to}`);
  }

  unblock(from: number, to: number): void {
    if (this.blocked.delete(`${from}>${to}`)) this.#pumpAll();
  }

  unblockAll(): void {
    this.blocked.clear();
    this.#quality.clear();
    for (const { directions } of this.connections) for (const direction of directions) direction.cut = null;
    this.#pumpAll();
  }

  #pumpAll(): void {
    for (const { directions } of this.connections) for (const direction of directions) this.#pump(direction);
  }

  /** Calls a machine; `failed` where it cannot be reached. `isThere`: whether it still has the address that was called. */
  dial(from: Host, to: number, failed: () => void, isThere: () => boolean = () => true): void {
    const there = this.#hosts[to];
    const roundTripMs = this.#delay(from.index, to) + this.#delay(to, from.index);
    this.#timeline.after(roundTripMs, () => {
      if (!from.isListening()) return;
      const known = [...this.connections].find((one) => joins(one, from.index, to));
      if (known && endOf(known, from).up) return;
      if (this.isBlocked(from.index, to) || this.isBlocked(to, from.index)) return this.#timeline.after(DIAL_TIMEOUT_MS, failed);
      if (!there?.isListening() || there === from || !isThere()) return failed();
      if (known) this.reset(known, 'the peer connected again');
      this.#connect(from, there);
    });
  }

  #connect(from: Host, to: Host): void {
    const ends = [from, to].map((host) => ({ host, up: true })) as unknown as [End, End];
    const direction = (a: End, b: End): Direction => ({
      from: a,
      to: b,
      queue: [],
      lastMs: 0,
      buffered: 0,
      wasFull: false,
      scheduled: false,
      cut: null,
    });
    const connection: Connection = { ends, directions: [direction(ends[0], ends[1]), direction(ends[1], ends[0])] };
    for (const end of ends) Object.assign(end, { connection });
    this.connections.add(connection);
    to.linkUp(ends[1], from.index, false);
    from.linkUp(ends[0], to.index, true);
  }

  /** Sends; false where the buffer is full now, in which case `drained` follows. */
  send(end: End, bytes: Uint8Array): boolean {
    const direction = directionFrom(end);
    if (!end.up) return true;
    this.#put(direction, bytes);
    direction.buffered += bytes.length;
    if (direction.buffered > this.bufferBytes) direction.wasFull = true;
    return !direction.wasFull;
  }

  #put(direction: Direction, bytes: Uint8Array | null): void {
    const atMs = Math.max(direction.lastMs, this.#timeline.nowMs + this.#delay(direction.from.host.index, direction.to.host.index));
    direction.lastMs = atMs;
    direction.queue.push({ bytes, atMs });
    if (bytes) this.#disturb(direction, bytes, atMs);
    this.#pump(direction);
  }

  /** Doubles the frame that was sent last, or swaps it with the one ahead of it, where the link does such things. */
  #disturb(direction: Direction, bytes: Uint8Array, atMs: number): void {
    const quality = this.#quality.get(pair(direction.from.host.index, direction.to.host.index));
    if (!quality) return;
    const { queue } = direction;
    if (quality.doubled && this.#dice.unit() < quality.doubled) {
      queue.push({ bytes, atMs });
      direction.buffered += bytes.length;
      quality.happened?.();
    }
    const last = queue.length - 1;
    const ahead = queue[last - 1];
    if (!quality.swapped || !ahead?.bytes || this.#dice.unit() >= quality.swapped) return;
    queue.splice(last - 1, 2, { bytes, atMs: ahead.atMs }, { bytes: ahead.bytes, atMs });
    quality.happened?.();
  }

  /** Ends a connection in the middle of the next frame of at least so many bytes that goes either way. */
  cutInFrame(connection: Connection, bytesMin: number, happened: () => void): void {
    for (const direction of connection.directions) direction.cut = { bytesMin, happened };
  }

  #pump(direction: Direction): void {
    const head = direction.queue[0];
    if (!head || direction.scheduled) return;
    direction.scheduled = true;
    this.#timeline.after(head.atMs - this.#timeline.nowMs, () => {
      direction.scheduled = false;
      if (direction.queue.length === 0 || this.isBlocked(direction.from.host.index, direction.to.host.index)) return;
      this.#deliver(direction, direction.queue.shift()!.bytes);
      this.#pump(direction);
    });
  }

  #deliver(direction: Direction, bytes: Uint8Array | null): void {
    const { from, to } = direction;
    if (bytes === null) return this.#end(to, 'the peer closed the link');
    direction.buffered -= bytes.length;
    if (bytes.length > FRAME_BYTES_MAX) return this.reset(from.connection, 'a frame over the limit');
    if (direction.cut && bytes.length >= direction.cut.bytesMin) {
      const { happened } = direction.cut;
      this.reset(from.connection, 'cut in a frame');
      return happened();
    }
    if (direction.wasFull && direction.buffered <= this.bufferBytes / 2) {
      direction.wasFull = false;
      if (from.up) from.host.drained(from);
    }
    if (to.up) to.host.frame(to, bytes);
    else if (from.up && to.host.isListening()) this.#end(from, 'connection reset');
  }

  /** One side closes: the other hears of it after what was sent before. */
  close(end: End, reason: string): void {
    if (!end.up) return;
    this.#put(directionFrom(end), null);
    this.#end(end, reason);
  }

  #end(end: End, reason: string): void {
    if (!end.up) return;
    end.up = false;
    end.host.linkDown(end, reason);
    if (end.connection.ends.every((one) => !one.up)) this.connections.delete(end.connection);
  }

  /** Both sides hear at once that the connection is no more; what was under way is lost. */
  reset(connection: Connection, reason: string): void {
    for (const direction of connection.directions) direction.queue.length = 0;
    for (const end of connection.ends) this.#end(end, reason);
  }

  /** A machine is gone. With a word of its kernel (reset) its peers hear of it at once; without, they hear nothing. */
  vanish(host: Host, silently: boolean): void {
    for (const connection of [...this.connections]) {
      const end = connection.ends.find((one) => one.host === host);
      if (!end) continue;
      const [other] = connection.ends.filter((one) => one !== end);
      for (const direction of connection.directions) if (direction.to === end || !silently) direction.queue.length = 0;
      end.up = false;
      if (!silently) this.#timeline.after(this.#delay(host.index, other!.host.index), () => this.#end(other!, 'connection reset'));
      if (!other!.up) this.connections.delete(connection);
    }
  }

  /** Whether anything is linked across a direction. */
  isLinked(from: number, to: number): boolean {
    return this.between(from, to).length > 0;
  }

  /** All connections between two machines. */
  between(a: number, b: number): Connection[] {
    return [...this.connections].filter((one) => joins(one, a, b));
  }
}

const pair = (a: number, b: number): string => (a < b ? `${a}-${b}` : `${b}-${a}`);

function joins({ ends }: Connection, a: number, b: number): boolean {
  const [one, other] = ends.map((end) => end.host.index);
  return (one === a && other === b) || (one === b && other === a);
}

function endOf({ ends }: Connection, host: Host): End {
  return ends[0].host === host ? ends[0] : ends[1];
}

function directionFrom(end: End): Direction {
  const [first, second] = end.connection.directions;
  return first.from === end ? first : second;
}

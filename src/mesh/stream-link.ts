/**
 * A link over one libp2p stream, which is the only one on its connection: whichever of the two ends, ends the other.
 *
 * Memory of a peer that does not read stays visible: nothing is written while the stream or the socket under it is full, so
 * what waits is counted here, but for one write that may be on its way between the layers of encryption.
 */
import type { Connection, MessageStream, Stream } from '@libp2p/interface';
import { FrameSplitter } from './frames.ts';
import { introduced } from './introduction.ts';
import { DIAL_MS_MAX, FLUSH_MS_MAX, nextLinkId } from './limits.ts';
import { Outbox } from './outbox.ts';
import { FRAME_BYTES_MAX, type Link, type LinkEvents } from './transport.ts';

const PEER_CLOSED = 'the peer closed the link';

/** What a link is made from. */
export interface StreamLinkParts {
  /** The key of the process at the other end, proven by the handshake. */
  readonly process: string;
  /** This process's introduction. */
  readonly introduction: Uint8Array;
  /** Judges who the other side says it is: why there can be no link, or null. */
  readonly fault: (node: string) => string | null;
  /** Told right before `linkUp`: the other side was believed. */
  readonly met: (link: StreamLink) => void;
  readonly connection: Connection;
  readonly stream: Stream;
  /** The connection below all encryption, where it is known. */
  readonly raw: MessageStream | undefined;
  readonly events: LinkEvents;
  /** Told right before `linkDown`; `wanted` when this side asked for it. */
  readonly ended: (link: StreamLink, wanted: boolean, reason: string) => void;
}

export class StreamLink implements Link {
  readonly id = nextLinkId();
  /** Empty until the other side has introduced itself. */
  node = '';
  readonly address: string;
  readonly outbound: boolean;
  readonly connection: Connection;
  readonly upSince = performance.now();
  readonly #stream: Stream;
  readonly #events: LinkEvents;
  readonly #parts: StreamLinkParts;
  readonly #outbox: Outbox;
  readonly #splitter: FrameSplitter;
  #state: 'up' | 'closing' | 'flushed' | 'down' = 'up';
  #reason = '';
  #pumping = false;
  #deadline: NodeJS.Timeout | undefined;

  constructor(parts: StreamLinkParts) {
    const { connection, stream, raw, events } = parts;
    this.#parts = parts;
    this.connection = connection;
    this.address = connection.remoteAddr.toString();
    this.outbound = connection.direction === 'outbound';
    this.#stream = stream;
    this.#events = events;
    this.#outbox = new Outbox(new StreamSink(stream, raw), () => events.drained(this));
    this.#splitter = new FrameSplitter((frame) => {
      if (this.#state !== 'up') return;
      if (this.node === '') this.#meet(frame);
      else events.frame(this, frame);
    });
  }

  get queuedBytes(): number {
    return this.#state === 'down' ? 0 : this.#outbox.queuedBytes;
  }

  /** Starts reading; what came before waits in the stream. Whoever was dialled introduces itself first, so that who dialled may turn away. */
  start(): void {
    if (!this.outbound) this.#outbox.push(this.#parts.introduction);
    this.#deadline = setTimeout(() => this.end('the peer did not say who it is'), DIAL_MS_MAX);
    const stream = this.#stream;
    stream.addEventListener('drain', () => this.#pumpSoon());
    stream.addEventListener('idle', () => this.#pumpSoon());
    stream.addEventListener('end', () => this.#endSoon(PEER_CLOSED));
    stream.addEventListener('close', ({ error }) => this.#endSoon(error?.message));
    this.connection.addEventListener('close', ({ error }) => this.#endSoon(error?.message));
    stream.addEventListener('message', ({ data }) => this.#read(data));
    if (stream.readableEnded || stream.status !== 'open') this.#endSoon(PEER_CLOSED);
  }

  /** The other side's first frame. */
  #meet(frame: Uint8Array): void {
    const node = introduced(frame, this.#parts.process);
    const fault = node === null ? 'the peer is not who it says' : this.#parts.fault(node);
    if (node === null || fault !== null) return this.#refuse(fault ?? '');
    if (this.outbound) this.#outbox.push(this.#parts.introduction);
    clearTimeout(this.#deadline);
    this.node = node;
    this.#parts.met(this);
    this.#events.linkUp(this);
  }

  send(frame: Uint8Array): boolean {
    if (this.#state !== 'up') return false;
    if (frame.length > FRAME_BYTES_MAX) {
      this.close(`a frame of ${frame.length} bytes is over the limit`);
      return false;
    }
    return this.#outbox.push(frame);
  }

  close(reason: string): void {
    if (this.#state !== 'up') return;
    this.#state = 'closing';
    this.#reason = reason;
    this.#deadline = setTimeout(() => this.end(reason), FLUSH_MS_MAX);
    setImmediate(() => this.#pumpSoon());
  }

  /** Takes the link down at once, whatever waits. Not to be called from inside a user's call. */
  end(reason: string): void {
    if (this.#state === 'down') return;
    const wanted = this.#state !== 'up';
    this.#state = 'down';
    clearTimeout(this.#deadline);
    this.#outbox.discard();
    this.#parts.ended(this, wanted, wanted ? this.#reason : reason);
    this.connection.abort(new Error(reason));
    if (this.node !== '') this.#events.linkDown(this, wanted ? this.#reason : reason);
  }

  #read(data: Uint8Array | Iterable<Uint8Array>): void {
    for (const chunk of data instanceof Uint8Array ? [data] : data) {
      if (this.#state !== 'up') return;
      if (!this.#splitter.push(chunk)) this.#refuse('the peer sent a frame over the limit');
    }
  }

  /** The peer broke the rules: it is owed no flush. */
  #refuse(reason: string): void {
    this.#reason = reason;
    this.#state = 'closing';
    this.#endSoon();
  }

  /** Not inside `idle`: libp2p tells it while it is still sending, and what is sent then stays in its buffer for good. */
  #pumpSoon(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    queueMicrotask(() => {
      this.#pumping = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#state === 'down') return;
    this.#outbox.flush();
    if (this.#state !== 'closing' || this.#outbox.queuedBytes > 0) return;
    // The end of the stream goes out behind the last frame; having read it, the peer hangs up. Else the deadline cuts.
    this.#state = 'flushed';
    this.#stream.close().catch((error: Error) => this.#endSoon(error.message));
  }

  /** Ends on a turn of its own: the layers tell of one end several times, not always why, and may still hold data. */
  #endSoon(reason = ''): void {
    if (this.#state === 'up') this.#reason ||= reason;
    if (this.#state === 'closing' && reason === PEER_CLOSED) return;
    setImmediate(() => this.end(this.#reason || 'the connection ended'));
  }
}

/** A stream as the outbox sees it. */
class StreamSink {
  readonly #stream: Stream;
  readonly #raw: MessageStream | undefined;

  constructor(stream: Stream, raw: MessageStream | undefined) {
    this.#stream = stream;
    this.#raw = raw;
  }

  get ready(): boolean {
    return this.#stream.writeStatus === 'writable' && !this.#stream.writableNeedsDrain && !this.#raw?.writableNeedsDrain;
  }

  get backlogBytes(): number {
    return this.#stream.writeBufferLength + (this.#raw?.writeBufferLength ?? 0);
  }

  write(block: Uint8Array): void {
    try {
      this.#stream.send(block);
    } catch (error) {
      this.#stream.abort(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

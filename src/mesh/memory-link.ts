/** One side of a link between two nodes of one process. */
import { FLUSH_MS_MAX, nextLinkId, QUEUE_BYTES_HIGH, QUEUE_BYTES_LOW } from './limits.ts';
import { FRAME_BYTES_MAX, type Link, type LinkEvents } from './transport.ts';

/** What a link needs of the transport it belongs to. */
export interface LinkHome {
  readonly events: LinkEvents;
  isStalled(node: string): boolean;
  forget(link: MemoryLink): void;
}

/** What it sends waits on this side until it is delivered. */
export class MemoryLink implements Link {
  readonly id = nextLinkId();
  readonly node: string;
  readonly address: string;
  readonly outbound: boolean;
  /** The other side; set before the link is up. */
  peer!: MemoryLink;
  queuedBytes = 0;
  readonly #home: LinkHome;
  #frames: Uint8Array[] = [];
  #state: 'new' | 'up' | 'closing' | 'down' = 'new';
  #full = false;
  #scheduled = false;
  /** Set while the link is being closed: what to do once everything is delivered. */
  #flushed: (() => void) | undefined;

  constructor(home: LinkHome, node: string, address: string, outbound: boolean) {
    this.#home = home;
    this.node = node;
    this.address = address;
    this.outbound = outbound;
  }

  up(): void {
    setImmediate(() => {
      if (this.#state !== 'new') return;
      this.#state = 'up';
      this.#home.events.linkUp(this);
    });
  }

  send(frame: Uint8Array): boolean {
    if (this.#state !== 'up') return false;
    if (frame.length > FRAME_BYTES_MAX) {
      this.close(`a frame of ${frame.length} bytes is over the limit`);
      return false;
    }
    this.#frames.push(frame);
    this.queuedBytes += frame.length;
    if (this.queuedBytes > QUEUE_BYTES_HIGH) this.#full = true;
    this.deliverSoon();
    return !this.#full;
  }

  close(reason: string): void {
    if (this.#state !== 'up') {
      if (this.#state === 'new') this.drop(reason);
      return;
    }
    this.#state = 'closing';
    const deadline = setTimeout(() => this.drop(reason), FLUSH_MS_MAX);
    this.#flushed = () => {
      clearTimeout(deadline);
      this.drop(reason);
    };
    this.deliverSoon();
  }

  /** Takes both sides down, whatever waits, each on a turn of its own. */
  drop(reason: string): void {
    this.#down(reason);
    this.peer.#down('the peer closed the link');
  }

  deliverSoon(): void {
    if (this.#scheduled || this.#home.isStalled(this.node)) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    if (this.#state === 'down' || this.#home.isStalled(this.node)) return;
    const frames = this.#frames;
    this.#frames = [];
    this.queuedBytes = 0;
    for (const frame of frames) this.peer.#receive(frame);
    if (this.#flushed) this.#flushed();
    else if (this.#full && this.queuedBytes < QUEUE_BYTES_LOW) {
      this.#full = false;
      this.#home.events.drained(this);
    }
  }

  #receive(frame: Uint8Array): void {
    if (this.#state === 'up') this.#home.events.frame(this, frame.slice());
  }

  #down(reason: string): void {
    const before = this.#state;
    if (before === 'down') return;
    this.#state = 'down';
    this.#frames = [];
    this.queuedBytes = 0;
    this.#home.forget(this);
    if (before !== 'new') setImmediate(() => this.#home.events.linkDown(this, reason));
  }
}

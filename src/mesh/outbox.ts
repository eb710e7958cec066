/**
 * What waits to be sent on one link. Everything sent in one turn of the event loop leaves in one write: encryption, framing
 * and system calls below cost per write, not per byte. One copy gathers the frames; it is far cheaper than handing many
 * small buffers through every layer.
 */
import { FRAME_HEAD_BYTES, joinFrames } from './frames.ts';
import { QUEUE_BYTES_HIGH, QUEUE_BYTES_LOW, WRITE_BYTES_MAX } from './limits.ts';

/** Where writes go. When it is not ready, its owner calls `flush` once it is again. */
export interface Sink {
  readonly ready: boolean;
  /** Bytes taken and not yet handed to the operating system. */
  readonly backlogBytes: number;
  write(block: Uint8Array): void;
}

export class Outbox {
  readonly #sink: Sink;
  readonly #drained: () => void;
  #frames: Uint8Array[] = [];
  /** Index of the first frame that was not written yet. */
  #next = 0;
  #bytes = 0;
  #full = false;
  #scheduled: NodeJS.Immediate | undefined;

  constructor(sink: Sink, drained: () => void) {
    this.#sink = sink;
    this.#drained = drained;
  }

  get queuedBytes(): number {
    return this.#bytes + this.#sink.backlogBytes;
  }

  /** Queues a frame; nothing is written before this turn is over. False above the high-water mark. */
  push(frame: Uint8Array): boolean {
    this.#frames.push(frame);
    this.#bytes += FRAME_HEAD_BYTES + frame.length;
    if (this.#sink.ready) this.#scheduled ??= setImmediate(() => this.flush());
    if (this.queuedBytes > QUEUE_BYTES_HIGH) this.#full = true;
    return !this.#full;
  }

  /** Writes as much as the sink takes. To be called when the sink became ready, or holds less. */
  flush(): void {
    if (this.#scheduled) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    while (this.#bytes > 0 && this.#sink.ready) this.#sink.write(this.#gather());
    if (this.#full && this.queuedBytes < QUEUE_BYTES_LOW) {
      this.#full = false;
      this.#drained();
    }
  }

  /** Forgets what was not written, for good. */
  discard(): void {
    if (this.#scheduled) clearImmediate(this.#scheduled);
    this.#frames = [];
    this.#next = 0;
    this.#bytes = 0;
    this.#full = false;
  }

  /** Takes frames for one write: at least one, and no more than fit. */
  #gather(): Uint8Array {
    let end = this.#next;
    let bytes = 0;
    do {
      bytes += FRAME_HEAD_BYTES + this.#frames[end]!.length;
      end += 1;
    } while (end < this.#frames.length && bytes + FRAME_HEAD_BYTES + this.#frames[end]!.length <= WRITE_BYTES_MAX);
    const block = joinFrames(this.#frames.slice(this.#next, end), bytes);
    this.#next = end;
    this.#bytes -= bytes;
    this.#compact();
    return block;
  }

  /** Lets go of frames that were written; rarely enough to cost nothing per frame. */
  #compact(): void {
    if (this.#next === this.#frames.length) this.#frames = [];
    else if (this.#next < 4096 || this.#next * 2 < this.#frames.length) return;
    else this.#frames = this.#frames.slice(this.#next);
    this.#next = 0;
  }
}

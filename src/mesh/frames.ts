/**
 * Frames on a stream of bytes: four bytes of length, big-endian, then the frame.
 *
 * A stream cuts where it likes. A frame that lies whole in what came is handed on as a view of it, without a copy; only one
 * that was cut is put together in memory of its own.
 */
import { FRAME_BYTES_MAX } from './transport.ts';

export const FRAME_HEAD_BYTES = 4;

/** Writes frames one behind the other into fresh memory. `bytes` is what they take, heads included. */
export function joinFrames(frames: readonly Uint8Array[], bytes: number): Uint8Array {
  const block = Buffer.allocUnsafeSlow(bytes);
  let at = 0;
  for (const frame of frames) {
    block.writeUInt32BE(frame.length, at);
    block.set(frame, at + FRAME_HEAD_BYTES);
    at += FRAME_HEAD_BYTES + frame.length;
  }
  return block;
}

/** Takes a stream apart into frames, however it was cut. */
export class FrameSplitter {
  readonly #deliver: (frame: Uint8Array) => void;
  /** What the head says so far, and how many of its bytes are in. */
  #length = 0;
  #headBytes = 0;
  /** The frame that is being put together, and how much of it is in. */
  #body: Uint8Array | undefined;
  #filled = 0;

  constructor(deliver: (frame: Uint8Array) => void) {
    this.#deliver = deliver;
  }

  /** Takes the next bytes and delivers the frames they complete. False when a frame is over the limit: the stream is lost. */
  push(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#body) {
        at = this.#fill(this.#body, chunk, at);
        continue;
      }
      at = this.#readHead(chunk, at);
      if (this.#headBytes < FRAME_HEAD_BYTES) return true;
      if (this.#length > FRAME_BYTES_MAX) return false;
      at = this.#startBody(chunk, at);
    }
    return true;
  }

  #readHead(chunk: Uint8Array, from: number): number {
    let at = from;
    while (this.#headBytes < FRAME_HEAD_BYTES && at < chunk.length) {
      this.#length = this.#length * 256 + chunk[at]!;
      this.#headBytes += 1;
      at += 1;
    }
    return at;
  }

  #startBody(chunk: Uint8Array, at: number): number {
    const end = at + this.#length;
    if (end <= chunk.length) {
      this.#reset();
      this.#deliver(chunk.subarray(at, end));
      return end;
    }
    this.#body = new Uint8Array(this.#length);
    return this.#fill(this.#body, chunk, at);
  }

  #fill(body: Uint8Array, chunk: Uint8Array, at: number): number {
    const end = Math.min(chunk.length, at + body.length - this.#filled);
    body.set(chunk.subarray(at, end), this.#filled);
    this.#filled += end - at;
    if (this.#filled === body.length) {
      this.#reset();
      this.#deliver(body);
    }
    return end;
  }

  #reset(): void {
    this.#length = 0;
    this.#headBytes = 0;
    this.#body = undefined;
    this.#filled = 0;
  }
}

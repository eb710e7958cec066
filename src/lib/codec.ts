/**
 * A compact binary encoding: unsigned varints (LEB128, at most 2^53-1), byte strings and texts with their length before them.
 *
 * The reader accepts exactly one encoding of every value, so equal values have equal bytes: a varint is as short as it can be, and a text
 * is well-formed UTF-8. Anything else is a DecodeError, which is the only thing a reader throws.
 */

import { putHex, toHex } from './bytes.ts';

/** The bytes are not what they should be. */
export class DecodeError extends Error {
  override name = 'DecodeError';
}

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const VARINT_BYTES_MAX = 8;
/** A buffer of which no more than this part is unused is kept as it is. */
const SPARE_SHARE = 8;

/** Writes values into one growing buffer. */
export class Writer {
  #bytes: Uint8Array;
  #at = 0;

  constructor(sizeHint = 256) {
    this.#bytes = new Uint8Array(sizeHint);
  }

  get length(): number {
    return this.#at;
  }

  #room(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + more));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }

  u8(value: number): this {
    this.#room(1);
    this.#bytes[this.#at++] = value;
    return this;
  }

  /** An integer from 0 to 2^53-1. */
  varint(value: number): this {
    this.#room(VARINT_BYTES_MAX);
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#at++] = rest;
    return this;
  }

  /** Bytes whose length the reader knows. */
  raw(bytes: Uint8Array): this {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
    return this;
  }

  /** Bytes given as hexadecimal text, whose length the reader knows. */
  hex(text: string): this {
    this.#room(text.length >> 1);
    putHex(this.#bytes, this.#at, text);
    this.#at += text.length >> 1;
    return this;
  }

  /** Bytes with their length before them. */
  blob(bytes: Uint8Array): this {
    return this.varint(bytes.length).raw(bytes);
  }

  /** A text as UTF-8 with its length in bytes before it. */
  text(text: string): this {
    this.#room(text.length + 1);
    if (text.length < 128 && this.#ascii(text)) return this;
    return this.blob(utf8Encoder.encode(text));
  }

  #ascii(text: string): boolean {
    const start = this.#at + 1;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) return false;
      this.#bytes[start + i] = code;
    }
    this.#bytes[this.#at] = text.length;
    this.#at = start + text.length;
    return true;
  }

  /** What was written, as a view: valid until the next write. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  /** What was written, as bytes of its own: where its size was foreseen, without a copy. What is written afterwards does not change it. */
  done(): Uint8Array {
    const isForeseen = this.#bytes.length - this.#at <= this.#at / SPARE_SHARE;
    return isForeseen ? this.#bytes.subarray(0, this.#at) : this.#bytes.slice(0, this.#at);
  }
}

/** Reads values one after the other. Throws DecodeError where the bytes end or break a rule. */
export class Reader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, from = 0, to = bytes.length) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  #take(count: number): number {
    const start = this.at;
    if (count > this.end - start) throw new DecodeError('ends too early');
    this.at = start + count;
    return start;
  }

  u8(): number {
    return this.bytes[this.#take(1)]!;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < VARINT_BYTES_MAX; i++) {
      const byte = this.u8();
      value += (byte & 127) * scale;
      if (byte < 128) {
        if (byte === 0 && i > 0) throw new DecodeError('varint longer than needed');
        if (!Number.isSafeInteger(value)) throw new DecodeError('varint too large');
        return value;
      }
      scale *= 128;
    }
    throw new DecodeError('varint too long');
  }

  /** A varint of at most `max`. */
  count(max: number): number {
    const value = this.varint();
    if (value > max) throw new DecodeError(`${value} is over the limit of ${max}`);
    return value;
  }

  /** A view of the next bytes. */
  raw(count: number): Uint8Array {
    const start = this.#take(count);
    return this.bytes.subarray(start, start + count);
  }

  hex(count: number): string {
    const start = this.#take(count);
    return toHex(this.bytes, start, start + count);
  }

  blob(max: number): Uint8Array {
    return this.raw(this.count(max));
  }

  text(max: number): string {
    const bytes = this.blob(max);
    try {
      return utf8Decoder.decode(bytes);
    } catch {
      throw new DecodeError('not UTF-8');
    }
  }

  /** Asserts that nothing is left. */
  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  finish(): void {
    if (this.at !== this.end) throw new DecodeError('has bytes left over');
  }
}

/** Runs a decoder; bad bytes become an Error value in place of an exception. */
export function decoding<T>(decode: () => T): T | DecodeError {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
}

/**
 * Which signatures were found good, for all threads of a process: a login's grant is looked at when it is asked for, when it is folded, and when the views are, and an entry
 * each time it is read to be served. What is remembered is the SHA-256 of key, tag, message and signature as they came, so that a changed byte is another question. The
 * oldest make room.
 *
 * Threads write and read without locks: half of one hash and half of another is the hash of nothing.
 */

const HASH_BYTES = 32;
const WORDS = HASH_BYTES / 4;
/** Places that a hash may be at, from the one that it names on. */
const PROBES = 4;
/** Signatures that are remembered: 512 KiB. */
export const VERIFIED_MAX = 16_384;

export class Verified {
  /** To be handed to other threads. */
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #places: number;

  /** `memory`: of another thread's. */
  constructor(memory = new SharedArrayBuffer(VERIFIED_MAX * HASH_BYTES)) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
    this.#places = memory.byteLength / HASH_BYTES;
  }

  /** `hash`: 32 bytes. */
  has(hash: Uint8Array): boolean {
    const words = wordsOf(hash);
    for (let probe = 0; probe < PROBES; probe++) if (this.#isAt(this.#place(words, probe), words)) return true;
    return false;
  }

  add(hash: Uint8Array): void {
    const words = wordsOf(hash);
    let place = -1;
    for (let probe = 0; probe < PROBES && place < 0; probe++) {
      const at = this.#place(words, probe);
      if (this.#words[at] === 0 && this.#words[at + 1] === 0) place = at;
    }
    // Where all are taken, one of them goes: which, the hash says.
    if (place < 0) place = this.#place(words, (words[WORDS - 1]! >>> 0) % PROBES);
    this.#words.set(words, place);
  }

  #isAt(place: number, words: Int32Array): boolean {
    for (let i = 0; i < WORDS; i++) if (this.#words[place + i] !== words[i]) return false;
    return true;
  }

  #place(words: Int32Array, probe: number): number {
    return (((words[0]! >>> 0) + probe) % this.#places) * WORDS;
  }
}

function wordsOf(hash: Uint8Array): Int32Array {
  if (hash.byteOffset % 4 === 0) return new Int32Array(hash.buffer, hash.byteOffset, WORDS);
  return new Int32Array(hash.slice(0, HASH_BYTES).buffer);
}

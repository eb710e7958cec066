/** A seeded source of numbers (sfc32, Chris Doty-Humphrey, PractRand 2010): the same seed gives the same sequence everywhere. */

export interface Random {
  /** An integer from 0 to 2^32-1. */
  u32(): number;
  /** An integer from 0 to below `n`. */
  below(n: number): number;
  /** A number from 0 to below 1. */
  unit(): number;
  bytes(count: number): Uint8Array;
}

/** Builds the derived draws on a source of 32-bit integers. */
export function randomFrom(u32: () => number): Random {
  return {
    u32,
    below: (n) => Math.floor((u32() / 4294967296) * n),
    unit: () => u32() / 4294967296,
    bytes(count) {
      const bytes = new Uint8Array(count);
      for (let i = 0; i < count; i += 4) {
        const word = u32();
        for (let j = 0; j < 4 && i + j < count; j++) bytes[i + j] = (word >>> (8 * j)) & 255;
      }
      return bytes;
    },
  };
}

/** The seeded generator. */
export function seededRandom(seed: number): Random {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed >>> 0;
  let counter = 1;
  const u32 = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i++) u32();
  return randomFrom(u32);
}

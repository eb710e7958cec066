/**
 * The machine a client runs on, where that is a browser: its WebSocket, fetch and random numbers, and cryptography in plain JavaScript. WebCrypto's own is asynchronous, and
 * has no Argon2; a login hashes once, in slices that leave the page alive.
 */

import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { type Kdf, SEED_BYTES } from '../core/kdf.ts';
import type { Suite } from '../core/suite.ts';
import { concatBytes, fromHex, toHex, utf8 } from '../lib/bytes.ts';
import { type Random, randomFrom } from '../lib/prng.ts';
import type { Platform, Socket } from './platform.ts';

const FETCH_MS = 10_000;

interface Page {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

function tagged(tag: string, bytes: Uint8Array): Uint8Array {
  return concatBytes(utf8(`${tag}\0`), bytes);
}

/** The same as lib/crypto.ts makes on Node. */
export function browserSuite(): Suite {
  return {
    sha256: (bytes) => sha256(bytes),
    name: (tag, bytes) => toHex(sha256(tagged(tag, bytes)), 0, 16),
    keyPair: (seed) => ({
      publicKey: toHex(ed25519.getPublicKey(seed)),
      sign: (tag, message) => ed25519.sign(tagged(tag, message), seed),
    }),
    verify(publicKey, tag, message, signature) {
      try {
        return ed25519.verify(signature, tagged(tag, message), fromHex(publicKey));
      } catch {
        return false;
      }
    },
  };
}

export async function browserHash(password: string, { memoryKiB: m, passes: t, lanes: p, salt }: Kdf): Promise<Uint8Array> {
  const { argon2idAsync } = await import('@noble/hashes/argon2.js');
  return argon2idAsync(utf8(password), salt, { m, t, p, dkLen: SEED_BYTES, version: 0x13 });
}

function browserRandom(): Random {
  const bytes = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));
  const base = randomFrom(() => new DataView(bytes(4).buffer).getUint32(0));
  return { ...base, bytes };
}

export function browserPlatform(): Platform {
  return {
    suite: browserSuite(),
    random: browserRandom(),
    argon2: browserHash,
    socket: (url) => new WebSocket(url) as unknown as Socket,
    fetch: (url, body) => fetch(url, { ...posting(body), signal: AbortSignal.timeout(FETCH_MS) }),
    wallMs: () => Date.now(),
    monoMs: () => performance.now(),
    timer(ms, then) {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
    onWake(then) {
      const page = globalThis as unknown as Page;
      const wakes = ['online', 'focus', 'pageshow'];
      for (const type of wakes) page.addEventListener(type, then);
      return () => {
        for (const type of wakes) page.removeEventListener(type, then);
      };
    },
  };
}

function posting(body: string | undefined) {
  return body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body };
}

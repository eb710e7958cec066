/** The machine a client runs on, where that is Node: its own cryptography, WebSocket and fetch. */

import { argon2 } from 'node:crypto';
import { WebSocket } from 'ws';
import { type Kdf, SEED_BYTES } from '../core/kdf.ts';
import { makeSuite, systemRandom } from '../lib/crypto.ts';
import type { Platform, Socket } from './platform.ts';

const FETCH_MS = 10_000;
/** A frame that is longer ends the connection, in bytes: no node sends half as much. */
const FRAME_BYTES_MAX = 16 << 20;

function hash(password: string, { memoryKiB: memory, passes, lanes: parallelism, salt: nonce }: Kdf): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message: password, nonce, parallelism, tagLength: SEED_BYTES, memory, passes }, (error, key) => {
      if (error) reject(error);
      else resolve(new Uint8Array(key));
    });
  });
}

export function nodePlatform(): Platform {
  return {
    suite: makeSuite(),
    random: systemRandom(),
    argon2: hash,
    // Node's own takes twice the time and memory, most of it for what a browser's needs.
    socket: (url) => new WebSocket(url, { perMessageDeflate: false, maxPayload: FRAME_BYTES_MAX }) as unknown as Socket,
    fetch: (url, body) => fetch(url, { ...posting(body), signal: AbortSignal.timeout(FETCH_MS) }),
    wallMs: () => Date.now(),
    monoMs: () => performance.now(),
    timer(ms, then) {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
    onWake: () => () => undefined,
  };
}

function posting(body: string | undefined) {
  return body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body };
}

/** What the library needs of the machine it runs on; handed in, so that Node, browsers and tests each give their own. */

import type { Kdf } from '../core/kdf.ts';
import type { Suite } from '../core/suite.ts';
import type { Random } from '../lib/prng.ts';

/** A WebSocket, as browsers and Node have it. */
export interface Socket {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  onerror: ((event: unknown) => void) | null;
  readonly readyState: number;
  send(text: string): void;
  close(): void;
}

export interface HttpAnswer {
  readonly status: number;
  json(): Promise<unknown>;
}

export interface Platform {
  readonly suite: Suite;
  readonly random: Random;
  /** Argon2id, 32 bytes. */
  argon2(password: string, kdf: Kdf): Promise<Uint8Array>;
  socket(url: string): Socket;
  fetch(url: string, body?: string): Promise<HttpAnswer>;
  /** Of the wall clock, in ms since 1970. */
  wallMs(): number;
  /** Of a clock that never goes back, in ms. */
  monoMs(): number;
  /** Calls back once, and tells how to take that back. Does not keep a process alive by itself. */
  timer(ms: number, then: () => void): () => void;
  /** Calls back when the machine woke up or is on the network again. */
  onWake(then: () => void): () => void;
}

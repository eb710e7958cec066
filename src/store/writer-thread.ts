/** The writer thread: one request at a time, answered in order. */

import { parentPort, workerData } from 'node:worker_threads';
import { makeSuite } from '../lib/crypto.ts';
import type { Repeat } from '../sync/effects.ts';
import { isCorruption } from './damage.ts';
import { type Blank, LogWriter, type PackedHole } from './log-writer.ts';

export type WriterRequest =
  | { readonly type: 'append'; readonly packed: Uint8Array; readonly proofs: Uint8Array | null }
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'check' }
  | { readonly type: 'dig'; readonly holes: readonly PackedHole[] }
  | { readonly type: 'mend'; readonly packed: Uint8Array }
  | { readonly type: 'blank'; readonly blanks: readonly Blank[] }
  | { readonly type: 'settle' }
  | { readonly type: 'reindex' }
  | { readonly type: 'close' };

export type WriterReply =
  | { readonly type: 'mended'; readonly position: number | null }
  | { readonly type: 'appended'; readonly repeats: readonly Repeat[]; readonly position: number }
  | { readonly type: 'done' }
  /** With the repeats of a batch that is there all the same. */
  | {
      readonly type: 'failed';
      readonly message: string;
      readonly corrupt: boolean;
      readonly repeats: readonly Repeat[] | null;
      readonly position: number;
    };

const { file, synchronous } = workerData as { file: string; synchronous: 'FULL' | 'NORMAL' };
const port = parentPort!;
const writer = new LogWriter(file, synchronous);

function handle(request: WriterRequest): WriterReply {
  switch (request.type) {
    case 'append':
      return { type: 'appended', repeats: writer.append(request.packed, request.proofs), position: writer.position };
    case 'put':
      writer.put(request.key, request.value);
      return { type: 'done' };
    case 'check':
      writer.check();
      return { type: 'done' };
    case 'dig':
      writer.dig(request.holes);
      return { type: 'done' };
    case 'blank':
      writer.blank(request.blanks);
      return { type: 'done' };
    case 'settle':
      writer.settle();
      return { type: 'done' };
    case 'reindex':
      writer.reindex(makeSuite());
      return { type: 'done' };
    case 'mend':
      return { type: 'mended', position: writer.mend(request.packed) };
    case 'close':
      writer.close();
      return { type: 'done' };
  }
}

/** After an error the connection is replaced, for as long as that itself fails. */
async function recovered(packed: Uint8Array): Promise<Repeat[] | null> {
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 2, 1000)) {
    try {
      return writer.reopen(packed);
    } catch (error) {
      if (isCorruption(error)) return null;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

port.on('message', async (request: WriterRequest) => {
  try {
    port.postMessage(handle(request));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const repeats = request.type === 'append' ? await recovered(request.packed) : null;
    const failed = { type: 'failed', message, corrupt: isCorruption(error), repeats, position: writer.position } as const;
    port.postMessage(failed satisfies WriterReply);
  }
  if (request.type === 'close') port.close();
});
port.postMessage({ type: 'done' } satisfies WriterReply);

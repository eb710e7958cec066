/** The views thread: follows the log in small slices and answers reads in between, each only when it holds all that was committed before it. */

import { parentPort, workerData } from 'node:worker_threads';
import type { FeedId, MessageId, NetworkId } from '../core/ids.ts';
import type { HistoryQuery } from '../core/port.ts';
import type { SearchQuery } from '../core/search.ts';
import { makeSuite } from '../lib/crypto.ts';
import { Verified } from '../lib/verified.ts';
import type { BeyondQuery } from './beyond.ts';
import { DAMAGED, isCorruption } from './damage.ts';
import type { HangingQuery } from './hanging.ts';
import type { OwnQuery } from './own.ts';
import { packRows } from './packing.ts';
import { discard } from './schema.ts';
import type { Swept } from './sweep.ts';
import { Views } from './views.ts';

export type ViewsRequest =
  /** The log reaches to here. */
  | { readonly type: 'wake'; readonly position: number }
  | { readonly type: 'history'; readonly no: number; readonly position: number; readonly query: HistoryQuery }
  | ({ readonly type: 'beyond'; readonly no: number; readonly position: number } & BeyondQuery)
  | { readonly type: 'shown'; readonly no: number; readonly position: number; readonly ids: readonly MessageId[] }
  | { readonly type: 'own'; readonly no: number; readonly position: number; readonly query: OwnQuery }
  | { readonly type: 'hanging'; readonly no: number; readonly position: number; readonly query: HangingQuery }
  | { readonly type: 'search'; readonly no: number; readonly query: SearchQuery }
  | { readonly type: 'entries'; readonly no: number; readonly feed: FeedId; readonly after: number; readonly bytesMax: number }
  /** An entry is where a hole was. */
  | { readonly type: 'mended'; readonly position: number }
  /** What is to be erased next, once the views hold all up to the position; that it was taken out of the log; and to overwrite it where it lay. */
  | { readonly type: 'erasable'; readonly no: number; readonly position: number }
  | { readonly type: 'erased'; readonly no: number; readonly swept: Swept }
  | { readonly type: 'settle'; readonly no: number; readonly isFirst: boolean }
  /** Make everything anew from the log. */
  | { readonly type: 'reset'; readonly no: number }
  | { readonly type: 'close' };

/** An answer to a numbered request; or, under DAMAGED, what was found damaged on the way. */
export type ViewsReply =
  | { readonly no: number; readonly value: unknown }
  | { readonly no: number; readonly error: string; readonly corrupt: boolean };

const port = parentPort!;
const { file, logFile, network, verified } = workerData as {
  file: string;
  logFile: string;
  network: NetworkId;
  verified?: SharedArrayBuffer;
};
let views = opened();
/** Views are made anew once in a process: what is still damaged then is the log. */
let renewed = false;
const waiting: ViewsRequest[] = [];
let scheduled = false;
let closed = false;

function opened(): Views {
  const open = (): Views => new Views(makeSuite(verified ? new Verified(verified) : null), network, file, logFile);
  try {
    return open();
  } catch (error) {
    if (!isCorruption(error)) throw error;
    discard(file);
    return open();
  }
}

/** Makes damaged views anew; whether there is hope in that. */
function renew(error: unknown): boolean {
  if (renewed || !isCorruption(error)) return false;
  renewed = true;
  try {
    views.close();
  } catch {
    // Beyond closing: the files go all the same.
  }
  discard(file);
  views = opened();
  return true;
}

function isPacked(value: unknown): value is { packed: Uint8Array } {
  return typeof value === 'object' && value !== null && 'packed' in value;
}

/** Answers a request; packed entries are handed over, not copied. */
function answer(no: number, read: () => unknown): void {
  try {
    const value = read();
    port.postMessage({ no, value } satisfies ViewsReply, isPacked(value) ? [value.packed.buffer as ArrayBuffer] : []);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({ no, error: message, corrupt: isCorruption(error) } satisfies ViewsReply);
  }
  tellDamage();
}

function tellDamage(): void {
  const value = views.takeDamaged();
  if (value.length > 0) port.postMessage({ no: DAMAGED, value } satisfies ViewsReply);
}

/** Reads again what damaged views could not say. */
function twice<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!renew(error)) throw error;
    while (views.follow());
    return read();
  }
}

function serve(request: ViewsRequest): void {
  switch (request.type) {
    case 'history':
      return answer(request.no, () => twice(() => views.history(request.query)));
    case 'beyond':
      return answer(request.no, () => twice(() => views.beyond(request)));
    case 'shown':
      return answer(request.no, () => twice(() => views.shown(request.ids)));
    case 'own':
      return answer(request.no, () => twice(() => views.own(request.query)));
    case 'hanging':
      return answer(request.no, () => twice(() => views.hanging(request.query)));
    case 'search':
      return answer(request.no, () => twice(() => views.search(request.query)));
    case 'entries':
      return answer(request.no, () => {
        const { entries, hole } = views.entries(request.feed, request.after, request.bytesMax);
        return { packed: packRows(entries), hole };
      });
    case 'erasable':
      return answer(request.no, () => views.erasable());
    case 'erased':
      return answer(request.no, () => views.erased(request.swept));
    case 'settle':
      return answer(request.no, () => views.settle(request.isFirst));
    case 'reset':
      return answer(request.no, () => views.reset());
    default:
      return;
  }
}

/** How long a wake may wait for more of its kind, in ms: one transaction for many messages, and idle cores for those who chat. */
const GATHER_MS = 50;
/** A commit of so many entries is part of a history that comes in, which takes so long to the next, in ms, on a busy machine. */
const BULK_ENTRIES = 16;
const BULK_MS = 500;
/** While the log grows, each slice is followed by a pause of so many times its own length: chatting comes before indexing. */
const HISTORY_PAUSES = 2;
const SEARCH_PAUSES = 8;
/** Entries behind the log beyond which there are no pauses. */
const LAG_ENTRIES_MAX = 4000;
/** How long views that could not be written are let be, in ms. */
const RETRY_MS = 500;
let head = 0;
let wokenMs = Number.NEGATIVE_INFINITY;
let bulkMs = Number.NEGATIVE_INFINITY;
let _timer: NodeJS.Timeout | null = null;

/** One slice of work, then whatever can be answered; again while there is more. */
function work(): void {
  scheduled = false;
  if (closed) return;
  const begun = performance.now();
  let history = false;
  let more = false;
  try {
    history = views.follow();
    more = history || views.followSearch();
  } catch (error) {
    if (renew(error)) return schedule();
    if (isCorruption(error)) return port.postMessage({ no: DAMAGED, error: (error as Error).message, corrupt: true } satisfies ViewsReply);
    // A full disk, for one: what is there is served, and following goes on when it is written again.
    answerWaiting(true);
    return later(RETRY_MS);
  }
  tellDamage();
  answerWaiting(false);
  if (waiting.length > 0) schedule();
  else if (more) later(pauseMs(performance.now() - begun, history ? HISTORY_PAUSES : SEARCH_PAUSES));
}

/** `behind`: also what ought to wait until the views have followed, since they cannot. */
function answerWaiting(behind: boolean): void {
  for (const request of waiting.splice(0)) {
    if (!behind && 'position' in request && request.position > views.position) waiting.push(request);
    else serve(request);
  }
}

function pauseMs(sliceMs: number, pauses: number): number {
  const isGrowing = performance.now() - wokenMs < GATHER_MS || performance.now() - bulkMs < BULK_MS;
  return isGrowing && head - views.position < LAG_ENTRIES_MAX ? sliceMs * pauses : 0;
}

function later(ms: number): void {
  if (ms < 1) return schedule();
  _timer ??= setTimeout(() => {
    _timer = null;
    schedule();
  }, ms);
}

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  setImmediate(work);
}

/** Takes in an entry that came back; views that cannot be made anew. */
function mended(position: number): void {
  try {
    views.mended(position);
  } catch (error) {
    if (!renew(error)) port.postMessage({ no: DAMAGED, error: String(error), corrupt: isCorruption(error) } satisfies ViewsReply);
  }
  schedule();
}

port.on('message', (request: ViewsRequest) => {
  if (closed) return;
  if (request.type === 'close') {
    closed = true;
    views.close();
    port.close();
    return;
  }
  if (request.type === 'entries') return serve(request);
  if (request.type === 'wake') {
    wokenMs = performance.now();
    if (request.position - head >= BULK_ENTRIES) bulkMs = wokenMs;
    head = request.position;
    return later(GATHER_MS);
  }
  if (request.type === 'mended') return mended(request.position);
  waiting.push(request);
  schedule();
});
/** How long the start waits for views that are behind the log, in ms; a crash leaves them behind by moments. */
const CATCH_UP_MS = 300;
const started = performance.now();
port.postMessage({
  no: 0,
  value: twice(() => {
    while (performance.now() - started < CATCH_UP_MS && views.follow());
    return views.lastKeys();
  }),
});
schedule();

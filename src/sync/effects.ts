/** What the replication state machine is told, and what it asks for. All of it. */

import type { Chain } from '../core/admission.ts';
import type { Entry } from '../core/entry.ts';
import type { ForkProof } from '../core/fork-proof.ts';
import type { AuthorId, FeedId, NodeId } from '../core/ids.ts';
import type { Op } from '../core/op.ts';
import type { Said, Whisper } from '../wire/whisper.ts';

/** The time, told with every input: of the wall, for clocks in the log, and one that only rises, for everything else. */
export interface Now {
  readonly wallMs: number;
  readonly monoMs: number;
}

export type Input =
  | { readonly type: 'link up'; readonly link: number; readonly node: NodeId; readonly address: string; readonly outbound: boolean }
  | { readonly type: 'link down'; readonly link: number; readonly reason: string }
  | { readonly type: 'frame'; readonly link: number; readonly bytes: Uint8Array }
  /** A link that was full has room again. */
  | { readonly type: 'drained'; readonly link: number }
  /** The answer to `load`: entries of the feed in order, none where they are not there. */
  | { readonly type: 'loaded'; readonly link: number; readonly feed: FeedId; readonly entries: readonly Entry[] }
  /** The answer to `fetch`: those of the entries that are whole. */
  | { readonly type: 'fetched'; readonly link: number; readonly entries: readonly Entry[] }
  /** The answer to `compare`: the entry that is held, and the other. */
  | { readonly type: 'compared'; readonly link: number; readonly own: Entry; readonly other: Entry }
  /** Ops of this node's sessions, for its governance or its content feed by their kinds. */
  | { readonly type: 'write'; readonly ops: readonly Op[]; readonly token: number }
  /** Messages of another time for a feed of their own; each `after` is its time. */
  | { readonly type: 'import'; readonly ops: readonly Op[]; readonly token: number }
  /** Somebody with a session here types or is away: told to all, stored nowhere. */
  | { readonly type: 'whisper'; readonly author: AuthorId; readonly said: Said }
  /** The batch is on stable storage; `repeats` names the ops whose message id was there before. */
  | { readonly type: 'committed'; readonly batch: number; readonly repeats: readonly Repeat[] }
  /** The commit ended in an error. Whether it was written, and then with which repeats, was read back from the reopened store. */
  | { readonly type: 'commit failed'; readonly batch: number; readonly written: boolean; readonly repeats?: readonly Repeat[] }
  /** The store takes writes again. */
  | { readonly type: 'writable' }
  /** Entries that were here are not what they were: they are withdrawn, and asked for again. */
  | { readonly type: 'damaged'; readonly holes: readonly Hole[] }
  /** Payloads are missing here that no op erases any more: they are asked for. */
  | { readonly type: 'gaps'; readonly holes: readonly Hole[] }
  /** An entry is here again, as it was. */
  | { readonly type: 'mended'; readonly entry: Entry }
  | { readonly type: 'addresses'; readonly addresses: readonly string[] }
  | { readonly type: 'dial failed'; readonly address: string }
  /** Nothing new: what was written meanwhile may go to the disk. */
  | { readonly type: 'turn' }
  | { readonly type: 'tick' };

/** An op of a batch that repeats a message id: the entry's place in the batch, the op's place in the entry, and the op that came with the id first. */
export interface Repeat {
  readonly entry: number;
  readonly index: number;
  readonly before: Earlier;
}

/** Where an op is that was there before. */
export interface Earlier {
  readonly feed: FeedId;
  readonly seq: number;
  readonly index: number;
}

/** A place in the log whose entry is damaged or gone. */
export interface Hole {
  readonly feed: FeedId;
  readonly seq: number;
  /** What the entry's hash has to be; null where its neighbour is damaged too, and the signature alone can tell. */
  readonly hash: Uint8Array | null;
}

export interface Batch {
  readonly id: number;
  /** In the order in which they take their places in the log; each follows its feed's predecessor and its deps. */
  readonly entries: readonly Entry[];
  /** All proofs of forks that were learned beside the log and are not in it yet, where that changed: to be kept together with what rests on them. */
  readonly proofs?: Uint8Array;
}

export type Effect =
  /** Commit this; one batch at a time, answered by `committed` or `commit failed`. Comes before every other effect of a step. */
  | { readonly type: 'append'; readonly batch: Batch }
  | { readonly type: 'send'; readonly link: number; readonly bytes: Uint8Array }
  | { readonly type: 'close'; readonly link: number; readonly reason: string }
  /** Read entries of the feed from after `after` on, up to about `bytesMax`, and answer with `loaded`. */
  | { readonly type: 'load'; readonly link: number; readonly feed: FeedId; readonly after: number; readonly bytesMax: number }
  /** Read these entries of the feed, and answer with `fetched`. */
  | { readonly type: 'fetch'; readonly link: number; readonly feed: FeedId; readonly seqs: readonly number[] }
  /** Read the entry that is held at this one's place, and answer with `compared`. */
  | { readonly type: 'compare'; readonly link: number; readonly entry: Entry }
  /** A node signed two entries for one place: the proof. */
  | { readonly type: 'fork'; readonly proof: ForkProof }
  | { readonly type: 'dial'; readonly address: string }
  /** Remember how peers can be reached, in place of what was remembered. */
  | { readonly type: 'remember'; readonly peers: ReadonlyMap<NodeId, readonly string[]> }
  /** This node was let in: remember the chain. */
  | { readonly type: 'admitted'; readonly chain: Chain }
  /** It was not, and will not be: the reason is for people. */
  | { readonly type: 'not admitted'; readonly reason: string }
  /** Entries became durable here, and in this order visible. */
  | { readonly type: 'durable'; readonly entries: readonly Entry[]; readonly repeats: readonly Repeat[] }
  /** The ops of a write have their entries: from now on the copies are counted by feed and number. */
  | { readonly type: 'written'; readonly token: number; readonly feed: FeedId; readonly seq: number; readonly lastSeq: number }
  /** It is not known whether the ops of a write were written. */
  | { readonly type: 'unwritten'; readonly token: number }
  /** The copies of this node's entries may have risen. */
  | { readonly type: 'copies' }
  /** The entry of a hole came back, and was verified: put it where it was. */
  | { readonly type: 'mend'; readonly entry: Entry }
  /** Take out of the log, and of what was made from it, the payloads that are erased; where that shows gaps that are not, answer with `gaps`. */
  | { readonly type: 'erase' }
  /** Which members are in reach changed. */
  | { readonly type: 'reach' }
  /** A member said so, once; whether it may speak for that person was not looked at. */
  | { readonly type: 'whispered'; readonly whisper: Whisper }
  /** For people, in words that say what to do; with `about`, in place of what was said about the same, and nothing where that is over. */
  | { readonly type: 'warn'; readonly warning: string; readonly about?: string };

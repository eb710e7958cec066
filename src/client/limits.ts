/** How long the library waits, how much it keeps, and why. */

export interface Limits {
  /** From dialling to the node's first word, in ms: at a node that lives it takes a few; one that is stopped takes connections and says nothing. */
  readonly helloMs: number;
  /** From a request to its answer, in ms, before a node counts as stuck: an acknowledgement may wait a second for copies. */
  readonly answerMs: number;
  /** The same where no other node is known: there is nobody to go to. */
  readonly aloneMs: number;
  /** When nothing came for so long, in ms, it is asked whether the node is there. */
  readonly quietMs: number;
  /** An answer to that which takes longer is slow, in ms; after `slowTimes` of them in a row another node is tried. */
  readonly slowMs: number;
  readonly slowTimes: number;
  /** No two leavings of slow nodes come closer than this, in ms: where all are slow, wandering makes it worse. */
  readonly wanderMs: number;
  /** The first try after a node was lost comes at a random time within so many ms, so that those who lost it with us do not come all at once. */
  readonly failoverMs: number;
  /** A node may ask its clients to spread over longer than that, where it has very many: up to so many ms. */
  readonly spreadMs: number;
  /** When all known nodes were tried in vain the time doubles, up to this. */
  readonly retryMs: number;
  /** And to this when nobody answered for a minute: the machine is offline. Its waking is told to the library where the platform tells it. */
  readonly offlineMs: number;
  /** Messages of a first page, and of one of what was missed. */
  readonly firstPage: number;
  readonly page: number;
  /** Messages of a room that is not looked at, in memory; and in the storage. */
  readonly keep: number;
  readonly store: number;
  /** Rooms and cursor are stored after so long, in ms; the outbox and the session at once. */
  readonly saveMs: number;
  /** A message that fewer nodes hold than wanted is handed in again after so long, in ms, to hear of its copies. */
  readonly copiesMs: number;
  /** How long what is kept is not refreshed at a node that does not hold all the client was shown, in ms. */
  readonly behindMs: number;
  /** Messages in the outbox, at most. */
  readonly outbox: number;
  /** A request that changes something waits so long for a connection, in ms. */
  readonly offerMs: number;
}

export const LIMITS: Limits = {
  helloMs: 1500,
  answerMs: 4000,
  aloneMs: 15_000,
  quietMs: 10_000,
  slowMs: 1500,
  slowTimes: 3,
  wanderMs: 60_000,
  failoverMs: 250,
  spreadMs: 15_000,
  retryMs: 1000,
  offlineMs: 5000,
  firstPage: 50,
  page: 200,
  keep: 5000,
  store: 200,
  saveMs: 1000,
  copiesMs: 15_000,
  behindMs: 30_000,
  outbox: 1000,
  offerMs: 30_000,
};

/** Requests on the way at a time; the door refuses what is beyond its own limit (api/protocol.ts, ASKS_MAX). */
export const UNDER_WAY_MAX = 32;
/** How often a request that was refused for want of time or room is asked again. */
export const RETRIES_MAX = 5;
/** Refusals that say when to try again, and no more than that. */
export const LATER = new Set(['flood', 'busy', 'not stored']);
/** Addresses that are known at a time. */
export const ADDRESSES_MAX = 64;

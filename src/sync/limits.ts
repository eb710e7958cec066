/** The limits and times of replication, each with its reason. */

import type { BucketOptions } from '../lib/buckets.ts';

/** One load from the store, in bytes: a few entries, so that a slow peer holds little memory. */
export const LOAD_BYTES_MAX = 256 * 1024;
/** Entries that wait for their deps or predecessor, in bytes over all feeds; more is dropped and asked for again. */
export const WAITING_BYTES_MAX = 16 * 1024 * 1024;
/** Of these the entries of one member, in bytes: no one fills the room of all. */
export const WAITING_ORIGIN_BYTES_MAX = 8 * 1024 * 1024;
/** Feeds up to which a new link tells them all; of more a digest. */
export const VECTOR_WHOLE_FEEDS = 128;
/** Feeds in one frame of a vector that is told whole. */
export const VECTOR_PART_FEEDS = 4096;
/** Feeds told beside a digest because they are written now, at most. */
export const VECTOR_RECENT_MAX = 1024;
/** Feeds of one member taken at once, and in each second after: every start of a node opens two, so years of them fit. */
export const ORIGIN_FEEDS_BURST = 16_384;
export const ORIGIN_FEEDS_PER_S = 4;
/** Bytes of one member's feeds taken at once, and in each second after: a newcomer's whole history, and more than any number of people write. */
export const ORIGIN_BYTES_BURST = 1024 * 1024 * 1024;
export const ORIGIN_BYTES_PER_S = 8 * 1024 * 1024;
/** Frames of one peer in a second, those that were said together counted one by one, before people are told that it floods: far more than a busy member sends. */
export const PEER_FRAMES_PER_S = 10_000;
/** Between two looks at how many frames came, in ms: what came while this process stood still is spread over it. */
export const FRAMES_LOOK_MS = 5000;
/** How long a member that flooded has to be quiet before it counts as over, in ms. */
export const FLOOD_OVER_MS = 15_000;
/** Whispers of one person, of one node and over one link: a client says every three seconds that somebody types, and a node may have many people. */
export const WHISPERS_OF_AUTHOR: BucketOptions = { burst: 5, rate: 2, perMs: 1000, keysMax: 16_384 };
export const WHISPERS_OF_NODE: BucketOptions = { burst: 40, rate: 10, perMs: 1000, keysMax: 4096 };
export const WHISPERS_OF_LINK: BucketOptions = { burst: 400, rate: 200, perMs: 1000, keysMax: 4096 };
/** Links that a whisper goes over, at most: longer than any path but a chain's. */
export const WHISPER_HOPS_MAX = 32;
/** Feeds known to be missing, at most; of more a link is asked again when these are there. */
export const GAPS_MAX = 65_536;
/** Feeds asked for in one tick, at most. */
export const WANTS_MAX = 256;
/** How long a feed beyond its origin's budget is not asked for, in ms, before it is looked at again. */
export const OVER_BUDGET_MS = 1000;
/** A peer that talks, holds more, and gives nothing for so many ms although it was asked is called anew. */
export const NO_PROGRESS_MS = 10_000;
/** One batch, in bytes: some 5 ms of disk. */
export const BATCH_BYTES_MAX = 4 * 1024 * 1024;
/** One frame of entries, in bytes; an entry and its payloads always fit. */
export const FRAME_ENTRIES_BYTES_MAX = 512 * 1024;
/** Ops of this node's sessions that wait for a commit. More are refused as busy. */
export const WRITE_OPS_MAX = 20_000;
/** How long something a peer holds may be missing here before it is asked for, in ms: longer than a commit and a hop take. */
export const GRAFT_MS = 60;
/** How long after asking the next peer is asked, in ms. */
export const GRAFT_AGAIN_MS = 500;
/** Beyond a full mesh, between two frames on one link, in ms: several writes share one, and four hops still take little. */
export const GATHER_MS_MAX = 50;
/** Feeds of which the copies are told on a new link, at most: those that are written now. */
export const HAVE_FEEDS_MAX = 1000;
/** How long a have that a writer waits for looks for a frame to ride on, in ms. */
export const AWAITED_MS_MAX = 80;
/** How long news that nobody waits for looks for a frame to ride on, in ms. */
export const LATE_MS_MAX = 500;
/** Beyond a full mesh, silence after which a link is pinged, in ms: well within the silence that makes a peer suspect. */
export const HEARTBEAT_MS = 1000;
/** Between pings on a link of a full mesh, in ms: several within the silence after which nobody waits for a peer. */
export const PING_MS = 100;
/** Silence after which acknowledgements do not wait for a peer, in ms: longer than a commit on a busy machine, far less than a person notices. */
export const QUIET_MS = 350;
/** Silence after which a peer is suspect and not waited for, in ms. */
export const SUSPECT_MS = 1500;
/** Silence after which a link is reset, in ms: a paused process may come back before. */
export const RESET_MS = 15_000;
/** How long a link may take to say a good hello, in ms. */
export const GREETING_MS = 5_000;
/** Between two records of a node that say nothing new, in ms. */
export const RECORD_MS = 10_000;
/** How long a copy of a node that says nothing more counts as running, in ms: three records. */
export const COPY_MS = 30_000;
/** How soon this node signs again above a record of its own that is not of this incarnation, in ms: two copies may not answer each other for ever. */
export const OUTDO_MS = 1000;
/** First and longest pause between two tries to dial a peer, in ms; each pause is jittered by a half (promise P8: at most about 1 s). */
export const REDIAL_FIRST_MS = 100;
export const REDIAL_MS_MAX = 800;
/** Beyond a full mesh, between two records of a node at least, in ms: every one of them goes over every link. */
export const RECORD_SPACING_MS_MAX = 500;
/** Beyond a full mesh, links a node wants, and by how many it may have more before it parts from one (HyParView’s active view). */
export const VIEW_LINKS = 6;
export const VIEW_SPARE = 2;
/** Links that are made in haste. */
export const VIEW_HASTE = 2;
/** Between two links parted from, or made without haste, in ms, jittered by a half: the others’ records catch up meanwhile. */
export const SHED_MS = 500;
/** How long a member parted from is not called for more links, in ms. */
export const PARTED_MS = 10_000;
/** How long a call counts as a link to be, in ms. */
export const DIALLING_MS = 3000;
/** Members up to which everybody calls whoever is out of reach at the full rate; beyond, the pauses grow with the members, so that all together keep that rate. */
export const REDIAL_MEMBERS = 8;
/** Records that are sent whole on a new link; where there are more, only those that the peer lacks are. */
export const RECORDS_WHOLE = 16;
/** Between two looks at which neighbour is nearest to a feed's writer, in ms, and feeds moved at one of them. */
export const IMPROVE_MS = 500;
export const IMPROVE_FEEDS_MAX = 16;
/** Between two calls to an invitation’s address while others are linked, in ms. */
export const SEED_AGAIN_MS = 1000;
/** How long a member whose links all fell counts as in reach for the people served there, in ms. */
export const GRACE_MS = 30_000;
/** Entries of one feed that a peer is asked for at once to mend holes. */
export const FETCH_ENTRIES_MAX = 64;
/** How long after asking for a hole's entry the next peer is asked, in ms: a read from a busy disk and a round trip. */
export const FETCH_AGAIN_MS = 1000;
/** How often the hashes of what came last are told to the peers, in ms: within the time in which a fork may go unseen. */
export const TIPS_MS = 2000;
/** The same beyond a full mesh, where every frame on every link counts. */
export const TIPS_SPARSE_MS = 10_000;
/** Between two looks at what entries wait for, in ms. */
export const AWAITED_LOOK_MS = 100;
/** How long a feed is waited for before it is asked about, in ms: longer than what is under way takes, on most links. */
export const AWAITED_MS = 200;
/** How long after asking about it peers are asked again, in ms. */
export const AWAITED_AGAIN_MS = 500;
/** How long a proof that was learned beside the log may stay out of it, in ms, where nobody holds more than this node, and where somebody does. */
export const UNWRITTEN_MS = 1000;
export const UNWRITTEN_MS_MAX = 30_000;
/** How far clocks may be apart before people are told, in ms: more than machines that keep time by NTP ever are, less than anybody would notice in a history. */
export const CLOCK_APART_MS = 5000;
/** Peers from which on a majority can be believed against this node’s own clock. */
export const CLOCK_PEERS_MIN = 3;
/** Between two looks at a peer’s clock on a busy link, in ms. */
export const CLOCK_MS = 30_000;
/** How many entries a peer may lack before nobody waits for its copy, and how often that is looked at, in ms: a newcomer takes in a history for many seconds. */
export const BEHIND_ENTRIES = 1000;
export const LOOK_MS = 250;
/** Requests of one peer for entries by their numbers that wait for the disk; more are dropped, and asked again. */
export const ASKED_MAX = 64;

/** How long the payloads of a gap, which may be nowhere any more, are not asked for again, in ms. */
export const GAP_AGAIN_MS = 2000;

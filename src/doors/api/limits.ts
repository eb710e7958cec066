/** Limits of the API door, each with its unit and its reason. */

/** Connections of one door: some 10 KB each. */
export const CONNECTIONS_MAX = 12_000;
/** Sessions that are opened, and pages that are read, at a time, before the next session is opened: enough for a commit to be full and the reading thread busy. */
export const AT_WORK_MAX = 24;
/** Within how long a client that waits for its session hears of it again, in ms; it is told twice as often. */
export const WAIT_MS = 15_000;
/** For each client of a node, in ms: over how long they spread when they lose it. The two nodes that are left of three open some hundreds of sessions in a second. */
export const SPREAD_MS_EACH = 1;
/** What may wait to be sent on one connection, in bytes; more ends it, and its client comes back with its cursor. */
export const SEND_QUEUE_BYTES_MAX = 1 << 20;
/** How often connections are looked at, in ms. */
export const SWEEP_MS = 5000;
/** How often a client is asked for a sign of life, in ms; one that gave none until the next time is gone. */
export const PING_MS = 30_000;
/** How long a connection may be without a session, in ms: whoever only looks asks again. */
export const UNOPENED_MS_MAX = 60_000;
/** What a client that is sent away may take to go, in ms. */
export const ENDING_MS_MAX = 5000;
/** How often a reader to whom nothing is told hears how far the log came, in ms: what it would ask for again after a failover. */
export const AT_MS = 15_000;
/** Changes of cursors that are remembered: whoever was told less lately is told all. */
export const AT_LOG_MAX = 4096;
/** How often the nodes are looked at, in ms. */
export const NODES_MS = 2000;
/** For how long a hello is told as it was made, in ms. */
export const HELLO_MS = 250;
/** Direct rooms of which a session hears when it opens. */
export const DIRECTS_MAX = 500;
/** People of whom it hears in each room, and in all. */
export const ROOM_PEOPLE_MAX = 100;
export const PEOPLE_MAX = 1000;
/** Rooms on one page of the directory. */
export const DIRECTORY_MAX = 200;
/** Messages whose changes are read at once. */
export const CHANGED_MAX = 200;
/** Messages whose changes wait; more is told as `refolded`. */
export const CHANGED_WAITING_MAX = 20_000;
/** Direct rooms of which the last live place is remembered. */
export const PLACES_MAX = 10_000;
/** Wrong app passwords from one address: ten at once, then one in ten seconds. They have 128 bits: this is to spare the node. */
export const TRIES = { burst: 10, rate: 1, perMs: 10_000, keysMax: 4096 } as const;
/** How long the session of a program is held after its last request, in ms; and of how many. */
export const PROGRAM_IDLE_MS = 300_000;
export const PROGRAMS_MAX = 1000;
/** A request of REST, in bytes: a message, or ops with their cuts. */
export const REQUEST_BYTES_MAX = 1 << 20;
/** How long a request may take to come in, in ms. */
export const REQUEST_MS_MAX = 30_000;
/** Connections that watch the network: each is told of changes every second. */
export const MESH_WATCHERS_MAX = 500;
/** Letters of a message made of a webhook: the rest is cut off. */
export const HOOK_LETTERS_MAX = 4000;

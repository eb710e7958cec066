/** Limits of the IRC door, each with its unit and its reason. */

/** The tags of a line from a client with their `@` and space, in bytes: the limit of the message-tags specification, and server tags besides. */
export const TAG_BYTES_MAX = 8191;
/** The rest of a line in bytes: a text at its limit of 8,192, and the 512 of RFC 1459 for what stands before it. */
export const BODY_BYTES_MAX = 8704;
/** A message id, in bytes. */
export const MESSAGE_ID_BYTES = 32;
/** Targets of one PRIVMSG or NOTICE. */
export const TARGETS_MAX = 4;
/** Messages that a client without chathistory is shown when it joins: two screens. */
export const BACKLOG_MESSAGES = 50;
/** Messages in one answer to CHATHISTORY. */
export const CHATHISTORY_MAX = 100;
/** Answers to CHATHISTORY that one connection may wait for: each holds a page in memory. */
export const HISTORY_WAITING_MAX = 8;
/** Pages that one SEARCH reads: each looks at 20,000 messages at most. */
export const SEARCH_PAGES_MAX = 4;
/** People whom SILENCE and IGNORES tell of in one answer. */
export const BLOCKED_LISTED_MAX = 500;
/** Lines of the moderation log, and reports, in one answer, unless more are asked for. */
export const LOG_LINES = 20;
/** Live lines of a room kept back for one connection until its backlog is read, in lines; a history that takes longer ends the connection. */
export const HELD_ITEMS_MAX = 4096;
/** Lines that a client may send while its name is being claimed, in letters. */
export const WAITING_LETTERS_MAX = 65_536;
/** Rooms whose ids a connection remembers by the spelling it uses. */
export const TARGETS_REMEMBERED_MAX = 64;
/** How often an account's session says what it was sent, in ms: what is sent after the last mark comes again when a node dies. */
export const MARK_MS = 30_000;
/** Messages in a page of what waited for somebody. */
export const WAITING_PAGE = 100;
/** What may wait on a connection when the next such page is sent, in bytes. */
export const SLOW_BYTES = 1 << 17;
/** Direct rooms whose two people are remembered: what hangs on a message does not name them. */
export const DIRECTS_REMEMBERED_MAX = 10_000;
/** A SASL response in letters of base 64: three fields of 255 bytes and a password of 1,024 are below. */
export const SASL_LETTERS_MAX = 2800;
/** Temporary names that are tried. */
export const TEMPORARY_NAMES_MAX = 8;
/** Modes in one MODE. */
export const MODES_MAX = 4;
/** Rooms in one answer to LIST. */
export const LIST_ROOMS_MAX = 2000;
/** Names in one line of an answer to NAMES, in letters: with what stands before them, below 512 bytes for plain names. */
export const NAMES_LETTERS_MAX = 380;
/** What may wait to be sent on one connection, in bytes; more ends it. */
export const SEND_QUEUE_BYTES_MAX = 1 << 20;
/** Connections of one door: with 10 KB each, 100 MB. */
export const CONNECTIONS_MAX = 10_000;
/** How often connections are looked at, in ms: the others below are exact to this. */
export const SWEEP_MS = 5000;
/** How long a connection may take to register, in ms. */
export const REGISTER_MS_MAX = 30_000;
/** Silence after which a client is asked for a sign of life, in ms. */
export const IDLE_MS_MAX = 90_000;
/** How long it may take to give one, in ms. */
export const PONG_MS_MAX = 60_000;

/** Pieces that may wait for an echo; acknowledgements come within a second, so more is a session that sends faster than it reads. */
export const HELD_MAX = 10_000;
/** How long nothing is read from a client that asks too much, in ms: what it has sent meanwhile waits on its own machine. */
export const HOLD_BACK_MS = 200;

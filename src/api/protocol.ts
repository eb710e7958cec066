/**
 * What clients and the API door say to each other over a WebSocket at `/api/v1/socket`: JSON texts, one object or (from the door, live) one turn each.
 *
 * The client says `Ask`s, each with a number of its own choice, and gets one `Reply` to each; the door says `hello` first, and then a `turn` whenever something became
 * visible. REST takes and gives the same shapes, one at a time.
 *
 * A *cursor* is a version vector of the feeds of content and imports: how far a client was shown the log. It means the same at every node. Live, each turn raises it;
 * after a failover the client asks, room by room, for what is beyond it (`beyond`), and merges by message id and place. Nothing here is in the order of one node.
 */

import type { AuthorId, ClientId, FeedId, MessageId, NetworkId, NodeId, RoomId } from '../core/ids.ts';
import type { AdminAnswers, AdminRequest, WireSanction } from './admin.ts';
import type { WireMesh, WireMeshChange } from './mesh.ts';

export const PROTOCOL_VERSION = 1;

/** A request that is longer is refused and its connection closed, in bytes. */
export const ASK_BYTES_MAX = 262_144;
/** Messages of one page. */
export const PAGE_MAX = 200;
/** Messages of one `refresh`. */
export const REFRESH_MAX = 200;
/** Messages of one `holders`. */
export const HOLDERS_MAX = 50;
/** Bans, mutes and kicks of one `sanctions`. */
export const SANCTIONS_MAX = 500;
/** Requests of one connection that are not answered yet; what is beyond is refused with `busy`. */
export const ASKS_MAX = 64;

/** History key, feed, number of the entry, place in the entry: a total order (core/order.ts). */
export type WirePlace = readonly [key: number, feed: FeedId, seq: number, index: number];

/** A version vector: by feed, the highest number shown. */
export type Cursor = Readonly<Record<FeedId, number>>;

/** A message as it shows now. */
export interface WireMessage {
  readonly id: MessageId;
  readonly room: RoomId;
  readonly author: AuthorId;
  /** The author's name as it is now; of an import, the stand-in's. */
  readonly name: string;
  /** In a direct room, to whom it is. */
  readonly to?: AuthorId;
  readonly place: WirePlace;
  /** When it was written, by the clock of history, in ms since 1970. */
  readonly atMs: number;
  readonly style: 'text' | 'notice' | 'action';
  /** Null where it was removed or erased. */
  readonly text: string | null;
  /** The message it answers. */
  readonly target?: MessageId;
  readonly edited?: true;
  readonly pinned?: true;
  readonly removed?: { readonly by: AuthorId; readonly name: string };
  /** Who reacted with what. */
  readonly reactions?: Readonly<Record<string, readonly AuthorId[]>>;
  /** It was brought by an import. */
  readonly imported?: true;
}

export type WireRole = 'owner' | 'moderator' | 'member' | null;

export interface WirePerson {
  readonly author: AuthorId;
  readonly name: string;
  readonly account: boolean;
  readonly present: boolean;
  /** Their words while they are away; null where they are not. */
  readonly away: string | null;
  /** The node that serves them, where they are present. */
  readonly node: NodeId | null;
  /** In the network. */
  readonly role: WireRole;
}

export interface WireRoom {
  readonly id: RoomId;
  readonly kind: 'public' | 'private' | 'direct';
  /** Of a direct room, the name of the other one. */
  readonly name: string;
  /** Of a direct room, the other one. */
  readonly with?: AuthorId;
  readonly topic: string;
  readonly description: string;
  readonly archived: boolean;
  readonly slowSeconds: number;
  readonly retentionSeconds: number;
  /** Whether the asker is inside. */
  readonly joined: boolean;
  /** What the asker may do there beyond what everybody inside may: 2 moderate, 3 own it, 4 own the network; below 2, nothing. */
  readonly power: number;
  readonly members: number;
  /** Messages that wait for the asker; ends at 1,000. Absent where it was not asked for. */
  readonly unread?: number;
  readonly muted?: boolean;
}

export interface WireNode {
  readonly id: NodeId;
  readonly name: string;
  readonly state: 'self' | 'up' | 'suspect' | 'down';
  readonly rttMs: number | null;
  /** Where its API answers, as far as it says so: `http://host:port`. */
  readonly urls: readonly string[];
  /** Who it is linked with. */
  readonly links: readonly NodeId[];
}

/** The first word of the door. */
export interface Hello {
  readonly type: 'hello';
  readonly protocol: typeof PROTOCOL_VERSION;
  readonly node: { readonly id: NodeId; readonly name: string };
  readonly network: { readonly id: NetworkId; readonly name: string };
  /** The governance feed of this incarnation of the node: what a session's key grants (SPEC, core/kinds/guest.ts). */
  readonly feed: FeedId;
  /** The clock of the node, for clients whose own is wrong. */
  readonly nowMs: number;
  readonly guests: boolean;
  readonly registration: 'open' | 'invite' | 'closed';
  readonly nodes: readonly WireNode[];
  /**
   * Over how long the clients of this node are to spread their first tries at others when they lose it, in ms: the longer, the more there are. What `ping` was answered
   * last counts.
   */
  readonly spreadMs: number;
}

/** A session's key and its word that this node may speak for it: the private half stays with the client. */
export interface Granted {
  /** Public, 32 bytes in hex. */
  readonly key: string;
  /** Over `skein/grant/1`, of network, node and `hello.feed`: 64 bytes in hex. */
  readonly grant: string;
}

/** Where something is said. */
export type WireTarget = { readonly room: RoomId } | { readonly person: AuthorId };

/** A message as its client made it: handed in again, at any node, it is the same message. */
export interface WirePrepared {
  readonly client: ClientId;
  /** 16 bytes in hex. */
  readonly salt: string;
  /** The highest history key the client was shown. */
  readonly after: number;
}

/** Where a page is: at the end of the room, before a place or a time, or after one. */
export interface PageAt {
  readonly before?: WirePlace | { readonly atMs: number };
  readonly after?: WirePlace | { readonly atMs: number };
}

/** What a client asks for. */
export type Request =
  // Sessions
  | ({ readonly do: 'guest'; readonly name: string } & Granted)
  /** `chain`: certificates from the session's key up to the account's, in hex as in the log (core/kinds/proof.ts, writeKeyChain). */
  | ({ readonly do: 'account'; readonly author: AuthorId; readonly chain: string } & Granted)
  /** The same session, to another incarnation: where the node said `regrant`. */
  | ({ readonly do: 'regrant' } & Granted)
  /** For programs: an app password, of the account of that name. */
  | { readonly do: 'token'; readonly name: string; readonly token: string }
  | { readonly do: 'close'; readonly reason: string }
  /** Is anybody there? Answered at once, also before there is a session, with `spreadMs` as in `hello`. */
  | { readonly do: 'ping' }
  /** What is needed to sign for the session's own account: a new password, a log out, its end. */
  | { readonly do: 'own account' }
  // Reading
  /** The last messages of a room; the last ones before a place or a time, or the first ones after one. Those of the very millisecond of a time are in neither. */
  | ({ readonly do: 'page'; readonly room: RoomId; readonly limit: number } & PageAt)
  | { readonly do: 'around'; readonly room: RoomId; readonly id: MessageId; readonly limit: number }
  /** The first messages of a room, in history order and behind `after`, that a cursor does not cover. */
  | { readonly do: 'beyond'; readonly room: RoomId; readonly cursor: Cursor; readonly after?: WirePlace; readonly limit: number }
  /** Messages as they show now; what is not told of shows nowhere any more. */
  | { readonly do: 'refresh'; readonly room: RoomId; readonly ids: readonly MessageId[] }
  | {
      readonly do: 'search';
      readonly text: string;
      readonly room?: RoomId;
      readonly author?: AuthorId;
      readonly fromMs?: number;
      readonly beforeMs?: number;
      readonly next?: string;
      readonly limit: number;
    }
  /** What is pinned in a room, the newest pin first. */
  | { readonly do: 'pins'; readonly room: RoomId; readonly before?: WirePlace; readonly limit: number }
  /** What a message said at first and by each edit, the last of which shows: the last texts, or those before a place. What was erased is not among them. */
  | { readonly do: 'edits'; readonly room: RoomId; readonly id: MessageId; readonly before?: WirePlace; readonly limit: number }
  /** Which nodes hold messages on stable storage. */
  | { readonly do: 'holders'; readonly room: RoomId; readonly ids: readonly MessageId[] }
  | { readonly do: 'rooms' }
  /** Public rooms by name, from after one on. */
  | { readonly do: 'directory'; readonly after?: RoomId; readonly limit: number }
  | { readonly do: 'members'; readonly room: RoomId }
  | { readonly do: 'person'; readonly name: string }
  | { readonly do: 'nodes' }
  /** The picture of the network. `watch mesh`: the same, and from then on what changes, at most once a second, until it is taken back or the connection ends. */
  | { readonly do: 'mesh' }
  | { readonly do: 'watch mesh'; readonly on: boolean }
  | { readonly do: 'moderation log'; readonly room: RoomId | ''; readonly before?: WirePlace; readonly limit: number }
  | { readonly do: 'reports'; readonly room: RoomId | ''; readonly before?: WirePlace; readonly limit: number }
  // Rooms
  | { readonly do: 'join'; readonly room: string }
  | { readonly do: 'part'; readonly room: RoomId }
  | { readonly do: 'topic'; readonly room: RoomId; readonly text: string }
  | { readonly do: 'make private room'; readonly name: string }
  | {
      readonly do: 'set room';
      readonly room: RoomId;
      readonly description: string;
      readonly archived: boolean;
      readonly slowSeconds: number;
      readonly retentionSeconds: number;
      readonly name: string;
    }
  | { readonly do: 'invite'; readonly room: RoomId; readonly person: AuthorId }
  // Messages
  | {
      readonly do: 'post';
      readonly to: WireTarget;
      readonly style: 'text' | 'notice' | 'action';
      readonly text: string;
      readonly target?: MessageId;
      readonly prepared?: WirePrepared;
    }
  | { readonly do: 'edit'; readonly room: RoomId; readonly target: MessageId; readonly text: string }
  | { readonly do: 'remove'; readonly room: RoomId; readonly target: MessageId; readonly reason: string }
  | { readonly do: 'react'; readonly room: RoomId; readonly target: MessageId; readonly emoji: string; readonly on: boolean }
  | { readonly do: 'pin'; readonly room: RoomId; readonly target: MessageId; readonly on: boolean }
  | { readonly do: 'report'; readonly room: RoomId; readonly target: MessageId; readonly reason: string }
  | { readonly do: 'read'; readonly room: RoomId | '' }
  | { readonly do: 'prefer'; readonly room?: RoomId; readonly person?: AuthorId; readonly on: boolean }
  | { readonly do: 'typing'; readonly to: WireTarget; readonly on: boolean }
  | { readonly do: 'away'; readonly text: string }
  | { readonly do: 'rename'; readonly name: string }
  // Moderation
  | { readonly do: 'role'; readonly room: RoomId | ''; readonly person: AuthorId; readonly role: WireRole }
  | { readonly do: 'kick'; readonly room: RoomId; readonly person: AuthorId; readonly reason: string }
  | {
      readonly do: 'ban' | 'mute';
      readonly room: RoomId | '';
      readonly person: AuthorId;
      readonly forSeconds: number;
      readonly reason: string;
    }
  | { readonly do: 'undo'; readonly target: MessageId }
  /** What is in force in a room, or (empty) in the network, for whoever moderates there: the newest first, at most SANCTIONS_MAX. */
  | { readonly do: 'sanctions'; readonly room: RoomId | '' }
  | AdminRequest;

export type Ask = Request & { readonly ask: number };

/** What a request is answered. Which it is follows from what was asked. */
export interface Answers extends AdminAnswers {
  readonly ping: { readonly spreadMs: number };
  readonly guest: Opened;
  readonly account: Opened;
  readonly token: Opened;
  /** In history order. `more`: there are messages before the first of them; with `after`, behind the last of them. */
  readonly page: { readonly messages: readonly WireMessage[]; readonly more: boolean };
  readonly around: { readonly messages: readonly WireMessage[] };
  /** `more`: the page is not the last; `next`: behind which place it goes on, as the last messages may be of people whom the asker blocks. */
  readonly beyond: { readonly messages: readonly WireMessage[]; readonly more: boolean; readonly next?: WirePlace };
  readonly refresh: { readonly messages: readonly WireMessage[] };
  readonly search: { readonly found: readonly WireFound[]; readonly next: string | null };
  /** `next`: before which pin it goes on. A page may be short, or empty, and still have it. */
  readonly pins: { readonly pins: readonly WirePin[]; readonly next: WirePlace | null };
  /** In history order. `more`: there are earlier ones. */
  readonly edits: { readonly texts: readonly WireText[]; readonly more: boolean };
  /** As far as the node has heard; messages that the asker may not see are not among them. */
  readonly holders: { readonly holders: Readonly<Record<MessageId, readonly NodeId[]>> };
  readonly rooms: { readonly rooms: readonly WireRoom[] };
  readonly directory: { readonly rooms: readonly WireRoom[]; readonly more: boolean };
  readonly members: { readonly people: readonly WirePerson[]; readonly roles: Readonly<Record<AuthorId, WireRole>> };
  readonly person: { readonly person: WirePerson | null };
  readonly nodes: { readonly nodes: readonly WireNode[] };
  readonly mesh: WireMesh;
  /** Null where it was taken back. */
  readonly 'watch mesh': WireMesh | null;
  readonly 'moderation log': { readonly acts: readonly WireAct[] };
  readonly reports: { readonly reports: readonly WireReport[]; readonly next: WirePlace | null };
  /** `more`: there are older ones. */
  readonly sanctions: { readonly sanctions: readonly WireSanction[]; readonly more: boolean };
  readonly edit: Acknowledged;
  readonly join: { readonly room: WireRoom };
  readonly 'make private room': { readonly room: WireRoom };
  readonly post: Acknowledged;
  readonly 'own account': OwnAccount;
}

/** A message that is pinned. */
export interface WirePin {
  readonly message: WireMessage;
  /** Who pinned it. */
  readonly by: AuthorId;
  readonly byName: string;
  /** Where the pin is in history, and when. */
  readonly place: WirePlace;
  readonly atMs: number;
}

/** A text that a message had from a time on. */
export interface WireText {
  readonly place: WirePlace;
  readonly atMs: number;
  readonly style: WireMessage['style'];
  readonly text: string;
}

/** A message that a search found, with a part of its text around what was found. */
export interface WireFound {
  readonly message: WireMessage;
  readonly snippet: string;
  /** What was found in the snippet: begins and ends in UTF-16 units, ascending. */
  readonly marks: readonly (readonly [number, number])[];
}

/** A line of the moderation log. */
export interface WireAct {
  readonly id: MessageId;
  readonly place: WirePlace;
  /** What was done: `role`, `kick`, `ban`, `mute`, `undo` and so on (core/port.ts, Act). */
  readonly does: string;
  readonly room: RoomId | '';
  readonly by: AuthorId;
  readonly byName: string;
  readonly person: AuthorId | null;
  readonly personName?: string;
  readonly atMs: number;
  readonly untilMs: number | null;
  readonly reason: string;
  readonly what: string;
  readonly target: MessageId | null;
  readonly undoneBy: AuthorId | null;
}

/** What somebody reported, and the message as it shows; null where it does not, or is not for the asker to read. */
export interface WireReport {
  readonly id: MessageId;
  readonly target: MessageId;
  readonly room: RoomId;
  readonly place: WirePlace;
  readonly by: AuthorId;
  readonly byName: string;
  readonly reason: string;
  readonly message: WireMessage | null;
}

/** A session is open: live turns come from here on, and tell all that is beyond `at`. */
export interface Opened {
  readonly author: AuthorId;
  readonly name: string;
  readonly account: boolean;
  /** What the node holds now: the cursor of a client that has nothing yet. */
  readonly at: Cursor;
  /** The rooms the session is in, and direct ones in which something was said. */
  readonly rooms: readonly WireRoom[];
  /** Who is in those rooms: of many, those who are present. */
  readonly people: readonly WirePerson[];
  readonly wishes: { readonly muted: readonly RoomId[]; readonly blocked: readonly AuthorId[] };
}

/**
 * `GET /api/v1/accounts/NAME/key`: how a client makes an account's key of its password, and knows that it is the one. A name that is no account's is answered too, and
 * each time the same: nobody learns so who is there.
 */
export interface AccountKey {
  readonly network: NetworkId;
  readonly author: AuthorId;
  /** The name as it shows. */
  readonly name: string;
  /** Public, 32 bytes in hex. */
  readonly key: string;
  /** core/kdf.ts, in hex. */
  readonly kdf: string;
  /** The present, as a history key: certificates hold until one. */
  readonly nowKey: number;
}

/** What `own account` is answered. */
export interface OwnAccount extends AccountKey {
  /** All that is held at the node of feeds in which the account wrote, or in which something about it lies. */
  readonly cut: Cursor;
  /** App passwords and other devices; `label`: what it is for, empty for nothing. */
  readonly devices: readonly { readonly key: string; readonly may: 'all' | 'speak'; readonly label: string }[];
}

/** `POST /api/v1/ops`: ops that their signer made (core/op.ts, headBytes), in hex. They are answered, in order, once all are durable and folded. */
export interface Submission {
  readonly ops: readonly string[];
}

/** What a submission is answered: for each op null, or why it does not count, in words. */
export interface Submitted {
  readonly faults: readonly (string | null)[];
}

/** A message is on stable storage on `held` nodes, of `wanted` for now. */
export interface Acknowledged {
  readonly id: MessageId;
  readonly held: number;
  readonly wanted: number;
}

/** Why a request was refused: a closed list, in words for people, and when to try again. A refused request had no effect. */
export interface Refused {
  /** The `type` of core/commands.ts `Refusal`, or one of the door's own. */
  readonly type: string;
  readonly words: string;
  readonly retryMs?: number;
}

export type Reply =
  | { readonly type: 'ok'; readonly ask: number; readonly value: unknown }
  | { readonly type: 'refused'; readonly ask: number; readonly refused: Refused }
  /** It is unknown whether it took effect: the node's disk failed meanwhile. */
  | { readonly type: 'unknown'; readonly ask: number };

/** What became visible. */
export type Event =
  /** `late`: it sorts before something that was live before; it came from behind a partition. */
  | { readonly type: 'message'; readonly message: WireMessage; readonly late?: true }
  /**
   * A message shows otherwise, or elsewhere in history: edited, reacted to, pinned, removed, or handed in again at a node that put it earlier. It may come after the
   * turn that covers it: whoever comes back with a cursor refreshes what they keep.
   */
  | { readonly type: 'changed'; readonly message: WireMessage }
  /** More nodes hold a message of the client's own. */
  | { readonly type: 'copies'; readonly id: MessageId; readonly held: number; readonly wanted: number }
  /** A room that the session is in, or was: as it is now. Null: it is not there for them any more. */
  | { readonly type: 'room'; readonly room: RoomId; readonly is: WireRoom | null }
  | { readonly type: 'person'; readonly person: WirePerson }
  | { readonly type: 'join' | 'part'; readonly room: RoomId; readonly author: AuthorId; readonly reason?: string }
  | { readonly type: 'typing'; readonly room: RoomId; readonly author: AuthorId; readonly on: boolean }
  | { readonly type: 'read'; readonly room: RoomId | '' }
  | { readonly type: 'wishes'; readonly muted: readonly RoomId[]; readonly blocked: readonly AuthorId[] }
  | { readonly type: 'nodes'; readonly nodes: readonly WireNode[] }
  /** Of what is watched (`watch mesh`): what changed since the picture, or the change, before. */
  | { readonly type: 'mesh'; readonly mesh: WireMeshChange }
  /** The law changed: anything shown may show no more, or again. Ask for the rooms, and `refresh` what is kept. */
  | { readonly type: 'refolded' }
  /** The node writes under a new incarnation: say `regrant` for it, before anything else. */
  | { readonly type: 'regrant'; readonly feed: FeedId };

/** All that one turn of the node brought for the session, in order; `at` raises its cursor once all of it is taken. */
export interface Turn {
  readonly type: 'turn';
  readonly events: readonly Event[];
  readonly at?: Cursor;
}

/** The last word before the door closes the connection. `resume`: come back, here or elsewhere, with the cursor; else the session is over, for this reason. */
export interface Bye {
  readonly type: 'bye';
  readonly reason: string;
  readonly resume: boolean;
}

/** Many come at once: the session will be opened in its turn. What it is comes, or this word again, within so many ms. */
export interface Wait {
  readonly type: 'wait';
  readonly ms: number;
}

export type FromDoor = Hello | Reply | Turn | Bye | Wait;

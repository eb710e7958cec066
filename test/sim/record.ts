/** What a run recorded, on one clock: all that the checker judges. */

import type { AuthorId, FeedId, MessageId, NodeId, RoomId } from '../../src/core/ids.ts';
import type { Place } from '../../src/core/order.ts';
import type { Refusal } from '../../src/core/port.ts';

/** Why a client leaves a node that says nothing: the one reason that costs it time. */
export const NO_ANSWER = 'no answer';

/** A message as somebody saw it. */
export interface Seen {
  readonly id: MessageId;
  readonly room: RoomId;
  readonly author: AuthorId;
  readonly text: string;
  readonly place: Place;
}

export type Event =
  /** A client hands in a message for the first time. `seen` counts the `recv` events of the client before. */
  | {
      readonly type: 'send';
      readonly atMs: number;
      readonly client: number;
      readonly id: MessageId;
      readonly room: RoomId;
      readonly author: AuthorId;
      readonly text: string;
    }
  /**
   * Acknowledged: `held` as told, `holders` the honest machines in whose stores it is at this moment, `had` those that held it and lost it with their disk since, `nodes`
   * how many nodes all these are (a cloned one counts once), and `hostile` how many hostile members there are, who may have claimed to hold it.
   */
  | {
      readonly type: 'ok';
      readonly atMs: number;
      readonly client: number;
      readonly id: MessageId;
      readonly held: number;
      readonly wanted: number;
      readonly holders: readonly number[];
      readonly had: readonly number[];
      readonly nodes: number;
      readonly hostile: number;
    }
  | {
      readonly type: 'refused';
      readonly atMs: number;
      readonly client: number;
      readonly id: MessageId;
      readonly reason: Refusal['type'];
      readonly final: boolean;
    }
  | { readonly type: 'unknown'; readonly atMs: number; readonly client: number; readonly id: MessageId }
  /** A message reached a client, from the stream or from a page of history. */
  | {
      readonly type: 'recv';
      readonly atMs: number;
      readonly client: number;
      readonly message: Seen;
      readonly from: number;
      readonly session: number;
      readonly live: boolean;
    }
  /** Somebody at a machine, and no client, said something: a message, or another text for one. */
  | {
      readonly type: 'wrote';
      readonly atMs: number;
      readonly id: MessageId;
      readonly room: RoomId;
      readonly author: AuthorId;
      readonly text: string;
    }
  /** A client's whole merged view, in its order; `rooms` are those it is in and has been following. */
  | {
      readonly type: 'read';
      readonly atMs: number;
      readonly client: number;
      readonly view: readonly MessageId[];
      readonly rooms: readonly RoomId[];
    }
  /** A client took a message out of its view that its machine held and did not show any more. */
  | { readonly type: 'hid'; readonly atMs: number; readonly client: number; readonly id: MessageId; readonly from: number }
  /** A message in a client's view took an earlier place. */
  | { readonly type: 'moved'; readonly atMs: number; readonly client: number; readonly message: Seen }
  /** One id twice in the stream of one session. */
  | { readonly type: 'shown twice'; readonly atMs: number; readonly client: number; readonly id: MessageId }
  /** A command was answered again. */
  | { readonly type: 'answered twice'; readonly atMs: number; readonly client: number }
  /** A client connects; `because`: why it left where it was before. */
  | { readonly type: 'failover'; readonly atMs: number; readonly client: number; readonly to: number; readonly because: string }
  /** A client says that it types in a room, or (not `on`) has stopped. */
  | {
      readonly type: 'typed';
      readonly atMs: number;
      readonly client: number;
      readonly author: AuthorId;
      readonly room: RoomId;
      readonly on: boolean;
    }
  /** A client was told so of somebody. */
  | {
      readonly type: 'told of typing';
      readonly atMs: number;
      readonly client: number;
      readonly session: number;
      readonly author: AuthorId;
      readonly room: RoomId;
      readonly on: boolean;
    }
  /** A machine warns its people that a member floods. */
  | { readonly type: 'named'; readonly atMs: number; readonly machine: number; readonly named: NodeId; readonly isHonest: boolean }
  | { readonly type: 'fault'; readonly atMs: number; readonly fault: string }
  | { readonly type: 'heal'; readonly atMs: number }
  /** A machine is gone for good. */
  | { readonly type: 'disk-lost'; readonly atMs: number; readonly machine: number }
  /** A machine goes on without these messages: its disk was wiped, or an older copy took its place. */
  | { readonly type: 'forgot'; readonly atMs: number; readonly machine: number; readonly ids: readonly MessageId[] }
  /** A machine that was counted as a holder started without the message. */
  | { readonly type: 'broken ack'; readonly atMs: number; readonly machine: number; readonly id: MessageId }
  /** An honest process died of what it was told. */
  | { readonly type: 'died'; readonly atMs: number; readonly machine: number; readonly error: string }
  /** Something that has a limit went beyond it. */
  /** A hostile member has what a checkpoint covered before it asked. */
  | { readonly type: 'claim taken'; readonly atMs: number; readonly what: string }
  | { readonly type: 'beyond limit'; readonly atMs: number; readonly machine: number; readonly what: string }
  /** A whole room, as a machine shows it. */
  | {
      readonly type: 'page';
      readonly atMs: number;
      readonly client: number;
      readonly from: number;
      readonly room: RoomId;
      readonly ids: readonly MessageId[];
    }
  /** A node counts a holder that has no such thing. */
  | {
      readonly type: 'false have';
      readonly atMs: number;
      readonly by: number;
      readonly holder: number;
      readonly feed: FeedId;
      readonly told: number;
      readonly held: number;
    }
  /** From here to there no machine was well that a client could reach; `client` is null where that is so of all of them. */
  | { readonly type: 'nobody well'; readonly fromMs: number; readonly toMs: number; readonly client: number | null };

/** What is left at a machine in the end. */
export interface Dump {
  readonly machine: number;
  readonly node: NodeId;
  readonly messages: readonly Seen[];
  readonly vector: ReadonlyMap<FeedId, number>;
  readonly canonical: readonly string[];
  /** Messages whose payloads are on the disk where they show, and those whose payloads are missing anywhere. */
  readonly whole: ReadonlySet<MessageId>;
  readonly blank: ReadonlySet<MessageId>;
  /** Messages an edit of which has no payload here. */
  readonly blankEdits: ReadonlySet<MessageId>;
}

/** Whether an entry came after all that its writer had held: the feed and number of those that did not. */
export interface Early {
  readonly machine: number;
  readonly feed: FeedId;
  readonly seq: number;
}

/** What the law did to messages, as the reference fold judges it. */
export interface Effects {
  /** Those that show nowhere, each with the op in force by which that is so. */
  readonly withheld: ReadonlyMap<MessageId, { readonly room: RoomId; readonly by: string }>;
  /** Those that show without their text, each with the op by which that is so. */
  readonly erased: ReadonlyMap<MessageId, string>;
  /** Those that some op withheld, or would withhold if it was in force: they may have come and gone. */
  readonly touched: ReadonlySet<MessageId>;
  /** The same of those without their text. */
  readonly blanked: ReadonlySet<MessageId>;
  /** Those of them that were erased so late that disks may not have done it yet. */
  readonly erasing: ReadonlySet<MessageId>;
  /** Feeds of nodes that were proved to write two histories, and how far each counts: a branch beyond it may have been shown where it came first. */
  readonly forked: ReadonlyMap<string, number>;
  /** What was exercised. */
  readonly exercised: readonly string[];
}

export interface RunRecord {
  readonly events: readonly Event[];
  readonly dumps: readonly Dump[];
  /** The canonical export as the reference fold has it, without its header. */
  readonly reference: readonly string[];
  readonly effects: Effects;
  readonly early: readonly Early[];
  /** The authors behind the clients, in their order. */
  readonly clients: readonly { readonly author: AuthorId; readonly direct: readonly RoomId[] }[];
  /** Authors that are the hostile members' own: what these say is theirs. */
  readonly hostileAuthors: ReadonlySet<AuthorId>;
  /** When everything acknowledged was on every live node, after the heal; null for never. */
  readonly healedMs: number | null;
  /** When every live node held all that any of them held at the heal; null for never. */
  readonly caughtUpMs: number | null;
  /** What the live node that lacked most lacked at the heal. */
  readonly bytesMissing: number;
}

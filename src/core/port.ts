/**
 * What a door may ask of its node, and what it is told. The only thing doors know of the node.
 *
 * A door asks with commands, which are answered once each, later. What becomes visible reaches it by following the log, once for each turn of the
 * node's loop, in the order of the log; a command's own effect comes that way too, before its answer.
 */

import type { AuthorId, ClientId, FeedId, MessageId, NodeId, RoomId } from './ids.ts';
import type { Style } from './message.ts';
import type { Change, Message, State } from './state.ts';
import type { KeyPair } from './suite.ts';
import type { TextFault } from './text.ts';

/** One login at one door of this node; never used twice in a process. */
export type SessionNo = number & { readonly __no: 'session' };

/** What a session asks for. */
export type Command =
  /** The first of a session: a guest with this name, and with the session's own key where the client made one. */
  | { readonly type: 'open'; readonly name: string; readonly key?: KeyPair }
  | { readonly type: 'rename'; readonly name: string }
  /** By the name as typed; the room is made where it is not there yet. */
  | { readonly type: 'join'; readonly room: string }
  | { readonly type: 'part'; readonly room: RoomId; readonly reason: string }
  | { readonly type: 'topic'; readonly room: RoomId; readonly text: string }
  | {
      readonly type: 'post';
      readonly to: Target;
      readonly style: Style;
      readonly text: string;
      /**
       * Where the client made them itself: submitting the same again, at any node, is submitting the same message. Only `after` may have risen, and should be what was
       * shown meanwhile: an earlier message may have got its place from a node whose clock is ahead.
       */
      readonly prepared?: Prepared;
    }
  /** The last of a session; it is not answered. */
  | { readonly type: 'close'; readonly reason: string };

/** What makes two submissions of a message the same. */
export interface Prepared {
  readonly client: ClientId;
  /** 16 random bytes. */
  readonly salt: Uint8Array;
  /** The highest history key the session was shown, on any node. */
  readonly after: number;
}

/** Where a message goes: a public room, or the direct room with a person. */
export type Target = { readonly room: RoomId } | { readonly author: AuthorId };

/** Why a command was refused. A closed list; a refused command had no effect. */
export type Refusal =
  | { readonly type: 'bad text'; readonly fault: TextFault }
  | { readonly type: 'name in use' }
  | { readonly type: 'no such room' }
  | { readonly type: 'no such person' }
  | { readonly type: 'not in room' }
  | { readonly type: 'not open' }
  | { readonly type: 'too many rooms' }
  /** The `after` of a prepared message is far beyond all that is known here. */
  | { readonly type: 'bad after' }
  /** The node's queue is full; the same command may go through later. */
  | { readonly type: 'busy'; readonly retryMs: number }
  /** The node cannot write now (its disk is full, or fails); the same command may go through later. */
  | { readonly type: 'not stored'; readonly retryMs: number };

export type Answer =
  | { readonly type: 'opened'; readonly author: AuthorId; readonly name: string }
  | { readonly type: 'done' }
  /** A message is on stable storage on `held` nodes; the wait for more is over where that is below `wanted`. */
  | { readonly type: 'acknowledged'; readonly id: MessageId; readonly held: number; readonly wanted: number }
  /** It is unknown whether the command took effect: the disk failed while it was written. */
  | { readonly type: 'unknown' }
  | { readonly type: 'refused'; readonly refusal: Refusal };

/** What a door is told: changes of the log, and comings and goings of the people of nodes that are lost and found. */
export type Notice =
  | Change
  /**
   * A message that was there came again, in another entry: it stands at the earlier of its places. Where the law withholds what came before, it shows by this one
   * alone: whoever keeps what they were shown, and does not have it, takes it for new; to all others `showsAlone` says so.
   */
  | { readonly type: 'repeated'; readonly message: Message; readonly showsAlone: boolean }
  /** The person's node has been out of reach for longer than the grace. */
  | { readonly type: 'gone'; readonly author: AuthorId; readonly node: NodeId }
  /** Somebody took the name of a person within the grace: they came back, with a new session. Their `guest` follows. */
  | { readonly type: 'succeeded'; readonly author: AuthorId; readonly by: AuthorId }
  | { readonly type: 'back'; readonly author: AuthorId; readonly node: NodeId };

/** A page of a room's history; `limit` is at most HISTORY_LIMIT_MAX. Pages are in history order. */
export type HistoryQuery =
  /** The last ones; with `after`, only those that `after` with the same anchor would give. */
  | { readonly type: 'latest'; readonly room: RoomId; readonly after: Anchor | null; readonly limit: number }
  /** The last ones before the anchor. */
  | { readonly type: 'before'; readonly room: RoomId; readonly anchor: Anchor; readonly limit: number }
  /**
   * The first ones after the anchor. With `late`, also those that sort before it and that whoever had been shown the anchor may yet not have
   * been shown: those not in the causal past of the entry that carries it.
   */
  | { readonly type: 'after'; readonly room: RoomId; readonly anchor: Anchor; readonly late: boolean; readonly limit: number };

/**
 * A message or a time. One id may stand in several entries, where its client handed it in at several nodes: `feed` and `seq` tell the entry by which the reader was
 * shown it (its place tells), so that what was not shown with it is found as late on any node.
 */
export type Anchor = { readonly id: MessageId; readonly feed?: FeedId; readonly seq?: number } | { readonly atMs: number };

export const HISTORY_LIMIT_MAX = 1000;

export type HistoryPage = { readonly messages: readonly Message[] } | { readonly fault: 'unknown message' };

/** The node, as a door sees it. */
export interface NodePort {
  readonly node: { readonly id: NodeId; readonly name: string };
  /** The governance state as far as it is durable here. Doors read it and never change it. */
  readonly state: State;
  networkName(): string;
  /** A number for a new session of a door. */
  session(door: Door): SessionNo;
  /** Asks for a command; the answer carries the token. */
  command(session: SessionNo, token: number, command: Command): void;
  history(query: HistoryQuery): Promise<HistoryPage>;
  /** Whether the person has a session that did not end, at a node that is in reach or within its grace. */
  isPresent(author: AuthorId): boolean;
  /** The present person of that name, names compared by their normal form. */
  presentByName(name: string): AuthorId | null;
  /** Whether the name cannot be taken now: somebody has it whose node is in reach. */
  isNameTaken(name: string): boolean;
  /** The node that a present person's session is at. */
  nodeOf(author: AuthorId): { id: NodeId; name: string } | null;
  /** Rooms in which a present person is, in the order of their ids. */
  publicRooms(): RoomId[];
  /** The present members of a room. */
  present(room: RoomId): AuthorId[];
}

/** A door, as the node sees it. */
export interface Door {
  answer(session: SessionNo, token: number, answer: Answer): void;
  /** All that one turn of the loop made visible, to be shared by all sessions of the door. */
  notices(notices: readonly Notice[]): void;
  /** The turn is over: what was gathered may be written. */
  flush(): void;
}

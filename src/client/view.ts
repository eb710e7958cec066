/**
 * What a person sees of the chat, as plain data: made by the pure reducer (state.ts) of what the library was told, and shared by every client with a face.
 *
 * Everything here is immutable: what did not change stays the same object, so a view may compare by identity.
 */

import type { WireMesh } from '../api/mesh.ts';
import type { WireMessage, WireNode, WirePerson, WireRoom } from '../api/protocol.ts';
import type { AuthorId, MessageId, NodeId, RoomId } from '../core/ids.ts';

/** How far a message of one's own has come. */
export type Delivery =
  /** In the outbox: no node has it yet, or none has said so. */
  | { readonly state: 'waiting' }
  /** On the disks of `held` nodes, of `wanted`. */
  | { readonly state: 'held'; readonly held: number; readonly wanted: number }
  /** It shows nowhere, and will not unless it is sent again. */
  | { readonly state: 'refused'; readonly words: string };

/** A line of a timeline. What is in the outbox stands at the end, with a place of its own making. */
export interface Item extends WireMessage {
  /** It came to its place after what is behind it was shown. */
  readonly late?: true;
  /** Of one's own messages of this session. */
  readonly delivery?: Delivery;
  /** Whether it names the reader. */
  readonly mentions?: true;
}

export interface RoomView {
  readonly room: WireRoom;
  /** In history order; without gaps from its first one on. */
  readonly timeline: readonly Item[];
  /** Nothing is before the first of the timeline. */
  readonly isWhole: boolean;
  /** A page of what is before is under way. */
  readonly isLoading: boolean;
  readonly unread: number;
  /** How many of those name the reader, or are direct. */
  readonly mentions: number;
  /** The first message that was not read when the room was looked at last. */
  readonly firstUnread: MessageId | null;
  /** Who types, without the reader. */
  readonly typing: readonly AuthorId[];
  /** Who is in the room, as far as it was told. */
  readonly members: readonly AuthorId[];
}

export type Connection =
  /** Not connected: since when, and when it is tried again (both in ms of the wall clock). `tried`: how often in vain. */
  | { readonly state: 'connecting'; readonly sinceMs: number; readonly tried: number; readonly why: string }
  /** Connected, and taking in what was missed. */
  | { readonly state: 'catching up'; readonly node: { readonly id: NodeId; readonly name: string }; readonly url: string }
  | {
      readonly state: 'online';
      readonly node: { readonly id: NodeId; readonly name: string };
      readonly url: string;
      readonly rttMs: number | null;
    }
  /** The session is over, and nothing is tried any more. */
  /** `type`: of the refusal that ended it (api/protocol.ts, Refused), or `bye`. */
  | { readonly state: 'over'; readonly type: string; readonly why: string };

export interface View {
  readonly connection: Connection;
  readonly network: string;
  readonly me: { readonly author: AuthorId; readonly name: string; readonly account: boolean } | null;
  readonly rooms: ReadonlyMap<RoomId, RoomView>;
  readonly people: ReadonlyMap<AuthorId, WirePerson>;
  readonly nodes: readonly WireNode[];
  /** The picture of the network, while it is watched, by the node that serves this client; null before it came. */
  readonly mesh: WireMesh | null;
  readonly muted: ReadonlySet<RoomId>;
  readonly blocked: ReadonlySet<AuthorId>;
  /** How often another node took over since the start. */
  readonly failovers: number;
  /** The room that is looked at: what comes there counts as read. */
  readonly open: RoomId | null;
}

/**
 * The client library as its users see it: a view that is always whole, commands as promises, and events for programs that want to hear of each message.
 *
 * Commands may be given at any time, connected or not: messages wait in the outbox, reads are asked again at the next node. What changes something else and was under way
 * when the connection ended is rejected with an UnknownError, as nobody can say whether it took effect.
 */

import type { AdminAnswers } from '../api/admin.ts';
import type { WireMesh } from '../api/mesh.ts';
import type {
  Acknowledged,
  Answers,
  Cursor,
  OwnAccount,
  PageAt,
  Refused,
  Request,
  WireMessage,
  WirePerson,
  WirePlace,
  WireRole,
  WireRoom,
} from '../api/protocol.ts';
import type { AuthorId, MessageId, NodeId, RoomId } from '../core/ids.ts';
import type { AppPassword, Webhook } from './account.ts';
import type { Connection, Item, View } from './view.ts';

/** Where something is said: a room, by its id (a public room's is its name), or a person. */
export type Where = RoomId | `#${string}` | { readonly person: AuthorId };

/** Who the client is. */
export type As =
  /** A guest of that name; the session's key is made, and kept in the storage. */
  | { readonly guest: string }
  /** An account, by its password: it is used once, for a certificate of the session's key. */
  | { readonly account: string; readonly password: string }
  /** An account that does not exist yet. */
  | { readonly register: string; readonly password: string; readonly invitation?: string }
  /** The first owner of a network, by its setup link, whose token is `setup`; at the first of the addresses alone. `network`: its name from now on. */
  | { readonly owner: string; readonly password: string; readonly setup: string; readonly network?: string }
  /** A program, by an app password. */
  | { readonly account: string; readonly token: string }
  /** Who it was when the storage was used last. */
  | 'resume';

/** A request was refused, and had no effect. */
export class RefusedError extends Error {
  override name = 'RefusedError';
  readonly refused: Refused;

  constructor(refused: Refused) {
    super(refused.words);
    this.refused = refused;
  }
}

/** The connection, or the node's disk, ended under the request: nobody can say whether it took effect. */
export class UnknownError extends Error {
  override name = 'UnknownError';
}

/** What a program can listen for. */
export interface ChatEvents {
  /** A message came to be shown: live, late, or by catching up; each once. Not for the pages that are asked for. */
  readonly message: Item;
  /** It shows otherwise. */
  readonly changed: Item;
  /** A message shows otherwise that the view has not loaded: for whoever shows pages of their own (`page`, `around`). */
  readonly elsewhere: Item;
  /** It shows no more. */
  readonly gone: { readonly room: RoomId; readonly id: MessageId };
  /** More nodes hold a message of one's own. */
  readonly copies: Acknowledged;
  /** A message of one's own was refused; it stays in the outbox until it is sent again or discarded. */
  readonly refused: { readonly id: MessageId; readonly words: string };
  readonly connection: Connection;
}

export interface Posting {
  readonly style?: 'text' | 'notice' | 'action';
  /** The message it answers. */
  readonly target?: MessageId;
}

export interface Chat {
  readonly view: View;
  /** Tells of a new view, at most once for what came together. Returns how to stop it. */
  subscribe(listener: (view: View) => void): () => void;
  on<E extends keyof ChatEvents>(event: E, listener: (value: ChatEvents[E]) => void): () => void;
  /** Resolves when the client is online, or was refused (rejected, with the words). */
  readonly ready: Promise<void>;

  /** Resolves with the first acknowledgement. The message is in the view, and in the storage, before that. */
  post(to: Where, text: string, posting?: Posting): Promise<Acknowledged>;
  /** The id that `post` gave the message it was called for last. */
  readonly lastPosted: MessageId | null;
  /** Hands a refused message in again; or drops it. */
  retry(id: MessageId): void;
  discard(id: MessageId): void;
  edit(room: RoomId, target: MessageId, text: string): Promise<void>;
  remove(room: RoomId, target: MessageId, reason?: string): Promise<void>;
  react(room: RoomId, target: MessageId, emoji: string, on?: boolean): Promise<void>;
  pin(room: RoomId, target: MessageId, on?: boolean): Promise<void>;
  report(room: RoomId, target: MessageId, reason: string): Promise<void>;
  /** Says that the person writes something: to be called at each key, it goes out as often as it must. */
  typing(to: Where, on?: boolean): void;

  join(room: string): Promise<WireRoom>;
  part(room: RoomId): Promise<void>;
  topic(room: RoomId, text: string): Promise<void>;
  makePrivateRoom(name: string): Promise<WireRoom>;
  setRoom(settings: Omit<Extract<Request, { do: 'set room' }>, 'do'>): Promise<void>;
  invite(room: RoomId, person: AuthorId): Promise<void>;
  /** A direct room with somebody, in the view from now on. */
  direct(person: AuthorId): Promise<RoomId>;

  /** The room that is looked at (null: none): what comes there counts as read, and is marked so. */
  open(room: RoomId | null): void;
  /** All in a room was read. */
  read(room: RoomId): void;
  /** Loads a page of what is before the first of a timeline. False: nothing is. */
  older(room: RoomId, limit?: number): Promise<boolean>;
  around(room: RoomId, id: MessageId, limit?: number): Promise<readonly WireMessage[]>;
  /** A page of a room, which the view has nothing to do with: its end, or before or after a place or a time. */
  page(room: RoomId, at?: PageAt, limit?: number): Promise<Answers['page']>;
  /** What is pinned in a room, the newest pin first. */
  pins(room: RoomId, before?: WirePlace, limit?: number): Promise<Answers['pins']>;
  /** What a message said before it was edited, and says now. */
  edits(room: RoomId, id: MessageId, before?: WirePlace, limit?: number): Promise<Answers['edits']>;
  /** Which nodes hold messages, at most HOLDERS_MAX, as far as the node that it is connected to has heard. */
  holders(room: RoomId, ids: readonly MessageId[]): Promise<Answers['holders']['holders']>;
  search(asked: Omit<Extract<Request, { do: 'search' }>, 'do' | 'limit'> & { readonly limit?: number }): Promise<Answers['search']>;
  directory(after?: RoomId, limit?: number): Promise<Answers['directory']>;
  members(room: RoomId): Promise<Answers['members']>;
  person(name: string): Promise<WirePerson | null>;
  moderationLog(room: RoomId | '', before?: WirePlace, limit?: number): Promise<Answers['moderation log']>;
  reports(room: RoomId | '', before?: WirePlace, limit?: number): Promise<Answers['reports']>;

  /** The picture of the network, once. */
  mesh(): Promise<WireMesh>;
  /** Keeps the picture of the network up in the view, at whatever node the client is. Returns how to stop it. */
  watchMesh(): () => void;

  away(text: string): Promise<void>;
  rename(name: string): Promise<void>;
  /** Whether a room or a person is to be less heard of. */
  prefer(about: { readonly room: RoomId } | { readonly person: AuthorId }, on: boolean): Promise<void>;
  role(room: RoomId | '', person: AuthorId, role: WireRole): Promise<void>;
  kick(room: RoomId, person: AuthorId, reason: string): Promise<void>;
  ban(room: RoomId | '', person: AuthorId, forSeconds: number, reason: string): Promise<void>;
  mute(room: RoomId | '', person: AuthorId, forSeconds: number, reason: string): Promise<void>;
  undo(target: MessageId): Promise<void>;
  /** What is in force in a room, or (empty) in the network, for whoever moderates there. */
  sanctions(room: RoomId | ''): Promise<Answers['sanctions']>;

  // One's own account. What takes the password makes its key here: no node sees it
  /** With its app passwords and other devices. */
  ownAccount(): Promise<OwnAccount>;
  changePassword(now: string, next: string): Promise<void>;
  /** For a program or an IRC client. The app password is shown this once; `label`: what it is for, which every node can read. */
  createAppPassword(password: string, label: string): Promise<AppPassword>;
  /** An address to which monitoring systems send what becomes messages of this account in a room; an app password of its own is in it. */
  createWebhook(password: string, room: RoomId, label?: string): Promise<Webhook>;
  /** By its key; what it began is logged out. */
  endAppPassword(password: string, key: string): Promise<void>;
  /** Ends all sessions and app passwords, but for this session, which goes on. */
  logoutEverywhere(password: string): Promise<void>;
  /** The account is no more, and this session is over; with `erase` all it wrote is erased, too. */
  deleteAccount(password: string, erase: boolean): Promise<void>;

  // For owners of the network, where no app password began the session
  /** By name; `named`: only those in whose name that is. */
  accounts(asked?: { readonly named?: string; readonly next?: string; readonly limit?: number }): Promise<AdminAnswers['accounts']>;
  /** A secret, good for so many accounts. */
  invitePeople(uses: number, forSeconds: number): Promise<AdminAnswers['invite people']>;
  /** A secret: whoever has it can let a node in, which reads everything. */
  inviteNode(uses: number, forSeconds: number): Promise<AdminAnswers['invite node']>;
  revokeNode(node: NodeId, reason: string): Promise<void>;
  /** A new password for somebody who lost theirs; their sessions end. `name`: theirs. */
  resetPassword(person: AuthorId, name: string, next: string): Promise<void>;
  deleteAccountOf(person: AuthorId, erase: boolean): Promise<void>;
  /** Whose a name is that several claim; or another name for an account. */
  settleName(person: AuthorId, name: string): Promise<void>;

  /** Any request of the protocol. */
  ask(request: Request): Promise<unknown>;
  /** How far the room was shown, in a form that every node understands. */
  cursor(room: RoomId): Cursor;
  /** Tries at once instead of waiting: the machine woke up, or the network is back. */
  wake(): void;
  /** Ends the session in the log; the storage is emptied of it. */
  logout(): Promise<void>;
  /** Closes the connection and keeps everything for the next time. */
  close(): Promise<void>;
}

/** One connection of an IRC client, from its first byte to its end. Kept lean: what few connections need is made when they need it. */

import type { AuthorId, MessageId, RoomId } from '../../core/ids.ts';
import type { Answer, SessionNo, Target } from '../../core/port.ts';
import type { Backlog } from './backlog.ts';
import type { Item } from './item.ts';
import type { Line } from './line.ts';
import { LineReader } from './line-reader.ts';
import type { Room } from './room.ts';

/** What goes out on a connection: lines, or their bytes, which may be shared by many. */
export type Chunk = Line | Uint8Array;

/** The sending side of a connection. */
export interface Output {
  /** Sends; false where more waits on the connection than may. */
  write(chunks: readonly Chunk[]): boolean;
  /** Sends the last words and closes. */
  end(last: Line): void;
  /** Whether much waits on the connection: pages of history are sent when less does. */
  isSlow(): boolean;
  /** The client asks too much: for a while nothing is read from it. */
  holdBack(): void;
}

/** Where a message goes, and what the client called it; kept to word the answer. */
export interface PostTarget {
  readonly type: 'post';
  readonly verb: 'PRIVMSG' | 'NOTICE';
  readonly name: string;
  readonly to: Target;
}

/** What an answer will be about. */
export type Pending =
  | PostTarget
  | { readonly type: 'open' | 'rename'; readonly name: string }
  /** `verb` words a standard reply, `name` is what it is about; `taken` says whether it dealt with the answer. */
  | { readonly type: 'task'; readonly verb: string; readonly name: string; readonly taken: (answer: Answer) => boolean }
  | { readonly type: 'join' | 'part' | 'topic'; readonly name: string; readonly room: RoomId };

export class Session {
  readonly no: SessionNo;
  readonly output: Output;
  /** The address it comes from; empty for none. */
  readonly source: string;
  readonly reader = new LineReader();
  /** `opening`: the name is being claimed, and lines wait. */
  state: 'registering' | 'opening' | 'open' | 'closed' = 'registering';
  /** The name asked for while registering; what others were shown from then on. */
  nick = '';
  author: AuthorId | null = null;
  /** Whether the author is an account. */
  isAccount = false;
  /** Passwords that are looked at, accounts that are made: lines wait. */
  busy = 0;
  /** Temporary names that were tried. */
  temporaryTries = 0;
  /** What PASS said, until it is used. */
  pass = '';
  /** What came of a SASL response; null where none is under way. */
  sasl: string | null = null;
  /** Of CAP LS: from 302 on, capabilities have values. */
  capVersion = 301;
  /** The name asked for, where it is an account's and a temporary one is taken. */
  wantedNick = '';
  hasUser = false;
  /** Between CAP LS or CAP REQ and CAP END. */
  isNegotiating = false;
  caps = 0;
  /** What this turn has for the connection. */
  out: Chunk[] | null = null;
  /** Lines that came while opening. */
  waiting: string[] | null = null;
  pending: Map<number, Pending> | null = null;
  rooms: Set<Room> | null = null;
  /** Room targets of PRIVMSG by the client's spelling, and the last one used. */
  targets: Map<string, PostTarget> | null = null;
  lastTarget: PostTarget | null = null;
  /** Messages asked to be posted and not answered. */
  posts = 0;
  /** Own messages that show and are not acknowledged, where the client wants its echo. */
  unacked: Map<MessageId, Item> | null = null;
  /** What waits for the echo of an own message before it, and those messages. */
  held: (Chunk | Item)[] | null = null;
  /** Rooms whose backlog is awaited, or was sent so lately that its messages may come again. */
  backlogs: Map<RoomId, Backlog> | null = null;
  /** By room, the last message of the last page that CHATHISTORY AFTER gave. */
  pageEnds: Map<RoomId, MessageId> | null = null;
  historyWaiting = 0;
  /** What is asked to be posted, where several sessions are one person: by token, to where and what. */
  sent: Map<number, string> | null = null;
  /** Goes on with what waited while its account was away; null where that is over. */
  catchUp: (() => void) | null = null;
  isCatchingUp = false;
  /** Whom its account blocks; null for nobody. */
  hidden: ReadonlySet<AuthorId> | null = null;
  /** Whether it was sent messages that no mark names. */
  isUnmarked = false;
  /** What it was not sent cannot be told from what it was: nothing is marked. */
  mayMark = true;
  markedMs = 0;
  /** Whether anything came in since the last sweep. */
  heard = true;
  heardMs = -1;
  isPinged = false;

  constructor(no: SessionNo, output: Output, source: string) {
    this.no = no;
    this.output = output;
    this.source = source;
  }

  has(cap: number): boolean {
    return (this.caps & cap) !== 0;
  }
}

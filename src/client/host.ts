/** What the parts of a session share: its state, the time, and what they may do. */

import type { Acknowledged, Cursor, Request } from '../api/protocol.ts';
import type { AuthorId, MessageId, RoomId } from '../core/ids.ts';
import type { Suite } from '../core/suite.ts';
import type { Random } from '../lib/prng.ts';
import type { Identity } from './identity.ts';
import type { Kept, KeptSession } from './keeping.ts';
import type { Limits } from './limits.ts';
import type { Ending } from './requests.ts';
import type { Input, News, State } from './state.ts';

/** The time: of the wall clock, and of one that never goes back; both in ms. */
export interface Now {
  readonly wallMs: number;
  readonly monoMs: number;
}

export type Effect =
  | { readonly type: 'dial'; readonly connection: number; readonly url: string }
  | { readonly type: 'send'; readonly connection: number; readonly text: string }
  | { readonly type: 'hang up'; readonly connection: number }
  /** Null: the key is not kept any more. */
  | { readonly type: 'save'; readonly key: string; readonly value: string | null }
  | { readonly type: 'news'; readonly news: News }
  | { readonly type: 'copies'; readonly copies: Acknowledged }
  | { readonly type: 'refused'; readonly id: MessageId; readonly words: string }
  | { readonly type: 'posted'; readonly copies: Acknowledged };

export interface SessionOptions {
  readonly identity: Identity;
  readonly urls: readonly string[];
  readonly kept: Kept | null;
  readonly limits: Limits;
  readonly random: Random;
  readonly suite: Suite;
}

/** The session, as its parts see it. */
export interface Host {
  readonly state: State;
  readonly now: Now;
  readonly author: AuthorId | null;
  /** The highest history key that was shown. */
  readonly after: number;
  /** The node does not hold all that the client was shown. */
  readonly isBehind: boolean;
  readonly limits: Limits;
  reduce(input: Input): void;
  effect(effect: Effect): void;
  /** Asks the node that it is connected to; what is asked while there is none is lost. */
  ask(request: Request, then: (ending: Ending) => void): void;
  /** A room, or its cursor, changed. */
  touched(room: RoomId): void;
  join(room: RoomId): void;
  isCaughtUp(room: RoomId): boolean;
  cursor(room: RoomId): Cursor | undefined;
  /** What is to be kept beside the rooms and the outbox. */
  kept(): { readonly session: KeptSession; readonly urls: readonly string[] };
}

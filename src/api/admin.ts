/** What owners of the network, and moderators, are told and say beyond the chat. */

import type { AuthorId, MessageId, NodeId, RoomId } from '../core/ids.ts';
import type { WireRole } from './protocol.ts';

/** Accounts on one page. */
export const ACCOUNTS_MAX = 200;
/** How often an invitation may be good for, and for how long, in seconds. */
export const INVITE_USES_MAX = 1000;
export const INVITE_SECONDS_MAX = 31_622_400;

/** An account, as an owner sees it. */
export interface WireAccount {
  readonly author: AuthorId;
  readonly name: string;
  /** In the network. */
  readonly role: WireRole;
  readonly present: boolean;
  /** When it was made, in ms since 1970. */
  readonly madeMs: number;
  /** Sessions that live, at nodes in reach. */
  readonly sessions: number;
  /** App passwords and other devices. */
  readonly devices: number;
  /** What keeps it out of the network, or silent in it. */
  readonly sanction: {
    readonly does: 'ban' | 'mute';
    readonly id: MessageId;
    readonly untilMs: number | null;
    readonly reason: string;
  } | null;
}

/** A ban, a mute or a kick that is in force; `undo` takes it back by its id. */
export interface WireSanction {
  readonly id: MessageId;
  readonly does: 'ban' | 'mute' | 'kick';
  readonly room: RoomId | '';
  readonly person: AuthorId;
  readonly personName: string;
  readonly by: AuthorId;
  readonly byName: string;
  readonly atMs: number;
  /** Null for good. */
  readonly untilMs: number | null;
  readonly reason: string;
}

/** For owners whose session none of an app password began. */
export type AdminRequest =
  /** By name, from behind a page on; `named`: only those in whose name that is. */
  | { readonly do: 'accounts'; readonly named?: string; readonly next?: string; readonly limit: number }
  /** A token for so many accounts; a secret. */
  | { readonly do: 'invite people'; readonly uses: number; readonly forSeconds: number }
  /** A line for so many nodes (`skein up --join LINE`): a secret, as whoever has it joins the network and reads all of it. */
  | { readonly do: 'invite node'; readonly uses: number; readonly forSeconds: number }
  /** The node is a member no more: what it writes beyond what is held here shows nowhere. */
  | { readonly do: 'revoke node'; readonly node: NodeId; readonly reason: string }
  /** Another key for an account whose password was lost: made of the new one by the client, as `kdf` says. Its sessions end. */
  | { readonly do: 'reset key'; readonly person: AuthorId; readonly key: string; readonly kdf: string }
  | { readonly do: 'delete account'; readonly person: AuthorId; readonly erase: boolean }
  /** Whose a name is that several claim; or another name for an account. */
  | { readonly do: 'settle name'; readonly person: AuthorId; readonly name: string };

export interface AdminAnswers {
  readonly accounts: { readonly accounts: readonly WireAccount[]; readonly next: string | null };
  readonly 'invite people': { readonly token: string; readonly expiresMs: number };
  readonly 'invite node': { readonly line: string; readonly expiresMs: number };
}

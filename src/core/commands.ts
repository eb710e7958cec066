/**
 * What a session may ask of its node, and what it is answered. A closed list: every door speaks through it.
 *
 * Words of an account that need its key carry a signer: keys that the door was given, or made from a password (see kdf.ts). They are used for this command and
 * forgotten.
 */

import type { AuthorId, ClientId, MessageId, RoomId } from './ids.ts';
import type { Signer } from './kinds/account.ts';
import type { KeyCertificate } from './kinds/proof.ts';
import type { Role } from './law/body.ts';
import type { Style } from './message.ts';
import type { RoomSettings, Wish } from './state.ts';
import type { KeyPair } from './suite.ts';
import type { TextFault } from './text.ts';

/** Where a message goes: a room, or the direct room with a person. */
export type Target = { readonly room: RoomId } | { readonly author: AuthorId };

/** What makes two submissions of a message the same. */
export interface Prepared {
  readonly client: ClientId;
  /** 16 random bytes. */
  readonly salt: Uint8Array;
  /** The highest history key the session was shown, on any node. */
  readonly after: number;
}

/** What a session asks for. */
export type Command =
  /** The first of a session: a guest with this name, and with the session's own key where the client made one. */
  | { readonly type: 'open'; readonly name: string; readonly key?: KeyPair }
  /** The session becomes one of an account's: as its first command, or in the place of the guest it is. */
  | { readonly type: 'log in'; readonly author: AuthorId; readonly signer: Signer }
  /** An account is made, and the session is its first. `invitation`: its token; empty for none. */
  | { readonly type: 'register'; readonly name: string; readonly key: KeyPair; readonly kdf: Uint8Array; readonly invitation: string }
  | { readonly type: 'rename'; readonly name: string }
  // Of an account; without a signer, an owner's word about another's.
  /** What the former key certified ends; with `next`, the new key itself, the session that asks goes on. */
  | {
      readonly type: 'rekey';
      readonly person: AuthorId;
      readonly signer: Signer | null;
      readonly key: string;
      readonly kdf: Uint8Array;
      readonly next?: KeyPair;
    }
  /** An app password, or another device, is made known. */
  | { readonly type: 'device'; readonly signer: Signer; readonly certificate: KeyCertificate; readonly label?: string }
  /** These keys end, or (none named) all sessions and devices. */
  | { readonly type: 'log out'; readonly signer: Signer; readonly keys: readonly string[] }
  | { readonly type: 'delete account'; readonly person: AuthorId; readonly signer: Signer | null; readonly erase: boolean }
  | { readonly type: 'settle name'; readonly person: AuthorId; readonly name: string }
  // Rooms
  /** By the name as typed, or by the id of a private room; a public one is made where it is not there yet. */
  | { readonly type: 'join'; readonly room: string }
  | { readonly type: 'part'; readonly room: RoomId; readonly reason: string }
  | { readonly type: 'topic'; readonly room: RoomId; readonly text: string }
  | { readonly type: 'make private room'; readonly name: string }
  | { readonly type: 'set room'; readonly room: RoomId; readonly settings: RoomSettings }
  /** Into a private room. */
  | { readonly type: 'invite'; readonly room: RoomId; readonly person: AuthorId }
  // Messages
  | {
      readonly type: 'post';
      readonly to: Target;
      readonly style: Style;
      readonly text: string;
      /** The message it answers. */
      readonly target?: MessageId;
      /**
       * Where the client made them itself: submitting the same again, at any node, is submitting the same message. Only `after` may have risen, and should be what was
       * shown meanwhile: an earlier message may have got its place from a node whose clock is ahead.
       */
      readonly prepared?: Prepared;
    }
  | { readonly type: 'edit'; readonly target: MessageId; readonly room: RoomId; readonly style: Style; readonly text: string }
  | { readonly type: 'remove'; readonly target: MessageId; readonly room: RoomId; readonly reason: string }
  | { readonly type: 'react'; readonly target: MessageId; readonly room: RoomId; readonly emoji: string; readonly on: boolean }
  | { readonly type: 'pin'; readonly target: MessageId; readonly room: RoomId; readonly on: boolean }
  | { readonly type: 'report'; readonly target: MessageId; readonly room: RoomId; readonly reason: string }
  /** All that the session was sent so far was read, in one room or (empty) in all. */
  | { readonly type: 'read'; readonly room: RoomId | '' }
  | { readonly type: 'prefer'; readonly about: Wish['about']; readonly on: boolean }
  // Around the log
  /** Somebody writes something, or has stopped. Said again every three seconds, as it ends by itself after six. */
  | { readonly type: 'typing'; readonly to: Target; readonly on: boolean }
  /** With an empty text they are back. */
  | { readonly type: 'away'; readonly text: string }
  // Moderation; in a room, or (empty) in the network
  | { readonly type: 'role'; readonly room: RoomId | ''; readonly person: AuthorId; readonly role: Role }
  | { readonly type: 'kick'; readonly room: RoomId; readonly person: AuthorId; readonly reason: string }
  /** `forMs` 0: for good. */
  | {
      readonly type: 'ban' | 'mute';
      readonly room: RoomId | '';
      readonly person: AuthorId;
      readonly forMs: number;
      readonly reason: string;
    }
  /** Takes back a kick, a ban or a mute. */
  | { readonly type: 'undo'; readonly target: MessageId }
  /** The last of a session; it is not answered. */
  | { readonly type: 'close'; readonly reason: string };

/** Why a command was refused. A closed list; a refused command had no effect. */
export type Refusal =
  | { readonly type: 'bad text'; readonly fault: TextFault }
  | { readonly type: 'name in use' }
  /** The name is an account's: whoever it is logs in first. */
  | { readonly type: 'name registered' }
  /** It looks like a name that somebody has, or mixes scripts. */
  | { readonly type: 'name alike'; readonly like: string | null }
  /** The keys do not speak for the account, or not for this. */
  | { readonly type: 'bad key' }
  | { readonly type: 'no account' }
  | { readonly type: 'registration'; readonly policy: 'invite' | 'closed' }
  | { readonly type: 'bad invitation'; readonly fault: 'mistyped' | 'unknown' | 'expired' | 'used up' }
  | { readonly type: 'no such room' }
  | { readonly type: 'no such person' }
  | { readonly type: 'no such message' }
  | { readonly type: 'not in room' }
  | { readonly type: 'not open' }
  | { readonly type: 'too many rooms' }
  /** They have no right to it, there. */
  | { readonly type: 'not allowed' }
  /** By a ban or a mute; until when, in ms since 1970, or null for good. */
  | { readonly type: 'silenced'; readonly by: 'ban' | 'mute'; readonly untilMs: number | null; readonly reason: string }
  | { readonly type: 'archived' }
  /** There would be no owner left. */
  | { readonly type: 'last owner' }
  /** The `after` of a prepared message is far beyond all that is known here. */
  | { readonly type: 'bad after' }
  /** The room lets each person speak only so often. */
  | { readonly type: 'slow'; readonly retryMs: number }
  /** Too much in too short a time, from this account or this address. */
  | { readonly type: 'flood'; readonly retryMs: number }
  /** The node's queue is full; the same command may go through later. */
  | { readonly type: 'busy'; readonly retryMs: number }
  /** The node cannot write now (its disk is full, or fails); the same command may go through later. */
  | { readonly type: 'not stored'; readonly retryMs: number };

export type Answer =
  | { readonly type: 'opened'; readonly author: AuthorId; readonly name: string }
  | { readonly type: 'made'; readonly room: RoomId }
  | { readonly type: 'done' }
  /** A message is on stable storage on `held` nodes; the wait for more is over where that is below `wanted`. */
  | { readonly type: 'acknowledged'; readonly id: MessageId; readonly held: number; readonly wanted: number }
  /** It is unknown whether the command took effect: the disk failed while it was written. */
  | { readonly type: 'unknown' }
  | { readonly type: 'refused'; readonly refusal: Refusal };

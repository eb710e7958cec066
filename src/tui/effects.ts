/** What the face asks of the world: a closed list, carried out by the shell (shell/). */

import type { Request } from '../api/protocol.ts';
import type { As, Where } from '../client/chat.ts';
import type { AuthorId, MessageId, RoomId } from '../core/ids.ts';
import type { ThemeName } from './theme.ts';

export type Effect =
  | { readonly type: 'quit' }
  | { readonly type: 'suspend' }
  | { readonly type: 'redraw' }
  | { readonly type: 'bell' }
  /** Into the clipboard, where the terminal does that. */
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'theme'; readonly theme: ThemeName }
  | { readonly type: 'open'; readonly room: RoomId | null }
  | { readonly type: 'older'; readonly room: RoomId }
  | {
      readonly type: 'post';
      readonly to: Where;
      readonly text: string;
      readonly style: 'text' | 'notice' | 'action';
      readonly target?: MessageId;
    }
  | { readonly type: 'retry' | 'discard'; readonly id: MessageId }
  | { readonly type: 'typing'; readonly to: RoomId; readonly on: boolean }
  /** `done`: what is said when it was done; empty for nothing. */
  | { readonly type: 'ask'; readonly request: Request; readonly done: string }
  /** Who is that? The line is run again with the answer. */
  | { readonly type: 'person'; readonly name: string; readonly line: string }
  /** The direct room with somebody is opened. */
  | { readonly type: 'direct'; readonly person: AuthorId }
  /** The newest ban, mute or kick of somebody that is in force, of the room (or, empty, the network), is undone. */
  | { readonly type: 'take back'; readonly room: RoomId | ''; readonly person: AuthorId; readonly name: string }
  | { readonly type: 'log'; readonly room: RoomId | '' }
  | { readonly type: 'search'; readonly words: string; readonly room?: RoomId; readonly author?: AuthorId; readonly next?: string }
  | { readonly type: 'around'; readonly room: RoomId; readonly id: MessageId }
  | { readonly type: 'rooms' }
  | { readonly type: 'as'; readonly as: As }
  | { readonly type: 'passwd'; readonly now: string; readonly next: string };

/** What the face itself remembers: what is being written, chosen, scrolled to or asked. With the view it makes the screen. Plain data. */

import type { WireMessage, WirePlace, WireRoom } from '../api/protocol.ts';
import type { RoomView, View } from '../client/view.ts';
import type { MessageId, RoomId } from '../core/ids.ts';
import type { Size } from './cells.ts';
import { type Editor, EMPTY } from './editor.ts';
import type { Effect } from './effects.ts';
import type { ThemeName } from './theme.ts';

/** What stands in the last row of a timeline that is not at its end: so many rows of a message. */
export interface Anchor {
  readonly id: MessageId;
  readonly place: WirePlace;
  readonly rows: number;
}

/** What the text being written is for, where it is no new message. */
export interface About {
  readonly kind: 'reply' | 'edit' | 'react';
  readonly room: RoomId;
  readonly id: MessageId;
}

export interface Candidate {
  /** What is put in. */
  readonly text: string;
  /** What is shown. */
  readonly label: string;
}

/** Tab was pressed: what fits, and which of it stands there now. */
export interface Completion {
  readonly from: number;
  readonly candidates: readonly Candidate[];
  readonly chosen: number;
  /** The text and place as they were. */
  readonly before: { readonly text: string; readonly at: number };
}

/** Something is asked for that is not to be seen, or only once. */
export interface Prompt {
  readonly words: string;
  readonly isSecret: boolean;
  readonly editor: Editor;
  readonly kind: 'login' | 'register' | 'passwd';
  readonly name: string;
  /** What was answered before. */
  readonly given: readonly string[];
}

export interface FoundMessage {
  readonly message: WireMessage;
  readonly snippet: string;
}

/** What lies over the timeline. */
export type Sheet =
  | { readonly kind: 'help'; readonly top: number }
  | { readonly kind: 'net'; readonly top: number }
  | { readonly kind: 'who'; readonly top: number }
  | { readonly kind: 'lines'; readonly title: string; readonly lines: readonly string[]; readonly top: number }
  | { readonly kind: 'rooms'; readonly rooms: readonly WireRoom[] | null; readonly chosen: number }
  | {
      readonly kind: 'search';
      readonly words: string;
      readonly found: readonly FoundMessage[] | null;
      readonly next: string | null;
      readonly chosen: number;
    }
  | {
      readonly kind: 'excerpt';
      readonly id: MessageId;
      readonly messages: readonly WireMessage[];
      readonly top: number;
      readonly back: Sheet;
    }
  | { readonly kind: 'switch'; readonly editor: Editor; readonly chosen: number }
  | { readonly kind: 'confirm'; readonly words: string; readonly effect: Effect };

export interface Note {
  readonly text: string;
  readonly kind: 'good' | 'bad';
}

export interface Ui {
  readonly size: Size;
  readonly room: RoomId | null;
  /** The room before: Alt+Tab-like. */
  readonly lastRoom: RoomId | null;
  readonly editor: Editor;
  /** What was begun in other rooms. */
  readonly drafts: ReadonlyMap<RoomId, Editor>;
  readonly about: About | null;
  /** The message that keys are for. */
  readonly chosen: MessageId | null;
  readonly scroll: ReadonlyMap<RoomId, Anchor>;
  /** What was sent, the latest last; how many steps back the composer is. */
  readonly history: readonly string[];
  readonly historyBack: number;
  /** What was written before going back. */
  readonly unsaid: string;
  readonly completion: Completion | null;
  readonly prompt: Prompt | null;
  readonly sheet: Sheet | null;
  readonly note: Note | null;
  readonly theme: ThemeName;
  readonly hasBell: boolean;
  readonly hasFocus: boolean;
}

export function makeUi(size: Size, theme: ThemeName = 'dark'): Ui {
  return {
    size,
    room: null,
    lastRoom: null,
    editor: EMPTY,
    drafts: new Map(),
    about: null,
    chosen: null,
    scroll: new Map(),
    history: [],
    historyBack: 0,
    unsaid: '',
    completion: null,
    prompt: null,
    sheet: null,
    note: null,
    theme,
    hasBell: true,
    hasFocus: true,
  };
}

export function roomOf(view: View, ui: Ui): RoomView | null {
  return (ui.room && view.rooms.get(ui.room)) || null;
}

/** The rooms in the order of the side: rooms by name, then direct ones by name. */
export function orderedRooms(view: View): readonly RoomView[] {
  const list = [...view.rooms.values()];
  const rank = ({ room }: RoomView): number => (room.kind === 'direct' ? 1 : 0);
  return list.sort((a, b) => rank(a) - rank(b) || compare(sortName(a), sortName(b)) || compare(a.room.id, b.room.id));
}

const sortName = ({ room }: RoomView): string => room.name.toLowerCase();
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** How many messages of one's own no node is known to have. They stand at the ends of timelines. */
export function unsent(view: View): number {
  let count = 0;
  for (const { timeline } of view.rooms.values()) {
    let others = 0;
    for (let i = timeline.length - 1; i >= 0 && others < OUTBOX_DEPTH; i--) {
      const state = timeline[i]!.delivery?.state;
      if (state === 'waiting' || state === 'refused') count++;
      else others++;
    }
  }
  return count;
}

/** Behind so many others nothing waits any more. */
const OUTBOX_DEPTH = 20;

/**
 * What the app itself remembers, beside the view of the client library: what is being written, what is open, how it looks. A pure reducer over plain data.
 *
 * The view (src/client/view.ts) is never copied into it.
 */

import type { AuthorId, MessageId, RoomId } from '../../../src/core/ids.ts';
import { NO_WISHES, type Rule, type Wishes, withRule } from './wishes.ts';

export type Theme = 'system' | 'light' | 'dark' | 'contrast';

/** How much room things take. */
export type Density = 'roomy' | 'compact';

/** What stands beside the timeline. */
export type Panel =
  | { readonly kind: 'members' | 'search' | 'pins' | 'room' }
  | { readonly kind: 'thread'; readonly id: MessageId }
  | { readonly kind: 'person'; readonly author: string };

/** What a text is for, where it is no new message. */
export interface About {
  readonly kind: 'reply' | 'edit';
  readonly id: MessageId;
}

export interface Draft {
  readonly text: string;
  readonly about: About | null;
}

/** A dialog over everything; one at a time. */
export type Dialog =
  | { readonly kind: 'join' | 'direct' | 'keys' | 'palette' }
  | { readonly kind: 'make'; readonly name: string }
  | { readonly kind: 'invite' | 'leave'; readonly room: RoomId }
  | { readonly kind: 'report'; readonly room: RoomId; readonly id: MessageId }
  | { readonly kind: 'moderate'; readonly act: 'kick' | 'mute' | 'ban'; readonly room: RoomId; readonly person: AuthorId };

/** A word to the reader, beside what they do. */
export interface Notice {
  readonly kind: 'good' | 'bad';
  readonly words: string;
  /** Rises, so that the same words are another notice. */
  readonly no: number;
}

export interface Ui {
  readonly theme: Theme;
  readonly density: Density;
  readonly panel: Panel | null;
  /** On narrow screens: the rooms lie over the chat. */
  readonly hasDrawer: boolean;
  readonly dialog: Dialog | null;
  readonly drafts: ReadonlyMap<RoomId, Draft>;
  readonly notice: Notice | null;
  readonly wishes: Wishes;
}

export type UiAction =
  | { readonly type: 'theme'; readonly theme: Theme }
  | { readonly type: 'density'; readonly density: Density }
  /** Opens it; the same one again closes it. */
  | { readonly type: 'panel'; readonly panel: Panel | null }
  | { readonly type: 'drawer'; readonly on: boolean }
  | { readonly type: 'dialog'; readonly dialog: Dialog | null }
  | { readonly type: 'write'; readonly room: RoomId; readonly text: string }
  | { readonly type: 'about'; readonly room: RoomId; readonly about: About | null; readonly text?: string }
  /** It was sent. */
  | { readonly type: 'sent'; readonly room: RoomId }
  | { readonly type: 'notice'; readonly kind: 'good' | 'bad'; readonly words: string }
  | { readonly type: 'hush' }
  | { readonly type: 'wish'; readonly wishes: Partial<Omit<Wishes, 'rules'>> }
  | { readonly type: 'rule'; readonly room: RoomId; readonly rule: Rule }
  /** Another room, or page, is looked at. */
  | { readonly type: 'moved' }
  /** Somebody else uses the app from now on: nothing of whoever did before is left. */
  | { readonly type: 'forget' };

export const NO_DRAFT: Draft = { text: '', about: null };

export function makeUi(kept: Partial<Pick<Ui, 'theme' | 'density' | 'drafts' | 'wishes'>> = {}): Ui {
  return {
    theme: 'system',
    density: 'roomy',
    panel: null,
    hasDrawer: false,
    dialog: null,
    drafts: new Map(),
    notice: null,
    wishes: NO_WISHES,
    ...kept,
  };
}

export function draftOf(ui: Ui, room: RoomId): Draft {
  return ui.drafts.get(room) ?? NO_DRAFT;
}

export function reduceUi(ui: Ui, action: UiAction): Ui {
  switch (action.type) {
    case 'theme':
      return { ...ui, theme: action.theme };
    case 'density':
      return { ...ui, density: action.density };
    case 'panel':
      return { ...ui, panel: samePanel(ui.panel, action.panel) ? null : action.panel };
    case 'drawer':
      return ui.hasDrawer === action.on ? ui : { ...ui, hasDrawer: action.on };
    case 'dialog':
      return { ...ui, dialog: action.dialog, hasDrawer: false };
    case 'write':
      return withDraft(ui, action.room, { ...draftOf(ui, action.room), text: action.text });
    case 'about': {
      const { text } = draftOf(ui, action.room);
      return withDraft(ui, action.room, { text: action.text ?? text, about: action.about });
    }
    case 'sent':
      return withDraft(ui, action.room, NO_DRAFT);
    case 'notice':
      return { ...ui, notice: { kind: action.kind, words: action.words, no: (ui.notice?.no ?? 0) + 1 } };
    case 'hush':
      return ui.notice ? { ...ui, notice: null } : ui;
    case 'wish':
      return { ...ui, wishes: { ...ui.wishes, ...action.wishes } };
    case 'rule':
      return { ...ui, wishes: withRule(ui.wishes, action.room, action.rule) };
    case 'moved':
      return ui.hasDrawer || ui.panel?.kind === 'thread'
        ? { ...ui, hasDrawer: false, panel: ui.panel?.kind === 'thread' ? null : ui.panel }
        : ui;
    case 'forget':
      return makeUi({ theme: ui.theme, density: ui.density });
  }
}

function samePanel(a: Panel | null, b: Panel | null): boolean {
  return a !== null && b !== null && JSON.stringify(a) === JSON.stringify(b);
}

function withDraft(ui: Ui, room: RoomId, draft: Draft): Ui {
  const drafts = new Map(ui.drafts);
  if (draft.text === '' && draft.about === null) drafts.delete(room);
  else drafts.set(room, draft);
  return { ...ui, drafts };
}

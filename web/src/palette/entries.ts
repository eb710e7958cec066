/** What the palette offers: rooms, people, and everything that the app can do from anywhere. */

import type { Chat } from 'skein/client';
import type { RoomId } from '../../../src/core/ids.ts';
import { plainName, roomList } from '../chat/room-list.ts';
import type { IconName } from '../design/icon.tsx';
import { setRule } from '../notify/use-rule.ts';
import { complain, dispatch } from '../state/hooks.ts';
import { roomHash } from '../state/route.ts';
import { logOut } from '../state/session.ts';
import type { Dialog, Panel, Theme } from '../state/ui.ts';
import type { Wishes } from '../state/wishes.ts';
import type { Fitting } from './match.ts';

export interface Entry extends Fitting {
  readonly key: string;
  readonly icon: IconName;
  /** What it is, beside its name. */
  readonly what: string;
  readonly run: () => void;
}

/** People who are offered, at most. */
const PEOPLE_MAX = 500;

function go(hash: string): void {
  dispatch({ type: 'dialog', dialog: null });
  location.hash = hash;
}

function dialog(next: Dialog): () => void {
  return () => dispatch({ type: 'dialog', dialog: next });
}

function panel(next: Panel): () => void {
  return () => {
    dispatch({ type: 'dialog', dialog: null });
    // The same panel again would close it.
    dispatch({ type: 'panel', panel: null });
    dispatch({ type: 'panel', panel: next });
  };
}

function does(act: () => unknown): () => void {
  return () => {
    dispatch({ type: 'dialog', dialog: null });
    act();
  };
}

function rooms(chat: Chat, wishes: Wishes): Entry[] {
  const { rooms: all, direct } = roomList(chat.view, wishes);
  return [...all, ...direct].map(({ id, name, kind, unread }) => ({
    key: id,
    name,
    icon: kind === 'direct' ? 'people' : kind === 'private' ? 'lock' : 'hash',
    what: unread > 0 ? `${unread} unread` : kind === 'direct' ? 'direct' : 'room',
    run: () => go(roomHash(id)),
  }));
}

function people(chat: Chat): Entry[] {
  const { view } = chat;
  const known = [...view.people.values()].filter(({ author }) => author !== view.me?.author && !view.blocked.has(author));
  known.sort((a, b) => Number(b.present) - Number(a.present));
  return known.slice(0, PEOPLE_MAX).map(({ author, name, present }) => ({
    key: author,
    name,
    icon: 'people',
    what: present ? 'message, here' : 'message',
    run: does(() => chat.direct(author).then((id) => go(roomHash(id)), complain)),
  }));
}

function ofRoom(chat: Chat, open: RoomId | null): Entry[] {
  const room = open === null ? undefined : chat.view.rooms.get(open)?.room;
  if (!room) return [];
  const name = plainName(room.name, room.kind);
  const isMuted = chat.view.muted.has(room.id);
  const some: Entry[] = [
    { key: 'search', name: 'Search messages', icon: 'search', what: 'Ctrl Shift F', run: panel({ kind: 'search' }) },
    { key: 'pins', name: 'Pinned messages', icon: 'pin', what: name, run: panel({ kind: 'pins' }) },
    {
      key: 'room',
      name: 'About this room',
      also: 'settings topic description',
      icon: 'settings',
      what: name,
      run: panel({ kind: 'room' }),
    },
    {
      key: 'mute',
      name: isMuted ? 'Unmute this room' : 'Mute this room',
      icon: 'bell',
      what: name,
      run: does(() => setRule(chat, room, isMuted ? 'mentions' : 'none')),
    },
    { key: 'read', name: 'Mark this room as read', icon: 'check', what: name, run: does(() => chat.read(room.id)) },
  ];
  if (room.kind === 'direct') return some;
  some.push({ key: 'members', name: 'People in this room', icon: 'people', what: name, run: panel({ kind: 'members' }) });
  if (room.kind === 'private' && room.power >= 2)
    some.push({ key: 'invite', name: 'Invite somebody', icon: 'plus', what: name, run: dialog({ kind: 'invite', room: room.id }) });
  some.push({ key: 'leave', name: 'Leave this room', icon: 'out', what: name, run: dialog({ kind: 'leave', room: room.id }) });
  return some;
}

const THEMES: readonly (readonly [Theme, string])[] = [
  ['system', 'Look as this device has it'],
  ['light', 'Light'],
  ['dark', 'Dark'],
  ['contrast', 'High contrast'],
];

function ofApp(chat: Chat, wishes: Wishes): Entry[] {
  const me = chat.view.me;
  const role = me && chat.view.people.get(me.author)?.role;
  const some: Entry[] = [
    { key: 'join', name: 'Join a room', also: 'directory find rooms', icon: 'hash', what: 'rooms', run: dialog({ kind: 'join' }) },
    { key: 'make', name: 'Make a room', also: 'new private create', icon: 'plus', what: 'rooms', run: dialog({ kind: 'make', name: '' }) },
    { key: 'direct', name: 'Message somebody', also: 'direct new', icon: 'people', what: 'people', run: dialog({ kind: 'direct' }) },
    {
      key: 'quiet',
      name: wishes.isQuiet ? 'End do not disturb' : 'Do not disturb',
      icon: 'bell',
      what: 'notifications',
      run: does(() => dispatch({ type: 'wish', wishes: { isQuiet: !wishes.isQuiet } })),
    },
    { key: 'keys', name: 'Keyboard shortcuts', also: 'help', icon: 'more', what: '?', run: dialog({ kind: 'keys' }) },
    { key: 'network', name: 'Network', also: 'nodes map', icon: 'network', what: 'page', run: () => go('#/network') },
    { key: 'settings', name: 'Settings', also: 'notifications theme', icon: 'settings', what: 'page', run: () => go('#/settings') },
    { key: 'logout', name: 'Log out', icon: 'out', what: 'session', run: does(() => void logOut()) },
  ];
  if (role === 'owner') some.push({ key: 'admin', name: 'Administration', icon: 'shield', what: 'page', run: () => go('#/admin') });
  const themes = THEMES.map(
    ([theme, name]): Entry => ({
      key: `theme-${theme}`,
      name,
      also: 'theme colours look',
      icon: 'settings',
      what: 'look',
      run: does(() => dispatch({ type: 'theme', theme })),
    }),
  );
  return [...some, ...themes];
}

export function entriesOf(chat: Chat, wishes: Wishes, open: RoomId | null): readonly Entry[] {
  return [...rooms(chat, wishes), ...ofRoom(chat, open), ...ofApp(chat, wishes), ...people(chat)];
}

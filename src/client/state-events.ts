/** What each event of a turn changes in a state. */

import type { Event, WireMessage } from '../api/protocol.ts';
import { withChange } from './mesh.ts';
import { inRoom, read, type State, taking, withoutRoom, withPeople, withRoom, withView } from './state.ts';
import { dressing } from './state-room.ts';
import { find } from './timeline.ts';

/** Typing that is not said again ends after so long, in ms (core/commands.ts). */
export const TYPING_MS = 6000;

export function event(state: State, one: Event, nowMs: number): State {
  switch (one.type) {
    case 'message': {
      const { message } = one;
      const { late } = one;
      const quiet = inRoom(state, message.room, (room) => {
        if (!room.typing.has(message.author)) return room;
        return { ...room, typing: new Map([...room.typing].filter(([author]) => author !== message.author)) };
      });
      const told = late ? { ...message, late: true as const } : message;
      return taking(quiet, message.room, [told], { isNews: true, counts: () => true });
    }
    case 'changed':
      // What was not loaded shows as it is when it is loaded.
      if (!isShown(state, one.message)) return withElsewhere(state, one.message);
      return taking(state, one.message.room, [one.message], { isNews: true, counts: () => false });
    case 'room':
      return one.is ? withRoom(state, one.is) : withoutRoom(state, one.room);
    case 'person':
      return renamed(withPeople(state, [one.person]), one.person);
    case 'join':
      return inRoom(state, one.room, (room) =>
        room.members.includes(one.author) ? room : { ...room, members: [...room.members, one.author] },
      );
    case 'part':
      return inRoom(state, one.room, (room) => ({ ...room, members: room.members.filter((author) => author !== one.author) }));
    case 'typing':
      return inRoom(state, one.room, (room) => {
        const typing = new Map(room.typing);
        if (one.on) typing.set(one.author, nowMs + TYPING_MS);
        else typing.delete(one.author);
        return { ...room, typing };
      });
    case 'read':
      return read(state, one.room);
    case 'wishes':
      return withView(state, { muted: new Set(one.muted), blocked: new Set(one.blocked) });
    case 'nodes':
      return withView(state, { nodes: one.nodes });
    case 'mesh': {
      const { mesh } = state.view;
      return mesh ? withView(state, { mesh: withChange(mesh, one.mesh) }) : state;
    }
    // Of the connection, not of what is seen: copies are told by the outbox.
    case 'copies':
    case 'refolded':
    case 'regrant':
      return state;
  }
}

/** For whoever shows a page that the timeline has nothing to do with. */
function withElsewhere(state: State, message: WireMessage): State {
  if (!state.rooms.has(message.room)) return state;
  return { ...state, news: [...state.news, { type: 'elsewhere', item: dressing(state.view)(message) }] };
}

function isShown({ rooms }: State, { room, id }: WireMessage): boolean {
  const known = rooms.get(room);
  return known !== undefined && find(known.timeline, id) !== undefined;
}

function renamed(state: State, { author, name, account }: { author: string; name: string; account: boolean }): State {
  const { me } = state.view;
  if (me?.author !== author || (me.name === name && me.account === account)) return state;
  return withView(state, { me: { ...me, name, account } });
}

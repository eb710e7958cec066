/** What an account wants to hear less of, in the words of IRC: IGNORE and MUTE of NickServ, and SILENCE. */

import type { AuthorId } from '../../core/ids.ts';
import type { Wish } from '../../core/state.ts';
import type { IrcDoor } from './door.ts';
import { BLOCKED_LISTED_MAX } from './limits.ts';
import { findPerson } from './post.ts';
import { findRoom, roomName } from './room-name.ts';
import type { Session } from './session.ts';
import { words } from './words.ts';

type Say = (text: string) => void;

/** The names of those whom the session's account blocks. */
export function blockedNames(door: IrcDoor, { hidden }: Session): string[] {
  return [...(hidden ?? [])].slice(0, BLOCKED_LISTED_MAX).map((person) => door.people.of(person).nick);
}

function prefer(door: IrcDoor, session: Session, about: Wish['about'], on: boolean, say: Say, done: string): void {
  door.task(session, 'NICKSERV', session.nick, { type: 'prefer', about, on }, (answer) => {
    if (answer.type === 'refused')
      say(answer.refusal.type === 'no account' ? 'This takes an account: say REGISTER, or IDENTIFY.' : `${words(answer.refusal)}.`);
    else if (answer.type === 'unknown') say('It is unknown whether this took effect. Look before you repeat it.');
    else say(done);
    return true;
  });
}

export function block(door: IrcDoor, session: Session, person: AuthorId, on: boolean, say: Say): void {
  const { nick } = door.people.of(person);
  if (person === session.author) return say('You cannot ignore yourself.');
  const done = on ? `You are not shown what ${nick} says, on any of your devices.` : `You are shown what ${nick} says again.`;
  prefer(door, session, { type: 'person', person }, on, say, done);
}

export function ignore(door: IrcDoor, session: Session, name: string | undefined, on: boolean, say: Say): void {
  const person = name === undefined ? null : findPerson(door, name);
  if (!person)
    return say(name === undefined ? 'Say whom: IGNORE name, or UNIGNORE name.' : `Nobody here and no account has the name ${name}.`);
  block(door, session, person, on, say);
}

export function muteRoom(door: IrcDoor, session: Session, name: string | undefined, on: boolean, say: Say): void {
  const room = name === undefined ? null : findRoom(door, session, name);
  if (!room || !door.port.state.rooms.has(room)) return say('Say which channel: MUTE #channel, or UNMUTE #channel.');
  const shown = door.rooms.get(room)?.name ?? roomName(door.port.state, room);
  const done = on ? `What waits in ${shown} is not sent to you when you log in.` : `What waits in ${shown} is sent to you when you log in.`;
  prefer(door, session, { type: 'room', room }, on, say, done);
}

/** Everybody and everything that is in force. */
export function listWishes(door: IrcDoor, session: Session, say: Say): void {
  door.later(session, door.port.wishes(session.no), (wishes) => {
    if (!wishes) return say('This cannot be read now; try again in a moment.');
    const on = wishes.filter((wish) => wish.on).slice(0, BLOCKED_LISTED_MAX);
    for (const { about } of on) say(about.type === 'person' ? door.people.of(about.person).nick : roomName(door.port.state, about.room));
    say(on.length === 0 ? 'You ignore nobody, and no channel is muted.' : 'End of the list.');
  });
}

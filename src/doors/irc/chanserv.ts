/** ChanServ: what moderators did, and what people report to them. It is nobody's session; what is said to it is posted nowhere. */

import { hlcMs } from '../../core/hlc.ts';
import { type AuthorId, isHexOf, type MessageId, type RoomId } from '../../core/ids.ts';
import { decodeMessage } from '../../core/message.ts';
import { ACTS_LIMIT_MAX, type Act, type Report } from '../../core/port.ts';
import type { About } from '../../core/state.ts';
import { REASON_LENGTH_MAX } from '../../core/text.ts';
import { isoTime } from '../../lib/time.ts';
import type { IrcDoor } from './door.ts';
import { LOG_LINES, MESSAGE_ID_BYTES } from './limits.ts';
import { formatLine } from './line.ts';
import { findPerson } from './post.ts';
import { findRoom, roomName } from './room-name.ts';
import type { PostTarget, Session } from './session.ts';
import { words } from './words.ts';

type Service = (door: IrcDoor, session: Session, args: readonly string[], say: (text: string) => void) => void;

/** In place of a channel: the whole network. */
const NETWORK = '*';

const HELP = [
  'REPORT name reason: tells the moderators of the last thing somebody said where you read it',
  'REPORT msgid reason: tells them of one message',
  'REPORTS #channel [lines]: what was reported, the newest first; * in place of the channel is the whole network',
  'LOG #channel [lines]: what moderators did, the newest first; likewise',
];

function noteFromChanServ(door: IrcDoor, session: Session, text: string): void {
  const source = `ChanServ!services@${door.server}`;
  door.send(session, formatLine({ tags: '', source, command: 'NOTICE', params: [session.nick, text] }));
}

/** What was said to ChanServ; notices to it are passed over. */
export function serveRooms(door: IrcDoor, session: Session, verb: PostTarget['verb'], text: string): void {
  if (verb === 'NOTICE') return;
  const say = (answer: string): void => noteFromChanServ(door, session, answer);
  const [name, ...args] = text.trim().split(/ +/);
  const service = SERVICES.get((name ?? '').toUpperCase());
  if (service) service(door, session, args, say);
  else say('There is no such command. Say HELP for what there is.');
}

function nameOf(door: IrcDoor, room: RoomId | ''): string {
  if (room === '') return 'the network';
  return room[0] === '@' ? 'a direct message' : (door.rooms.get(room)?.name ?? roomName(door.port.state, room));
}

/** A room, or (empty) the network, where there is one of that name. */
function roomOf(door: IrcDoor, session: Session, name: string | undefined): RoomId | '' | null {
  if (name === NETWORK) return '';
  const room = name === undefined ? null : findRoom(door, session, name);
  return room !== null && door.port.state.rooms.has(room) ? room : null;
}

function linesAsked(text: string | undefined): number {
  const lines = Number(text);
  return Number.isInteger(lines) && lines > 0 ? Math.min(lines, ACTS_LIMIT_MAX) : LOG_LINES;
}

const NO_ROOM = 'Say which channel: there is none of that name here.';
const NO_RIGHT = 'This is for moderators.';

const log: Service = (door, session, [name, lines], say) => {
  const room = roomOf(door, session, name);
  if (room === null) return say(NO_ROOM);
  const acts = door.port.moderationLog(session.no, room, null, linesAsked(lines));
  if (!acts) return say(NO_RIGHT);
  for (const act of acts) say(actWords(door, act));
  say(acts.length === 0 ? 'Nothing was done yet.' : 'End of the log.');
};

function actWords(door: IrcDoor, act: Act): string {
  const nick = (author: AuthorId): string => door.people.of(author).nick;
  const { does, by, person, untilMs, reason, what, target, undoneBy, atMs } = act;
  const parts = [
    isoTime(atMs),
    nick(by),
    does,
    person === null ? '' : nick(person),
    what,
    target ?? '',
    untilMs === null ? '' : `until ${isoTime(untilMs)}`,
    reason === '' ? '' : `(${reason})`,
    undoneBy === null ? '' : `undone by ${nick(undoneBy)}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

const reports: Service = (door, session, [name, lines], say) => {
  const room = roomOf(door, session, name);
  if (room === null) return say(NO_ROOM);
  door.later(session, door.port.reports(session.no, room, null, linesAsked(lines)), (page) => {
    if (!page) return say(NO_RIGHT);
    for (const report of page.reports) say(reportWords(door, report));
    say(page.reports.length === 0 ? 'Nothing was reported.' : 'End of the reports.');
  });
};

function reasonOf({ does }: About): string {
  return does.type === 'report' && does.payload ? decodeMessage(does.payload).text : '';
}

function reportWords(door: IrcDoor, { about, message }: Report): string {
  const { author, room, target, place } = about;
  const said = message?.payload
    ? `<${door.people.authorOf(message).nick}> ${decodeMessage(message.payload).text}`
    : 'what is not shown here';
  const flat = said.replace(/[\0\r\n\x01]+/g, ' ');
  return `${isoTime(hlcMs(place.key))} ${door.people.of(author).nick} in ${nameOf(door, room)}: ${reasonOf(about)} | ${target} ${flat}`;
}

const report: Service = (door, session, [what, ...rest], say) => {
  const reason = rest.join(' ').slice(0, REASON_LENGTH_MAX).toWellFormed();
  if (what === undefined || reason === '') return say('Say REPORT name reason, or REPORT msgid reason.');
  const message = isHexOf(what, MESSAGE_ID_BYTES) ? roomOfMessage(door, session, what as MessageId) : lastOf(door, session, what);
  door.later(session, message, (found) => {
    if (!found) return say('There is no such message where you read.');
    door.task(session, 'REPORT', what, { type: 'report', ...found, reason }, (answer) => {
      if (answer.type === 'refused') say(`${words(answer.refusal)}.`);
      else if (answer.type === 'unknown') say('It is unknown whether this took effect. Look before you repeat it.');
      else say(`Reported: a message in ${nameOf(door, found.room)}.`);
      return true;
    });
  });
};

type Target = { readonly target: MessageId; readonly room: RoomId };

/** The last message of somebody that the session may read. */
async function lastOf(door: IrcDoor, session: Session, name: string): Promise<Target | null> {
  const author = findPerson(door, name);
  if (!author) return null;
  const { found } = await door.port.search(session.no, { words: '', author, limit: 1 });
  return found[0] ? { target: found[0].message.id, room: found[0].message.room } : null;
}

/** In which of the rooms that the session is in, or of its direct rooms, a message is. */
async function roomOfMessage(door: IrcDoor, session: Session, id: MessageId): Promise<Target | null> {
  const direct = [...door.directs].flatMap(([room, two]) => (two.includes(session.author!) ? [room] : []));
  for (const room of [...[...(session.rooms ?? [])].map((one) => one.id), ...direct]) {
    const page = await door.port.history(session.no, { type: 'after', room, anchor: { id }, late: false, limit: 1 });
    if (!('fault' in page)) return { target: id, room };
  }
  return null;
}

/** Somebody reported something: moderators of the room who are here are told, or (of a direct room) those of the network. */
export function reported(door: IrcDoor, about: About): void {
  const { room, author, target } = about;
  const where = room[0] === '@' ? '' : room;
  for (const [person, sessions] of door.byAuthor) {
    if (door.port.power(person, where) < 2 || (where !== '' && !door.port.mayRead(person, where))) continue;
    const text = `${door.people.of(author).nick} reports ${target} in ${nameOf(door, room)}: ${reasonOf(about)}`;
    for (const session of sessions) noteFromChanServ(door, session, text);
  }
}

const SERVICES: ReadonlyMap<string, Service> = new Map<string, Service>([
  [
    'HELP',
    (_door, _session, _args, say) => {
      for (const text of HELP) say(text);
    },
  ],
  ['LOG', log],
  ['REPORTS', reports],
  ['REPORT', report],
]);

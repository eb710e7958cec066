/** What the fake node does when it is asked: who is refused, and what changes. */

import { hlcMs } from '../../../core/hlc.ts';
import { type AuthorId, directRoomId, type RoomId } from '../../../core/ids.ts';
import type { LawBody } from '../../../core/law/body.ts';
import type { Answer, Command, Refusal, Sanction, SessionNo, Target } from '../../../core/port.ts';
import type { Account } from '../../../core/state.ts';
import { checkName, checkRoomName, textFault } from '../../../core/text.ts';
import { type FakeNode, hashing } from './fake-node.ts';

export interface Asking {
  readonly session: SessionNo;
  readonly token: number;
  readonly command: Command;
}

type Asked = Exclude<Command, { type: 'close' }>;
type Of<T extends Command['type']> = Extract<Command, { type: T }>;

const NOT_ALLOWED: Refusal = { type: 'not allowed' };

export function refusalOf(node: FakeNode, author: AuthorId | undefined, command: Asked): Refusal | null {
  switch (command.type) {
    case 'open':
    case 'rename':
      return nameRefusal(node, author, command.name);
    case 'register':
      return registerRefusal(node, author, command);
    case 'log in':
      if (node.law.isBanned(command.author)) return { type: 'silenced', by: 'ban', untilMs: null, reason: 'spam' };
      return node.accounts.isOf(command.author, command.signer) ? null : { type: 'bad key' };
    case 'rekey':
    case 'delete account':
      return command.signer && node.accounts.isOf(command.person, command.signer) && !command.signer.chain[0] ? null : { type: 'bad key' };
    case 'device':
    case 'log out':
      return node.accounts.isOf(author!, command.signer) && !command.signer.chain[0] ? null : { type: 'bad key' };
    case 'settle name':
      return node.accountNamed(command.name) ? { type: 'name registered' } : null;
    case 'join':
      return joinRefusal(node, author!, command.room);
    case 'role':
      return node.power(author!, command.room) >= (command.room ? 3 : 4) ? null : NOT_ALLOWED;
    case 'kick':
    case 'ban':
    case 'mute':
      return node.law.moderates(author!, command.person, command.room) ? null : NOT_ALLOWED;
    case 'undo':
      return undoRefusal(node, author!, command);
    case 'invite':
      return node.power(author!, command.room) >= 2 ? null : NOT_ALLOWED;
    case 'remove':
      return removeRefusal(node, author!, command);
    case 'make private room':
      if (!node.state.accounts.has(author!)) return { type: 'no account' };
      return 'fault' in checkRoomName(`#${command.name}`) ? { type: 'bad text', fault: 'bad character' } : null;
    default:
      return 'to' in command || ('room' in command && command.room) ? roomRefusal(node, author!, command) : null;
  }
}

function nameRefusal(node: FakeNode, author: AuthorId | undefined, name: string): Refusal | null {
  const checked = checkName(name);
  if ('fault' in checked) return { type: 'bad text', fault: checked.fault };
  const account = node.accountNamed(name);
  if (account && account !== author) return { type: 'name registered' };
  if (author && node.state.accounts.has(author)) return NOT_ALLOWED;
  const taken = node.presentByName(name);
  return taken && taken !== author ? { type: 'name in use' } : null;
}

function registerRefusal(node: FakeNode, author: AuthorId | undefined, { name, invitation }: Of<'register'>): Refusal | null {
  const { registration } = node;
  if (registration === 'closed' || (registration === 'invite' && invitation === '')) return { type: 'registration', policy: registration };
  if (registration === 'invite' && !node.invitations.delete(invitation)) return { type: 'bad invitation', fault: 'unknown' };
  const checked = checkName(name);
  if ('fault' in checked) return { type: 'bad text', fault: checked.fault };
  if (node.accountNamed(name)) return { type: 'name registered' };
  const taken = node.presentByName(name);
  return taken && taken !== author ? { type: 'name in use' } : null;
}

function joinRefusal(node: FakeNode, author: AuthorId, room: string): Refusal | null {
  if (room[0] === '!') return node.mayRead(author, room as RoomId) ? null : { type: 'no such room' };
  const checked = checkRoomName(room);
  if ('fault' in checked) return { type: 'bad text', fault: checked.fault };
  const ban = node.sanctions(room as RoomId).find(({ does, person }) => does === 'ban' && person === author);
  return ban ? silenced(ban) : null;
}

function silenced({ does, untilMs, reason }: Sanction): Refusal {
  return { type: 'silenced', by: does as 'ban' | 'mute', untilMs, reason };
}

function undoRefusal(node: FakeNode, author: AuthorId, { target }: Of<'undo'>): Refusal | null {
  const sanction = node.law.all.find(({ id }) => id === target);
  if (!sanction) return { type: 'no such message' };
  return node.law.moderates(author, sanction.person, sanction.room) ? null : NOT_ALLOWED;
}

function removeRefusal(node: FakeNode, author: AuthorId, { target, room }: Of<'remove'>): Refusal | null {
  const message = node.log.find((one) => one.id === target && one.room === room);
  if (!message) return { type: 'no such message' };
  return message.author === author || (message.to === null && node.power(author, room) >= 2) ? null : NOT_ALLOWED;
}

function roomRefusal(node: FakeNode, author: AuthorId, command: Asked): Refusal | null {
  const room = command.type === 'post' ? ('room' in command.to ? command.to.room : '') : (command as { room: RoomId }).room;
  if (command.type === 'prefer') return null;
  if (room && room[0] !== '@' && !node.isMember(author, room)) return { type: 'not in room' };
  const sanction = command.type === 'post' ? node.law.silencedBy(author, room) : undefined;
  if (sanction) return silenced(sanction);
  if ('target' in command && command.target && !node.log.some(({ id }) => id === command.target)) return { type: 'no such message' };
  const fault = command.type === 'post' ? textFault(command.text) : null;
  return fault && { type: 'bad text', fault };
}

export function take(node: FakeNode, { session, token, command }: Asking): Answer | null {
  switch (command.type) {
    case 'open': {
      const author = node.open(command.name, node.node.id);
      node.authors.set(session, author);
      return { type: 'opened', author, name: command.name };
    }
    case 'log in':
      return logIn(node, session, command.author);
    case 'register':
      return logIn(node, session, node.accounts.make(command.name, command.key, command.kdf));
    case 'post': {
      const options = { place: node.place(node.ownFeed), ...(command.target ? { target: command.target } : {}) };
      const { id } = node.post(node.authors.get(session)!, command.to, command.style, command.text, options);
      return node.holdsAck(session, token, id) ? null : { type: 'acknowledged', id, held: 1, wanted: 1 };
    }
    case 'make private room':
      return { type: 'made', room: node.found(node.authors.get(session)!, command.name) };
    default:
      act(node, node.authors.get(session)!, command);
      return { type: 'done' };
  }
}

/** A guest's rooms become the account's; then the two are told to be one. */
function logIn(node: FakeNode, session: SessionNo, by: AuthorId): Answer {
  const guest = node.authors.get(session);
  node.authors.set(session, by);
  node.notify({ type: 'account', author: by });
  if (guest) {
    for (const room of node.roomsOf(guest)) {
      node.join(by, room);
      node.leave(guest, room);
    }
    node.notify({ type: 'identified', author: guest, by });
    node.end(guest, 'logged in');
  }
  return { type: 'opened', author: by, name: node.nameOf(by) };
}

function act(node: FakeNode, author: AuthorId, command: Command): void {
  switch (command.type) {
    case 'rename':
      return node.rename(author, command.name);
    case 'settle name':
      (node.state.accounts.get(author) as Account).name = command.name;
      return node.notify(node.law.op(author, '', node.place(), { law: 'settle', subject: author, name: command.name, sealed: false }));
    case 'join':
      return node.join(author, command.room);
    case 'part':
      return node.part(author, command.room, command.reason);
    case 'topic':
      return node.topic(author, command.room, command.text);
    case 'typing':
      return types(node, author, command.to, command.on);
    case 'away':
      return isAway(node, author, command.text);
    case 'read':
      return node.markRead(author, command.room);
    case 'device':
      return node.accounts.device(author, command.certificate, command.label);
    case 'rekey':
      return node.accounts.rekey(command.person, command.key, command.kdf);
    case 'log out':
      node.accounts.logOut(author, command.keys);
      return command.keys.length === 0 ? node.expel(author, 'logged out everywhere') : undefined;
    case 'delete account':
      (node.state.accounts.get(command.person) as Account).isDeleted = true;
      node.notify({ type: 'account', author: command.person });
      return node.expel(command.person, 'the account was deleted');
    case 'prefer':
      return node.notify(node.board.prefer({ author, about: command.about, on: command.on, place: node.place() }));
    case 'report':
      return node.notify(node.board.report(author, node.log.find(({ id }) => id === command.target)!, command.reason, node.place()));
    case 'remove':
      return node.remove(author, node.log.find(({ id }) => id === command.target)!, command.reason);
    case 'react': {
      const does = { type: 'reaction', emoji: command.emoji, on: command.on } as const;
      return node.about('reaction', author, node.log.find(({ id }) => id === command.target)!, does);
    }
    default:
      return enact(node, author, command);
  }
}

export function types(node: FakeNode, author: AuthorId, target: Target, on: boolean): void {
  const to = 'author' in target ? target.author : null;
  const room = 'room' in target ? target.room : directRoomId(hashing, author, target.author);
  node.notify({ type: 'typing', author, room, to, on });
}

export function isAway(node: FakeNode, author: AuthorId, text: string): void {
  if (text === '') node.aways.delete(author);
  else node.aways.set(author, text);
  node.notify({ type: 'away', author, text: text === '' ? null : text });
}

/** Words of law, from here or elsewhere. */
export function enact(node: FakeNode, author: AuthorId, command: Command): void {
  const { law } = node;
  const place = node.place();
  const tell = (room: RoomId | '', body: object): void => node.notify(law.op(author, room, place, body as LawBody));
  switch (command.type) {
    case 'role':
      law.give(command.room, command.person, command.role);
      return tell(command.room, { law: 'role', subject: command.person, role: command.role, sealed: false });
    case 'invite':
      law.letIn(command.room, command.person);
      return tell(command.room, { law: 'invitation', subject: command.person });
    case 'kick':
    case 'ban':
    case 'mute':
      return sanction(node, author, command);
    case 'undo':
      law.all.splice(
        law.all.findIndex(({ id }) => id === command.target),
        1,
      );
      return node.notify(law.op(author, '', place, { law: 'undo' }, command.target));
  }
}

function sanction(node: FakeNode, by: AuthorId, command: Of<'kick'> | Of<'ban' | 'mute'>): void {
  const { room, person, reason, type: does } = command;
  const place = node.place();
  const notice = node.law.op(by, room, place, { law: does, subject: person, reason, until: 0 } as unknown as LawBody);
  if (does !== 'kick') node.law.all.push({ id: notice.op.id, does, room, person, by, untilMs: null, reason, atMs: hlcMs(place.key) });
  if (room && does !== 'mute') {
    if (node.state.rooms.get(room)) node.leave(person, room);
    if (room[0] === '!') node.law.putOut(room, person);
  }
  node.notify(notice);
  if (does === 'ban' && room === '') node.expel(person, `banned: ${reason}`);
}

/** Requests by which sessions begin and end. */

import type { Opened, Granted as WireGranted } from '../../../api/protocol.ts';
import { appPasswordSeed, parseAppPassword } from '../../../core/app-password.ts';
import type { Command, Granted } from '../../../core/commands.ts';
import { readKeyChain } from '../../../core/kinds/proof.ts';
import { fromHex } from '../../../lib/bytes.ts';
import { Reader as Bytes, decoding } from '../../../lib/codec.ts';
import type { Asking } from '../asking.ts';
import type { ApiDoor } from '../door.ts';
import { DIRECTS_MAX, PEOPLE_MAX, ROOM_PEOPLE_MAX } from '../limits.ts';
import { syncRooms } from '../live.ts';
import type { Reader } from '../reader.ts';
import { type Outcome, ok, outcomeOf, refused } from '../refusals.ts';
import { personName, wireCursor, wirePerson } from '../render.ts';
import { loadWishes, wishesEvent } from '../wishes.ts';
import { roomsFor } from './reading.ts';

const FULL = refused('busy', 'Too many sessions wait to be opened: try again in a moment.', 5000);
const WRONG = refused('bad key', 'The name or the app password is not right.');

function granted({ key, grant }: WireGranted): Granted {
  return { key, grant: fromHex(grant) };
}

export const guest: Asking<'guest'> = (door, reader, asked) => {
  if (!door.guests) return refused('no guests', 'Guests are not let in here: log in.');
  return begin(door, reader, { type: 'open granted', name: asked.name, ...granted(asked) });
};

export const account: Asking<'account'> = (door, reader, asked) => {
  const keys = decoding(() => {
    const bytes = new Bytes(fromHex(asked.chain));
    const chain = readKeyChain(bytes);
    bytes.finish();
    return chain;
  });
  if (keys instanceof Error) return refused('bad key', 'The certificates cannot be read.');
  return begin(door, reader, { type: 'log in granted', author: asked.author, ...keys, ...granted(asked) });
};

/** The node holds the session's key: for programs that can do no more than send a password. */
export const token: Asking<'token'> = (door, reader, { name, token: given }) => {
  const retryMs = door.tries.waitMs(reader.source, 1, door.now());
  if (retryMs > 0) return refused('throttled', 'Too many wrong app passwords: wait a moment.', retryMs);
  const app = parseAppPassword(given);
  const author = door.port.accountNamed(name);
  const signer = 'fault' in app || !author ? null : door.port.signerOf(author, door.port.keyPair(appPasswordSeed(door.hashing, app.bytes)));
  if (author && signer) return begin(door, reader, { type: 'log in', author, signer });
  door.tries.take(reader.source, 1, door.now());
  return WRONG;
};

export const regrant: Asking<'regrant'> = async (door, reader, asked) =>
  outcomeOf(await door.ask(reader, { type: 'regrant', ...granted(asked) }));

export const ping: Asking<'ping'> = ({ spreadMs }) => ok({ spreadMs });

export const ownAccount: Asking<'own account'> = ({ accounts }, { author }) => {
  const own = author && accounts.own(author);
  return own ? ok(own) : refused('no account', 'The session is no account’s.');
};

export const close: Asking<'close'> = (door, reader, { reason }) => {
  door.disconnect(reader, reason);
  reader.output?.end({ type: 'bye', reason: 'You closed the session.', resume: false });
  return ok();
};

/** Opens the session, or says why not. What comes in meanwhile waits. */
export async function begin(door: ApiDoor, reader: Reader, command: Command): Promise<Outcome> {
  const before = reader.state;
  if (before === 'open' && reader.isAccount) return refused('not allowed', 'The session is an account already.');
  reader.state = 'opening';
  const isLetIn = await door.gate.enter(reader, door.now());
  if (isLetIn) return letIn(door, reader, before, command).finally(() => door.gate.ended());
  reader.state = isClosed(reader) ? 'closed' : before;
  goOn(reader);
  return isClosed(reader) ? { unknown: true } : FULL;
}

async function letIn(door: ApiDoor, reader: Reader, before: Reader['state'], command: Command): Promise<Outcome> {
  const answer = await door.ask(reader, command);
  if (isClosed(reader)) return { unknown: true };
  if (answer.type !== 'opened') {
    reader.state = before;
    goOn(reader);
    return outcomeOf(answer);
  }
  door.admit(reader, answer.author);
  reader.isAccount = door.port.state.accounts.has(answer.author);
  const opened = await open(door, reader);
  goOn(reader);
  return opened;
}

function isClosed(reader: Reader): boolean {
  return reader.state === 'closed';
}

function goOn(reader: Reader): void {
  for (const resolve of reader.waiting.splice(0)) resolve();
}

/** What is live is told from here on: all that is beyond the cursor in the answer. */
async function open(door: ApiDoor, reader: Reader): Promise<Outcome> {
  const { port } = door;
  const [isRead, directs, unread] = await Promise.all([
    loadWishes(door, reader),
    port.directs(reader.no).catch(() => []),
    port.unread(reader.no).catch(() => []),
  ]);
  if (isClosed(reader)) return { unknown: true };
  if (!isRead) {
    // Whom they block is not known: they would be shown what they do not want to see.
    queueMicrotask(() => door.end(reader, 'The node cannot read now what the account wants to see.', true));
    return { unknown: true };
  }
  reader.state = 'open';
  reader.at = door.cursors.version;
  const author = reader.author!;
  for (const direct of directs.slice(0, DIRECTS_MAX)) door.partner(reader, direct.with);
  syncRooms(door, author);
  // What they are in is in the answer.
  reader.own = [];
  const counts = new Map(unread.map(({ room, count }) => [room, count]));
  const value: Opened = {
    author,
    name: personName(port.state, author),
    account: reader.isAccount,
    at: wireCursor(port.held()),
    rooms: roomsFor(door, reader, directs.slice(0, DIRECTS_MAX), counts),
    people: peopleFor(door, reader),
    wishes: wishesEvent(reader),
  };
  return ok(value);
}

function peopleFor(door: ApiDoor, reader: Reader) {
  const { port } = door;
  const people = new Set([reader.author!, ...reader.partners]);
  for (const room of reader.rooms) {
    for (const person of door.members(room).slice(0, ROOM_PEOPLE_MAX)) people.add(person);
    if (people.size >= PEOPLE_MAX) break;
  }
  return [...people].slice(0, PEOPLE_MAX).map((person) => wirePerson(port, person));
}

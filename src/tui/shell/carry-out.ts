/** What the face asks of the chat, carried out over the client library; what comes of it is told back. */

import type { Answers, Request, WireRoom } from '../../api/protocol.ts';
import { type Chat, RefusedError } from '../../client/chat.ts';
import type { AuthorId, MessageId, RoomId } from '../../core/ids.ts';
import { isoTime } from '../../lib/time.ts';
import type { Effect } from '../effects.ts';
import type { Input } from '../update.ts';

export type Tell = (input: Input) => void;

const FOUND_MAX = 30;
const AROUND_MAX = 60;
const ROOMS_MAX = 200;
const ACTS_MAX = 50;
/** After a page that could not be read, none is asked for in this time, in ms. */
const OLDER_PAUSE_MS = 2_000;

/** A line of the moderation log, as far as it is shown here (core/port.ts, Act). */
interface Act {
  readonly id: MessageId;
  readonly does: string;
  readonly by: AuthorId;
  readonly person: AuthorId | null;
  readonly atMs: number;
  readonly untilMs: number | null;
  readonly reason: string;
  readonly what: string;
  readonly undoneBy: AuthorId | null;
}

export class CarryOut {
  readonly #tell: Tell;
  readonly #older = new Set<RoomId>();

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  /** Carries out what is about the chat; false for what is not. */
  do(chat: Chat, effect: Effect): boolean {
    const done = this.#about(chat, effect);
    if (done === null) return false;
    done.catch((error: unknown) => this.#tell({ type: 'failed', words: wordsOf(error) }));
    return true;
  }

  #about(chat: Chat, effect: Effect): Promise<void> | null {
    switch (effect.type) {
      case 'open':
        return now(() => chat.open(effect.room));
      case 'older':
        return this.#readOlder(chat, effect.room);
      case 'post':
        // A refusal stands at the message itself.
        return now(
          () =>
            void chat
              .post(effect.to, effect.text, { style: effect.style, ...(effect.target ? { target: effect.target } : {}) })
              .catch(() => undefined),
        );
      case 'retry':
        return now(() => chat.retry(effect.id));
      case 'discard':
        return now(() => chat.discard(effect.id));
      case 'typing':
        return now(() => chat.typing(effect.to, effect.on));
      case 'ask':
        return this.#ask(chat, effect.request, effect.done);
      case 'passwd':
        return chat.changePassword(effect.now, effect.next).then(() => this.#tell({ type: 'said', words: 'your password is changed' }));
      default:
        return this.#look(chat, effect);
    }
  }

  /** What is looked up, to be shown. */
  #look(chat: Chat, effect: Effect): Promise<void> | null {
    switch (effect.type) {
      case 'person':
        return chat.person(effect.name).then((person) => this.#tell({ ...effect, type: 'person', person }));
      case 'direct':
        return chat.direct(effect.person).then((room) => this.#tell({ type: 'go', room }));
      case 'rooms':
        return this.#rooms(chat);
      case 'search':
        return this.#search(chat, effect);
      case 'around':
        return chat.around(effect.room, effect.id, AROUND_MAX).then((messages) => this.#tell({ type: 'around', messages }));
      case 'log':
        return this.#log(chat, effect.room);
      case 'take back':
        return this.#takeBack(chat, effect.room, effect.person, effect.name);
      default:
        return null;
    }
  }

  async #readOlder(chat: Chat, room: RoomId): Promise<void> {
    if (this.#older.has(room)) return;
    this.#older.add(room);
    try {
      await chat.older(room);
      this.#older.delete(room);
      this.#tell({ type: 'again' });
    } catch {
      setTimeout(() => {
        this.#older.delete(room);
        this.#tell({ type: 'again' });
      }, OLDER_PAUSE_MS).unref();
    }
  }

  async #ask(chat: Chat, request: Request, words: string): Promise<void> {
    this.#tell({ type: 'done', request, value: await asked(chat, request), words });
  }

  async #rooms(chat: Chat): Promise<void> {
    const rooms: WireRoom[] = [];
    for (let more = true; more && rooms.length < ROOMS_MAX; ) {
      const page = await chat.directory(rooms.at(-1)?.id);
      rooms.push(...page.rooms);
      more = page.more && page.rooms.length > 0;
    }
    this.#tell({ type: 'rooms', rooms });
  }

  async #search(chat: Chat, { words, room, author, next }: Effect & { type: 'search' }): Promise<void> {
    const asked = { text: words, limit: FOUND_MAX, ...(room ? { room } : {}), ...(author ? { author } : {}), ...(next ? { next } : {}) };
    const page = await chat.search(asked);
    this.#tell({ type: 'found', found: page.found, next: page.next, isMore: next !== undefined });
  }

  async #log(chat: Chat, room: RoomId | ''): Promise<void> {
    const acts = actsOf(await chat.moderationLog(room, undefined, ACTS_MAX));
    const name = (author: AuthorId | null): string => (author === null ? '' : (chat.view.people.get(author)?.name ?? author.slice(0, 8)));
    const lines = acts.map((act) =>
      [
        isoTime(act.atMs).slice(0, 16).replace('T', ' '),
        name(act.by),
        act.does,
        name(act.person),
        act.what,
        act.untilMs === null ? '' : `until ${isoTime(act.untilMs).slice(0, 16).replace('T', ' ')}`,
        act.reason === '' ? '' : `(${act.reason})`,
        act.undoneBy === null ? '' : `undone by ${name(act.undoneBy)}`,
      ]
        .filter((part) => part !== '')
        .join(' '),
    );
    this.#tell({ type: 'lines', title: 'What moderators did', lines: lines.length > 0 ? lines : ['nothing yet'] });
  }

  async #takeBack(chat: Chat, room: RoomId | '', person: AuthorId, name: string): Promise<void> {
    const acts = actsOf(await chat.moderationLog(room, undefined, ACTS_MAX));
    const act = acts.find((one) => one.person === person && one.undoneBy === null && ['ban', 'mute', 'kick'].includes(one.does));
    if (!act) return this.#tell({ type: 'failed', words: `there is nothing against ${name} here` });
    await chat.undo(act.id);
    this.#tell({ type: 'said', words: `the ${act.does} of ${name} is taken back` });
  }
}

async function now(act: () => void): Promise<void> {
  act();
}

function actsOf(answer: unknown): readonly Act[] {
  const { acts } = (answer ?? {}) as { acts?: readonly Act[] };
  return Array.isArray(acts) ? (acts as readonly Act[]) : [];
}

/** Through the library's own methods, where it has more to do than to ask. */
async function asked(chat: Chat, request: Request): Promise<unknown> {
  switch (request.do) {
    case 'join':
      return { room: await chat.join(request.room) } satisfies Answers['join'];
    case 'make private room':
      return { room: await chat.makePrivateRoom(request.name) } satisfies Answers['join'];
    case 'part':
      return chat.part(request.room);
    case 'edit':
      return chat.edit(request.room, request.target, request.text);
    case 'remove':
      return chat.remove(request.room, request.target, request.reason);
    case 'react':
      return chat.react(request.room, request.target, request.emoji, request.on);
    case 'pin':
      return chat.pin(request.room, request.target, request.on);
    case 'rename':
      return chat.rename(request.name);
    case 'away':
      return chat.away(request.text);
    default:
      return chat.ask(request);
  }
}

export function wordsOf(error: unknown): string {
  if (error instanceof RefusedError) return error.refused.words;
  return error instanceof Error ? error.message : String(error);
}

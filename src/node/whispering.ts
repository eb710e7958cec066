/**
 * What people are told of that is in no log: who types, and who is away. A whisper is believed only where the person granted the incarnation that says it, and is there;
 * that they type only where the law lets them speak. All of it is in memory, and ends by itself.
 */

import { type AuthorId, directRoomId, type RoomId } from '../core/ids.ts';
import type { Notice, SessionNo } from '../core/port.ts';
import type { State } from '../core/state.ts';
import type { Hashing } from '../core/suite.ts';
import { lineFault, REASON_LENGTH_MAX } from '../core/text.ts';
import type { Said, Whisper } from '../wire/whisper.ts';
import type { People } from './people.ts';
import type { Rights } from './rights.ts';
import type { Session, Sessions } from './sessions.ts';

/** How long somebody types without another word, in ms: clients say it every three seconds. */
export const TYPING_MS = 6000;
/** How often it is said again that somebody is away, and how often somebody's turn comes, in ms: a node that has many people away says it more rarely of each. */
export const AWAY_AGAIN_MS = 60_000;
const LOOK_MS = 1000;
/** People who type at once; more are not told of. */
const TYPING_MAX = 10_000;

interface Typing {
  readonly author: AuthorId;
  readonly room: RoomId;
  readonly to: AuthorId | null;
  untilMs: number;
}

interface Away {
  readonly whisper: Pick<Whisper, 'author' | 'node' | 'feed'>;
  readonly text: string;
}

interface OwnAway {
  readonly by: SessionNo;
  readonly text: string;
  saidMs: number;
}

export interface WhisperingOptions {
  readonly hashing: Hashing;
  readonly state: State;
  readonly people: People;
  readonly rights: Rights;
  readonly sessions: Sessions;
}

export class Whispering {
  readonly #o: WhisperingOptions;
  /** By author and room, those that end first standing first. */
  readonly #typing = new Map<string, Typing>();
  readonly #away = new Map<AuthorId, Away>();
  /** Of this node's sessions. */
  readonly #own = new Map<AuthorId, OwnAway>();
  #out: { readonly author: AuthorId; readonly said: Said }[] = [];
  #lookedMs = 0;

  constructor(options: WhisperingOptions) {
    this.#o = options;
  }

  /** What is to be told to all nodes, this one too. */
  takeOut(): readonly { readonly author: AuthorId; readonly said: Said }[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  /** A session here says so. */
  say({ author, no }: Session, said: Said, nowMs: number): void {
    if (author === null) return;
    if (said.type === 'away' && said.text !== '') this.#own.set(author, { by: no, text: said.text, saidMs: nowMs });
    else if (said.type === 'away') this.#own.delete(author);
    this.#out.push({ author, said });
  }

  /** A session ends: its person is not away by it any more. */
  closed({ no }: Session, author: AuthorId): void {
    if (this.#own.get(author)?.by !== no) return;
    this.#own.delete(author);
    if (this.#o.sessions.isOwn(author)) this.#out.push({ author, said: { type: 'away', text: '' } });
  }

  /** The text of somebody who is away; null where they are not. */
  awayOf(author: AuthorId): string | null {
    const away = this.#away.get(author);
    return away && this.#isThere(away.whisper) ? away.text : null;
  }

  /** A whisper came, or was said here. */
  hear(whisper: Whisper, nowMs: number): Notice[] {
    if (!this.#isThere(whisper)) return [];
    const { author, said } = whisper;
    return said.type === 'away' ? this.#isAway(whisper, said.text) : this.#types(author, said, nowMs);
  }

  #isThere({ author, node, feed }: Pick<Whisper, 'author' | 'node' | 'feed'>): boolean {
    return this.#o.people.isThere(author, node, feed);
  }

  #isAway(whisper: Whisper, text: string): Notice[] {
    if (lineFault(text, REASON_LENGTH_MAX)) return [];
    const { author, node, feed } = whisper;
    const before = this.awayOf(author);
    if (text === '') this.#away.delete(author);
    else this.#away.set(author, { whisper: { author, node, feed }, text });
    const after = text === '' ? null : text;
    return before === after ? [] : [{ type: 'away', author, text: after }];
  }

  #types(author: AuthorId, { to: target, on }: Extract<Said, { type: 'typing' }>, nowMs: number): Notice[] {
    const { hashing, state, rights, sessions } = this.#o;
    const to = 'author' in target ? target.author : null;
    const room = 'author' in target ? directRoomId(hashing, author, target.author) : target.room;
    if (to !== null ? !sessions.isOwn(to) : !state.rooms.get(room)?.members.get(author)?.value) return [];
    if (!on) return this.stops(author, room);
    const key = `${author} ${room}`;
    if (rights.speakFault(author, room) || (!this.#typing.has(key) && this.#typing.size >= TYPING_MAX)) return [];
    this.#typing.delete(key);
    this.#typing.set(key, { author, room, to, untilMs: nowMs + TYPING_MS });
    return [{ type: 'typing', author, room, to, on: true }];
  }

  /** Somebody types no more: they say so, or their message is there. */
  stops(author: AuthorId, room: RoomId): Notice[] {
    const typing = this.#typing.get(`${author} ${room}`);
    if (!typing) return [];
    this.#typing.delete(`${author} ${room}`);
    return [{ type: 'typing', author, room, to: typing.to, on: false }];
  }

  tick(nowMs: number): Notice[] {
    const notices: Notice[] = [];
    for (const { author, room, untilMs } of this.#typing.values()) {
      if (untilMs > nowMs) break;
      notices.push(...this.stops(author, room));
    }
    if (nowMs - this.#lookedMs < LOOK_MS) return notices;
    this.#lookedMs = nowMs;
    this.#sayAgain(nowMs);
    for (const [author, { whisper }] of this.#away) {
      if (this.#isThere(whisper)) continue;
      this.#away.delete(author);
      notices.push({ type: 'away', author, text: null });
    }
    return notices;
  }

  /** One person's turn, in the order in which they said it last; under the name that their session has now. */
  #sayAgain(nowMs: number): void {
    for (const [author, { by, text, saidMs }] of this.#own) {
      const now = this.#o.sessions.get(by)?.author ?? null;
      if (now === author && nowMs - saidMs < AWAY_AGAIN_MS) continue;
      this.#own.delete(author);
      if (now === null) continue;
      this.#own.set(now, { by, text, saidMs: nowMs });
      this.#out.push({ author: now, said: { type: 'away', text } });
      return;
    }
  }
}

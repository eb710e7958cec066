/** The client: the session (session.ts) at work on a machine. It carries out what the session asks for, tells it the time, and gives its users promises. */

import type { WireMesh } from '../api/mesh.ts';
import type { Acknowledged, Answers, Request, WirePerson, WireTarget } from '../api/protocol.ts';
import { type AuthorId, directRoomId, type MessageId, messageId, type RoomId } from '../core/ids.ts';
import { SALT_BYTES } from '../core/op.ts';
import { checkRoomName, foldName, NAME_LENGTH_MAX, textFault } from '../core/text.ts';
import { uuidV7 } from '../core/uuid.ts';
import { toHex } from '../lib/bytes.ts';
import type { AppPassword, Webhook } from './account.ts';
import { type Chat, type ChatEvents, type Posting, RefusedError, UnknownError, type Where } from './chat.ts';
import { Commands, PAGE } from './commands.ts';
import { Emitter } from './emitter.ts';
import type { Identity } from './identity.ts';
import { KEYS, type Kept } from './keeping.ts';
import type { Limits } from './limits.ts';
import { Line } from './line.ts';
import type { Platform } from './platform.ts';
import { type Effect, type Now, Session } from './session.ts';
import type { Storage } from './storage.ts';
import type { Connection, View } from './view.ts';

export interface ClientOptions {
  readonly platform: Platform;
  readonly storage: Storage;
  readonly identity: Identity;
  readonly urls: readonly string[];
  readonly kept: Kept | null;
  readonly limits: Limits;
}

/** Typing is said again no sooner than this, in ms: it ends by itself after six seconds. */
const TYPING_AGAIN_MS = 3000;
/** What was read is said after so long, in ms, for all that came meanwhile. */
const READ_MS = 1500;
/** How long a goodbye may take, in ms. */
const GOODBYE_MS = 500;
/** The longest time that a timer is set for, in ms. */
const TIMER_MS_MAX = 60_000;

interface Waiting {
  readonly resolve: (copies: Acknowledged) => void;
  readonly reject: (error: Error) => void;
}

export class Client extends Commands implements Chat {
  readonly #platform: Platform;
  readonly #storage: Storage;
  readonly #session: Session;
  readonly #events = new Emitter<ChatEvents>();
  readonly #listeners = new Set<(view: View) => void>();
  readonly #posts = new Map<MessageId, Waiting>();
  readonly #typed = new Map<string, number>();
  readonly #stopWaking: () => void;
  readonly ready: Promise<void>;
  #settleReady: { readonly resolve: () => void; readonly reject: (error: Error) => void } | null = null;
  #line: Line | null = null;
  #stopTimer: () => void = () => undefined;
  #view: View;
  #isTelling = false;
  #isWorking = false;
  #isClosed = false;
  #isReading = false;
  #meshWatchers = 0;
  lastPosted: MessageId | null = null;

  constructor(options: ClientOptions) {
    super();
    const { platform, storage, identity, urls, kept, limits } = options;
    this.#platform = platform;
    this.#storage = storage;
    this.#session = new Session({ identity, urls, kept, limits, random: platform.random, suite: platform.suite }, this.#now());
    this.#view = this.#session.view;
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.ready.catch(() => undefined);
    this.#stopWaking = platform.onWake(() => this.wake());
    this.#work();
  }

  #now(): Now {
    return { wallMs: this.#platform.wallMs(), monoMs: this.#platform.monoMs() };
  }

  get view(): View {
    return this.#session.view;
  }

  subscribe(listener: (view: View) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  on<E extends keyof ChatEvents>(event: E, listener: (value: ChatEvents[E]) => void): () => void {
    return this.#events.on(event, listener);
  }

  // The loop

  /** Does what there is to do, and sets the timer for what comes. */
  #work(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    for (let effects = this.#session.work(this.#now()); effects.length > 0; effects = this.#session.work(this.#now()))
      for (const effect of effects) this.#perform(effect);
    this.#isWorking = false;
    this.#stopTimer();
    const { wakeMs } = this.#session;
    if (wakeMs !== null && !this.#isClosed) {
      const ms = Math.min(TIMER_MS_MAX, Math.max(0, wakeMs - this.#platform.monoMs()));
      this.#stopTimer = this.#platform.timer(ms, () => this.#work());
    }
    this.#seen();
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'dial':
        this.#line = this.#dial(effect.connection, effect.url);
        break;
      case 'send':
        if (this.#line?.no === effect.connection) this.#line.send(effect.text);
        break;
      case 'hang up':
        if (this.#line?.no !== effect.connection) break;
        this.#line.close();
        this.#line = null;
        break;
      case 'save':
        this.#storage.set(effect.key, effect.value);
        break;
      case 'news':
        if (effect.news.type === 'gone') this.#events.emit('gone', { room: effect.news.room, id: effect.news.id });
        else this.#events.emit(effect.news.type, effect.news.item);
        break;
      case 'copies':
        this.#events.emit('copies', effect.copies);
        break;
      case 'posted':
        this.#posts.get(effect.copies.id)?.resolve(effect.copies);
        this.#posts.delete(effect.copies.id);
        break;
      case 'refused':
        this.#events.emit('refused', { id: effect.id, words: effect.words });
        this.#posts.get(effect.id)?.reject(new RefusedError({ type: 'refused', words: effect.words }));
        this.#posts.delete(effect.id);
        break;
    }
  }

  #dial(no: number, url: string): Line {
    return new Line(
      this.#platform,
      no,
      url,
      (text) => {
        this.#session.received(no, text, this.#now());
        this.#work();
      },
      (why) => {
        this.#session.closed(no, why, this.#now());
        this.#work();
      },
    );
  }

  /** Tells of what changed in the view, once for what came together. */
  #seen(): void {
    const before = this.#view;
    const view = this.#session.view;
    if (view === before) return;
    this.#view = view;
    if (view.connection !== before.connection) this.#connected(view.connection);
    if (view.connection.state === 'online' && before.connection.state !== 'online') this.#askMesh();
    this.#readOpen(before, view);
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      for (const listener of [...this.#listeners]) this.#events.guard(() => listener(this.#session.view));
    });
  }

  #connected(connection: Connection): void {
    this.#events.emit('connection', connection);
    if (connection.state === 'online') this.#settleReady?.resolve();
    if (connection.state !== 'over') return;
    const error = new RefusedError({ type: connection.type, words: connection.why });
    this.#settleReady?.reject(error);
    for (const { reject } of this.#posts.values()) reject(error);
    this.#posts.clear();
  }

  /** What came to the room that is looked at was read. */
  #readOpen(before: View, view: View): void {
    const { open } = view;
    if (open === null || !view.me?.account || this.#isReading) return;
    const timeline = view.rooms.get(open)?.timeline;
    const last = timeline?.at(-1);
    if (!last || last.author === view.me.author || before.rooms.get(open)?.timeline === timeline) return;
    this.#isReading = true;
    this.#platform.timer(READ_MS, () => {
      this.#isReading = false;
      if (this.view.open === open) this.read(open);
    });
  }

  wake(): void {
    this.#session.wake(this.#now());
    this.#work();
  }

  // Requests

  ask(request: Request): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#session.offer(
        request,
        (outcome) => {
          if (outcome.type === 'ok') resolve(outcome.value);
          else if (outcome.type === 'refused') reject(new RefusedError(outcome.refused));
          else reject(new UnknownError('The connection ended before the answer: it may have taken effect.'));
        },
        this.#now(),
      );
      this.#work();
    });
  }

  // Messages

  post(to: Where, text: string, { style = 'text', target }: Posting = {}): Promise<Acknowledged> {
    const posted = this.#post(to, text, style, target);
    // Whoever does not wait for it sees in the view what became of it.
    posted.catch(() => undefined);
    return posted;
  }

  #post(to: Where, text: string, style: 'text' | 'notice' | 'action', target: MessageId | undefined): Promise<Acknowledged> {
    const { author } = this.#session;
    // An app password does not say whose it is: the first node does.
    if (author === null) return this.ready.then(() => this.#post(to, text, style, target));
    const fault = textFault(text);
    if (fault) return Promise.reject(new RefusedError({ type: 'bad text', words: TEXT_WORDS[fault] }));
    const now = this.#now();
    const client = uuidV7(now.wallMs, this.#platform.random);
    const id = messageId(author, client);
    const salt = toHex(this.#platform.random.bytes(SALT_BYTES));
    const place = this.#targetOf(to);
    const where = 'room' in place ? { to: place, room: place.room } : this.#directTo(author, place.person);
    const outgoing = { id, client, salt, after: this.#session.after, ...where, style, text, ...(target && { target }) };
    const isTaken = this.#session.post({ ...outgoing, atMs: now.wallMs, delivery: { state: 'waiting' } }, now);
    if (!isTaken) return Promise.reject(new RefusedError({ type: 'outbox full', words: 'Too many messages wait to be sent.' }));
    this.lastPosted = id;
    return new Promise((resolve, reject) => {
      this.#posts.set(id, { resolve, reject });
      this.#work();
    });
  }

  /** A direct room is written to by whom it is with: nodes do not know one in which nothing was said. */
  #targetOf(to: Where): WireTarget {
    if (typeof to !== 'string') return to;
    const room = roomOf(to);
    const person = this.view.rooms.get(room)?.room.with;
    return person ? { person } : { room };
  }

  #directTo(author: AuthorId, person: AuthorId) {
    return { to: { person }, room: directRoomId(this.#platform.suite, author, person) };
  }

  retry(id: MessageId): void {
    this.#session.retry(id, this.#now());
    this.#work();
  }

  discard(id: MessageId): void {
    this.#session.discard(id, this.#now());
    this.#work();
  }

  typing(to: Where, on = true): void {
    const { author } = this.#session;
    if (author === null || this.view.connection.state !== 'online') return;
    const target = this.#targetOf(to);
    const key = JSON.stringify(target);
    const last = this.#typed.get(key) ?? Number.NEGATIVE_INFINITY;
    const now = this.#platform.monoMs();
    if (on ? now - last < TYPING_AGAIN_MS : !this.#typed.has(key)) return;
    if (on) this.#typed.set(key, now);
    else this.#typed.delete(key);
    this.tell({ do: 'typing', to: target, on }).catch(() => undefined);
  }

  // Rooms

  async direct(person: AuthorId): Promise<RoomId> {
    if (this.#session.author === null) await this.ready;
    return this.#session.direct(person, this.#now());
  }

  open(room: RoomId | null): void {
    this.#session.reduce({ type: 'look', room }, this.#now());
    this.#work();
    if (room === null || !this.view.rooms.has(room)) return;
    if (this.view.me?.account) this.read(room);
    if (this.view.rooms.get(room)!.members.length === 0) this.members(room).catch(() => undefined);
  }

  read(room: RoomId): void {
    this.#session.reduce({ type: 'read', room }, this.#now());
    if (this.view.me?.account) this.tell({ do: 'read', room }).catch(() => undefined);
    this.#work();
  }

  async older(room: RoomId, limit = PAGE): Promise<boolean> {
    const known = this.view.rooms.get(room);
    if (!known || known.isWhole || known.isLoading) return known !== undefined && !known.isWhole;
    this.#session.reduce({ type: 'loading', room, on: true }, this.#now());
    const before = this.#session.first(room);
    try {
      const { messages, more } = await this.get({ do: 'page', room, ...(before && { before }), limit });
      this.#session.reduce({ type: 'page', room, messages, isEnd: !more }, this.#now());
      return more || messages.length > 0;
    } finally {
      this.#session.reduce({ type: 'loading', room, on: false }, this.#now());
      this.#work();
    }
  }

  async members(room: RoomId): Promise<Answers['members']> {
    const answer = await this.get({ do: 'members', room });
    this.#session.reduce({ type: 'members', room, people: answer.people }, this.#now());
    this.#work();
    return answer;
  }

  async person(name: string): Promise<WirePerson | null> {
    const { person } = await this.get({ do: 'person', name });
    if (person) this.#session.reduce({ type: 'people', people: [person] }, this.#now());
    this.#work();
    return person;
  }

  async createAppPassword(password: string, label: string): Promise<AppPassword> {
    const { makeAppPassword } = await ownHand();
    return makeAppPassword(...(await this.#hand()), password, label);
  }

  async createWebhook(password: string, room: RoomId, label = `webhook ${room}`): Promise<Webhook> {
    const { connection } = this.view;
    const at = 'url' in connection ? connection.url : this.#session.urls[0]!;
    const made = await this.createAppPassword(password, [...label].slice(0, NAME_LENGTH_MAX).join(''));
    return { ...made, url: `${at}/api/v1/hooks/${encodeURIComponent(room.replace(/^#/, ''))}/${made.token}` };
  }

  async endAppPassword(password: string, key: string): Promise<void> {
    const { endDevices } = await ownHand();
    await endDevices(...(await this.#hand()), password, [key]);
  }

  async logoutEverywhere(password: string): Promise<void> {
    const [hand, { endEverything }] = [await this.#hand(), await ownHand()];
    await this.#rekeyed((before) => endEverything(...hand, password, before));
  }

  /** While its keys change the session is away from its node, which would end it for that. */
  async #rekeyed(change: (before: () => void) => Promise<Identity>): Promise<void> {
    const become = (identity: Identity | null): void => {
      this.#session.become(identity, this.#now());
      this.#work();
    };
    const { identity } = this.#session;
    let isHeld = false;
    const before = (): void => {
      isHeld = true;
      become(null);
    };
    try {
      become(await change(before));
    } catch (error) {
      if (isHeld) become(identity);
      throw error;
    }
  }

  async deleteAccount(password: string, erase: boolean): Promise<void> {
    const { deleteOwn } = await ownHand();
    await deleteOwn(...(await this.#hand()), password, erase);
  }

  async resetPassword(person: AuthorId, name: string, next: string): Promise<void> {
    const { keyFor } = await ownHand();
    await this.tell({ do: 'reset key', person, ...(await keyFor(this.#platform, name, next)) });
  }

  async #hand() {
    return [this.#platform, this.#session.urls, await this.ownAccount()] as const;
  }

  async changePassword(now: string, next: string): Promise<void> {
    const [hand, password] = [await this.#hand(), await import('./password.ts')];
    await this.#rekeyed((before) => password.changePassword(...hand, { now, next }, before));
  }

  watchMesh(): () => void {
    this.#meshWatchers++;
    if (this.#meshWatchers === 1) this.#askMesh();
    let isStopped = false;
    return () => {
      if (isStopped) return;
      isStopped = true;
      this.#meshWatchers--;
      if (this.#meshWatchers > 0) return;
      if (this.view.connection.state === 'online') this.tell({ do: 'watch mesh', on: false }).catch(() => undefined);
      this.#seeMesh(null);
    };
  }

  /** At each node anew: the picture is its own. */
  #askMesh(): void {
    if (this.#meshWatchers === 0 || this.view.connection.state !== 'online') return;
    this.get({ do: 'watch mesh', on: true })
      .then((mesh) => this.#meshWatchers > 0 && this.#seeMesh(mesh))
      .catch((error: unknown) => {
        const retryMs = error instanceof RefusedError ? error.refused.retryMs : undefined;
        if (retryMs !== undefined) this.#platform.timer(retryMs, () => this.#askMesh());
      });
  }

  #seeMesh(mesh: WireMesh | null): void {
    this.#session.reduce({ type: 'mesh', mesh }, this.#now());
    this.#work();
  }

  // The end

  cursor(room: RoomId) {
    return this.#session.cursorOf(room);
  }

  async logout(): Promise<void> {
    await this.#leave('logged out');
    for (const key of (await this.#storage.load()).keys()) this.#storage.set(key, null);
    this.#storage.set(KEYS.session, null);
    await this.#storage.flush();
    await this.#storage.close();
  }

  async close(): Promise<void> {
    await this.#leave('');
    await this.#storage.flush();
    await this.#storage.close();
  }

  async #leave(reason: string): Promise<void> {
    if (this.#isClosed) return;
    if (this.view.connection.state === 'online') {
      const goodbye = this.tell({ do: 'close', reason }).catch(() => undefined);
      await Promise.race([goodbye, new Promise<void>((resolve) => this.#platform.timer(GOODBYE_MS, resolve))]);
    }
    this.#session.end('closed', this.#now());
    this.#work();
    this.#isClosed = true;
    this.#stopTimer();
    this.#stopWaking();
  }
}

/** What signs with a password comes when it is needed: most people never do that on a page that they open. */
const ownHand = () => import('./account.ts');

const TEXT_WORDS = {
  empty: 'There is nothing to send.',
  'too long': 'The message is too long.',
  'bad character': 'The message holds a character that cannot be sent.',
} as const;

/** The id of a room, by its id or a public room's name. */
function roomOf(room: string): RoomId {
  if (!room.startsWith('#')) return room as RoomId;
  const checked = checkRoomName(room);
  return foldName('name' in checked ? checked.name : room) as RoomId;
}

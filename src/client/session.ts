/**
 * The client's side of a session: a state machine that is told the time, and returns what is to be done.
 *
 * It goes from node to node: dial, hello, open, catch up, online. When a node is lost, stuck or slow it goes to the next, and everything goes on from where it was: requests
 * are asked again (offers.ts), messages are handed in again (outbox.ts), rooms are caught up (resume.ts). What people see follows from it all (state.ts).
 */

import type { Hello, Opened, Refused, Request, Turn, WireMessage, WirePlace } from '../api/protocol.ts';
import { AHEAD_MAX, HLC_PER_MS } from '../core/hlc.ts';
import { type AuthorId, directRoomId, type MessageId, type NetworkId, type NodeId, type RoomId } from '../core/ids.ts';
import { Addresses } from './addresses.ts';
import { Admission } from './admission.ts';
import type { Effect, Host, Now, SessionOptions } from './host.ts';
import { authorOf, grant, type Identity, opening } from './identity.ts';
import { Keeper } from './keeper.ts';
import { type Link, readWord } from './link.ts';
import { Membership } from './membership.ts';
import { Offers } from './offers.ts';
import type { Outgoing } from './outbox.ts';
import { Patience } from './patience.ts';
import { Posting, unknownRoom } from './posting.ts';
import { Pulse } from './pulse.ts';
import { type Ending, type Outcome, Requests } from './requests.ts';
import { Resume } from './resume.ts';
import { type Input, initial, type News, nextExpiry, reduce, type State } from './state.ts';
import type { Connection, View } from './view.ts';

export type { Effect, Now, SessionOptions } from './host.ts';

export class Session {
  readonly #options: SessionOptions;
  readonly #addresses: Addresses;
  readonly #posting: Posting;
  readonly #keeper: Keeper;
  readonly #offers: Offers;
  readonly #resume: Resume;
  readonly #pulse: Pulse;
  identity: Identity;
  #state: State;
  #effects: Effect[] = [];
  #now: Now;
  #link: Link | null = null;
  #links = 0;
  #dialMs: number | null;
  #lastNode: NodeId | null = null;
  #network: NetworkId | null;
  #author: AuthorId | null;
  #after: number;
  readonly #patience: Patience;
  readonly #admission = new Admission();
  readonly #membership: Membership;
  #isOver = false;
  #isHeld = false;

  constructor(options: SessionOptions, now: Now) {
    const { kept, limits, urls, random, identity, suite } = options;
    this.#options = options;
    this.#now = now;
    this.identity = identity;
    this.#state = initial(limits.keep);
    this.#addresses = new Addresses([...urls, ...(kept?.nodes ?? [])], limits, random);
    this.#offers = new Offers(limits);
    this.#pulse = new Pulse(limits, random);
    this.#patience = new Patience(limits, this.#addresses);
    this.#network = kept?.session?.network ?? null;
    this.#author = kept?.session?.author ?? authorOf(identity, suite);
    this.#after = kept?.session?.after ?? 0;
    this.#dialMs = now.monoMs;
    const host = this.#host();
    this.#resume = new Resume(host);
    this.#posting = new Posting(host);
    this.#keeper = new Keeper(host);
    this.#membership = new Membership(host, this.#resume, this.#posting);
    if (this.#author) this.#reduce({ type: 'me', me: { author: this.#author, name: identity.name, account: identity.type !== 'guest' } });
    for (const { room, items, isWhole, cursor } of kept?.rooms ?? []) {
      this.#reduce({ type: 'restored', room, items, isWhole });
      this.#resume.restore(room.id, cursor);
    }
    for (const outgoing of kept?.outbox ?? []) this.#posting.restore(outgoing);
    this.#connecting('');
    this.#keeper.session();
  }

  /** The session, as its parts see it. */
  #host(): Host {
    const self = this;
    return {
      get state() {
        return self.#state;
      },
      get now() {
        return self.#now;
      },
      get author() {
        return self.#author;
      },
      get after() {
        return self.#after;
      },
      get isBehind() {
        return self.#resume.isBehind;
      },
      limits: this.#options.limits,
      reduce: (input) => this.#reduce(input),
      effect: (effect) => void this.#effects.push(effect),
      ask: (request, then) => this.#ask(request, then),
      touched: (room) => this.#touch(room),
      join: (room) => this.#membership.join(room),
      isCaughtUp: (room) => this.#resume.isCaughtUp(room),
      cursor: (room) => this.#resume.cursors.get(room),
      kept: () => ({
        session: { version: 1, identity: this.identity, network: this.#network, author: this.#author, after: this.#after },
        urls: this.#addresses.urls,
      }),
    };
  }

  get view(): View {
    return this.#state.view;
  }

  get author(): AuthorId | null {
    return this.#author;
  }

  get urls(): readonly string[] {
    return this.#addresses.urls;
  }

  /** The highest history key that was shown: what is written now comes after it. */
  get after(): number {
    return this.#after;
  }

  cursorOf(room: RoomId) {
    return this.#resume.cursor(room);
  }

  // What comes in

  /** A node's word. */
  received(connection: number, text: string, now: Now): void {
    this.#now = now;
    const link = this.#link;
    if (link?.no !== connection) return;
    const word = readWord(text);
    if (!word) return this.#fail('the node said something that is no answer', now);
    link.heardMs = now.monoMs;
    switch (word.type) {
      case 'hello':
        this.#greeted(link, word);
        break;
      case 'turn':
        this.#turned(link, word);
        break;
      case 'bye':
        if (word.resume) this.#fail(word.reason, now);
        else this.#end(word.reason);
        break;
      case 'wait':
        link.requests.wait(now.monoMs + word.ms);
        break;
      default:
        link.requests.answer(word);
    }
  }

  closed(connection: number, why: string, now: Now): void {
    this.#now = now;
    if (this.#link?.no === connection) this.#fail(why, now);
  }

  /** The machine woke up, or is on the network again: tries at once. */
  wake(now: Now): void {
    this.#now = now;
    if (!this.#link && !this.#isOver && !this.#isHeld) this.#dialMs = now.monoMs;
    this.#pulse.wake();
  }

  /** The outcome is told to `settle`, once. */
  offer(request: Request, settle: (outcome: Outcome) => void, now: Now): void {
    this.#now = now;
    if (this.#isOver) return settle({ type: 'refused', refused: { type: 'over', words: 'The session is over.' } });
    this.#offers.add(request, now.monoMs, (outcome) => {
      if (outcome.type === 'ok') this.#membership.followed(request, outcome.value);
      settle(outcome);
    });
  }

  /** Puts a message into the outbox. False: it is full. */
  post(outgoing: Outgoing, now: Now): boolean {
    this.#now = now;
    return this.#posting.add(outgoing);
  }

  retry(id: MessageId, now: Now): void {
    this.#now = now;
    this.#posting.retry(id);
  }

  discard(id: MessageId, now: Now): void {
    this.#now = now;
    this.#posting.discard(id);
  }

  /** The direct room with somebody, which is in the view from now on. */
  direct(person: AuthorId, now: Now): RoomId {
    this.#now = now;
    const room = directRoomId(this.#options.suite, this.#author!, person);
    if (!this.#state.rooms.has(room)) this.#reduce({ type: 'room', room: unknownRoom(room, person, this.view) });
    return room;
  }

  /** The place of the first message of a timeline. */
  first(room: RoomId): WirePlace | null {
    return this.#state.rooms.get(room)?.timeline.items[0]?.place ?? null;
  }

  /** Who it is from the next connection on: another key certifies the session. Null: its keys are about to end, and it dials no node before it is somebody. */
  become(identity: Identity | null, now: Now): void {
    this.#now = now;
    this.#isHeld = identity === null;
    this.identity = identity ?? this.identity;
    this.#keeper.session();
    this.#fail('the keys of the session change', now);
    this.#dialMs = identity ? now.monoMs : null;
  }

  /** What a face says of what is looked at, and what only the view needs to know. */
  reduce(input: Input, now: Now): void {
    this.#now = now;
    this.#reduce(input);
  }

  /** Ends everything here; nothing is tried any more. */
  end(why: string, now: Now): void {
    this.#now = now;
    this.#end(why);
  }

  // What is to be done

  /** When it wants to be told the time next; null for never. */
  get wakeMs(): number | null {
    if (this.#isOver) return this.#keeper.dueMs;
    const link = this.#link;
    const { monoMs, wallMs } = this.#now;
    const typing = nextExpiry(this.#state);
    const times: (number | null)[] = [
      this.#dialMs,
      this.#keeper.dueMs,
      this.#offers.wakeMs(link?.isOpen === true && !link.isPaused),
      typing === null ? null : monoMs + typing - wallMs,
    ];
    if (link) {
      times.push(this.#patience.wakeMs(link));
      if (link.isOpen && !link.isPaused)
        times.push(this.#pulse.dueMs, this.#resume.isDone ? this.#posting.wakeMs : null, this.#resume.wakeMs);
    }
    const due = times.filter((time) => time !== null);
    return due.length > 0 ? Math.min(...due) : null;
  }

  /** Does what is due, and returns all there is to do. */
  work(now: Now): Effect[] {
    this.#now = now;
    if (!this.#isOver) this.#due(now);
    this.#keeper.work();
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  #due(now: Now): void {
    const { monoMs } = now;
    const typing = nextExpiry(this.#state);
    if (typing !== null && typing <= now.wallMs) this.#reduce({ type: 'time' });
    this.#offers.expire(monoMs);
    if (this.#dialMs !== null && monoMs >= this.#dialMs) this.#dial();
    const link = this.#link;
    if (!link) return;
    const why = this.#patience.verdict(link, monoMs);
    if (why !== null) return this.#fail(why, now);
    if (link.isOpen && !link.isPaused) this.#serve(link, now);
    if (this.#link === link)
      for (const text of link.requests.flush(monoMs)) this.#effects.push({ type: 'send', connection: link.no, text });
  }

  /** What an open session has to say. */
  #serve(link: Link, { monoMs }: Now): void {
    if (this.#pulse.isDue(monoMs)) this.#ping(link);
    this.#offers.flush(monoMs, (request, then) => link.requests.ask(request, (ending) => then(ending, this.#now.monoMs)));
    // What one writes comes after what one was shown, at whatever node: it is caught up with first.
    if (this.#resume.isDone) this.#posting.work(link.hello?.nowMs ?? 0);
    this.#resume.refresh(monoMs);
  }

  // The connection

  #connecting(why: string): void {
    const { connection } = this.view;
    const sinceMs = connection.state === 'connecting' && connection.sinceMs > 0 ? connection.sinceMs : this.#now.wallMs;
    this.#connection({ state: 'connecting', sinceMs, tried: this.#addresses.inVain, why });
  }

  #connection(connection: Connection, failedOver = false): void {
    this.#reduce({ type: 'connection', connection, ...(failedOver && { failedOver: true as const }) });
  }

  #dial(): void {
    const { monoMs } = this.#now;
    this.#dialMs = null;
    if (this.#link) return;
    const url = this.#addresses.next(monoMs);
    if (!url) {
      this.#dialMs = monoMs + Math.max(10, this.#addresses.delayMs(monoMs));
      return;
    }
    const no = ++this.#links;
    this.#link = { no, url, sinceMs: monoMs, requests: new Requests(), hello: null, heardMs: monoMs, isOpen: false, isPaused: false };
    this.#effects.push({ type: 'dial', connection: no, url });
  }

  /** Leaves a node, for the next. `retryMs`: it asked to be left alone for so long. */
  #fail(why: string, { monoMs }: Now, retryMs = 0): void {
    const link = this.#link;
    if (!link) return;
    this.#link = null;
    this.#patience.anew();
    this.#effects.push({ type: 'hang up', connection: link.no });
    this.#addresses.failed(link.url, monoMs, retryMs);
    this.#resume.end();
    this.#posting.anew();
    link.requests.end();
    this.#dialMs = monoMs + this.#addresses.delayMs(monoMs);
    this.#connecting(why);
  }

  #end(why: string, type = 'bye'): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const link = this.#link;
    this.#link = null;
    this.#dialMs = null;
    if (link) this.#effects.push({ type: 'hang up', connection: link.no });
    this.#resume.end();
    link?.requests.end();
    this.#connection({ state: 'over', type, why });
    this.#offers.end(why);
    this.#keeper.save();
  }

  #ask(request: Request, then: (ending: Ending) => void): void {
    this.#link?.requests.ask(request, then);
  }

  // Opening

  #greeted(link: Link, hello: Hello): void {
    if (link.hello) return;
    link.hello = hello;
    this.#addresses.met(link.url, hello.node.id);
    this.#addresses.spreadMs = hello.spreadMs;
    if (this.#network && this.#network !== hello.network.id) return this.#fail('that is a node of another network', this.#now);
    this.#reduce({ type: 'hello', hello });
    this.#addresses.learn(hello.nodes, link.url);
    this.#open(link, hello);
  }

  #open(link: Link, hello: Hello): void {
    this.#ask(opening(this.identity, this.#options.suite, hello), (ending) => {
      if (ending.type === 'ok') return this.#opened(link, hello, ending.value as Opened);
      if (ending.type === 'unknown') return this.#fail('the node could not open a session', this.#now);
      if (ending.type === 'refused') this.#notOpened(link, hello, ending.refused);
    });
  }

  #notOpened(link: Link, hello: Hello, refused: Refused): void {
    const others = this.#addresses.urls.filter((url) => url !== link.url);
    const verdict = this.#admission.refused(refused, link.url, others, this.#lastNode !== null ? this.identity : null);
    if (verdict.type === 'elsewhere') return this.#fail(refused.words, this.#now, refused.retryMs);
    if (verdict.type === 'over') return this.#end(refused.words, refused.type);
    this.identity = verdict.identity;
    this.#open(link, hello);
  }

  #opened(link: Link, { node, network }: Hello, opened: Opened): void {
    link.isOpen = true;
    this.#admission.opened();
    this.#pulse.start(this.#now.monoMs);
    this.#network = network.id;
    this.#author = opened.author;
    const failedOver = this.#lastNode !== null && this.#lastNode !== node.id;
    this.#lastNode = node.id;
    const mine = this.#membership.mine();
    this.#connection({ state: 'catching up', node, url: link.url }, failedOver);
    this.#reduce({ type: 'opened', opened });
    this.#resume.start(opened, this.#now.monoMs);
    this.#membership.compare(mine, opened);
    for (const { id } of opened.rooms) this.#keeper.touch(id);
    this.#keeper.session();
    this.#settled();
  }

  /** Online, when everything that was missed is there. */
  #settled(): void {
    const link = this.#link;
    if (!link?.isOpen || !link.hello || this.view.connection.state !== 'catching up' || !this.#resume.isDone) return;
    this.#patience.served();
    this.#addresses.served(link.url);
    this.#connection({ state: 'online', node: link.hello.node, url: link.url, rttMs: this.#pulse.rttMs });
  }

  /** Asks whether the node is there. */
  #ping(link: Link): void {
    this.#pulse.ping(
      link.requests,
      () => this.#now.monoMs,
      (rttMs, isSlow, answer) => {
        if (this.#link !== link) return;
        this.#addresses.spreadMs = answer?.spreadMs;
        this.#addresses.measured(link.url, rttMs);
        const { connection } = this.view;
        if (connection.state === 'online') this.#connection({ ...connection, rttMs: this.#pulse.rttMs });
        if (isSlow && this.#addresses.hasOther(link.url)) this.#patience.slow();
      },
    );
  }

  // Turns

  #turned(link: Link, turn: Turn): void {
    if (!link.isOpen) return;
    for (const event of turn.events) {
      if (event.type === 'message') this.#shown(event.message);
      else if (event.type === 'copies') this.#posting.held(event);
      else if (event.type === 'nodes') this.#addresses.learn(event.nodes, link.url);
      else if (event.type === 'regrant') this.#regrant(link, event.feed);
      else if (event.type === 'room' && event.is === null) this.#keeper.touch(event.room);
      else if (event.type === 'room' && event.is?.joined) this.#membership.joinedAt(event.room);
    }
    this.#resume.turn(turn, this.#now.monoMs);
    for (const event of turn.events) if ('message' in event) this.#touch(event.message.room);
    if (turn.at) this.#keeper.later();
  }

  #regrant(link: Link, feed: Hello['feed']): void {
    const granted = link.hello && grant(this.identity, this.#options.suite, { ...link.hello, feed });
    if (!granted) return;
    link.isPaused = true;
    this.#ask({ do: 'regrant', ...granted }, (ending) => {
      link.isPaused = false;
      if (ending.type === 'refused') this.#fail(ending.refused.words, this.#now);
    });
  }

  #shown({ id, place, author }: WireMessage): void {
    this.#raise(place[0]);
    if (author === this.#author) this.#posting.shown(id);
  }

  /** A key was shown; what claims to be hours ahead is nobody's `after` (ADR 8). */
  #raise(key: number): void {
    if (key > this.#after && key <= this.#now.wallMs * HLC_PER_MS + AHEAD_MAX) this.#after = key;
  }

  // The view, and what is kept

  #reduce(input: Input): void {
    if ('messages' in input) for (const { place } of input.messages) this.#raise(place[0]);
    this.#state = reduce(this.#state, input, this.#now.wallMs);
    const { me } = this.view;
    // A guest keeps the name that they gave themselves.
    if (me && this.identity.type === 'guest' && me.name !== this.identity.name) this.identity = { ...this.identity, name: me.name };
    for (const news of this.#state.news) this.#told(news);
  }

  #told(news: News): void {
    this.#effects.push({ type: 'news', news });
    if (news.type === 'message') this.#shown(news.item);
    this.#touch(news.type === 'gone' ? news.room : news.item.room);
  }

  #touch(room: RoomId): void {
    this.#keeper.touch(room);
    this.#settled();
  }
}

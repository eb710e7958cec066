/** A session of the library in the fake network: carries out its effects in virtual time, and watches that nothing it was shown vanishes. */

import assert from 'node:assert/strict';
import { type MessageId, messageId, type RoomId } from '../../core/ids.ts';
import type { Suite } from '../../core/suite.ts';
import { uuidV7 } from '../../core/uuid.ts';
import { makeSuite } from '../../lib/crypto.ts';
import { seededRandom } from '../../lib/prng.ts';
import type { Effect, Now } from '../host.ts';
import { readKept } from '../keeping.ts';
import { LIMITS, type Limits } from '../limits.ts';
import type { Outcome } from '../requests.ts';
import { Session } from '../session.ts';
import { type FakeNetwork, ROOM } from './fake-network.ts';

const system = makeSuite();
/** Keys and names as the fake network reads them: an author is the beginning of its key. */
const suite: Suite = {
  ...system,
  keyPair: (seed) => ({ publicKey: Buffer.from(seed).toString('hex'), sign: () => new Uint8Array(64) }),
  name: (tag, bytes) => (tag === 'skein/author/1' ? Buffer.from(bytes).toString('hex').slice(0, 32) : system.name(tag, bytes)),
};

interface Line {
  readonly no: number;
  readonly say: (text: string) => void;
  readonly hangUp: () => void;
}

export class FakeClient {
  readonly network: FakeNetwork;
  readonly index: number;
  session: Session;
  /** What is stored. */
  readonly kept = new Map<string, string>();
  readonly sent: { readonly id: MessageId; readonly text: string }[] = [];
  readonly effects: Effect[] = [];
  readonly failoversMs: number[] = [];
  readonly #limits: Partial<Limits>;
  readonly #seen = new Set<MessageId>();
  #line: Line | null = null;
  #generation = 0;
  #wakeMs = Number.POSITIVE_INFINITY;
  #lostMs: number | null = null;
  #urls: readonly string[];

  constructor(network: FakeNetwork, index: number, limits: Partial<Limits> = {}, urls: readonly string[] = network.urls) {
    this.network = network;
    this.index = index;
    this.#limits = limits;
    this.#urls = urls;
    this.session = this.#make();
    this.work();
  }

  get now(): Now {
    return { wallMs: this.network.time.wallMs, monoMs: this.network.time.nowMs };
  }

  #make(): Session {
    const kept = readKept(this.kept);
    const seed = String(this.index + 10).padEnd(64, 'c');
    return new Session(
      {
        identity: { type: 'guest', name: `c${this.index}`, asked: `c${this.index}`, seed },
        urls: this.#urls,
        kept: kept.session ? kept : null,
        limits: { ...LIMITS, ...this.#limits },
        random: seededRandom(this.network.random.u32()),
        suite,
      },
      this.now,
    );
  }

  /** The machine goes off, and on again: all that is left is what was stored. */
  reboot(): void {
    this.#drop();
    this.#generation++;
    this.#wakeMs = Number.POSITIVE_INFINITY;
    // What it was shown and did not store is fetched anew; nothing that the network has is gone.
    this.#seen.clear();
    this.session = this.#make();
    this.work();
  }

  /** The connection ends between two words. */
  cut(): void {
    const line = this.#line;
    if (!line) return;
    this.#drop();
    this.session.closed(line.no, 'cut', this.now);
    this.work();
  }

  #drop(): void {
    this.#line?.hangUp();
    this.#line = null;
  }

  post(text: string, room: RoomId = ROOM): MessageId {
    const client = uuidV7(this.now.wallMs, this.network.random);
    const id = messageId(this.session.author!, client);
    const salt = 'ee'.repeat(16);
    const fields = { id, client, salt, after: this.session.after, to: { room }, room, style: 'text', text } as const;
    this.session.post({ ...fields, atMs: this.now.wallMs, delivery: { state: 'waiting' } }, this.now);
    this.sent.push({ id, text });
    this.work();
    return id;
  }

  ask(request: Parameters<Session['offer']>[0]): Promise<Outcome> {
    return new Promise((resolve) => {
      this.session.offer(request, resolve, this.now);
      this.work();
    });
  }

  join(room: RoomId = ROOM): void {
    void this.ask({ do: 'join', room });
  }

  /** Loads everything before the first message of a timeline. */
  older(room: RoomId = ROOM): void {
    const before = this.session.first(room);
    const page = { do: 'page', room, ...(before && { before }), limit: 200 } as const;
    this.session.offer(
      page,
      (outcome) => {
        if (outcome.type !== 'ok') return;
        const { messages, more } = outcome.value as { messages: never[]; more: boolean };
        this.session.reduce({ type: 'page', room, messages, isEnd: !more }, this.now);
      },
      this.now,
    );
    this.work();
  }

  ids(room: RoomId = ROOM): MessageId[] {
    const shown = this.session.view.rooms.get(room)?.timeline ?? [];
    return shown.filter(({ place }) => (place[1] as string) !== '').map(({ id }) => id);
  }

  work(): void {
    for (let effects = this.session.work(this.now); effects.length > 0; effects = this.session.work(this.now))
      for (const effect of effects) this.#perform(effect);
    this.#watch();
    const { wakeMs } = this.session;
    if (wakeMs === null || wakeMs >= this.#wakeMs) return;
    const generation = this.#generation;
    this.#wakeMs = wakeMs;
    this.network.time.after(Math.max(1, wakeMs - this.network.time.nowMs), () => {
      if (generation !== this.#generation) return;
      this.#wakeMs = Number.POSITIVE_INFINITY;
      this.work();
    });
  }

  #watch(): void {
    const { connection } = this.session.view;
    if (connection.state === 'connecting') this.#lostMs ??= this.network.time.nowMs;
    else if (connection.state === 'online' && this.#lostMs !== null) {
      this.failoversMs.push(this.network.time.nowMs - this.#lostMs);
      this.#lostMs = null;
    }
    const ids = this.ids();
    const now = new Set(ids);
    assert.equal(now.size, ids.length, 'nothing shows twice');
    for (const id of this.#seen) assert.ok(now.has(id), 'what was shown does not vanish');
    for (const id of ids) this.#seen.add(id);
  }

  #perform(effect: Effect): void {
    this.effects.push(effect);
    if (effect.type === 'save') {
      if (effect.value === null) this.kept.delete(effect.key);
      else this.kept.set(effect.key, effect.value);
    } else if (effect.type === 'dial') this.#dial(effect.connection, effect.url);
    else if (effect.type === 'send' && this.#line?.no === effect.connection) {
      const line = this.#line;
      this.network.time.after(1, () => line.say(effect.text));
    } else if (effect.type === 'hang up' && this.#line?.no === effect.connection) this.#drop();
  }

  #dial(no: number, url: string): void {
    const { time } = this.network;
    const generation = this.#generation;
    const isOld = (): boolean => generation !== this.#generation || (this.#line !== null && this.#line.no !== no);
    const heard = (text: string): void => {
      time.after(1, () => {
        if (isOld() || !this.#line) return;
        this.session.received(no, text, this.now);
        this.work();
      });
    };
    const closed = (): void => {
      time.after(1, () => {
        if (isOld()) return;
        this.#line = null;
        this.session.closed(no, 'the connection ended', this.now);
        this.work();
      });
    };
    const accepted = this.network.node(url).accept(heard, closed);
    if (accepted) this.#line = { no, ...accepted };
    else closed();
  }
}

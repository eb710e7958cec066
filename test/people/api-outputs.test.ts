/**
 * Over towns with the API door at each node, and everything that may happen to rooms and people in them: nobody is ever told a text that they may not read then. Like
 * outputs.test.ts, which does so for IRC.
 */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Request, WirePlace } from '../../src/api/protocol.ts';
import { type AuthorId, directRoomId, type MessageId, type RoomId } from '../../src/core/ids.ts';
import { type Random, seededRandom } from '../../src/lib/prng.ts';
import { ApiWatcher, TownApi } from './api-client.ts';
import { rest } from './door.ts';
import { isInside } from './inside.ts';
import { type House, Town } from './town.ts';

const NAMES = ['ann', 'bob', 'cid', 'dee'] as const;
const STEPS = 50;
const DOES =
  'say say say direct direct join join join part invite invite invite kick oust ban unban topic block unblock page page beyond refresh hang search look report remove react edit pin login quit cut heal typing'.split(
    ' ',
  );

interface Secret {
  readonly room: RoomId;
  readonly by: AuthorId;
  readonly two: readonly AuthorId[];
  /** Whether who blocks its author is not shown it. */
  readonly isSaid: boolean;
}

class World {
  readonly town: Town;
  readonly doors: TownApi[];
  readonly people: AuthorId[];
  readonly faults: string[] = [];
  readonly sent = { live: 0, paged: 0, private: 0, direct: 0 };
  readonly #random: Random;
  readonly #secrets: Secret[] = [];
  #clients: ApiWatcher[] = [];
  #blocked = new Map<string, Set<AuthorId>>();
  #dens: RoomId[] = [];
  #step = 0;

  constructor(seed: number, blind: boolean) {
    this.#random = seededRandom(seed);
    this.town = new Town(2 + (seed % 2));
    this.doors = this.town.houses.map((house) => new TownApi(house, blind));
    this.people = NAMES.map((name, i) => this.town.citizen(i % this.town.houses.length, name).author);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#random.u32() % from.length]!;
  }

  #secret(room: RoomId, by: AuthorId, two: readonly AuthorId[] = [], isSaid = true): string {
    this.#secrets.push({ room, by, two, isSaid });
    return `needle <${this.#secrets.length - 1}>`;
  }

  readonly #watch = (client: ApiWatcher, frame: string): void => {
    const { author } = client;
    const isReport = frame.includes('"reports":') || frame.includes('"acts":');
    for (const [, no] of frame.matchAll(/<(\d+)>/g)) {
      const secret = this.#secrets[Number(no)]!;
      if (author !== null && secret.by === author) continue;
      this.sent[frame.startsWith('{"type":"turn"') ? 'live' : 'paged']++;
      if (secret.room[0] === '!') this.sent.private++;
      if (secret.room[0] === '@') this.sent.direct++;
      if (!this.#mayBeTold(client, author, isReport ? { ...secret, isSaid: false } : secret))
        this.faults.push(`step ${this.#step}: ${author?.slice(0, 4)} was told ${frame.slice(0, 2000)}`);
    }
  };

  #mayBeTold({ at: { house } }: ApiWatcher, author: AuthorId | null, { room, two, by, isSaid }: Secret): boolean {
    if (author === null) return false;
    if (isSaid && this.#blocked.get(`${house.index} ${author}`)?.has(by) && this.#blockedNow(house, author).has(by)) return false;
    if (room[0] === '@') return two.includes(author);
    return room[0] === '#' || isInside(house, author, room);
  }

  #blockedNow(house: House, author: AuthorId): Set<AuthorId> {
    return new Set(house.store.wishesNow(author).flatMap(({ about, on }) => (on && about.type === 'person' ? [about.person] : [])));
  }

  async run(): Promise<void> {
    for (const i of NAMES.keys()) await this.#logIn(i);
    for (const client of this.#clients) client.ask({ do: 'join', room: '#square' });
    const asks = [0, 1].map((i) => this.#clients[i]!.ask({ do: 'make private room', name: `den${i}` }));
    await this.#settle();
    this.#dens = asks.map((ask, i) => (this.#clients[i]!.value(ask) as { room: { id: RoomId } }).room.id);
    const [den, nook] = this.#dens as [RoomId, RoomId];
    for (const i of [1, 2]) this.#clients[0]!.ask({ do: 'invite', room: den, person: this.people[i]! });
    for (const i of [2, 3]) this.#clients[1]!.ask({ do: 'invite', room: nook, person: this.people[i]! });
    await this.#settle();
    for (const client of this.#clients) for (const room of this.#dens) client.ask({ do: 'join', room });
    await rest(this.town);
    for (this.#step = 1; this.#step <= STEPS; this.#step++) {
      for (const { house } of this.doors)
        for (const author of this.people) this.#blocked.set(`${house.index} ${author}`, this.#blockedNow(house, author));
      for (let n = this.#random.u32() % 4; n >= 0; n--) await this.#act();
      if (this.#random.u32() % 3 === 0) this.town.settle();
      await rest(this.town);
    }
    this.town.heal();
    await this.#settle();
  }

  async #settle(): Promise<void> {
    await rest(this.town);
    this.town.settle();
    await rest(this.town);
  }

  async #logIn(i: number): Promise<void> {
    const client = new ApiWatcher(this.#pick(this.doors), this.#watch);
    this.#clients.push(client);
    await client.logIn(NAMES[i]!);
  }

  async #act(): Promise<void> {
    this.#clients = this.#clients.filter(({ isEnded }) => !isEnded);
    const does = this.#pick(DOES);
    if (does === 'login' || this.#clients.length === 0) return this.#logIn(this.#pick([...NAMES.keys()]));
    if (does === 'heal') return this.town.heal();
    if (does === 'cut') return this.town.divide(1);
    const client = this.#pick(this.#clients);
    if (client.author === null) return;
    if (does === 'quit') {
      client.isEnded = true;
      return client.at.door.disconnect(client.reader, '');
    }
    for (const request of this.#requests(does, client, client.author)) client.ask(request);
  }

  /** What one client does. */
  #requests(does: string, { at: { house }, beyond }: ApiWatcher, author: AuthorId): Request[] {
    const room = this.#pick(['#square' as RoomId, ...this.#dens, ...this.#dens]);
    const person = this.#pick(this.people.filter((one) => one !== author));
    const direct = directRoomId(this.town.suite, author, person);
    const anywhere = this.#pick([room, direct, directRoomId(this.town.suite, this.people[0]!, this.people[1]!)]);
    const target = (this.#pick(house.store.messages())?.id ?? '0'.repeat(64)) as MessageId;
    const say = (): Request => ({ do: 'post', to: { room }, style: 'text', text: this.#secret(room, author) });
    const place: WirePlace = [Number.MAX_SAFE_INTEGER, '0'.repeat(32) as never, 1, 0];
    switch (does) {
      case 'say':
        return [say()];
      case 'direct':
        return [{ do: 'post', to: { person }, style: 'text', text: this.#secret(direct, author, [author, person]) }];
      case 'join':
      case 'part':
        return [{ do: does, room }];
      case 'invite':
        return [{ do: 'invite', room, person }];
      case 'kick':
        return [{ do: 'kick', room, person, reason: this.#secret(room, author, [], false) }];
      case 'oust':
        return [say(), { do: 'kick', room, person, reason: '' }, say(), this.#topic(room, author)];
      case 'ban':
        return [{ do: 'ban', room, person, forSeconds: 0, reason: '' }];
      case 'unban':
        return house.engine.law.ops.filter(({ body }) => body.law === 'ban').map(({ id }) => ({ do: 'undo', target: id }));
      case 'topic':
        return [this.#topic(room, author)];
      case 'block':
      case 'unblock':
        return [{ do: 'prefer', person, on: does === 'block' }];
      case 'page':
        return [room, anywhere].flatMap((one): Request[] => [
          { do: 'page', room: one, limit: 50 },
          { do: 'page', room: one, before: place, limit: 5 },
        ]);
      case 'beyond':
        return [beyond, {}].flatMap((cursor): Request[] => [{ do: 'beyond', room: anywhere, cursor, limit: 20 }]);
      case 'refresh':
        return [
          {
            do: 'refresh',
            room: anywhere,
            ids: house.store
              .messages()
              .slice(-50)
              .map(({ id }) => id),
          },
          { do: 'around', room: anywhere, id: target, limit: 9 },
        ];
      case 'hang':
        return [room, anywhere].flatMap((one): Request[] => [
          { do: 'pins', room: one, limit: 20 },
          { do: 'edits', room: one, id: target, limit: 20 },
          { do: 'page', room: one, after: { atMs: 0 }, limit: 5 },
        ]);
      case 'search':
        return [
          { do: 'search', text: 'needle', limit: 20 },
          { do: 'search', text: '', room: anywhere, limit: 20 },
        ];
      case 'look':
        return [{ do: 'rooms' }, { do: 'directory', limit: 50 }, { do: 'members', room }, { do: 'moderation log', room, limit: 20 }];
      case 'report':
        return [
          { do: 'report', room, target, reason: 'rude' },
          { do: 'reports', room, limit: 20 },
          { do: 'reports', room: '', limit: 20 },
        ];
      case 'remove':
        return [{ do: 'remove', room, target, reason: '' }];
      case 'react':
        return [room, anywhere].map((one) => ({ do: 'react', room: one, target, emoji: '👍', on: true }));
      case 'pin':
        return [{ do: 'pin', room: anywhere, target, on: true }];
      case 'edit': {
        const own = house.store.messages().filter((one) => one.author === author && one.payload && one.to === null);
        const one = own.length > 0 ? this.#pick(own) : null;
        return one ? [{ do: 'edit', room: one.room, target: one.id, text: this.#secret(one.room, author) }] : [];
      }
      default:
        return [{ do: 'typing', to: { room }, on: true }];
    }
  }

  #topic(room: RoomId, author: AuthorId): Request {
    return { do: 'topic', room, text: this.#secret(room, author, [], false) };
  }
}

describe('what goes out over the API', () => {
  it('[PV1] no session is ever told a text that its person may not read then, or one of somebody whom they block', async () => {
    const sent = { live: 0, paged: 0, private: 0, direct: 0 };
    for (let seed = 1; seed <= 25; seed++) {
      const world = new World(seed, false);
      await world.run();
      assert.deepEqual(world.faults, [], `seed ${seed}`);
      for (const kind of Object.keys(sent) as (keyof typeof sent)[]) sent[kind] += world.sent[kind];
    }
    for (const [kind, count] of Object.entries(sent)) assert.ok(count > 200, `${kind}: ${count}`);
  });

  it('[PV2] a door that lets everybody read everything is found out', async () => {
    let found = 0;
    for (let seed = 1; seed <= 6; seed++) {
      const world = new World(seed, true);
      await world.run();
      if (world.faults.length > 0) found++;
    }
    assert.ok(found >= 4, `${found} of 6`);
  });
});

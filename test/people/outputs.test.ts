/**
 * Over towns with the real IRC door at each node, and everything that may happen to rooms and people in them: nobody is ever sent a text that they may not read then.
 * Who may read what is found here from the ops of law, one after the other, and not by the code that doors ask.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { nextHlc } from '../../src/core/hlc.ts';
import { type AuthorId, directRoomId, type RoomId } from '../../src/core/ids.ts';
import { decodeMessage } from '../../src/core/message.ts';
import { roomName } from '../../src/doors/irc/room-name.ts';
import { type Random, seededRandom } from '../../src/lib/prng.ts';
import { CanonicalExport } from '../../src/store/export.ts';
import { openLogReader } from '../../src/store/schema.ts';
import { LOG_FILE, SqliteStore } from '../../src/store/sqlite.ts';
import { logIn, rest, TownDoor, WatchedClient } from './door.ts';
import { isInside } from './inside.ts';
import { type House, Town, type Visitor } from './town.ts';

const NAMES = ['ann', 'bob', 'cid', 'dee'] as const;
const FULL = 'server-time message-tags echo-message batch draft/chathistory draft/message-redaction soju.im/search';
const CAPS = ['', FULL, FULL] as const;
const STEPS = 60;
const DOES = [
  'say',
  'say',
  'say',
  'direct',
  'direct',
  'join',
  'part',
  'invite',
  'invite',
  'invite',
  'join',
  'join',
  'kick',
  'oust',
  'oust',
  'ban',
  'unban',
  'unban',
  'topic',
  'block',
  'unblock',
  'history',
  'history',
  'search',
  'search',
  'look',
  'report',
  'remove',
  'login',
  'quit',
  'cut',
  'heal',
] as const;

/** A word that is in one text alone. */
interface Secret {
  readonly room: RoomId;
  readonly by: AuthorId;
  /** Of a direct room its two people. */
  readonly two: readonly AuthorId[];
  /** Whether who blocks its author is not shown it. */
  readonly isSaid: boolean;
}

class World {
  readonly town: Town;
  readonly doors: TownDoor[];
  readonly visitors: Visitor[];
  readonly people: AuthorId[];
  readonly faults: string[] = [];
  /** Texts of others that were sent, by the kind of their room and whether in a batch. */
  readonly sent = { live: 0, paged: 0, private: 0, direct: 0 };
  readonly #random: Random;
  readonly #secrets: Secret[] = [];
  #clients: WatchedClient[] = [];
  /** Whom somebody blocks at a node, before the step at hand. */
  #blocked = new Map<string, Set<AuthorId>>();
  #dens: RoomId[] = [];
  #step = 0;

  constructor(seed: number, blind: boolean) {
    this.#random = seededRandom(seed);
    this.town = new Town(2 + (seed % 2));
    this.doors = this.town.houses.map((house) => new TownDoor(house, blind));
    this.visitors = NAMES.map((name, i) => this.town.citizen(i % this.town.houses.length, name));
    this.people = this.visitors.map(({ author }) => author);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#random.u32() % from.length]!;
  }

  /** A text with a word of its own. */
  #secret(room: RoomId, by: AuthorId, two: readonly AuthorId[] = [], isSaid = true): string {
    this.#secrets.push({ room, by, two, isSaid });
    return `needle <${this.#secrets.length - 1}>`;
  }

  readonly #watch = (client: WatchedClient, line: string): void => {
    for (const [, no] of line.matchAll(/<(\d+)>/g)) {
      const secret = this.#secrets[Number(no)]!;
      const { author } = client;
      if (author !== null && secret.by === author) continue;
      if (/ BATCH |batch=/.test(line)) this.sent.paged++;
      else this.sent.live++;
      if (secret.room[0] === '!') this.sent.private++;
      if (secret.room[0] === '@') this.sent.direct++;
      // Moderators see what was reported, whomever they block.
      const isReport = line.startsWith(':ChanServ!');
      if (!this.#mayBeSent(client, author, isReport ? { ...secret, isSaid: false } : secret))
        this.faults.push(`step ${this.#step}: ${author?.slice(0, 4)} was sent ${line}`);
    }
  };

  #mayBeSent({ at: { house } }: WatchedClient, author: AuthorId | null, { room, two, by, isSaid }: Secret): boolean {
    if (author === null) return false;
    if (isSaid && this.#blocked.get(`${house.index} ${author}`)?.has(by) && this.#blockedNow(house, author).has(by)) return false;
    if (room[0] === '@') return two.includes(author);
    return room[0] === '#' || isInside(house, author, room);
  }

  #blockedNow(house: House, author: AuthorId): Set<AuthorId> {
    const wishes = house.store.wishesNow(author);
    return new Set(wishes.flatMap(({ about, on }) => (on && about.type === 'person' ? [about.person] : [])));
  }

  async run(): Promise<void> {
    for (const i of NAMES.keys()) await this.#logIn(i);
    for (const client of this.#clients) client.say('JOIN #square');
    this.#clients[0]!.say('JOIN &den');
    this.#clients[1]!.say('JOIN &nook');
    await rest(this.town);
    this.town.settle();
    await rest(this.town);
    this.#dens = [...this.doors[0]!.port.state.rooms.keys()].filter((id) => id[0] === '!').sort();
    assert.equal(this.#dens.length, 2);
    const [den, nook] = this.#dens.map((id) => roomName(this.doors[0]!.port.state, id)).sort() as [string, string];
    this.#clients[0]!.say(`INVITE bob ${den}`, `INVITE cid ${den}`);
    this.#clients[1]!.say(`INVITE cid ${nook}`, `INVITE dee ${nook}`);
    await rest(this.town);
    this.town.settle();
    for (const client of this.#clients) client.say(`JOIN ${den}`, `JOIN ${nook}`);
    await rest(this.town);
    for (this.#step = 1; this.#step <= STEPS; this.#step++) {
      for (const { house } of this.doors)
        for (const author of this.people) this.#blocked.set(`${house.index} ${author}`, this.#blockedNow(house, author));
      // Some of them within one turn.
      for (let n = this.#random.u32() % 4; n >= 0; n--) await this.#act();
      if (this.#random.u32() % 3 === 0) this.town.settle();
      await rest(this.town);
    }
    this.town.heal();
    this.town.settle();
    await rest(this.town);
  }

  async #logIn(i: number): Promise<void> {
    const client = new WatchedClient(this.#pick(this.doors), this.#watch);
    this.#clients.push(client);
    await logIn(client, NAMES[i]!, this.#pick(CAPS));
  }

  /** One client does something. */
  async #act(): Promise<void> {
    this.#clients = this.#clients.filter(({ isEnded }) => !isEnded);
    const does = this.#pick(DOES);
    if (does === 'login' || this.#clients.length === 0) return this.#logIn(this.#pick([...NAMES.keys()]));
    if (does === 'heal') return this.town.heal();
    if (does === 'cut') return this.town.divide(1);
    const client = this.#pick(this.#clients);
    const { author, at } = client;
    if (author === null) return;
    const { state } = at.port;
    const room = this.#pick(['#square' as RoomId, ...this.#dens, ...this.#dens]);
    const name = room[0] === '#' ? room : roomName(state, room);
    const who = this.#pick([...NAMES.keys()].filter((i) => this.people[i] !== author));
    const [other, nick] = [this.people[who]!, NAMES[who]!];
    switch (does) {
      case 'say':
        return client.say(`PRIVMSG ${name} :${this.#secret(room, author)}`);
      case 'direct': {
        const direct = directRoomId(this.town.suite, author, other);
        return client.say(`PRIVMSG ${nick} :${this.#secret(direct, author, [author, other])}`);
      }
      case 'join':
        return client.say(`JOIN ${name}`);
      case 'part':
        return client.say(`PART ${name} :${this.#secret(room, author, [], false)}`);
      case 'invite':
        return client.say(`INVITE ${nick} ${name}`);
      case 'kick':
        return client.say(`KICK ${name} ${nick} :go`);
      case 'oust': {
        const said = (): string => `PRIVMSG ${name} :${this.#secret(room, author)}`;
        return client.say(said(), `KICK ${name} ${nick} :go`, said(), `TOPIC ${name} :${this.#secret(room, author, [], false)}`);
      }
      case 'ban':
        return client.say(`MODE ${name} +b ${nick}`);
      case 'unban':
        return client.say(`MODE ${name} -b ${nick}`);
      case 'topic':
        return client.say(`TOPIC ${name} :${this.#secret(room, author, [], false)}`);
      case 'block':
        return client.say(`PRIVMSG NickServ :IGNORE ${nick}`);
      case 'unblock':
        return client.say(`PRIVMSG NickServ :UNIGNORE ${nick}`);
      case 'history':
        return client.say(`CHATHISTORY LATEST ${name} * 50`, `CHATHISTORY LATEST ${nick} * 50`, `CHATHISTORY LATEST ${room} * 50`);
      case 'search':
        return client.say('SEARCH text=needle', `SEARCH in=${name}`, `SEARCH from=${nick}`, `SEARCH in=${nick};limit=3`);
      case 'look':
        return client.say('LIST', `NAMES ${name}`, `WHO ${name}`, `WHOIS ${nick}`, `TOPIC ${name}`, `MODE ${name} b`, `MODE ${name}`);
      case 'report':
        return client.say(`PRIVMSG ChanServ :REPORT ${nick} rude`, `PRIVMSG ChanServ :REPORTS ${name}`, `PRIVMSG ChanServ :LOG ${name}`);
      case 'remove': {
        const message = this.#pick(at.house.store.messages());
        return client.say(`REDACT ${name} ${message?.id ?? 'x'}`);
      }
      case 'quit':
        return client.say('QUIT');
    }
  }

  /** What each account may export, out of a real store with the log of a node. */
  async exports(): Promise<number> {
    const { town } = this;
    const [house] = town.houses as [House];
    const directory = mkdtempSync(join(tmpdir(), 'skein-outputs-'));
    let count = 0;
    try {
      const store = new SqliteStore(town.suite, town.network, directory);
      await store.load();
      await store.commit({ id: 1, entries: house.store.log });
      await store.close();
      const db = openLogReader(join(directory, LOG_FILE));
      for (const author of [null, ...this.people]) {
        const all = [...new CanonicalExport(db, town.suite, town.network).readable(() => author, nextHlc(0, town.nowMs))];
        const may = house.store.messages().filter(({ room, to, author: by }) => {
          if (room[0] === '#') return true;
          if (author === null) return false;
          return to === null ? isInside(house, author, room) : author === by || author === to;
        });
        assert.deepEqual(
          all.map(({ message }) => message.payload && decodeMessage(message.payload).text),
          may.map(({ payload }) => payload && decodeMessage(payload).text),
        );
        count += all.length;
      }
      db.close();
    } finally {
      rmSync(directory, { recursive: true });
    }
    return count;
  }
}

describe('what goes out', () => {
  it('[PV1] no session is ever sent a text that its person may not read then, or one of somebody whom they block', async () => {
    const sent = { live: 0, paged: 0, private: 0, direct: 0 };
    for (let seed = 1; seed <= 40; seed++) {
      const world = new World(seed, false);
      await world.run();
      assert.deepEqual(world.faults, [], `seed ${seed}`);
      for (const kind of Object.keys(sent) as (keyof typeof sent)[]) sent[kind] += world.sent[kind];
    }
    for (const [kind, count] of Object.entries(sent)) assert.ok(count > 300, `${kind}: ${count}`);
  });

  it('[PV2] a door that lets everybody read everything is found out', async () => {
    let found = 0;
    for (let seed = 1; seed <= 10; seed++) {
      const world = new World(seed, true);
      await world.run();
      if (world.faults.length > 0) found++;
    }
    assert.ok(found >= 7, `${found} of 10`);
  });

  it('[PV3] an export for somebody holds what they may read, all of it and nothing else', async () => {
    let count = 0;
    for (let seed = 1; seed <= 4; seed++) {
      const world = new World(seed, false);
      await world.run();
      count += await world.exports();
    }
    assert.ok(count > 50, String(count));
  });
});

/** Over histories made at random: no session is ever sent a line of a room that it may not read, by whatever way lines go out. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AuthorId, RoomId } from '../../core/ids.ts';
import type { Message } from '../../core/state.ts';
import { type FakeClient, loggingIn, settle, setUp } from './testing/client.ts';
import { enact } from './testing/fake-commands.ts';
import type { FakeNode } from './testing/fake-node.ts';

const FULL = 'server-time message-tags echo-message batch draft/chathistory draft/message-redaction';
const PASSWORD = 'seven-quiet-otters';
const NAMES = ['ann', 'bob', 'eve'] as const;
const KINDS = [
  'post',
  'direct',
  'edit',
  'react',
  'remove',
  'topic',
  'invite',
  'kick',
  'join',
  'part',
  'history',
  'login',
  'quit',
  'names',
  'serve',
  'turn',
  'turn',
] as const;

interface Step {
  readonly kind: (typeof KINDS)[number];
  /** Of the people, who does it and to whom. */
  readonly who: number;
  readonly whom: number;
  readonly which: number;
}

/** A secret: everything of a room that a line could show. Each says who may have been shown it. */
class World {
  readonly people: AuthorId[];
  readonly rooms: RoomId[];
  readonly node: FakeNode;
  readonly #world = setUp();
  readonly #clients = new Map<FakeClient, number>();
  /** By a word that stands in it alone: who may read it, now or at any time since it was written. */
  readonly #secrets = new Map<string, Set<number>>();
  /** A word of a removed text. */
  readonly #removed = new Set<string>();
  #count = 0;

  constructor() {
    this.node = this.#world.node;
    this.people = NAMES.map((name) => this.node.register(name, PASSWORD));
    this.node.holdsHistory = true;
    this.rooms = [0, 1].map((founder) => this.node.found(this.people[founder]!, `room${founder}`));
  }

  #word(): string {
    return `<${this.#count++}>`;
  }

  /** Who may read a room counts from now on for what was said there: whoever is let in later reads what was said before. */
  #look(): void {
    for (const [word, readers] of this.#secrets) {
      const room = this.#roomOf.get(word)!;
      for (const [i, author] of this.people.entries()) if (this.node.mayRead(author, room)) readers.add(i);
    }
  }
  readonly #roomOf = new Map<string, RoomId>();

  #secret(room: RoomId): string {
    const word = this.#word();
    this.#secrets.set(word, new Set());
    this.#roomOf.set(word, room);
    this.#look();
    return word;
  }

  async run({ kind, who, whom, which }: Step): Promise<void> {
    const { node } = this;
    const author = this.people[who]!;
    const other = this.people[whom]!;
    const room = this.rooms[which % this.rooms.length]!;
    const mine = node.isMember(author, room) && node.mayRead(author, room);
    const target: Message | undefined = node.log[which % Math.max(1, node.log.length)];
    const client = [...this.#clients].find(([one, i]) => i === who && !one.isEnded)?.[0];
    if (kind === 'post' && mine) node.post(author, { room }, 'text', this.#secret(room));
    if (kind === 'direct' && who !== whom) this.#direct(author, who, other, whom);
    if (kind === 'edit' && target?.payload) node.edit(target.author, target, this.#secretLike(target));
    if (kind === 'react' && target && node.mayRead(author, target.room))
      node.about('reaction', author, target, { type: 'reaction', emoji: this.#secretLike(target), on: true });
    if (kind === 'remove' && target?.payload) this.#remove(author, target);
    if (kind === 'topic' && mine) node.topic(author, room, this.#secret(room));
    if (kind === 'invite') enact(node, author, { type: 'invite', room, person: other });
    if (kind === 'kick') enact(node, author, { type: 'kick', room, person: other, reason: this.#secret(room) });
    if (kind === 'join' && node.mayRead(author, room)) node.join(author, room);
    if (kind === 'part' && mine) node.part(author, room, this.#secret(room));
    if (kind === 'history')
      client?.say(`CHATHISTORY LATEST ${NAMES[whom]} * 50`, `CHATHISTORY LATEST &room${which % 2} * 50`, ...this.#guesses());
    if (kind === 'names')
      client?.say('LIST', `WHOIS ${NAMES[whom]}`, `NAMES &room${which % 2}`, `TOPIC &room${which % 2}`, `PRIVMSG &room0 :x`);
    if (kind === 'quit') client?.say('QUIT');
    if (kind === 'login') this.#clients.set(await loggingIn(node, this.#world.door, NAMES[who]!, PASSWORD, which % 2 ? FULL : ''), who);
    if (kind === 'serve') node.serveHistory();
    this.#look();
    if (kind === 'turn' && node.isWatched) node.turn();
    await settle();
  }

  /** Names that a client could have heard elsewhere. */
  #guesses(): string[] {
    return this.rooms.flatMap((room, i) => [
      `CHATHISTORY LATEST &room${i}~${room.slice(1, 9)} * 50`,
      `JOIN &room${i}~${room.slice(1, 9)}`,
      `CHATHISTORY LATEST ${room} * 50`,
    ]);
  }

  #direct(author: AuthorId, who: number, other: AuthorId, whom: number): void {
    const word = this.#word();
    this.#secrets.set(word, new Set([who, whom]));
    this.#roomOf.set(word, this.node.post(author, { author: other }, 'text', word).room);
  }

  #secretLike({ room }: Message): string {
    return this.#secret(room);
  }

  #remove(by: AuthorId, target: Message): void {
    const text = new TextDecoder().decode(target.payload!);
    this.node.remove(by, target, this.#secretLike(target));
    for (const word of text.match(/<\d+>/) ?? []) this.#removed.add(word);
  }

  judge(): void {
    for (const [client, i] of this.#clients) {
      for (const line of client.heard()) {
        for (const [word] of line.matchAll(/<\d+>/g)) assert.ok(this.#secrets.get(word)?.has(i), `${NAMES[i]} was sent: ${line}`);
      }
    }
  }

  /** What was removed is in no page that is asked for from then on. */
  async judgeRemoved(): Promise<void> {
    this.node.holdsHistory = false;
    this.node.serveHistory();
    if (this.node.isWatched) this.node.turn();
    await settle();
    for (const [client] of this.#clients) client.heard();
    for (const [i, name] of NAMES.entries()) {
      const client = await loggingIn(this.node, this.#world.door, name, PASSWORD, FULL);
      client.say(...this.#guesses(), ...NAMES.map((one) => `CHATHISTORY LATEST ${one} * 50`));
      await settle();
      this.#clients.set(client, i);
      for (const line of client.heard())
        for (const [word] of line.matchAll(/<\d+>/g)) {
          assert.ok(this.#secrets.get(word)?.has(i), `${name} was sent: ${line}`);
          assert.ok(!this.#removed.has(word), `${name} was sent what was removed: ${line}`);
        }
    }
  }
}

test('[IRC39] no session is ever sent a line of a room that it may not read, nor a removed text in a page', async () => {
  const step = fc.record({ kind: fc.constantFrom(...KINDS), who: fc.nat(2), whom: fc.nat(2), which: fc.nat(9) });
  const first: Step[] = [0, 1, 2].map((who) => ({ kind: 'login', who, whom: 0, which: who }));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const world = new World();
      for (const one of [...first, ...steps]) await world.run(one);
      world.judge();
      await world.judgeRemoved();
    }),
    { numRuns: 150 },
  );
});

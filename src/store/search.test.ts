import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { FeedWriter, network, suite } from '../../test/fixture/writer.ts';
import type { Entry } from '../core/entry.ts';
import { FEED_KIND } from '../core/feed.ts';
import { HLC_PER_MS } from '../core/hlc.ts';
import { type AuthorId, messageId, type RoomId } from '../core/ids.ts';
import { decodeMessage } from '../core/message.ts';
import { KIND, type Op } from '../core/op.ts';
import { comparePlaces, type Place } from '../core/order.ts';
import { SEARCH_LIMIT_MAX, type SearchCursor, type SearchPage, type SearchQuery } from '../core/search.ts';
import { type Random, seededRandom } from '../lib/prng.ts';
import { LogWriter } from './log-writer.ts';
import { packBatch } from './packing.ts';
import { Views } from './views.ts';

const SEEDS = Number(process.env['HISTORIES'] ?? 3);
const ROOMS = ['#a', '#b', '#c', '#d', '#e'] as RoomId[];
/** Words of several scripts; those of one row differ by what does not count. */
const WORDS = [
  ['fox', 'FOX', 'fóx', 'ｆｏｘ'],
  ['foxes', 'Foxes'],
  ['naïve', 'NAIVE', 'nai\u0308ve'],
  ['ёлка', 'Елка'],
  ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
  ['日本語', '日本語'],
  ['本日', '語学', '日'],
  ['ガラス', 'ｶﾞﾗｽ'],
  ['안녕하세요', '안녕하세요'.normalize('NFD')],
  ['ภาษาไทย', 'ไทย'],
  ['x86', '日x', 'x日'],
  ['हिन्दी', 'سلام', 'שלום'],
];
const BETWEEN = [' ', ', ', '-', '\n', '', '。'];
const UNSPACED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}]/u;

/** A text as a row of folded words, a space on each side of every one: what is found is then a part of a string. */
function plain(text: string): string {
  const folded = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .normalize('NFKC')
    .replaceAll('ς', 'σ');
  const letters = [...folded].map((letter) => (/[\p{L}\p{N}\p{M}]/u.test(letter) ? letter : ' '));
  const isMark = (letter: string): boolean => /\p{M}/u.test(letter);
  const apart = letters.map((letter, i) => {
    const last = letters.slice(0, i).findLast((one) => !isMark(one)) ?? ' ';
    return !isMark(letter) && UNSPACED.test(letter) !== UNSPACED.test(last) ? ` ${letter}` : letter;
  });
  return ` ${apart.join('').split(' ').filter(Boolean).join(' ')} `;
}

const PLAIN = new Map<string, string>();

function plainOnce(text: string): string {
  if (!PLAIN.has(text)) PLAIN.set(text, plain(text));
  return PLAIN.get(text)!;
}

/** Whether a text has a word or phrase. A word has spaces around it, but where it is only the beginning of one; what is written without spaces needs none. */
function has(text: string, typed: string): boolean {
  const isPrefix = typed.endsWith('*');
  const units = plainOnce(typed).trim();
  const last = units.split(' ').at(-1)!;
  const isShort = [...last].length < 3;
  const start = UNSPACED.test(units[0]!) ? '' : ' ';
  const end = UNSPACED.test(last) || (isPrefix && !isShort) ? '' : ' ';
  return plainOnce(text).includes(start + units + end);
}

interface Said {
  readonly room: RoomId;
  readonly author: AuthorId;
  readonly id: string;
  readonly place: Place;
  text: string;
}

/** Random feeds of three people: messages of close times, many of one millisecond, some edited. */
class Histories {
  readonly random: Random;
  readonly people: FeedWriter[];
  readonly entries: Entry[][];
  readonly said: Said[] = [];
  readonly #edits: { id: string; place: Place; text: string }[] = [];

  constructor(random: Random) {
    this.random = random;
    this.people = [1, 2, 3].map(() => new FeedWriter(random.below(1e9)));
    this.entries = this.people.map((one, i) => [one.arrive(`p${i}`)]);
    const last = [0, 0, 0];
    for (let i = 0, clock = 5000; i < 40; i++) {
      const who = random.below(3);
      if (random.below(4) === 0) clock += 1 + random.below(3);
      const crowd = random.below(5) === 0 ? 130 : 1 + random.below(4);
      last[who] = Math.max(last[who]! + 1, clock * HLC_PER_MS + random.below(3));
      this.#write(
        who,
        Array.from({ length: crowd }, () => this.#op(who)),
        last[who]!,
      );
    }
    for (const { id, place, text } of this.#edits.sort((a, b) => comparePlaces(a.place, b.place))) {
      const message = this.said.find((one) => one.id === id)!;
      if (comparePlaces(place, message.place) > 0) message.text = text;
    }
  }

  pick<T>(list: readonly T[]): T {
    return list[this.random.below(list.length)]!;
  }

  text(): string {
    return Array.from({ length: 1 + this.random.below(5) }, () => this.pick(this.pick(WORDS)) + this.pick(BETWEEN)).join('');
  }

  #op(who: number): { op: Op; text: string } {
    const text = this.text();
    const own = this.said.filter(({ author }) => author === this.people[who]!.author);
    if (own.length === 0 || this.random.below(10) > 0) return { op: this.people[who]!.message(text, this.pick(ROOMS)), text };
    const { id, room } = this.pick(own);
    return { op: this.people[who]!.message(text, room, { kind: KIND.edit, target: id as never }), text };
  }

  #write(who: number, ops: readonly { op: Op; text: string }[], hlc: number): void {
    const entry = this.people[who]!.entry(
      FEED_KIND.content,
      ops.map(({ op }) => op),
      new Map(),
      hlc,
    );
    this.entries[who]!.push(entry);
    ops.forEach(({ op: { head }, text }, index) => {
      const place = { key: entry.hlc, feed: entry.feed, seq: entry.seq, index };
      if (head.kind === KIND.edit) this.#edits.push({ id: head.target, place, text });
      else this.said.push({ room: head.room as RoomId, author: head.author, id: messageId(head.author, head.client), place, text });
    });
  }

  /** The entries in an order in which they may come. */
  arriving(): Entry[] {
    const feeds = this.entries.map((entries) => [...entries]);
    const order: Entry[] = [];
    for (let left = feeds.filter((feed) => feed.length > 0); left.length > 0; left = left.filter((feed) => feed.length > 0))
      order.push(...this.pick(left).splice(0, 1 + this.random.below(8)));
    return order;
  }

  /** What somebody may ask for, with the words apart. */
  query(): { query: SearchQuery; typed: string[] } {
    const { random } = this;
    const typed = Array.from({ length: random.below(3) }, () => this.#typed());
    const at = () => 5000 + random.below(25);
    const query = {
      rooms: ROOMS.filter(() => random.below(3) > 0),
      words: typed.map((term) => (/\s/.test(term) ? `"${term}"` : term)).join(' '),
      limit: this.pick([40, SEARCH_LIMIT_MAX]),
      ...(random.below(4) === 0 && { author: this.pick(this.people).author }),
      ...(random.below(4) === 0 && { fromMs: at() }),
      ...(random.below(4) === 0 && { toMs: at() }),
    };
    return { query, typed };
  }

  #typed(): string {
    const word = this.pick(this.pick(WORDS));
    const letters = [...word.normalize('NFC')];
    if (random3(this.random) && letters.length > 1)
      return letters.slice(0, 1 + this.random.below(letters.length)).join('') + (random3(this.random) ? '*' : '');
    return random3(this.random) ? `${word} ${this.pick(this.pick(WORDS))}` : word;
  }

  /** What a scan of everything finds. */
  scan({ rooms, author, fromMs = 0, toMs = Infinity }: SearchQuery, typed: readonly string[]): string[] {
    const found = this.said.filter(({ room, author: by, place, text }) => {
      const ms = Math.floor(place.key / HLC_PER_MS);
      if (!rooms.includes(room) || (author && by !== author) || ms < fromMs || ms >= toMs) return false;
      return typed.every((term) => has(text, term));
    });
    return found.sort((a, b) => comparePlaces(b.place, a.place)).map(({ id }) => id);
  }
}

function random3(random: Random): boolean {
  return random.below(3) === 0;
}

describe('search', () => {
  const directory = mkdtempSync(join(tmpdir(), 'skein-search-'));
  after(() => rmSync(directory, { recursive: true }));

  /** Views that followed a log by fits and starts. */
  function follow(order: readonly Entry[], random: Random): Views {
    const name = join(directory, `${random.below(1e9)}`);
    const writer = new LogWriter(`${name}.log`, 'NORMAL');
    let views = new Views(suite, network, `${name}.views`, `${name}.log`);
    for (const rest = [...order]; rest.length > 0; ) {
      writer.append(packBatch(rest.splice(0, 1 + random.below(6))));
      if (random.below(3) > 0) views.follow();
      if (random.below(2) > 0) views.followSearch();
      if (random.below(6) > 0) continue;
      views.close();
      views = new Views(suite, network, `${name}.views`, `${name}.log`);
    }
    while (views.follow() || views.followSearch());
    writer.close();
    return views;
  }

  /** All pages, turn by turn from one of two nodes. */
  function pages(nodes: readonly Views[], query: SearchQuery): { ids: string[]; pages: SearchPage[] } {
    const all: SearchPage[] = [];
    let before: SearchCursor | null = null;
    do {
      const page: SearchPage = nodes[all.length % nodes.length]!.search(before ? { ...query, before } : query);
      all.push(page);
      before = page.next;
    } while (before);
    return { ids: all.flatMap(({ found }) => found.map(({ message }) => message.id)), pages: all };
  }

  it('[SE7] finds what a scan of everything finds, in whatever order it came and however much in one millisecond', () => {
    let hits = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = seededRandom(seed);
      const histories = new Histories(random);
      const nodes = [follow(histories.arriving(), random), follow(histories.arriving(), random)];
      for (let i = 0; i < 20; i++) {
        const { query, typed } = histories.query();
        const expected = histories.scan(query, typed);
        assert.deepEqual(pages(nodes, query).ids, expected, `seed ${seed}: ${JSON.stringify(query)}`);
        hits += expected.length;
      }
      for (const views of nodes) views.close();
    }
    assert.ok(hits > 1000 * SEEDS, `${hits} hits`);
  });

  it('[SE9] looks at so much for one page and no more, and says where to go on', () => {
    const ann = new FeedWriter(1);
    const order = [ann.arrive()];
    const wrong = (i: number) =>
      ann.post(
        Array.from({ length: 100 }, () => '語, then go'),
        undefined,
        (9000 + i) * HLC_PER_MS,
      );
    order.push(ann.post(['go 語'], undefined, 8000 * HLC_PER_MS), ...Array.from({ length: 25 }, (_, i) => wrong(i)));
    const views = follow(order, seededRandom(1));
    const { pages: all } = pages([views], { rooms: ['#r'] as RoomId[], words: '"go 語"', limit: 10 });
    assert.deepEqual(
      all.map(({ found }) => found.length),
      [0, 0, 1],
    );
    views.close();
  });

  it('[SE9] with very many rooms, few of which have anything, finds as much', () => {
    const ann = new FeedWriter(2);
    const arrival = ann.arrive();
    const posts = Array.from({ length: 30 }, (_, i) =>
      ann.entry(
        FEED_KIND.content,
        Array.from({ length: 100 }, (__, j) => ann.message(`word ${i}`, i === 0 || j === 5 ? `#few${i % 7}` : '#much')),
        new Map(),
        (9000 + i) * HLC_PER_MS,
      ),
    );
    const views = follow([arrival, ...posts], seededRandom(2));
    const rooms = Array.from({ length: 7 }, (_, i) => `#few${i}` as RoomId);
    for (const words of ['word', '']) {
      const { ids, pages: all } = pages([views], { rooms, words, limit: 100 });
      assert.equal(new Set(ids).size, 129, words);
      assert.equal(ids.length, 129);
      assert.equal(all.length, 2);
    }
    views.close();
  });

  it('[ST11] views of an older version are made anew', () => {
    const name = join(directory, 'older');
    const ann = new FeedWriter(3);
    const writer = new LogWriter(`${name}.log`, 'NORMAL');
    writer.append(packBatch([ann.arrive(), ann.post(['found again'])]));
    writer.close();
    const open = () => {
      const views = new Views(suite, network, `${name}.views`, `${name}.log`);
      while (views.follow() || views.followSearch());
      const { found } = views.search({ rooms: ['#r'] as RoomId[], words: 'again', limit: 1 });
      views.close();
      return found.map(({ message }) => decodeMessage(message.payload!).text);
    };
    assert.deepEqual(open(), ['found again']);
    const db = new DatabaseSync(`${name}.views`);
    db.exec(
      "DROP TABLE text_of; DROP TABLE spill; DROP TABLE message_text; CREATE VIRTUAL TABLE message_text USING fts5(text, content=''); PRAGMA user_version = 2",
    );
    db.close();
    assert.deepEqual(open(), ['found again']);
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { AuthorId, RoomId } from '../../src/core/ids.ts';
import { publicRoomId } from '../../src/core/kinds/room.ts';
import { decodeMessage } from '../../src/core/message.ts';
import type { SearchRequest } from '../../src/core/search.ts';
import { LOG_FILE, SqliteStore } from '../../src/store/sqlite.ts';
import { Views } from '../../src/store/views.ts';
import { logIn, rest, TownDoor, WatchedClient } from './door.ts';
import { type House, Town, type Visitor } from './town.ts';

const ROOM = publicRoomId('#square');
const FULL = 'server-time message-tags batch draft/chathistory soju.im/search';

/** Three people in a room; the first made it. */
function square() {
  const town = new Town(2);
  const [ada, bob, cid] = [town.citizen(0, 'ada'), town.citizen(1, 'bob'), town.citizen(1, 'cid')];
  for (const one of [ada, bob, cid]) {
    one.join(ROOM);
    town.settle();
  }
  const doors = town.houses.map((house) => new TownDoor(house)) as [TownDoor, TownDoor];
  const doorOf = ({ house }: Visitor): TownDoor => doors[house.index]!;
  const search = async (who: Visitor, asked: Partial<SearchRequest>): Promise<(string | null)[]> => {
    const { found } = await doorOf(who).port.search(who.no, { words: '', limit: 10, ...asked });
    return found.map(({ message }) => message.payload && decodeMessage(message.payload).text);
  };
  return { town, ada, bob, cid, doors, doorOf, search };
}

async function client(at: TownDoor, name: string, caps = FULL): Promise<{ one: WatchedClient; lines: string[] }> {
  const lines: string[] = [];
  const one = new WatchedClient(at, (_, line) => lines.push(line));
  await logIn(one, name, caps);
  lines.length = 0;
  return { one, lines };
}

const texts = (lines: readonly string[]): string[] => lines.flatMap((line) => / (?:PRIVMSG|NOTICE) (\S+ :.*)$/.exec(line)?.[1] ?? []);

describe('searching at a door', () => {
  it('[SE10] finds what the person may read, of their private and direct rooms too, and nothing of a room they may not', async () => {
    const { town, ada, bob, cid, search } = square();
    const den = (ada.does({ type: 'make private room', name: 'den' }) as { room: RoomId }).room;
    ada.post(ROOM, 'needle in public');
    ada.post(den, 'needle in private');
    ada.post({ author: bob.author }, 'needle between us');
    town.settle();
    assert.deepEqual(await search(ada, { words: 'needle' }), ['needle between us', 'needle in private', 'needle in public']);
    assert.deepEqual(await search(bob, { words: 'needle' }), ['needle between us', 'needle in public']);
    assert.deepEqual(await search(cid, { words: 'needle' }), ['needle in public']);
    assert.deepEqual(await search(cid, { words: 'needle', room: den }), []);
    assert.deepEqual(await search(ada, { words: 'needle', room: den }), ['needle in private']);
    assert.deepEqual(await search(ada, { author: ada.author, limit: 1 }), ['needle between us']);
  });

  it('[SE11] both stores find what is in the direct rooms of a person beside what is asked for, and in no others', async () => {
    const { town, ada, bob, cid } = square();
    ada.post({ author: bob.author }, 'needle for bob');
    cid.post({ author: ada.author }, 'needle for ada');
    ada.post(ROOM, 'needle for all');
    town.settle();
    const directory = mkdtempSync(join(tmpdir(), 'skein-doors-'));
    try {
      const [{ store: memory }] = town.houses as [House];
      const file = join(directory, LOG_FILE);
      const sqlite = new SqliteStore(town.suite, town.network, directory);
      await sqlite.load();
      await sqlite.commit({ id: 1, entries: memory.log });
      await sqlite.close();
      // On this thread: a thread of its own would not have the town's suite.
      const views = new Views(town.suite, town.network, join(directory, 'here.db'), file);
      while (views.follow() || views.followSearch());
      for (const store of [memory, views]) {
        const find = async (directOf: AuthorId, rooms: RoomId[] = []): Promise<string[]> => {
          const { found } = await store.search({ rooms, directOf, words: 'needle', limit: 10 });
          return found.map(({ message }) => decodeMessage(message.payload!).text).sort();
        };
        assert.deepEqual(await find(ada.author), ['needle for ada', 'needle for bob']);
        assert.deepEqual(await find(bob.author, [ROOM]), ['needle for all', 'needle for bob']);
      }
      views.close();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('[IRC44] SEARCH: by attributes, the newest that fit, in chronological order, in a batch', async () => {
    const { town, ada, bob, doors } = square();
    ada.post(ROOM, 'one needle');
    town.settle();
    ada.post({ author: bob.author }, 'two needle');
    bob.post(ROOM, 'three needle');
    town.settle();
    const { one, lines } = await client(doors[1], 'bob');
    const ask = async (...asked: string[]): Promise<string[]> => {
      lines.length = 0;
      one.say(...asked);
      await rest(town);
      return lines;
    };
    assert.deepEqual(texts(await ask('SEARCH text=needle')), ['#square :one needle', 'bob :two needle', '#square :three needle']);
    assert.match(lines[0]!, / BATCH \+(\S+) :?soju\.im\/search$/);
    assert.ok(lines.slice(1, -1).every((line) => line.startsWith('@batch=') && line.includes(';msgid=')));
    assert.deepEqual(texts(await ask('SEARCH text=needle;limit=2')), ['bob :two needle', '#square :three needle']);
    assert.deepEqual(texts(await ask('SEARCH from=ada;in=#square')), ['#square :one needle']);
    assert.deepEqual(texts(await ask('SEARCH in=ada')), ['bob :two needle']);
    assert.equal((await ask('SEARCH before=2010-01-01T00:00:00.000Z')).length, 2);
    assert.equal((await ask('SEARCH from=nobody;text=needle')).length, 2);
    assert.match((await ask('SEARCH limit=0'))[0]!, /FAIL SEARCH INVALID_PARAMS limit :/);
    assert.match((await ask('SEARCH after=noon'))[0]!, /FAIL SEARCH INVALID_PARAMS after :/);
    const plain = await client(doors[1], 'cid', '');
    plain.one.say('SEARCH text=needle');
    await rest(town);
    assert.match(plain.lines[0]!, / 421 /);
  });
});

describe('wishes at a door', () => {
  it('[WI1] whom an account blocks says nothing to it: in history, search and what waits, at every node; pages are as full as ever', async () => {
    const { town, ada, bob, cid, doors, doorOf, search } = square();
    for (let i = 0; i < 8; i++) (i % 2 ? cid : ada).post(ROOM, `needle ${i}`);
    cid.post({ author: bob.author }, 'psst');
    town.settle();
    const page = async (who: Visitor, limit: number): Promise<(string | null)[]> => {
      const found = await doorOf(who).port.history(who.no, { type: 'latest', room: ROOM, after: null, limit });
      assert.ok('messages' in found);
      return found.messages.map(({ payload }) => payload && decodeMessage(payload).text);
    };
    assert.deepEqual(await page(bob, 3), ['needle 5', 'needle 6', 'needle 7']);
    bob.does({ type: 'prefer', about: { type: 'person', person: cid.author }, on: true });
    town.settle();
    const away = town.houses[0]!.visit();
    away.logIn(bob.author, 'bob');
    for (const who of [bob, away]) {
      assert.deepEqual(await page(who, 3), ['needle 2', 'needle 4', 'needle 6']);
      assert.deepEqual(await search(who, { words: 'needle' }), ['needle 6', 'needle 4', 'needle 2', 'needle 0']);
      assert.deepEqual(
        (await doorOf(who).port.unread(who.no)).map(({ room, count }) => [room, count]),
        [[ROOM, 4]],
      );
      assert.deepEqual(
        (await doorOf(who).port.wishes(who.no)).map(({ about }) => about),
        [{ type: 'person', person: cid.author }],
      );
    }
    away.does({ type: 'prefer', about: { type: 'person', person: cid.author }, on: false });
    town.settle();
    assert.deepEqual(await page(bob, 3), ['needle 5', 'needle 6', 'needle 7']);
    assert.equal((await doors[1].port.unread(bob.no)).length, 2);
  });

  it('[WI2] what waits in a muted room is not told at login', async () => {
    const { town, ada, bob, doors } = square();
    ada.post(ROOM, 'one');
    bob.does({ type: 'prefer', about: { type: 'room', room: ROOM }, on: true });
    town.settle();
    assert.deepEqual(await doors[1].port.unread(bob.no), []);
    bob.does({ type: 'prefer', about: { type: 'room', room: ROOM }, on: false });
    town.settle();
    assert.equal((await doors[1].port.unread(bob.no)).length, 1);
  });

  it('[IRC45] IGNORE, UNIGNORE, IGNORES and SILENCE: for all sessions of the account, live', async () => {
    const { town, ada, cid, doors } = square();
    const [here, there] = [await client(doors[0], 'bob'), await client(doors[1], 'bob')];
    here.one.say('PRIVMSG NickServ :IGNORE cid', 'PRIVMSG NickServ :MUTE #square');
    await rest(town);
    town.settle();
    for (const { lines } of [here, there]) lines.length = 0;
    cid.post(ROOM, 'rude');
    cid.post({ author: here.one.author! }, 'ruder');
    ada.post(ROOM, 'kind');
    town.settle();
    await rest(town);
    for (const { lines } of [here, there]) assert.deepEqual(texts(lines), ['#square :kind']);
    there.lines.length = 0;
    there.one.say('PRIVMSG NickServ :IGNORES', 'SILENCE');
    await rest(town);
    const said = there.lines.map((line) => line.replace(/^\S+ /, ''));
    assert.ok(
      said.includes('NOTICE bob :cid') && said.includes('NOTICE bob :#square') && said.includes('271 bob :cid!*@*'),
      said.join('\n'),
    );
    there.one.say('SILENCE -cid!*@*');
    await rest(town);
    town.settle();
    cid.post(ROOM, 'sorry');
    town.settle();
    await rest(town);
    assert.equal(texts(here.lines).at(-1), '#square :sorry');
  });
});

describe('what moderators see', () => {
  it('[MO8] the moderation log: who did what to whom, when, why, until when and undone by whom, in pages, for moderators alone', () => {
    const { town, ada, bob, cid, doorOf } = square();
    const id = cid.post(ROOM, 'rude');
    town.settle();
    ada.does({ type: 'remove', room: ROOM, target: id, reason: 'rude' });
    ada.does({ type: 'mute', room: ROOM, person: cid.author, forMs: 60_000, reason: 'calm down' });
    town.settle();
    const [mute] = doorOf(ada).port.sanctions(ROOM);
    ada.does({ type: 'undo', target: mute!.id });
    ada.does({ type: 'role', room: ROOM, person: bob.author, role: 'moderator' });
    ada.does({ type: 'kick', room: ROOM, person: cid.author, reason: 'out' });
    town.settle();
    const { port } = doorOf(bob);
    const acts = port.moderationLog(bob.no, ROOM, null, 10)!;
    assert.deepEqual(
      acts.map(({ does, by, person, reason, what, undoneBy }) => ({ does, by, person, reason, what, undoneBy })),
      [
        { does: 'kick', by: ada.author, person: cid.author, reason: 'out', what: '', undoneBy: null },
        { does: 'role', by: ada.author, person: bob.author, reason: '', what: 'moderator', undoneBy: null },
        { does: 'undo', by: ada.author, person: null, reason: '', what: '', undoneBy: null },
        { does: 'mute', by: ada.author, person: cid.author, reason: 'calm down', what: '', undoneBy: ada.author },
        { does: 'remove', by: ada.author, person: cid.author, reason: 'rude', what: '', undoneBy: null },
      ],
    );
    assert.ok(acts[3]!.untilMs! > acts[3]!.atMs);
    assert.deepEqual([acts[2]!.target, acts[4]!.target], [mute!.id, id]);
    assert.deepEqual(
      port.moderationLog(bob.no, ROOM, acts[1]!.place, 2)!.map(({ does }) => does),
      ['undo', 'mute'],
    );
    assert.equal(port.moderationLog(cid.no, ROOM, null, 10), null);
    assert.equal(port.moderationLog(bob.no, '', null, 10), null);
    assert.deepEqual(doorOf(ada).port.moderationLog(ada.no, ROOM, null, 10), acts);
  });

  it('[MO9] reports are for moderators of the room; of a direct message the moderators of the network see that it was reported, and not what it says', async () => {
    const { town, ada, bob, cid, doors, doorOf } = square();
    const olga = town.owner(0);
    const rude = cid.post(ROOM, 'rude');
    const direct = cid.post({ author: bob.author }, 'ruder');
    town.settle();
    bob.does({ type: 'report', room: ROOM, target: rude, reason: 'it is rude' });
    const room = (await doors[1].port.unread(bob.no)).find(({ with: other }) => other !== null)!.room;
    bob.does({ type: 'report', room, target: direct, reason: 'worse' });
    town.settle();
    const reports = async (who: Visitor, of: RoomId | '') => (await doorOf(who).port.reports(who.no, of, null, 10))?.reports;
    assert.deepEqual(
      (await reports(ada, ROOM))?.map(({ about, message }) => [about.author, message?.id]),
      [[bob.author, rude]],
    );
    assert.deepEqual(
      (await reports(olga, ''))?.map(({ about, message }) => [about.target, message?.id]),
      [
        [direct, undefined],
        [rude, rude],
      ],
    );
    for (const where of [ROOM, ''] as const) assert.equal(await reports(cid, where), undefined);
  });

  it('[IRC43] ChanServ: REPORT, REPORTS and LOG; moderators who are here are told of a report', async () => {
    const { town, cid, doors } = square();
    const [mod, plain] = [await client(doors[0], 'ada'), await client(doors[1], 'bob')];
    const id = cid.post(ROOM, 'rude');
    town.settle();
    plain.one.say('PRIVMSG ChanServ :REPORT cid it is rude', 'PRIVMSG ChanServ :LOG #square', 'PRIVMSG ChanServ :REPORTS #square');
    await rest(town);
    town.settle();
    await rest(town);
    const said = (lines: readonly string[]): string[] => texts(lines).map((line) => line.replace(/^\S+ :/, ''));
    assert.deepEqual(said(plain.lines).slice(1).sort(), [
      'Reported: a message in #square.',
      'This is for moderators.',
      'This is for moderators.',
    ]);
    assert.deepEqual(said(mod.lines), ['rude', `bob reports ${id} in #square: it is rude`]);
    mod.one.say('KICK #square cid :out', `CHANSERV REPORT ${id} mine`);
    await rest(town);
    town.settle();
    mod.lines.length = 0;
    mod.one.say('CS LOG #square 5', 'CS REPORTS #square 1', 'CS HELP x', 'CS nothing');
    await rest(town);
    const told = said(mod.lines);
    assert.match(told.find((line) => line.includes('kick'))!, /^\S+Z ada kick cid \(out\)$/);
    assert.match(told.find((line) => line.includes('mine'))!, / ada in #square: mine \| \S+ <cid> rude$/);
    assert.ok(told.includes('There is no such command. Say HELP for what there is.'));
  });

  it('[PV4] whoever lost the right to a private room is not present there, at any node', () => {
    const { town, ada, bob, doors } = square();
    const den = (ada.does({ type: 'make private room', name: 'den' }) as { room: RoomId }).room;
    ada.does({ type: 'role', room: den, person: bob.author, role: 'member' });
    town.settle();
    bob.join(den);
    town.settle();
    for (const { port } of doors) assert.deepEqual(port.present(den).sort(), [ada.author, bob.author].sort());
    ada.does({ type: 'role', room: den, person: bob.author, role: 'none' });
    town.settle();
    for (const { port } of doors) assert.deepEqual(port.present(den), [ada.author]);
  });
});

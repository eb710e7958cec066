import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Answer, Command } from '../core/commands.ts';
import { type AuthorId, directRoomId, type FeedId, type NodeId, type RoomId } from '../core/ids.ts';
import type { Door, Notice, SessionNo } from '../core/port.ts';
import { emptyState, type Grant, type State } from '../core/state.ts';
import { GRACE_MS } from '../sync/limits.ts';
import type { Said, Whisper } from '../wire/whisper.ts';
import { People } from './people.ts';
import { type Session, Sessions } from './sessions.ts';
import { type Solo, solo, suite } from './testing/solo.ts';
import { AWAY_AGAIN_MS, TYPING_MS, Whispering } from './whispering.ts';

const [here, there] = ['here', 'there'] as NodeId[] as [NodeId, NodeId];
const ROOM = '#r' as RoomId;
const door = {} as Door;
const at = { key: 1, feed: 'f' as FeedId, seq: 1, index: 0 };
const feedOf = (node: NodeId): FeedId => `${node} feed` as FeedId;

function arrive(state: State, author: string, node: NodeId, isInside = true): AuthorId {
  const grant: Grant = { node, feed: feedOf(node), seq: 1, last: { seq: 1, index: 0 }, ended: false };
  state.guests.set(author as AuthorId, {
    author: author as AuthorId,
    name: { value: author, at },
    grants: new Map([[grant.feed, grant]]),
    rooms: new Set([ROOM]),
  });
  state.rooms.get(ROOM)!.members.set(author as AuthorId, { value: isInside, at });
  return author as AuthorId;
}

/** Ann is at another node, bob here; eve is at the other one and not in the room. */
function setUp() {
  const state = emptyState();
  state.rooms.set(ROOM, { id: ROOM, name: null, topic: null, settings: null, members: new Map(), joined: new Map() });
  const [ann, bob, eve] = [
    arrive(state, 'a'.repeat(32), there),
    arrive(state, 'b'.repeat(32), here),
    arrive(state, 'e'.repeat(32), there, false),
  ];
  const muted = new Set<AuthorId>();
  const people = new People(
    state,
    here,
    () => false,
    () => false,
  );
  people.reach(new Set([there]), 0);
  const sessions = new Sessions();
  const session = sessions.get(sessions.open(door, ''))!;
  sessions.join(session, bob, []);
  const rights = { speakFault: (author: AuthorId) => (muted.has(author) ? { type: 'not allowed' } : null) };
  const whispering = new Whispering({ hashing: suite, state, people, sessions, rights: rights as never });
  let number = 0;
  const hears = (author: AuthorId, said: Said, nowMs = 0, by: Partial<Whisper> = {}): Notice[] =>
    whispering.hear({ node: there, feed: feedOf(there), number: ++number, author, said, signature: new Uint8Array(64), ...by }, nowMs);
  return { state, ann, bob, eve, muted, people, sessions, session, whispering, hears };
}

const typing = (room: RoomId | AuthorId, on = true): Said => ({
  type: 'typing',
  to: room.startsWith('#') ? { room: room as RoomId } : { author: room as AuthorId },
  on,
});

describe('whispering', () => {
  it('[WH4] of typing doors are told where its author may speak, is in the room, and is by a session of that incarnation', () => {
    const { ann, bob, eve, muted, state, hears } = setUp();
    assert.deepEqual(hears(ann, typing(ROOM)), [{ type: 'typing', author: ann, room: ROOM, to: null, on: true }]);
    assert.deepEqual(hears(bob, typing(ROOM)), [], 'another node speaks for one of this');
    assert.deepEqual(hears(ann, typing(ROOM), 0, { feed: feedOf(here) }), [], 'a feed of another node');
    assert.deepEqual(hears(ann, typing(ROOM), 0, { node: here }), [], 'a node that was granted nothing');
    assert.deepEqual(hears(eve, typing(ROOM)), [], 'not in the room');
    assert.deepEqual(hears('c'.repeat(32) as AuthorId, typing(ROOM)), [], 'nobody');
    assert.deepEqual(hears(ann, typing('#other' as RoomId)), [], 'no such room');
    muted.add(ann);
    assert.deepEqual(hears(ann, typing(ROOM)), []);
    muted.clear();
    state.guests.get(ann)!.grants.get(feedOf(there))!.ended = true;
    assert.deepEqual(hears(ann, typing(ROOM)), [], 'the session is over');
  });

  it('[WH4] of typing in a direct room only the other one is told', () => {
    const { ann, bob, eve, hears } = setUp();
    const room = directRoomId(suite, ann, bob);
    assert.deepEqual(hears(ann, typing(bob)), [{ type: 'typing', author: ann, room, to: bob, on: true }]);
    assert.deepEqual(hears(ann, typing(eve)), [], 'who has no session here');
    assert.deepEqual(hears(ann, typing(bob, false)), [{ type: 'typing', author: ann, room, to: bob, on: false }]);
  });

  it('[WH5] typing ends by itself, by a word or by a message, once; another word carries it on', () => {
    const { ann, whispering, hears } = setUp();
    const off = { type: 'typing', author: ann, room: ROOM, to: null, on: false };
    assert.deepEqual(hears(ann, typing(ROOM, false)), [], 'it had not begun');
    hears(ann, typing(ROOM), 0);
    assert.equal(hears(ann, typing(ROOM), 3000).length, 1);
    assert.deepEqual(whispering.tick(TYPING_MS), []);
    assert.deepEqual(whispering.tick(3000 + TYPING_MS), [off]);
    assert.deepEqual(whispering.tick(3001 + TYPING_MS), []);
    hears(ann, typing(ROOM), 20_000);
    assert.deepEqual(whispering.stops(ann, ROOM), [off]);
    assert.deepEqual(whispering.stops(ann, ROOM), []);
  });

  it('[WH6] whoever is away is so until they are back, or their session or node ends', () => {
    const { ann, people, state, whispering, hears } = setUp();
    const away = (text: string): Notice[] => hears(ann, { type: 'away', text });
    assert.deepEqual(away('lunch'), [{ type: 'away', author: ann, text: 'lunch' }]);
    assert.deepEqual(away('lunch'), [], 'said again');
    assert.deepEqual([away('a\nb'), away('x'.repeat(301))], [[], []]);
    assert.equal(whispering.awayOf(ann), 'lunch');
    assert.deepEqual(away(''), [{ type: 'away', author: ann, text: null }]);
    assert.equal(whispering.awayOf(ann), null);
    away('dinner');
    people.reach(new Set(), 0);
    assert.equal(whispering.awayOf(ann), 'dinner', 'within the grace');
    people.expire(GRACE_MS);
    assert.equal(whispering.awayOf(ann), null);
    assert.deepEqual(whispering.tick(GRACE_MS), [{ type: 'away', author: ann, text: null }]);
    people.reach(new Set([there]), GRACE_MS);
    away('dinner');
    state.guests.get(ann)!.grants.get(feedOf(there))!.ended = true;
    assert.equal(whispering.awayOf(ann), null);
  });

  it('[WH6] it is said again once a minute, under the name of the session now, and ends with the session that said it', () => {
    const { bob, session, sessions, whispering } = setUp();
    const out = (): string[] =>
      whispering.takeOut().map(({ author, said }) => `${author[0]} ${said.type === 'away' ? said.text : said.on}`);
    whispering.say(session, { type: 'away', text: 'lunch' }, 0);
    assert.deepEqual(out(), ['b lunch']);
    whispering.tick(AWAY_AGAIN_MS - 1);
    assert.deepEqual(out(), []);
    whispering.tick(AWAY_AGAIN_MS + 1000);
    assert.deepEqual(out(), ['b lunch']);
    const carol = 'c'.repeat(32) as AuthorId;
    sessions.leave(session);
    sessions.join(session, carol, []);
    whispering.tick(AWAY_AGAIN_MS + 3000);
    assert.deepEqual(out(), ['c lunch']);
    const other = sessions.get(sessions.open(door, '')) as Session;
    sessions.join(other, carol, []);
    whispering.closed(other, carol);
    assert.deepEqual(out(), [], 'another session of theirs');
    sessions.remove(session);
    sessions.leave(session);
    whispering.closed(session, carol);
    assert.deepEqual(out(), ['c ']);
    whispering.tick(1e9);
    assert.deepEqual(out(), []);
    assert.ok(!sessions.isOwn(bob));
  });
});

/** A session of a node that runs, and what its door was told. */
async function guest({ loop }: Solo, name: string) {
  const answers = new Map<number, (answer: Answer) => void>();
  const notices: Notice[] = [];
  const own: Door = {
    answer: (_session, token, answer) => answers.get(token)?.(answer),
    notices: (more) => void notices.push(...more),
    ended: () => undefined,
    flush: () => undefined,
  };
  const no: SessionNo = loop.session(own);
  let tokens = 0;
  const ask = (command: Command): Promise<Answer> =>
    new Promise((resolve) => {
      answers.set(++tokens, resolve);
      loop.command(no, tokens, command);
    });
  const opened = await ask({ type: 'open', name });
  assert.ok(opened.type === 'opened');
  const told = (): unknown[] =>
    notices
      .splice(0)
      .flatMap((one): unknown[][] =>
        one.type === 'typing' ? [[one.author, one.room, one.on]] : one.type === 'away' ? [[one.author, one.text]] : [],
      );
  return { ask, told, author: opened.author };
}

describe('whispers of a node', () => {
  it('[WH4, WH5, WH6] a session says that it types or is away, and every door is told; nothing of it is stored', async () => {
    const node = await solo('open');
    const [ann, bob] = [await guest(node, 'ann'), await guest(node, 'bob')];
    const room = '#lobby' as RoomId;
    assert.deepEqual(await ann.ask({ type: 'typing', to: { room }, on: true }), { type: 'refused', refusal: { type: 'not in room' } });
    await ann.ask({ type: 'join', room });
    const before = new Map(node.engine.replica.log.durable);
    assert.deepEqual(await ann.ask({ type: 'typing', to: { room }, on: true }), { type: 'done' });
    assert.deepEqual(bob.told(), [[ann.author, room, true]]);
    assert.deepEqual(await ann.ask({ type: 'away', text: 'lunch' }), { type: 'done' });
    assert.deepEqual(bob.told(), [[ann.author, 'lunch']]);
    assert.equal(node.loop.awayOf(ann.author), 'lunch');
    assert.deepEqual(await ann.ask({ type: 'away', text: 'a\nb' }), {
      type: 'refused',
      refusal: { type: 'bad text', fault: 'bad character' },
    });
    assert.deepEqual(node.engine.replica.log.durable, before);
    await ann.ask({ type: 'post', to: { room }, style: 'text', text: 'hello' });
    assert.deepEqual(bob.told(), [[ann.author, room, false]]);
    await ann.ask({ type: 'typing', to: { author: bob.author }, on: true });
    assert.deepEqual(bob.told(), [[ann.author, directRoomId(suite, ann.author, bob.author), true]]);
    await node.close();
  });
});

/** What people see follows from what was told. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Event, Opened, WireMessage, WireRoom } from '../api/protocol.ts';
import type { AuthorId, FeedId, MessageId, RoomId } from '../core/ids.ts';
import { mentions } from './mentions.ts';
import { type Input, initial, nextExpiry, reduce, type State } from './state.ts';
import { TYPING_MS } from './state-events.ts';

const ROOM = '#main' as RoomId;
const [ME, ANN, BOB] = ['1', '2', '3'].map((digit) => digit.repeat(32) as AuthorId) as [AuthorId, AuthorId, AuthorId];
const FEED = 'f'.repeat(32) as FeedId;

const plain = { topic: '', description: '', archived: false, slowSeconds: 0, retentionSeconds: 0, joined: true, power: 1, members: 2 };
const room = (id: RoomId = ROOM, more: Partial<WireRoom> = {}): WireRoom => ({ id, kind: 'public', name: id, ...plain, ...more });
const person = (author: AuthorId, name: string, present = true) => ({
  author,
  name,
  account: false,
  present,
  away: null,
  node: null,
  role: null,
});

function message(no: number, author: AuthorId, text: string, more: Partial<WireMessage> = {}): WireMessage {
  const id = (String(no).padStart(32, '0') + author) as MessageId;
  return { id, room: ROOM, author, name: 'x', place: [no, FEED, no, 0], atMs: no, style: 'text', text, ...more };
}

function opened(more: Partial<Opened> = {}): Input {
  const wishes = { muted: [], blocked: [] };
  return {
    type: 'opened',
    opened: { author: ME, name: 'Mia', account: true, at: {}, rooms: [room()], people: [person(ANN, 'ann')], wishes, ...more },
  };
}

const turn = (...events: Event[]): Input => ({ type: 'turn', turn: { type: 'turn', events } });
const say = (no: number, author: AuthorId, text: string): Event => ({ type: 'message', message: message(no, author, text) });
const run = (inputs: readonly Input[], state: State = initial(100), nowMs = 0): State =>
  inputs.reduce((so, input) => reduce(so, input, nowMs), state);
const shown = (state: State) => state.view.rooms.get(ROOM)!;

describe('the view', () => {
  it('[CB3] what others write counts as unread, what names the reader as a mention, and looking at it reads it', () => {
    let state = run([opened(), turn(say(1, ANN, 'hello'), say(2, ME, 'hi'), say(3, ANN, 'and you, mia?'))]);
    assert.deepEqual([shown(state).unread, shown(state).mentions], [2, 1]);
    assert.equal(shown(state).firstUnread, message(1, ANN, '').id);
    state = run([{ type: 'look', room: ROOM }], state);
    assert.deepEqual([shown(state).unread, shown(state).mentions, shown(state).firstUnread], [0, 0, message(1, ANN, '').id]);
    state = run([turn(say(4, ANN, 'more'))], state);
    assert.equal(shown(state).unread, 0);
    state = run([{ type: 'look', room: null }, turn(say(5, ANN, 'gone?'))], state);
    assert.deepEqual([shown(state).unread, shown(state).firstUnread], [1, message(5, ANN, '').id]);
    assert.equal(shown(run([turn({ type: 'read', room: ROOM })], state)).unread, 0);
  });

  it('[CB3] unread messages that the node counted are not counted again, and blocked people count for nothing', () => {
    const rooms = [room(ROOM, { unread: 2 })];
    let state = run([opened({ rooms, wishes: { muted: [], blocked: [BOB] } })]);
    const messages = [message(1, ANN, 'a'), message(2, ANN, 'b'), message(3, ANN, 'c')];
    state = run([{ type: 'missed', room: ROOM, messages, counted: { [FEED]: 2 } }, turn(say(9, BOB, 'noise'))], state);
    assert.equal(shown(state).unread, 3);
  });

  it('[CB3] typing ends by itself, by a message, and by a word', () => {
    const typing = (author: AuthorId, on: boolean): Event => ({ type: 'typing', room: ROOM, author, on });
    let state = run([opened(), turn(typing(ANN, true), typing(BOB, true), typing(ME, true))], initial(9), 1000);
    assert.deepEqual(shown(state).typing, [ANN, BOB]);
    assert.equal(nextExpiry(state), 1000 + TYPING_MS);
    assert.deepEqual(shown(run([turn(say(1, ANN, 'x'))], state, 1100)).typing, [BOB]);
    assert.deepEqual(shown(run([turn(typing(BOB, false))], state, 1100)).typing, [ANN]);
    state = reduce(state, { type: 'time' }, 1000 + TYPING_MS);
    assert.deepEqual(shown(state).typing, []);
    assert.equal(nextExpiry(state), null);
  });

  it('[CB3] what did not change stays the same object', () => {
    const other = '#other' as RoomId;
    const before = run([opened({ rooms: [room(), room(other)] }), turn(say(1, ANN, 'a'))]);
    const after = run([turn(say(2, ANN, 'b'))], before);
    assert.equal(after.view.rooms.get(other), before.view.rooms.get(other));
    assert.equal(after.view.people, before.view.people);
    assert.equal(shown(after).timeline[0], shown(before).timeline[0]);
    assert.equal(shown(before).timeline.length, 1);
    assert.equal(run([turn(say(2, ANN, 'b'))], after).view.rooms.get(ROOM)!.timeline, shown(after).timeline);
  });

  it('[CB3] messages of the outbox stand at the end until they show, and then say on how many nodes they are', () => {
    const mine = { ...message(7, ME, 'wait'), delivery: { state: 'waiting' } as const };
    let state = run([
      opened(),
      { type: 'page', room: ROOM, messages: [], isEnd: true },
      { type: 'queued', item: mine },
      turn(say(8, ANN, 'before you')),
    ]);
    assert.deepEqual(
      shown(state).timeline.map(({ text }) => text),
      ['before you', 'wait'],
    );
    state = run([turn(say(7, ME, 'wait'))], state);
    assert.deepEqual(
      shown(state).timeline.map(({ text, delivery }) => [text, delivery?.state]),
      [
        ['wait', 'waiting'],
        ['before you', undefined],
      ],
    );
    state = run([{ type: 'delivery', room: ROOM, id: mine.id, delivery: { state: 'held', held: 2, wanted: 2 } }], state);
    assert.deepEqual(shown(state).timeline[0]!.delivery, { state: 'held', held: 2, wanted: 2 });
  });

  it('[CB3] who is not told of at the next node is not present, and rooms and names follow', () => {
    let state = run([opened({ people: [person(ANN, 'ann'), person(BOB, 'bob')] }), opened({ people: [person(ANN, 'ann')] })]);
    assert.equal(state.view.people.get(BOB)!.present, false);
    state = run([turn({ type: 'person', person: person(ME, 'Mila') }, { type: 'join', room: ROOM, author: BOB })], state);
    assert.equal(state.view.me!.name, 'Mila');
    assert.deepEqual(shown(state).members, [BOB]);
    assert.equal(run([turn({ type: 'room', room: ROOM, is: null })], state).view.rooms.size, 0);
    // What is not loaded is not changed, and told to whoever shows it all the same.
    const told = run([turn({ type: 'changed', message: message(99, ANN, 'old') })], state);
    assert.equal(shown(told).timeline.length, 0);
    assert.deepEqual(
      told.news.map((one) => [one.type, one.type === 'elsewhere' && one.item.text]),
      [['elsewhere', 'old']],
    );
  });

  it('[CB3] a name counts where no letter or digit is beside it, in any case', () => {
    assert.ok(mentions('hey @Mia: look', 'mia'));
    assert.ok(mentions('MIA', 'mia'));
    assert.ok(mentions('für Ärzte_x, ärzte!', 'Ärzte'));
    assert.ok(!mentions('miami', 'mia'));
    assert.ok(!mentions('damia', 'mia'));
    assert.ok(!mentions('anything', ''));
  });
});

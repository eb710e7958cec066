/** Timelines against a twin that sorts everything at once. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { WireMessage, WirePlace } from '../api/protocol.ts';
import type { AuthorId, FeedId, MessageId, RoomId } from '../core/ids.ts';
import { comparePlaces, EMPTY, find, merge, refresh, type Taking, type Timeline, trimmed, whole } from './timeline.ts';

const FEEDS = ['a', 'b', 'c'].map((letter) => letter.repeat(32) as FeedId);

function message(id: number, place: WirePlace, text = `text ${id}`): WireMessage {
  const fields = { id: String(id).padStart(64, '0') as MessageId, room: '#r' as RoomId, author: 'a'.repeat(32) as AuthorId, name: 'ann' };
  return { ...fields, place, atMs: place[0], style: 'text', text };
}

const LIVE: Taking = { isNews: true, isPage: false, dress: (one) => one };
const MISSED: Taking = { ...LIVE, isNews: false };
const PAGE: Taking = { ...MISSED, isPage: true };

/** Each id at the earliest of its places, in order. */
function twin(all: readonly WireMessage[]): string[] {
  const first = new Map<MessageId, WireMessage>();
  for (const one of all) {
    const known = first.get(one.id);
    if (!known || comparePlaces(one.place, known.place) < 0) first.set(one.id, one);
  }
  return [...first.values()].sort((a, b) => comparePlaces(a.place, b.place)).map(({ id, place }) => `${id} ${place.join()}`);
}

const told = ({ items }: Timeline): string[] => items.map(({ id, place }) => `${id} ${place.join()}`);

// No two messages share a place; one may have several.
const some = fc.array(
  fc.tuple(fc.nat(25), fc.nat(40), fc.constantFrom(...FEEDS)).map(([id, key, feed]) => message(id, [key, feed, id + 1, 0])),
  { maxLength: 6 },
);
const step = fc.tuple(fc.constantFrom('live', 'missed', 'page', 'again'), some);

describe('timelines', () => {
  it('[CB2] any interleaving of pages, turns, repeats and late messages gives what sorting all at once gives', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const all: WireMessage[] = [];
        let timeline: Timeline = EMPTY;
        for (const [how, messages] of steps) {
          if (how === 'page') {
            // A page is all that is before the first, at a node that holds all that was told.
            const first = timeline.items[0];
            const before = [...all, ...messages].filter((one) => !first || comparePlaces(one.place, first.place) < 0);
            all.push(...messages);
            timeline = merge(timeline, before, PAGE).timeline;
            timeline = merge(timeline, messages, LIVE).timeline;
          } else {
            const next = how === 'again' ? all.slice(0, 5) : messages;
            all.push(...next);
            timeline = merge(timeline, next, how === 'missed' ? MISSED : LIVE).timeline;
          }
          const ids = timeline.items.map(({ id }) => id);
          assert.equal(new Set(ids).size, ids.length);
          for (const one of all) assert.ok(find(timeline, one.id), 'kept, in its place or aside');
        }
        assert.deepEqual(told(whole(timeline)), twin(all));
      }),
      { numRuns: 2000 },
    );
  });

  it('[CB2] what sorts before the first message waits aside until a page reaches back so far, and is late elsewhere', () => {
    const base = merge(
      EMPTY,
      [10, 20].map((key) => message(key, [key, FEEDS[0]!, key, 0])),
      PAGE,
    ).timeline;
    const early = merge(base, [message(5, [5, FEEDS[1]!, 1, 0])], LIVE);
    assert.equal(early.timeline.items.length, 2);
    assert.equal(early.added[0]!.late, true);
    const between = merge(early.timeline, [message(15, [15, FEEDS[1]!, 2, 0])], LIVE).timeline;
    assert.equal(between.items[1]!.late, true);
    const paged = merge(between, [message(3, [3, FEEDS[0]!, 3, 0])], PAGE).timeline;
    assert.deepEqual(
      paged.items.map((item) => item.atMs),
      [3, 5, 10, 15, 20],
    );
    assert.equal(paged.items[0]!.late, undefined);
    assert.equal(paged.aside.length, 0);
  });

  it('[CB3] the timeline that was is as it was', () => {
    const before = merge(EMPTY, [message(1, [1, FEEDS[0]!, 1, 0])], PAGE).timeline;
    const kept = [...before.items];
    const after = merge(before, [message(2, [2, FEEDS[0]!, 2, 0])], LIVE).timeline;
    assert.deepEqual(before.items, kept);
    assert.equal(after.items[0], before.items[0]);
    assert.equal(merge(after, [message(1, [1, FEEDS[0]!, 1, 0])], MISSED).timeline, after);
    // A state of before goes on from where it was.
    assert.equal(merge(before, [message(3, [3, FEEDS[0]!, 3, 0])], LIVE).timeline.items.length, 2);
  });

  it('[CB4] what a refresh does not tell of goes, but not by a node that does not hold it', () => {
    const [one, two, three] = [1, 2, 3].map((key) => message(key, [key, FEEDS[key - 1]!, 1, 0]));
    const timeline = merge(EMPTY, [one!, two!, three!], PAGE).timeline;
    const ids = timeline.items.map(({ id }) => id);
    const edited = { ...three!, text: 'better', edited: true as const };
    const { timeline: after, gone, changed } = refresh(timeline, ids, [edited], { [FEEDS[0]!]: 1, [FEEDS[2]!]: 1 });
    assert.deepEqual(gone, [one!.id]);
    assert.deepEqual(
      changed.map(({ text }) => text),
      ['better'],
    );
    assert.deepEqual(
      after.items.map(({ id }) => id),
      [two!.id, three!.id],
    );
    assert.equal(refresh(after, ids, [two!, edited], { [FEEDS[1]!]: 1, [FEEDS[2]!]: 1 }).timeline, after);
  });

  it('[CB3] the oldest are let go of, and can be loaded again', () => {
    const all = Array.from({ length: 10 }, (_, i) => message(i, [i, FEEDS[0]!, i + 1, 0]));
    const timeline = trimmed(whole(merge(EMPTY, all, PAGE).timeline), 3);
    assert.equal(timeline.items.length, 3);
    assert.equal(timeline.isWhole, false);
    assert.equal(merge(timeline, all.slice(0, 7), PAGE).timeline.items.length, 10);
  });
});

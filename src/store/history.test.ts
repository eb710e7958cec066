import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FeedWriter, suite } from '../../test/fixture/writer.ts';
import { FEED_KIND } from '../core/feed.ts';
import { messageId, type RoomId } from '../core/ids.ts';
import { decodeMessage } from '../core/message.ts';
import type { Anchor } from '../core/port.ts';
import { MemoryStore } from './memory.ts';

describe('history', () => {
  it('[HI1] what was not shown with the anchor is late, where one message stands in two entries too', () => {
    const store = new MemoryStore(suite);
    const [x, y] = [new FeedWriter(61, 1000), new FeedWriter(62, 1000)];
    Object.assign(y, { session: x.session, author: x.author });
    const arrivals = [x.arrive('x'), y.arrive('x')];
    const op = x.message('anchor');
    // The same message was handed in at both nodes. The reader was shown it by x, which had not held what y had.
    const shown = x.entry(FEED_KIND.content, [op], new Map(), 3000);
    const unseen = y.entry(FEED_KIND.content, [y.message('unseen')], new Map(), 2000);
    const again = y.entry(FEED_KIND.content, [op], new Map(), 2500);
    store.append({ id: 1, entries: [...arrivals, shown, unseen, again] });
    const id = messageId(op.head.author, op.head.client);
    const texts = (anchor: Anchor): string[] => {
      const page = store.historyNow({ type: 'after', room: '#r' as RoomId, anchor, late: true, limit: 9 });
      return 'messages' in page ? page.messages.map(({ payload }) => decodeMessage(payload!).text) : [];
    };
    assert.deepEqual(texts({ id }), []);
    assert.deepEqual(texts({ id, feed: shown.feed, seq: shown.seq }), ['unseen']);
  });
});

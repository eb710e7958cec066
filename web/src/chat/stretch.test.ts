import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Item } from '../../../src/client/view.ts';
import type { FeedId, MessageId } from '../../../src/core/ids.ts';
import { heard, STRETCH_MAX, type Stretch, shownOf, stretchOf, withChanged, withNewer, withOlder, without } from './stretch.ts';

const item = (no: number, text = `n${no}`): Item =>
  ({ id: `m${no}` as MessageId, place: [no, 'f' as FeedId, no, 0], atMs: no, text, style: 'text' }) as unknown as Item;
const items = (from: number, to: number): Item[] => Array.from({ length: to - from }, (_, i) => item(from + i));
const numbers = ({ items: all }: { readonly items: readonly Item[] }): number[] => all.map(({ atMs }) => atMs);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('a stretch of history', () => {
  it('[WB20] grows at both ends, each message once, and says where it ends', () => {
    let stretch: Stretch = stretchOf(items(50, 60).reverse());
    assert.deepEqual(numbers(stretch), range(50, 60));
    stretch = withOlder(stretch, items(40, 52), false);
    stretch = withNewer(stretch, items(58, 70), false);
    assert.deepEqual([numbers(stretch), stretch.isStart, stretch.isEnd], [range(40, 70), false, false]);
    stretch = withOlder(stretch, items(0, 40), true);
    assert.deepEqual([numbers(stretch), stretch.isStart], [range(0, 70), true]);
    assert.equal(withNewer(stretch, [], true).isEnd, true);
  });

  it('[WB20] joins the timeline where it reaches it, and not before', () => {
    const timeline = items(100, 110);
    const apart = stretchOf(items(50, 60));
    assert.deepEqual(numbers(shownOf(apart, timeline, false)), range(50, 60));
    assert.equal(shownOf(apart, timeline, false).isLive, false);
    const met = withNewer(apart, items(60, 105), false);
    assert.deepEqual(numbers(shownOf(met, timeline, false)), range(50, 110));
    assert.equal(shownOf(met, timeline, false).isLive, true);
    // What was changed in the timeline shows as it is there.
    const [first] = timeline;
    const changed = shownOf(met, [{ ...first!, text: 'changed' }, ...timeline.slice(1)], false);
    assert.equal(changed.items.find(({ atMs }) => atMs === 100)!.text, 'changed');
    assert.equal(shownOf(null, timeline, true).isStart, true);
    assert.deepEqual(numbers(shownOf({ ...apart, isEnd: true }, [], false)), range(50, 60));
  });

  it('[WB20] is bounded: it lets go of its far end, which is then no end any more', () => {
    const full = { ...stretchOf(items(0, STRETCH_MAX)), isStart: true };
    const on = withNewer(full, items(STRETCH_MAX, STRETCH_MAX + 10), true);
    assert.deepEqual([on.items.length, on.items[0]!.atMs, on.isStart, on.isEnd], [STRETCH_MAX, 10, false, true]);
    const back = withOlder(on, items(0, 10), true);
    assert.deepEqual([back.items.length, back.items.at(-1)!.atMs, back.isStart, back.isEnd], [STRETCH_MAX, STRETCH_MAX - 1, true, false]);
  });

  it('[WB20] shows what changes in it, and not what shows no more', () => {
    const stretch = stretchOf(items(0, 3));
    assert.deepEqual(
      withChanged(stretch, [item(1, 'edited'), item(9)]).items.map(({ text }) => text),
      ['n0', 'edited', 'n2'],
    );
    assert.equal(withChanged(stretch, [item(9)]), stretch);
    assert.deepEqual(numbers(without(stretch, new Set(['m1' as MessageId]))), [0, 2]);
  });

  it('[WB74] is shown without what people said whom the reader blocks', () => {
    const shown = { items: items(0, 3), isStart: true, isLive: true };
    assert.equal(heard(shown, new Set()), shown);
    const [first] = shown.items;
    assert.deepEqual(
      heard(shown, new Set([first!.author])).items,
      shown.items.filter(({ author }) => author !== first!.author),
    );
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Turns } from './turns.ts';

interface Item {
  readonly source: string;
  readonly n: number;
}

/** Looks through everything at each step. `served` says when a source's turn was, or when it came into the queue. */
class Twin {
  list: Item[] = [];
  readonly #turnOf = new Map<string, number>();
  #clock = 0;

  of(source: string): Item[] {
    return this.list.filter((one) => one.source === source);
  }

  add(item: Item, max: number, ofSourceMax: number): Item | null {
    const own = this.of(item.source).length;
    if (own >= ofSourceMax) return item;
    let gone: Item | null = null;
    if (this.list.length >= max) {
      const sources = [...new Set(this.list.map((one) => one.source))].sort((a, b) => this.#turnOf.get(a)! - this.#turnOf.get(b)!);
      const most = sources.reduce((a, b) => (this.of(b).length > this.of(a).length ? b : a));
      if (this.of(most).length <= own + 1) return item;
      gone = this.of(most).at(-1)!;
      this.list = this.list.filter((one) => one !== gone);
    }
    if (own === 0) this.#turnOf.set(item.source, this.#clock++);
    this.list.push(item);
    return gone;
  }

  next(): Item | undefined {
    const item = [...this.list].sort((a, b) => this.#turnOf.get(a.source)! - this.#turnOf.get(b.source)! || a.n - b.n)[0];
    if (item) this.#turnOf.set(item.source, this.#clock++);
    this.list = this.list.filter((one) => one !== item);
    return item;
  }
}

describe('turns', () => {
  it('[FL5] sources take turns, one may have so many waiting, and gives way to who has fewer', () => {
    const acts = fc.array(fc.tuple(fc.constantFrom('add', 'add', 'add', 'next', 'remove'), fc.constantFrom('a', 'b', 'c', 'd')), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(acts, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }), (list, waitingMax, ofSourceMax) => {
        const [turns, twin] = [new Turns<Item>({ waitingMax, ofSourceMax }), new Twin()];
        for (const [n, [act, source]] of list.entries()) {
          if (act === 'add') {
            const item = { source, n };
            assert.equal(turns.add(source, item), twin.add(item, waitingMax, ofSourceMax));
          } else if (act === 'next') assert.equal(turns.next(), twin.next());
          else {
            const item = twin.of(source)[0] ?? { source, n };
            assert.equal(turns.remove(source, item), twin.list.includes(item));
            twin.list = twin.list.filter((one) => one !== item);
          }
          assert.equal(turns.count, twin.list.length);
          assert.ok(turns.count <= waitingMax);
        }
      }),
    );
  });

  it('[FL5] a source that fills its places keeps nobody out', () => {
    const turns = new Turns<string>({ waitingMax: 64, ofSourceMax: 4 });
    for (let source = 0; source < 16; source++)
      for (let i = 0; i < 9; i++) assert.equal(turns.add(`bad ${source}`, `bad ${source} ${i}`) !== null, i >= 4);
    assert.equal(turns.count, 64);
    assert.equal(turns.add('good', 'good'), 'bad 0 3');
    const served = Array.from({ length: 17 }, () => turns.next());
    assert.ok(served.includes('good'), 'after each of the others had one turn');
  });
});

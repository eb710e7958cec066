/** Virtual time: what is to happen, in the order of its time, and among equals in the order in which it was asked for. */

interface Happening {
  readonly atMs: number;
  readonly no: number;
  readonly run: () => void;
}

export class Timeline {
  nowMs = 0;
  readonly #heap: Happening[] = [];
  #no = 0;

  /** Lets something happen after a time; never before what is under way has ended. */
  after(ms: number, run: () => void): void {
    const heap = this.#heap;
    const happening = { atMs: this.nowMs + Math.max(0, ms), no: this.#no++, run };
    let i = heap.length;
    heap.push(happening);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isBefore(happening, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = happening;
  }

  /** Lets everything happen up to a time. */
  runUntil(ms: number): void {
    while (this.#heap.length > 0 && this.#heap[0]!.atMs <= ms) {
      const next = this.#pop();
      this.nowMs = next.atMs;
      next.run();
    }
    this.nowMs = ms;
  }

  #pop(): Happening {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}

function isBefore(a: Happening, b: Happening): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.no < b.no);
}

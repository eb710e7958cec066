/** Ops of law that are about one thing, in the order of law. */

import { compareKeys, compareLaw, type LawOp, UNCOVERED } from './body.ts';

export class Table {
  readonly ops: LawOp[];
  /** So many from the beginning are known to be covered. */
  #covered = 0;

  /** Of ops that are in order. */
  constructor(ops: LawOp[]) {
    this.ops = ops;
  }

  add(op: LawOp): void {
    insert(this.ops, op);
  }

  /** Whether an op that was covered just now, while the table had its old order, came behind one that is not covered. */
  crosses(op: LawOp): boolean {
    while (this.#covered < this.ops.length && this.ops[this.#covered]!.rank !== UNCOVERED) this.#covered++;
    const first = this.ops[this.#covered];
    return first !== undefined && compareKeys(first, op) < 0;
  }
}

/** Puts an op at its place in a sorted list; nearly always that is the end. */
export function insert(list: LawOp[], op: LawOp): void {
  let i = list.length;
  while (i > 0 && compareLaw(list[i - 1]!, op) > 0) i--;
  list.splice(i, 0, op);
}

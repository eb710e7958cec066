/** Marks around what is chosen, and off again. Pure. */

export interface Marked {
  readonly text: string;
  /** What is chosen then. */
  readonly from: number;
  readonly to: number;
}

export function wrapped(text: string, from: number, to: number, mark: string): Marked {
  const { length } = mark;
  const inner = text.slice(from, to);
  const before = text.slice(0, from);
  const behind = text.slice(to);
  // Of `**`, `*` alone is no mark.
  const isOther = (end: string, begin: string): boolean => mark === '*' && /(^|[^*])\*\*$/.test(end) && /^\*\*([^*]|$)/.test(begin);
  if (before.endsWith(mark) && behind.startsWith(mark) && !isOther(before, behind))
    return { text: before.slice(0, -length) + inner + behind.slice(length), from: from - length, to: to - length };
  return { text: before + mark + inner + mark + behind, from: from + length, to: to + length };
}

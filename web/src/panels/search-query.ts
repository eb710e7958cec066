/** What somebody typed into the search, as it is asked. Pure. */

export interface Sought {
  readonly text: string;
  readonly isEverywhere: boolean;
  /** A name as typed; empty for anybody. */
  readonly who: string;
  /** Days as a date field gives them, `2026-03-29`; empty for none. Both count. */
  readonly from: string;
  readonly until: string;
}

export const NOTHING_SOUGHT: Sought = { text: '', isEverywhere: false, who: '', from: '', until: '' };

export function isEmpty({ text, who, from, until }: Sought): boolean {
  return text.trim() === '' && who.trim() === '' && from === '' && until === '';
}

/** The first millisecond of a day where the reader is, `days` later; null for what is no day. */
export function dayStartMs(day: string, days = 0): number | null {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (!date) return null;
  const at = new Date(Number(year), Number(month) - 1, Number(date) + days).getTime();
  return at >= 0 ? at : null;
}

export function times({ from, until }: Sought): { readonly fromMs?: number; readonly beforeMs?: number } {
  const fromMs = dayStartMs(from);
  const beforeMs = dayStartMs(until, 1);
  return { ...(fromMs !== null && { fromMs }), ...(beforeMs !== null && { beforeMs }) };
}

export interface Piece {
  readonly text: string;
  readonly isHit: boolean;
}

/** A text in pieces; marks are begins and ends in it, ascending. */
export function pieces(text: string, marks: readonly (readonly [number, number])[]): readonly Piece[] {
  const made: Piece[] = [];
  let at = 0;
  for (const [start, end] of marks) {
    const from = Math.max(start, at);
    if (end <= from || from >= text.length) continue;
    if (from > at) made.push({ text: text.slice(at, from), isHit: false });
    made.push({ text: text.slice(from, end), isHit: true });
    at = Math.min(end, text.length);
  }
  if (at < text.length) made.push({ text: text.slice(at), isHit: false });
  return made;
}

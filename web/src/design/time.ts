/** Times as people read them, in the language of their browser. A formatter costs more than what it makes, so each is made once. */

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const dayFormat = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const yearFormat = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const fullFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

export function clock(atMs: number): string {
  return clockFormat.format(atMs);
}

export function fullTime(atMs: number): string {
  return fullFormat.format(atMs);
}

/** A number for each local day. */
export function dayOf(atMs: number): number {
  const at = new Date(atMs);
  return Math.round(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) / 86_400_000);
}

export function dayWords(atMs: number, nowMs: number): string {
  const ago = dayOf(nowMs) - dayOf(atMs);
  if (ago === 0) return 'Today';
  if (ago === 1) return 'Yesterday';
  return (new Date(atMs).getFullYear() === new Date(nowMs).getFullYear() ? dayFormat : yearFormat).format(atMs);
}

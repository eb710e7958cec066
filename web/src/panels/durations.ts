/** Lengths of time that people choose from, in seconds, and in words. Pure. */

export interface Duration {
  readonly seconds: number;
  readonly words: string;
}

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Of a mute or a ban; 0: until somebody takes it back. */
export const SANCTIONS: readonly Duration[] = [
  { seconds: 10 * 60, words: '10 minutes' },
  { seconds: HOUR, words: 'an hour' },
  { seconds: DAY, words: 'a day' },
  { seconds: 7 * DAY, words: 'a week' },
  { seconds: 30 * DAY, words: '30 days' },
  { seconds: 0, words: 'until it is taken back' },
];

/** Between two messages of one person. */
export const PAUSES: readonly Duration[] = [
  { seconds: 0, words: 'No pause' },
  { seconds: 10, words: '10 seconds' },
  { seconds: 30, words: '30 seconds' },
  { seconds: 60, words: 'a minute' },
  { seconds: 5 * 60, words: '5 minutes' },
  { seconds: 15 * 60, words: '15 minutes' },
  { seconds: HOUR, words: 'an hour' },
];

/** For how long messages are kept; 0: for good. */
export const KEEPINGS: readonly Duration[] = [
  { seconds: 0, words: 'For good' },
  { seconds: DAY, words: 'a day' },
  { seconds: 7 * DAY, words: 'a week' },
  { seconds: 30 * DAY, words: '30 days' },
  { seconds: 90 * DAY, words: '90 days' },
  { seconds: 365 * DAY, words: 'a year' },
];

const UNITS: readonly (readonly [number, string])[] = [
  [DAY, 'days'],
  [HOUR, 'hours'],
  [60, 'minutes'],
  [1, 'seconds'],
];

/** What was set by other means than these lists is offered beside them. */
export function withOwn(list: readonly Duration[], seconds: number): readonly Duration[] {
  if (list.some((one) => one.seconds === seconds)) return list;
  const [unit, name] = UNITS.find(([size]) => seconds % size === 0)!;
  return [...list, { seconds, words: `${seconds / unit} ${name}` }];
}

export function wordsOf(list: readonly Duration[], seconds: number): string {
  return withOwn(list, seconds).find((one) => one.seconds === seconds)!.words;
}

/** What a room's limit on time does to what was said, in words; null where it does nothing. */
export function keepingWords(before: number, after: number): string | null {
  if (after === 0) return before === 0 ? null : 'What is erased already does not come back.';
  const isShorter = before === 0 || after < before;
  const length = wordsOf(KEEPINGS, after);
  return `What is older than ${length} is erased for good, on every node${isShorter ? ', also what was said until now' : ''}. Nobody can bring it back.`;
}

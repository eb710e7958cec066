/** Search: what is asked, what is found, and the limits of both. */

import { hlcMs } from './hlc.ts';
import type { AuthorId, RoomId } from './ids.ts';
import { comparePlaces, type Place } from './order.ts';
import type { Shown } from './resolve.ts';

/** Letters (UTF-16 units) of a query that count; what is beyond is passed over. */
export const SEARCH_LETTERS_MAX = 256;
/** Words and phrases of a query that count, likewise. */
export const SEARCH_TERMS_MAX = 16;
/** Messages on a page. */
export const SEARCH_LIMIT_MAX = 100;
/** A prefix has at least so many letters; a shorter one stands for the whole word. Two letters begin a tenth of all words there are. */
export const PREFIX_LETTERS_MIN = 3;
/** Letters of a snippet, about. */
export const SNIPPET_LETTERS = 160;

/**
 * Messages that have all the words, newest first. Words are compared without case and accents; `word*` is a beginning, `"two words"` stand side by side. What is
 * written in a script without spaces, or in Hangul, is found by any part. Nothing else has a meaning.
 */
export interface SearchQuery {
  /** Those the asker may read: the caller decides, the store does not judge. */
  readonly rooms: readonly RoomId[];
  /** Beside them, all direct rooms of this person. */
  readonly directOf?: AuthorId;
  /** Empty for none: by author and time alone. */
  readonly words: string;
  readonly author?: AuthorId;
  /** From this millisecond on. */
  readonly fromMs?: number;
  /** Before this millisecond. */
  readonly toMs?: number;
  readonly before?: SearchCursor;
  /** At most SEARCH_LIMIT_MAX. */
  readonly limit: number;
}

/** What somebody asks for at a door: in one room, or in all that they may read. */
export type SearchRequest = Omit<SearchQuery, 'rooms' | 'directOf'> & { readonly room?: RoomId };

/** How far a search has come: a place in history, which means the same at every node, also where its message is gone. */
export type SearchCursor = Place;

export interface Snippet {
  readonly text: string;
  /** What was found in it: begins and ends in UTF-16 units, ascending. */
  readonly marks: readonly (readonly [number, number])[];
}

export interface Found {
  readonly message: Shown;
  readonly snippet: Snippet;
}

export interface SearchPage {
  readonly found: readonly Found[];
  /** Where to go on; null at the end. A page may be short and still have it: a search looks at so much at once and no more. */
  readonly next: SearchCursor | null;
}

/** Whether a message is by whom, of when and before what is asked for. */
export function isAsked(query: SearchQuery, { author, place }: Pick<Shown, 'author' | 'place'>): boolean {
  const ms = hlcMs(place.key);
  if (query.author !== undefined && author !== query.author) return false;
  if (ms < (query.fromMs ?? 0) || ms >= (query.toMs ?? Number.MAX_SAFE_INTEGER)) return false;
  return query.before === undefined || comparePlaces(place, query.before) < 0;
}

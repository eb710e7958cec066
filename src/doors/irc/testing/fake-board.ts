/** What the fake node keeps beside messages: wishes, reports, the moderation log; and its search, which is a scan. */

import { HLC_PER_MS, hlcMs } from '../../../core/hlc.ts';
import { type AuthorId, type ClientId, messageId, type RoomId } from '../../../core/ids.ts';
import { decodeMessage, encodeMessage } from '../../../core/message.ts';
import { comparePlaces, type Place } from '../../../core/order.ts';
import type { Act, HistoryPage, HistoryQuery, Notice, Report, ReportsPage } from '../../../core/port.ts';
import type { Shown } from '../../../core/resolve.ts';
import { isAsked, type SearchPage, type SearchRequest } from '../../../core/search.ts';
import type { Message, Wish } from '../../../core/state.ts';

const SALT = new Uint8Array(16);

/** A page of all messages there are. */
export function pageOf(log: readonly Message[], query: HistoryQuery, isUnread: (message: Message) => boolean): HistoryPage {
  const all = log.filter(({ room }) => room === query.room).sort((a, b) => comparePlaces(a.place, b.place));
  if (query.type === 'unread') {
    const unread = all.filter(isUnread);
    return { messages: unread.filter(({ place }) => !query.after || comparePlaces(place, query.after) > 0).slice(0, query.limit) };
  }
  const anchor = query.type === 'latest' ? query.after : query.anchor;
  if (anchor && 'id' in anchor && !all.some(({ id }) => id === anchor.id)) return { fault: 'unknown message' };
  const keyed = (message: Message): number => message.place.key;
  const timeOf = (one: { place: Message['place'] } | { atMs: number }): number => ('place' in one ? one.place.key : one.atMs * HLC_PER_MS);
  const bound = anchor && ('id' in anchor ? keyed(all.find(({ id }) => id === anchor.id)!) : timeOf(anchor));
  if (query.type === 'before') return { messages: all.filter((message) => keyed(message) < bound!).slice(-query.limit) };
  const after = bound === null ? all : all.filter((message) => keyed(message) > bound);
  return { messages: query.type === 'latest' ? after.slice(-query.limit) : after.slice(0, query.limit) };
}

export class FakeBoard {
  readonly #acts: Act[] = [];
  readonly #wanted = new Map<string, Wish>();
  readonly #reported: Report[] = [];

  /** Of those that may be read, every one with all the words in it, newest first. */
  search(by: AuthorId, readable: readonly Message[], asked: SearchRequest): SearchPage {
    const hasWords = ({ payload }: Message): boolean =>
      payload !== null && asked.words.split(' ').every((word) => decodeMessage(payload).text.includes(word));
    const isWanted = (one: Message): boolean =>
      (asked.room === undefined || one.room === asked.room) && isAsked({ ...asked, rooms: [] }, one) && !this.#blocks(by, one.author);
    const all = readable.filter((one) => isWanted(one) && hasWords(one)).sort((a, b) => comparePlaces(b.place, a.place));
    const found = all.slice(0, asked.limit).map((message) => ({ message: message as Shown, snippet: { text: '', marks: [] } }));
    return { found, next: all.length > asked.limit ? found.at(-1)!.message.place : null };
  }

  #blocks(by: AuthorId, person: AuthorId): boolean {
    return this.#wanted.get(`${by} ${person}`)?.on ?? false;
  }

  wishesOf(by: AuthorId): Wish[] {
    return [...this.#wanted.values()].filter(({ author }) => author === by);
  }

  prefer(wish: Wish): Notice {
    const { author, about } = wish;
    this.#wanted.set(`${author} ${about.type === 'room' ? about.room : about.person}`, wish);
    return { type: 'prefer', wish };
  }

  report(author: AuthorId, message: Message, reason: string, place: Place): Notice {
    const id = messageId(author, `ac${place.seq.toString(16).padStart(30, '0')}` as ClientId);
    const does = { type: 'report', payload: encodeMessage(SALT, 'text', reason) } as const;
    const about = { id, target: message.id, room: message.room, author, place, does };
    this.#reported.push({ about, message: message as Shown });
    return { type: 'report', about };
  }

  reportsOf(room: RoomId | ''): ReportsPage {
    return { reports: this.#reported.filter(({ about }) => room === '' || about.room === room).reverse(), next: null };
  }

  actsOf(room: RoomId | ''): Act[] {
    return this.#acts.filter((act) => act.room === room);
  }

  act(act: Partial<Act> & Pick<Act, 'does' | 'by' | 'room' | 'place'>): void {
    const id = messageId(act.by, `ad${act.place.seq.toString(16).padStart(30, '0')}` as ClientId);
    const nothing = { person: null, untilMs: null, reason: '', what: '', target: null, undoneBy: null };
    this.#acts.unshift({ id, atMs: hlcMs(act.place.key), ...nothing, ...act });
  }
}

/**
 * By what names people are shown. A name changes when clients are told, not when the state changes, which is ahead of what they were told: so what
 * they were shown is kept here.
 */

import type { AuthorId } from '../../core/ids.ts';
import type { NodePort } from '../../core/port.ts';
import { type Message, nameOf } from '../../core/state.ts';
import { foldName } from '../../core/text.ts';
import { escapeTag } from './tags.ts';

/** How somebody is shown. */
export interface Person {
  readonly nick: string;
  /** `nick!guest@host`, or `nick!account@host`. */
  readonly source: string;
  /** The account's name; empty for a guest. */
  readonly account: string;
  /** The tag that says so (IRCv3 account-tag); empty for a guest. */
  readonly tag: string;
}

/** Makes any text fit for the place of a nick: what would end it, or be taken for a mask or a room, becomes `_`. */
export function safeNick(text: string): string {
  const safe = text.replace(/[\s\p{Cc},:!@*?#&]/gu, '_');
  return safe === '' ? '_' : safe;
}

/** The host part of somebody's source. */
export function hostOf(author: AuthorId): string {
  return `${author.slice(0, 8)}.skein`;
}

/** A node's name as that of an IRC server; the dot tells clients that it is one. */
export function serverName(node: string): string {
  return `${safeNick(node)}.skein`;
}

/** Names that the door itself speaks under. */
export const SERVICES: readonly string[] = ['nickserv', 'chanserv'];

export function isReserved(name: string): boolean {
  return SERVICES.includes(foldName(name));
}

function person(author: AuthorId, name: string, user: string): Person {
  const nick = isReserved(name) ? `${safeNick(name)}_` : safeNick(name);
  const account = user === 'account' ? nick : '';
  return { nick, source: `${nick}!${user}@${hostOf(author)}`, account, tag: account === '' ? '' : `account=${escapeTag(account)}` };
}

export class People {
  readonly #port: NodePort;
  /** Only of those who are present, so as many as there are. */
  readonly #shown = new Map<AuthorId, Person>();
  /** Sessions that came in the place of one whose node was lost, and the other way round. */
  readonly #before = new Map<AuthorId, AuthorId>();
  readonly #after = new Map<AuthorId, AuthorId>();

  constructor(port: NodePort) {
    this.#port = port;
  }

  of(author: AuthorId): Person {
    const known = this.#shown.get(author);
    if (known) return known;
    const made = person(author, this.nameOf(author), this.userOf(author));
    if (this.#port.isPresent(author)) this.#shown.set(author, made);
    return made;
  }

  /** As the state has it now. */
  nameOf(author: AuthorId): string {
    return nameOf(this.#port.state, { author, nick: null } as Message);
  }

  /** What stands between nick and host. */
  userOf(author: AuthorId): 'account' | 'guest' {
    return this.#port.state.accounts.has(author) ? 'account' : 'guest';
  }

  /** The author of a message, who in an import is `nick[node]`, after the node that brought it. */
  authorOf(message: Message): Person {
    if (message.nick === null) return this.of(message.author);
    const { feeds, nodes } = this.#port.state;
    const importer = feeds.get(message.place.feed)?.node;
    return person(message.author, `${message.nick}[${(importer && nodes.get(importer)?.name) ?? 'unknown'}]`, 'guest');
  }

  /** Takes the new name; what they were shown under before, or null where nobody was, or where it is the same. */
  rename(author: AuthorId, name: string): Person | null {
    const before = this.#shown.get(author);
    if (!before) return null;
    const after = person(author, name, this.userOf(author));
    this.#shown.set(author, after);
    return before.nick === after.nick ? null : before;
  }

  /** Somebody came back under the same name with a new session: they were never seen to leave, so they are not seen to come. */
  succeed(author: AuthorId, by: AuthorId): void {
    this.#before.set(by, author);
    this.#after.set(author, by);
  }

  /** In whose place somebody came; null for nobody. */
  predecessor(author: AuthorId): AuthorId | null {
    return this.#before.get(author) ?? null;
  }

  isSucceeded(author: AuthorId): boolean {
    return this.#after.has(author);
  }

  forget(author: AuthorId): void {
    this.#shown.delete(author);
    const by = this.#after.get(author);
    if (by) this.#before.delete(by);
    this.#after.delete(author);
  }
}

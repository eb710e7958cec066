/** What somebody does, as a line for each reader: with the account's name for those who asked for it (IRCv3 account-tag, extended-join, account-notify). */

import { ACCOUNT_TAG, EXTENDED_JOIN } from './caps.ts';
import { formatLine, type Line, NO_LINES } from './line.ts';
import type { Person } from './people.ts';

/** The line for a client with these capabilities. */
export type Told = (caps: number) => Line;

export const NOTHING_TOLD: Told = () => NO_LINES;

export function tagged(by: Person, caps: number, tags = ''): string {
  if (!(caps & ACCOUNT_TAG) || by.tag === '') return tags;
  return tags === '' ? by.tag : `${tags};${by.tag}`;
}

/** A line whose source is a person, or the server (null). */
export function told(by: Person | null, server: string, command: string, ...params: string[]): Told {
  if (!by) return () => formatLine({ tags: '', source: server, command, params });
  return (caps) => formatLine({ tags: tagged(by, caps), source: by.source, command, params });
}

/** A line whose source is a person. */
export function doing(by: Person, command: string, ...params: string[]): Told {
  return told(by, '', command, ...params);
}

/** A JOIN; with extended-join the account's name and the real name, which is the nick, go with it. */
export function joins(by: Person, room: string): Told {
  const more = [by.account === '' ? '*' : by.account, by.nick];
  return (caps) =>
    formatLine({ tags: tagged(by, caps), source: by.source, command: 'JOIN', params: caps & EXTENDED_JOIN ? [room, ...more] : [room] });
}

/** Somebody is another account, or an account by now (account-notify). */
export function isAccount(by: Person): Told {
  return by.account === '' ? NOTHING_TOLD : doing(by, 'ACCOUNT', by.account);
}

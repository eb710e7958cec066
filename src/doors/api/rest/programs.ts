/** Sessions that the door holds for programs: one for each app password that is in use, for as long as it is. */

import { hash } from 'node:crypto';
import { appPasswordSeed, parseAppPassword } from '../../../core/app-password.ts';
import type { AuthorId } from '../../../core/ids.ts';
import type { Signer } from '../../../core/kinds/account.ts';
import { sourceOf } from '../../../lib/source.ts';
import { begin } from '../asks/sessions.ts';
import type { ApiDoor } from '../door.ts';
import { PROGRAM_IDLE_MS, PROGRAMS_MAX } from '../limits.ts';
import type { Reader } from '../reader.ts';
import { type Outcome, refused } from '../refusals.ts';

interface Program {
  readonly reader: Reader;
  readonly opened: Promise<Outcome>;
  usedMs: number;
}

interface Found {
  readonly id: string;
  readonly author: AuthorId;
  readonly signer: Signer;
}

const WRONG = refused('bad key', 'The app password is not right.');
const NONE = refused('bad key', 'This takes an app password: `Authorization: Bearer APP-PASSWORD`.');
const FULL = refused('busy', 'Too many programs are at this node: try again in a moment.', 5000);

export class Programs {
  readonly #door: ApiDoor;
  /** By account and device. */
  readonly #all = new Map<string, Program>();

  constructor(door: ApiDoor) {
    this.#door = door;
  }

  /** The app password, and the name where one was given with it, of an Authorization header. */
  static credentials(header: string | undefined): { readonly token: string; readonly name: string | null } | null {
    const [, scheme, value] = /^(bearer|basic) +(\S+)$/i.exec(header ?? '') ?? [];
    if (!scheme) return null;
    if (scheme.toLowerCase() === 'bearer') return { token: value!, name: null };
    const [, name, token] = /^([^:]*):(.*)$/s.exec(Buffer.from(value!, 'base64').toString()) ?? [];
    return token === undefined ? null : { token, name: name! };
  }

  /** The session of whoever has this app password, or why there is none. */
  async enter(given: { readonly token: string; readonly name: string | null } | null, address: string): Promise<Reader | Outcome> {
    if (!given) return NONE;
    const door = this.#door;
    const source = sourceOf(address);
    const retryMs = door.tries.waitMs(source, 1, door.now());
    if (retryMs > 0) return refused('throttled', 'Too many wrong app passwords: wait a moment.', retryMs);
    const found = this.#find(given);
    if (!found) {
      door.tries.take(source, 1, door.now());
      return WRONG;
    }
    return this.#session(found, address);
  }

  #find({ token, name }: { readonly token: string; readonly name: string | null }): Found | null {
    const app = parseAppPassword(token);
    if ('fault' in app) return null;
    const { port, hashing } = this.#door;
    const key = port.keyPair(appPasswordSeed(hashing, app.bytes));
    const found = port.accountOf(key);
    return found && (name === null || port.accountNamed(name) === found.author) ? { ...found, id: hash('sha256', key.publicKey) } : null;
  }

  async #session(found: Found, address: string): Promise<Reader | Outcome> {
    const door = this.#door;
    let program = this.#all.get(found.id);
    if (!program || program.reader.state === 'closed') {
      if (this.#all.size >= PROGRAMS_MAX) this.sweep(door.now(), PROGRAM_IDLE_MS / 10);
      if (this.#all.size >= PROGRAMS_MAX) return FULL;
      const reader = door.connect(null, address);
      program = { reader, opened: begin(door, reader, { type: 'log in', author: found.author, signer: found.signer }), usedMs: door.now() };
      this.#all.set(found.id, program);
    }
    program.usedMs = door.now();
    const opened = await program.opened;
    if ('value' in opened && program.reader.state === 'open') return program.reader;
    if (this.#all.get(found.id) === program) this.#all.delete(found.id);
    door.disconnect(program.reader, '');
    return 'value' in opened ? { unknown: true } : opened;
  }

  /** Ends the sessions of programs that asked nothing for a while. */
  sweep(nowMs: number, idleMs = PROGRAM_IDLE_MS): void {
    for (const [id, { reader, usedMs }] of this.#all) {
      if (nowMs - usedMs < idleMs && reader.state !== 'closed') continue;
      this.#all.delete(id);
      this.#door.disconnect(reader, '');
    }
  }
}

/** When what is stored: the outbox and who the client is at once; rooms, each with its cursor, a little later and together. */

import type { RoomId } from '../core/ids.ts';
import type { Host } from './host.ts';
import { KEYS, type KeptRoom, roomKey } from './keeping.ts';

export class Keeper {
  readonly #host: Host;
  readonly #dirty = new Set<RoomId>();
  #urls = '';
  dueMs: number | null = null;

  constructor(host: Host) {
    this.#host = host;
  }

  /** A room changed. */
  touch(room: RoomId): void {
    this.#dirty.add(room);
    this.later();
  }

  later(): void {
    this.dueMs ??= this.#host.now.monoMs + this.#host.limits.saveMs;
  }

  work(): void {
    if (this.dueMs !== null && this.#host.now.monoMs >= this.dueMs) this.save();
  }

  /** Stores who the client is. */
  session(): void {
    const { session, urls } = this.#host.kept();
    this.#host.effect({ type: 'save', key: KEYS.session, value: JSON.stringify(session) });
    const nodes = JSON.stringify(urls);
    if (nodes !== this.#urls) this.#host.effect({ type: 'save', key: KEYS.nodes, value: nodes });
    this.#urls = nodes;
  }

  /** Stores all that changed. */
  save(): void {
    this.dueMs = null;
    for (const room of this.#dirty) this.#host.effect({ type: 'save', key: roomKey(room), value: this.#room(room) });
    this.#dirty.clear();
    this.session();
  }

  #room(id: RoomId): string | null {
    const known = this.#host.state.rooms.get(id);
    const cursor = this.#host.cursor(id);
    if (!known || !cursor) return null;
    const { store } = this.#host.limits;
    const { items, isWhole } = known.timeline;
    const kept: KeptRoom = { room: known.room, items: items.slice(-store), isWhole: isWhole && items.length <= store, cursor };
    return JSON.stringify(kept);
  }
}

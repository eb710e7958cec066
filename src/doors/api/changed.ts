/** Messages that show otherwise than they did: read as they show now, once for all who are told, and told after the turn in which it happened. */

import type { MessageId, RoomId } from '../../core/ids.ts';
import type { Shown } from '../../core/resolve.ts';
import type { ApiDoor } from './door.ts';
import { CHANGED_MAX, CHANGED_WAITING_MAX } from './limits.ts';
import { wireMessage } from './render.ts';

export class Changed {
  readonly #door: ApiDoor;
  readonly #waiting = new Map<MessageId, RoomId>();
  #isReading = false;

  constructor(door: ApiDoor) {
    this.#door = door;
  }

  /** Something hangs on a message, or does no more. Nothing is read where nobody is told. */
  add(id: MessageId, room: RoomId): void {
    if (room[0] !== '@' && !this.#door.readers.has(room)) return;
    if (this.#waiting.size >= CHANGED_WAITING_MAX) return this.#giveUp();
    this.#waiting.set(id, room);
    if (!this.#isReading) void this.#read();
  }

  /** Too much at once: everybody looks again at what they keep. */
  #giveUp(): void {
    this.#waiting.clear();
    const item = this.#door.gathering.item({ type: 'refolded' });
    for (const reader of this.#door.open()) this.#door.tell(reader, item);
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    // What the turn brings more is read with it.
    await Promise.resolve();
    while (this.#waiting.size > 0) {
      const ids = [...this.#waiting.keys()].slice(0, CHANGED_MAX);
      for (const id of ids) this.#waiting.delete(id);
      const found = await this.#door.port.shown(ids).catch(() => []);
      for (const one of found) this.#tell(one);
      this.#door.flush();
    }
    this.#isReading = false;
  }

  #tell(shown: Shown): void {
    const door = this.#door;
    const item = door.gathering.item({ type: 'changed', message: wireMessage(door.port.state, shown) }, shown.author);
    if (shown.to === null) return door.gathering.add(shown.room, item);
    for (const person of new Set([shown.author, shown.to])) for (const reader of door.sessionsOf(person)) door.tell(reader, item);
  }
}

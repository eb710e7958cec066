/** The numbers that the views give to rooms. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { RoomId } from '../core/ids.ts';

export class RoomNumbers {
  readonly all = new Map<string, number>();
  readonly #list: StatementSync;
  readonly #add: StatementSync;

  constructor(db: DatabaseSync) {
    this.#list = db.prepare('SELECT no, id FROM room');
    this.#add = db.prepare('INSERT INTO room(id) VALUES (?)');
    this.reread();
  }

  /** What was given in a transaction that was rolled back, or was forgotten, is given anew. */
  reread(): void {
    this.all.clear();
    for (const { no, id } of this.#list.all() as { no: number; id: string }[]) this.all.set(id, no);
  }

  /** The number of a room; undefined where nothing is known of it. */
  known(id: RoomId): number | undefined {
    return this.all.get(id);
  }

  /** The number of a room, given where there is none yet. */
  of(id: RoomId): number {
    let no = this.all.get(id);
    if (no === undefined) this.all.set(id, (no = Number(this.#add.run(id).lastInsertRowid)));
    return no;
  }
}

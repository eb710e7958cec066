/** What happened in a room within one turn: a message, or something else that is told. Rendered at most once for each form. */

import type { AuthorId } from '../../core/ids.ts';
import type { Message } from '../../core/state.ts';
import type { Line } from './line.ts';
import type { Session } from './session.ts';
import type { Told } from './told.ts';

export class Item {
  readonly message: Message | null;
  /** The local author of a message: it is left out for them. */
  readonly by: Session | null;
  /** What is told, where it is no message. */
  readonly told: Told | null;
  /** By form. */
  readonly lines: (Line | undefined)[] = [];
  /** `HELD/WANTED`, once the message is acknowledged. */
  copies: string | null = null;
  /** Whether it is about a message, and so comes no earlier than messages do. */
  hangs = false;
  /** Who says it: whoever blocks them is not shown it. Null for what concerns the room. */
  from: AuthorId | null;
  /** Not given to readers yet. */
  isGathered = true;

  constructor(message: Message | null, by: Session | null, told: Told | null = null) {
    this.message = message;
    this.from = message?.author ?? null;
    this.by = by;
    this.told = told;
  }
}

/** Whether a session is not shown an item, as its account blocks who says it. */
export function hides({ hidden }: Session, { from }: Item): boolean {
  return hidden !== null && from !== null && hidden.has(from);
}

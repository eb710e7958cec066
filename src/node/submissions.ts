/**
 * Ops that were made and signed elsewhere and came in through this node: followed until they are durable and folded, so that whoever handed them in hears of each
 * whether it counts.
 */

import type { Entry } from '../core/entry.ts';
import { type MessageId, messageId } from '../core/ids.ts';
import type { Op } from '../core/op.ts';
import type { Void } from '../core/state.ts';

/** Why each op is void, in their order; null where it counts. Null as a whole where the disk failed while they were written: they may be there or not. */
export type Outcome = readonly (Void | null)[] | null;

interface Submission {
  readonly ids: readonly MessageId[];
  readonly voids: Map<MessageId, Void>;
  readonly told: (outcome: Outcome) => void;
}

export class Submissions {
  readonly #pending = new Map<number, Submission>();
  readonly #byId = new Map<MessageId, Submission>();

  add(token: number, ops: readonly Op[], told: (outcome: Outcome) => void): void {
    const submission = { ids: ops.map(({ head }) => messageId(head.author, head.client)), voids: new Map(), told };
    this.#pending.set(token, submission);
    for (const id of submission.ids) this.#byId.set(id, submission);
  }

  /** An entry was folded, and these of its ops are void. */
  folded({ heads }: Entry, voids: ReadonlyMap<number, Void>): void {
    if (this.#byId.size === 0) return;
    for (const [index, fault] of voids) {
      const id = messageId(heads[index]!.author, heads[index]!.client);
      this.#byId.get(id)?.voids.set(id, fault);
    }
  }

  /** The write is durable, or (false) nobody knows whether it is. */
  settle(token: number, durable: boolean): void {
    const submission = this.#pending.get(token);
    this.#pending.delete(token);
    if (!submission) return;
    for (const id of submission.ids) this.#byId.delete(id);
    submission.told(durable ? submission.ids.map((id) => submission.voids.get(id) ?? null) : null);
  }
}

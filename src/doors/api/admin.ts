/** What the API asks of its node for owners of the network. */

import type { AdminAnswers } from '../../api/admin.ts';
import type { NodeId } from '../../core/ids.ts';

/** It was not done: why, and what to do. */
export interface NotDone {
  readonly refused: string;
  readonly retryMs?: number;
}

/** The node, as far as administration goes. Nothing of it asks for a right: that is for whoever calls. */
export interface AdminPort {
  accounts(named: string, next: string | null, limit: number): AdminAnswers['accounts'];
  /** What is given back is told to nobody else, and logged nowhere. */
  invitePeople(uses: number, forMs: number): Promise<AdminAnswers['invite people'] | NotDone>;
  inviteNode(uses: number, forMs: number): Promise<AdminAnswers['invite node'] | NotDone>;
  revoke(node: NodeId, reason: string): Promise<NotDone | null>;
}

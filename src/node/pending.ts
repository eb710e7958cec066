/** Commands that are under way, and why a node takes none. */

import type { Answer, Command } from '../core/commands.ts';
import type { Head } from '../core/op.ts';
import type { SessionNo } from '../core/port.ts';
import type { Session } from './sessions.ts';

/** When a node that is busy, cannot write, or is no member yet (it has no certificate for its first entry) says to try again, in ms. */
export const RETRY_MS = 1000;

export interface Pending {
  readonly session: SessionNo;
  readonly token: number;
  /** What to say once it is durable; null for a message, which waits for its copies. */
  readonly answer: Answer | null;
  readonly heads: readonly Head[];
  /** The name it claims until it is settled. */
  readonly claim: string | null;
  /** The invitation it uses, likewise. */
  readonly invitation: string | null;
}

export interface Overload {
  readonly refused: { readonly type: 'busy' | 'not stored' | 'flood' | 'not granted'; readonly retryMs: number };
}

/** Nothing is written for a session until its client has granted this incarnation of the node. */
export function ungranted({ awaitsGrant }: Session, { type }: Command): Overload | undefined {
  return awaitsGrant && type !== 'regrant' ? { refused: { type: 'not granted', retryMs: RETRY_MS } } : undefined;
}

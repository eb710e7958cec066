/** What clients make of being refused. */

import type { Refusal } from '../../src/core/port.ts';

type Types = ReadonlySet<Refusal['type']>;

/** Names that somebody else has, or that look like it. */
export const NAME_REFUSED: Types = new Set(['name in use', 'name registered', 'name alike']);
/** By the law as the node knows it. */
export const BY_LAW: Types = new Set(['silenced', 'archived', 'slow']);
/** Refusals of a message that no other node would take back. */
export const FINAL: Types = new Set(['no such person', 'bad after', 'bad text', ...BY_LAW]);
/** Refusals after which the session goes on. */
export const TAKEN_CALMLY: Types = new Set([...NAME_REFUSED, ...BY_LAW, 'not in room']);

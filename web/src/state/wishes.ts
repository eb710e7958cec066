/** What somebody wishes of the app in this browser: what they are told of, and how the rooms stand. Pure. */

import type { RoomId } from '../../../src/core/ids.ts';

/** Of what in a room somebody is told: of everything, of what names them, of nothing. */
export type Rule = 'all' | 'mentions' | 'none';

/** Rooms at the side: by name, or those first in which something was said last. */
export type Order = 'name' | 'recent';

export interface Wishes {
  /** Rooms that differ from what is usual (`ruleOf`). */
  readonly rules: ReadonlyMap<RoomId, Rule>;
  /** Do not disturb: nothing pops up; what waits is still counted. */
  readonly isQuiet: boolean;
  /** Whether the system may show what comes, beside what the browser allows. */
  readonly isSystem: boolean;
  readonly order: Order;
  /** Whether keys without Ctrl or Alt do something (`?`). */
  readonly hasLetterKeys: boolean;
}

export const NO_WISHES: Wishes = { rules: new Map(), isQuiet: false, isSystem: true, order: 'name', hasLetterKeys: true };

/** Rooms whose rules are kept, at most. */
const RULES_MAX = 2000;

/** `kind`: of the room; `isMuted`: by the account, at all its sessions. */
export function ruleOf({ rules }: Pick<Wishes, 'rules'>, room: RoomId, kind: 'public' | 'private' | 'direct', isMuted: boolean): Rule {
  if (isMuted) return 'none';
  return rules.get(room) ?? (kind === 'direct' ? 'all' : 'mentions');
}

export function withRule(wishes: Wishes, room: RoomId, rule: Rule): Wishes {
  const rules = new Map(wishes.rules);
  rules.delete(room);
  rules.set(room, rule);
  while (rules.size > RULES_MAX) rules.delete(rules.keys().next().value!);
  return { ...wishes, rules };
}

/** As it is stored. What was stored by somebody else's hand counts as far as it makes sense. */
export function readWishes(kept: unknown): Wishes {
  if (typeof kept !== 'object' || kept === null) return NO_WISHES;
  const { rules, isQuiet, isSystem, order, hasLetterKeys } = kept as Record<string, unknown>;
  const pairs = Array.isArray(rules) ? rules.filter((pair): pair is [RoomId, Rule] => Array.isArray(pair) && isRule(pair[1])) : [];
  return {
    rules: new Map(pairs.slice(0, RULES_MAX)),
    isQuiet: isQuiet === true,
    isSystem: isSystem !== false,
    order: order === 'recent' ? 'recent' : 'name',
    hasLetterKeys: hasLetterKeys !== false,
  };
}

export function writeWishes({ rules, ...rest }: Wishes): unknown {
  return { ...rest, rules: [...rules] };
}

function isRule(value: unknown): value is Rule {
  return value === 'all' || value === 'mentions' || value === 'none';
}

/** The moderation log in words, and what of it is in force. Pure. */

import type { WireAct } from '../../../src/api/protocol.ts';
import type { MessageId } from '../../../src/core/ids.ts';

/** What was done, to whom, as the rest of a sentence that begins with who did it. */
export function actWords({ does, personName, what, target }: WireAct): string {
  const whom = personName ?? 'somebody';
  switch (does) {
    case 'role':
      return what === '' || what === 'none' ? `took ${whom}’s role away` : `made ${whom} ${what === 'owner' ? 'an' : 'a'} ${what}`;
    case 'kick':
      return `put ${whom} out`;
    case 'ban':
      return `banned ${whom}`;
    case 'mute':
      return `muted ${whom}`;
    case 'undo':
      return 'took something back';
    case 'invitation':
      return `invited ${whom}`;
    case 'settings':
      return 'changed the settings';
    case 'remove':
      return target === null ? 'removed a message' : `removed a message${personName ? ` of ${personName}` : ''}`;
    case 'retain':
      return 'had old messages erased';
    case 'revoke':
      return `cut off the node ${what}`;
    case 'rename':
      return `renamed ${whom} to ${what}`;
    case 'reset':
      return `gave ${whom} a new password`;
    case 'delete account':
      return `deleted the account of ${whom}`;
    default:
      return does;
  }
}

const UNDOABLE: ReadonlySet<string> = new Set(['kick', 'ban', 'mute', 'role', 'remove', 'revoke']);

/** Whether it can be taken back, by an act of its own. */
export function isUndoable({ does, undoneBy }: WireAct): boolean {
  return UNDOABLE.has(does) && undoneBy === null;
}

/** Bans and mutes that hold now, newest first, as far as the acts go back. */
export function inForce(acts: readonly WireAct[], nowMs: number): WireAct[] {
  return acts.filter(({ does, undoneBy, untilMs }) => {
    const holds = untilMs === null || untilMs > nowMs;
    return (does === 'ban' || does === 'mute') && undoneBy === null && holds;
  });
}

/** Pages of acts as one list: what was told twice once, as it was told last. */
export function joined(before: readonly WireAct[], page: readonly WireAct[]): WireAct[] {
  const all = new Map<MessageId, WireAct>([...before, ...page].map((act) => [act.id, act]));
  return [...all.values()];
}

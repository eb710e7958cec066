/**
 * Marks: how far an account was sent what there is. Written from time to time where something was sent, and before a session ends; not while some of what is waiting
 * was not sent yet, as a mark speaks of all.
 */

import type { IrcDoor } from './door.ts';
import { MARK_MS } from './limits.ts';
import type { Session } from './session.ts';

function mayMark(session: Session): boolean {
  return (
    session.isAccount && session.state === 'open' && session.isUnmarked && session.mayMark && !session.isCatchingUp && !isHolding(session)
  );
}

/** Whether live lines wait for something. */
function isHolding(session: Session): boolean {
  if (session.held) return true;
  for (const { held } of session.backlogs?.values() ?? []) if (held) return true;
  return false;
}

export function mark(door: IrcDoor, session: Session): void {
  if (!mayMark(session)) return;
  session.isUnmarked = false;
  door.task(session, 'READ', '*', { type: 'read', room: '' }, (answer) => {
    if (answer.type !== 'done') session.isUnmarked = true;
    return true;
  });
}

export function sweepMarks(door: IrcDoor, session: Session, nowMs: number): void {
  if (nowMs - session.markedMs < MARK_MS || !mayMark(session)) return;
  session.markedMs = nowMs;
  mark(door, session);
}

/** The last mark of a session; not answered. */
export function markBeforeEnd(door: IrcDoor, session: Session): void {
  if (mayMark(session)) door.port.command(session.no, 0, { type: 'read', room: '' });
}

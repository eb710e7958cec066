/** Commands that go around the log: who types, and who is away. */

import { lineFault, REASON_LENGTH_MAX } from '../core/text.ts';
import { placeOf } from './command-message.ts';
import { DONE, type Of, type Person, type Result, refuse } from './command-op.ts';
import type { Desk } from './desk.ts';

export function typing(desk: Desk, session: Person, { to, on }: Of<'typing'>): Result {
  const where = placeOf(desk, session, to);
  if ('refused' in where) return where;
  const fault = desk.rights.speakFault(session.author, where.room);
  if (fault) return refuse(fault);
  return { ops: [], answer: DONE, whisper: { type: 'typing', to, on } };
}

export function away({ text }: Of<'away'>): Result {
  const fault = lineFault(text, REASON_LENGTH_MAX);
  return fault ? refuse({ type: 'bad text', fault }) : { ops: [], answer: DONE, whisper: { type: 'away', text } };
}

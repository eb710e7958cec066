/** What commands become: ops, or a refusal. Shared by the files that hold the commands of one kind. */

import type { Answer, Command, Refusal } from '../core/commands.ts';
import type { AuthorId } from '../core/ids.ts';
import { type Head, NO_BYTES, type Op } from '../core/op.ts';
import type { Now } from '../sync/effects.ts';
import type { Said } from '../wire/whisper.ts';
import type { Desk } from './desk.ts';
import type { Session } from './sessions.ts';

/** `answer` is null for a message, which is answered when its copies are counted. No ops: there was nothing to do, or it goes around the log. */
export type Result =
  | { readonly ops: readonly Op[]; readonly answer: Answer | null; readonly whisper?: Said }
  | { readonly refused: Refusal };

export type Of<T extends Command['type']> = Extract<Command, { type: T }>;

/** A session that is open. */
export type Person = Session & { readonly author: AuthorId };

export const DONE: Answer = { type: 'done' };

export function refuse(refused: Refusal): Result {
  return { refused };
}

export function done(...ops: readonly Op[]): Result {
  return { ops, answer: DONE };
}

type Fields = Partial<Head> & Pick<Head, 'kind'>;

function headOf(desk: Desk, session: Session, now: Now, fields: Fields): Head {
  return {
    author: session.author!,
    client: desk.clientId(now.wallMs),
    room: '',
    target: '',
    after: desk.shownKey(session),
    body: NO_BYTES,
    payloadHash: null,
    ...fields,
  };
}

/** An op of a session's person, in their name. */
export function op(desk: Desk, session: Session, now: Now, fields: Fields): Op {
  return { head: headOf(desk, session, now, fields), payload: null };
}

/** An op whose body signs its own head. */
export function signedOp(desk: Desk, session: Session, now: Now, fields: Fields, bodyOf: (head: Head) => Uint8Array): Op {
  const head = headOf(desk, session, now, fields);
  return { head: { ...head, body: bodyOf(head) }, payload: null };
}

/** Roles, invitations to private rooms, kicks, bans and mutes, and what undoes them. Who may is for the law to say; here is how they are written. */

import { Reader, Writer } from '../../lib/codec.ts';
import { AUTHOR_ID_BYTES, type AuthorId, type NetworkId } from '../ids.ts';
import { type LawBody, ROLES, type Role } from '../law/body.ts';
import type { HistoryKey } from '../order.ts';
import type { Change } from '../state.ts';
import type { KeyPair } from '../suite.ts';
import { type ReadonlyVector, readVector, writeVector } from '../vector.ts';
import type { Context, Kind } from './kind.ts';
import { readSeal, sealBody, type Unsigned } from './proof.ts';
import { isPrivateRoomId, isPublicRoomId, setMember } from './room.ts';

type Body<L extends LawBody['law']> = LawBody & { readonly law: L };

const REASON_BYTES_MAX = 1024;

/** What a fold of law says of itself. */
export function enacted({ op }: Context): Change {
  return { type: 'law', op: op! };
}

export function isRoomId(id: string): boolean {
  return isPublicRoomId(id) || isPrivateRoomId(id);
}

/** Sealed by the root key where it is given; `head.room` is empty for a role in the network. */
export function roleBody(root: KeyPair | null, network: NetworkId, head: Unsigned, subject: AuthorId, role: Role): Uint8Array {
  return sealBody(root, network, head, new Writer(32).hex(subject).u8(ROLES.indexOf(role)).done());
}

export const role: Kind<Body<'role'>> = {
  read(suite, reading) {
    const { room } = reading.head;
    const reader = new Reader(reading.head.body);
    const subject = reader.hex(AUTHOR_ID_BYTES) as AuthorId;
    const given = ROLES[reader.count(ROLES.length - 1)]!;
    const sealed = readSeal(suite, reading, reader);
    if (typeof sealed === 'string') return sealed;
    return room === '' || isRoomId(room) ? { law: 'role', subject, role: given, sealed } : 'bad body';
  },
  fold: enacted,
};

export function kickBody(subject: AuthorId, reason: string): Uint8Array {
  return new Writer(64).hex(subject).text(reason).done();
}

/** Out of the room, and free to come back to a public one. */
export const kick: Kind<Body<'kick'>> = {
  read(_, { head }) {
    const reader = new Reader(head.body);
    const body = { law: 'kick', subject: reader.hex(AUTHOR_ID_BYTES) as AuthorId, reason: reader.text(REASON_BYTES_MAX) } as const;
    reader.finish();
    return isRoomId(head.room) ? body : 'bad body';
  },

  fold(context, { subject }) {
    if (context.law.isUndone(context.op!.id)) return 'undone';
    setMember(context, subject, false);
    return enacted(context);
  },
};

export function banBody(subject: AuthorId, until: HistoryKey, reason: string, cut: ReadonlyVector): Uint8Array {
  const writer = new Writer(64).hex(subject).varint(until).text(reason);
  writeVector(writer, cut);
  return writer.done();
}

/** Out of the room, or of the network, until it expires or is undone: what is beyond the cut is withheld. */
export const ban: Kind<Body<'ban'>> = {
  read(_, { head }) {
    const reader = new Reader(head.body);
    const subject = reader.hex(AUTHOR_ID_BYTES) as AuthorId;
    const body = { law: 'ban', subject, until: reader.varint(), reason: reader.text(REASON_BYTES_MAX), cut: readVector(reader) } as const;
    reader.finish();
    return head.room === '' || isRoomId(head.room) ? body : 'bad body';
  },

  fold(context, { subject }) {
    if (context.law.isUndone(context.op!.id)) return 'undone';
    if (context.head.room !== '') setMember(context, subject, false);
    return enacted(context);
  },
};

export function muteBody(subject: AuthorId, until: HistoryKey, reason: string): Uint8Array {
  return new Writer(64).hex(subject).varint(until).text(reason).done();
}

/** Heard no more in the room, or anywhere, until it expires or is undone: what knew of it is void. */
export const mute: Kind<Body<'mute'>> = {
  read(_, { head }) {
    const reader = new Reader(head.body);
    const subject = reader.hex(AUTHOR_ID_BYTES) as AuthorId;
    const body = { law: 'mute', subject, until: reader.varint(), reason: reader.text(REASON_BYTES_MAX) } as const;
    reader.finish();
    return head.room === '' || isRoomId(head.room) ? body : 'bad body';
  },
  fold: enacted,
};

export const undo: Kind<Body<'undo'>> = {
  read: (_, { head }) => (head.target === '' || head.body.length > 0 ? 'bad body' : { law: 'undo' }),
  fold: enacted,
};

export function invitationBody(subject: AuthorId): Uint8Array {
  return new Writer(16).hex(subject).done();
}

/** Makes somebody a member of a private room. */
export const invitation: Kind<Body<'invitation'>> = {
  read(_, { head }) {
    const reader = new Reader(head.body);
    const subject = reader.hex(AUTHOR_ID_BYTES) as AuthorId;
    reader.finish();
    return isPrivateRoomId(head.room) ? { law: 'invitation', subject } : 'bad body';
  },
  fold: enacted,
};

/**
 * How the key of an account is made from a password: Argon2id, version 1.3 (RFC 9106), whose 32 bytes are the seed of the account's Ed25519 key. The
 * parameters stand in the account's op, so that any client can make the key anew. They are not secret; but whoever has them and the public key can try
 * passwords, so the parameters and the password's strength (core/password.ts) are what guards an account against members that break their word.
 */

import { DecodeError, decoding, Reader, Writer } from '../lib/codec.ts';
import type { TextFault } from './text.ts';

/** Argon2id's parameters. */
export interface Kdf {
  /** Memory in KiB. */
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
  /** 16 random bytes. */
  readonly salt: Uint8Array;
}

export const SALT_BYTES = 16;
export const SEED_BYTES = 32;
/** OWASP's least (Password Storage Cheat Sheet): 19 MiB with two passes, or 46 MiB with one. */
export const MEMORY_KIB_MIN = 19_456;
export const ONE_PASS_MEMORY_KIB_MIN = 47_104;
export const MEMORY_KIB_MAX = 262_144;
export const PASSES_MAX = 16;
export const LANES_MAX = 4;
/** Memory times passes, at most: a node hashes for whoever logs in over IRC, and this is about a second and a half of one core. */
export const WORK_KIB_MAX = 1_048_576;
/** A password in bytes of UTF-8, before and after it is prepared. */
export const PASSWORD_BYTES_MAX = 1024;

const ARGON2ID = 1;

/** What new accounts take: OWASP's least, as browsers on phones and nodes with many logins do it too (about 35 ms on a server's core). */
export function newKdf(salt: Uint8Array): Kdf {
  return { memoryKiB: MEMORY_KIB_MIN, passes: 2, lanes: 1, salt };
}

/** Algorithm, memory, passes, lanes, salt. */
export function encodeKdf(kdf: Kdf): Uint8Array {
  return new Writer(32).u8(ARGON2ID).varint(kdf.memoryKiB).varint(kdf.passes).varint(kdf.lanes).raw(kdf.salt).done();
}

/** Reads what encodeKdf wrote; what is unknown, too weak or too costly is an error. */
export function readKdf(bytes: Uint8Array): Kdf | DecodeError {
  return decoding(() => {
    const reader = new Reader(bytes);
    if (reader.u8() !== ARGON2ID) throw new DecodeError('made in a way this version does not know');
    const memoryKiB = reader.count(MEMORY_KIB_MAX);
    const passes = reader.count(PASSES_MAX);
    const lanes = reader.count(LANES_MAX);
    const salt = reader.raw(SALT_BYTES).slice();
    reader.finish();
    if (memoryKiB < MEMORY_KIB_MIN || passes < 1 || lanes < 1) throw new DecodeError('weaker than allowed');
    if (passes === 1 && memoryKiB < ONE_PASS_MEMORY_KIB_MIN) throw new DecodeError('weaker than allowed');
    if (memoryKiB * passes > WORK_KIB_MAX) throw new DecodeError('costlier than allowed');
    return { memoryKiB, passes, lanes, salt };
  });
}

const CONTROL = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u;
const OTHER_SPACE = /\p{Zs}/gu;

/**
 * The form of a password that is hashed: any space is the ASCII one, then NFC; case counts (PRECIS OpaqueString, RFC 8265 section 4.2, without its rule
 * on unassigned characters, which depends on Unicode's version). So a password is the same from every keyboard.
 */
export function preparePassword(text: string): { readonly password: string } | { readonly fault: TextFault } {
  if (text === '') return { fault: 'empty' };
  if (isOverlong(text)) return { fault: 'too long' };
  if (CONTROL.test(text)) return { fault: 'bad character' };
  const password = text.replace(OTHER_SPACE, ' ').normalize('NFC');
  return isOverlong(password) ? { fault: 'too long' } : { password };
}

function isOverlong(text: string): boolean {
  return text.length > PASSWORD_BYTES_MAX || new TextEncoder().encode(text).length > PASSWORD_BYTES_MAX;
}

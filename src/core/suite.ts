/** The cryptography the pure parts ask for; handed in, so that they stay free of any platform. */

/** Hashes with a domain tag, so that no hash can be taken for one of another purpose. */
export interface Hashing {
  /** SHA-256 of the bytes, 32 bytes. */
  sha256(bytes: Uint8Array): Uint8Array;
  /** The first 16 bytes of SHA-256 of the tag, a zero byte and the bytes, as hexadecimal text. */
  name(tag: string, bytes: Uint8Array): string;
}

/** Ed25519 (RFC 8032) over the tag, a zero byte and the message. */
export interface Suite extends Hashing {
  /** A key pair from a seed of 32 bytes. */
  keyPair(seed: Uint8Array): KeyPair;
  verify(publicKey: string, tag: string, message: Uint8Array, signature: Uint8Array): boolean;
}

export interface KeyPair {
  /** 32 bytes as hexadecimal text. */
  readonly publicKey: string;
  /** A signature of 64 bytes. */
  sign(tag: string, message: Uint8Array): Uint8Array;
}

export const SIGNATURE_BYTES = 64;
export const HASH_BYTES = 32;

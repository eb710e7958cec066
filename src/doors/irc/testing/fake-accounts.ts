/** The accounts of the fake node: keys made from passwords, devices, and whom a key signs for. */

import type { AuthorId, FeedId } from '../../../core/ids.ts';
import { authorId } from '../../../core/ids.ts';
import type { Signer } from '../../../core/kinds/account.ts';
import type { KeyCertificate } from '../../../core/kinds/proof.ts';
import type { KnownDevice, State } from '../../../core/state.ts';
import type { KeyPair, Suite } from '../../../core/suite.ts';
import { foldName } from '../../../core/text.ts';
import { concatBytes, utf8 } from '../../../lib/bytes.ts';

const NOWHERE = { key: 0, feed: '' as FeedId, seq: 0, index: 0 };

export class FakeAccounts {
  readonly #state: State;
  readonly #suite: Suite;
  readonly #keys = new Map<AuthorId, { key: string; kdf: Uint8Array }>();
  readonly #certificates = new Map<string, KeyCertificate>();
  #kdfs = 0;

  constructor(state: State, suite: Suite) {
    this.#state = state;
    this.#suite = suite;
  }

  newKdf(): Uint8Array {
    return Uint8Array.of(7, ++this.#kdfs);
  }

  /** A hash takes the place of Argon2id. */
  seed(password: string, kdf: Uint8Array): Uint8Array {
    return this.#suite.sha256(concatBytes(kdf, utf8(password)));
  }

  named(name: string): AuthorId | null {
    for (const one of this.#state.accounts.values()) if (!one.isDeleted && foldName(one.name) === foldName(name)) return one.author;
    return null;
  }

  make(name: string, key: KeyPair, kdf: Uint8Array): AuthorId {
    const author = authorId(this.#suite, key.publicKey);
    this.#state.accounts.set(author, { author, name, grants: new Map(), rooms: new Set(), devices: new Map(), isDeleted: false });
    this.rekey(author, key.publicKey, kdf);
    return author;
  }

  rekey(author: AuthorId, key: string, kdf: Uint8Array): void {
    this.#keys.set(author, { key, kdf });
  }

  ownKey(author: AuthorId): { key: string; kdf: Uint8Array } | null {
    return this.#state.accounts.get(author)?.isDeleted ? null : (this.#keys.get(author) ?? null);
  }

  device(author: AuthorId, certificate: KeyCertificate, label = ''): void {
    this.#certificates.set(certificate.key, certificate);
    this.#state.accounts
      .get(author)!
      .devices.set(certificate.key, { ...certificate, label, chain: [certificate], root: this.#keys.get(author)!.key, at: NOWHERE });
  }

  /** These keys, or all, speak no more. */
  logOut(author: AuthorId, keys: readonly string[]): void {
    const { devices } = this.#state.accounts.get(author)!;
    for (const key of keys.length > 0 ? keys : [...devices.keys()]) devices.delete(key);
  }

  devices(author: AuthorId): KnownDevice[] {
    const all = [...(this.#state.accounts.get(author)?.devices.values() ?? [])].filter(({ kind }) => kind === 'device');
    return all.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  signerOf(author: AuthorId, key: KeyPair): Signer | null {
    const own = this.ownKey(author);
    if (!own) return null;
    if (own.key === key.publicKey) return { key, chain: [], root: own.key };
    const known = this.#state.accounts.get(author)!.devices.has(key.publicKey);
    return known ? { key, chain: [this.#certificates.get(key.publicKey)!], root: own.key } : null;
  }

  /** Whether a signer is what it says to be. */
  isOf(author: AuthorId, signer: Signer): boolean {
    return this.signerOf(author, signer.key)?.root === signer.root;
  }
}

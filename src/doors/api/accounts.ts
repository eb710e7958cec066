/** What the API needs of accounts beyond sessions: keys to log in by, and ops that their owners signed elsewhere. The node sees no password. */

import type { AccountKey, OwnAccount } from '../../api/protocol.ts';
import type { AuthorId } from '../../core/ids.ts';

export type Written =
  /** For each op null, or why it does not count. */
  | { readonly faults: readonly (string | null)[] }
  /** Nothing was written. */
  | { readonly refused: string; readonly retryMs?: number };

/** The node, as far as accounts go. */
export interface AccountsPort {
  /** How a key is made of the password of an account. Of names that are no account's as well, each time the same. `source`: the address that asks. */
  key(name: string, source: string): AccountKey | { readonly retryMs: number };
  /** What somebody needs to sign for their own account; null for who has none. */
  own(author: AuthorId): OwnAccount | null;
  /** Writes ops of accounts, in hex. */
  write(ops: readonly string[], source: string): Promise<Written>;
}

/**
 * The names of accounts. Of several with one name the first to take it in the order of law keeps it, unless an owner settled it on another; the others are shown
 * as `name~2`, `name~3` and so on, and may take another. A deleted account has none.
 */

import type { AuthorId } from '../ids.ts';
import type { State } from '../state.ts';
import { foldName } from '../text.ts';
import { compareLaw, type LawOp } from './body.ts';
import type { Law } from './law.ts';

/** How an account came by its name. */
interface Claim {
  readonly author: AuthorId;
  readonly name: string;
  /** Its own word: where it was made, or took another name last. */
  readonly taken: LawOp;
  /** An owner's. */
  readonly settled: LawOp | null;
}

/** Names anew whom an op may have renamed. */
export function nameAccounts(state: State, law: Law, { head, body }: LawOp): void {
  const subject = 'subject' in body ? body.subject : head.author;
  const account = state.accounts.get(subject);
  if (!account) return;
  const touched = new Set([foldName(account.name.replace(/~\d+$/, ''))]);
  const claim = claimOf(law, subject);
  if (claim) touched.add(foldName(claim.name));
  if (account.isDeleted) account.name = '';
  for (const name of touched) number(state, law, name);
}

function claimOf(law: Law, author: AuthorId): Claim | null {
  const made = law.verdicts.table(`account ${author}`)[0];
  if (made?.body.law !== 'account') return null;
  const last = law.verdicts.table(`settle ${author}`).at(-1);
  if (last?.body.law !== 'settle') return { author, name: made.body.name, taken: made, settled: null };
  const isOwn = last.head.author === author && !last.body.sealed;
  return { author, name: last.body.name, taken: isOwn ? last : made, settled: isOwn ? null : last };
}

/** The last one it was settled on, the others it was settled on, then whoever was first. */
function compareClaims(a: Claim, b: Claim): number {
  if (a.settled && b.settled) return compareLaw(b.settled, a.settled);
  if (a.settled || b.settled) return a.settled ? -1 : 1;
  return compareLaw(a.taken, b.taken);
}

function number(state: State, law: Law, name: string): void {
  const claims = [...law.claimants(name)].flatMap((author) => {
    const account = state.accounts.get(author);
    return account && !account.isDeleted ? (claimOf(law, author) ?? []) : [];
  });
  const own = claims.filter((claim) => foldName(claim.name) === name).sort(compareClaims);
  for (const [i, claim] of own.entries()) state.accounts.get(claim.author)!.name = i === 0 ? claim.name : `${claim.name}~${i + 1}`;
}

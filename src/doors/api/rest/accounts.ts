/** Routes about accounts: what a key is made of, and ops that were signed elsewhere. */

import { ok, refused } from '../refusals.ts';
import type { Route } from './route.ts';
import { ref, SHAPES } from './shapes.ts';

const tag = 'accounts';

export const ACCOUNTS: readonly Route[] = [
  {
    ...{ method: 'GET', path: '/accounts/{name}/key', tag, free: true, summary: 'How the key of an account is made of its password' },
    answer: ref('AccountKey'),
    does: ({ params, source }, { accounts }) => {
      const found = accounts.key(params['name']!, source);
      return 'retryMs' in found ? refused('throttled', 'Too many keys in too short a time: wait a moment.', found.retryMs) : ok(found);
    },
  },
  {
    ...{
      method: 'POST',
      path: '/ops',
      tag,
      free: true,
      summary: 'Hand in ops that their owner signed: to register, to change a password, …',
    },
    ...{ body: SHAPES.Submission, answer: ref('Submitted') },
    does: async ({ body, source }, { accounts }) => {
      const written = await accounts.write(body['ops'] as string[], source);
      if ('faults' in written) return ok(written);
      return refused(written.retryMs === undefined ? 'refused' : 'throttled', written.refused, written.retryMs);
    },
  },
];

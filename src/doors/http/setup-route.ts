/**
 * `POST /api/v1/setup`: the first owner of a network, made by whoever has the setup link. The link carries its token behind a `#`, which browsers neither send nor
 * tell other pages; the web app sends it here once, with the account op that it signed. So the node never sees the password.
 */

import type { FastifyInstance } from 'fastify';

export type SetupAnswer =
  | { readonly done: true }
  | { readonly fault: 'wrong token' | 'over' | 'no key' | 'refused'; readonly words: string }
  | { readonly fault: 'throttled'; readonly words: string; readonly retryMs: number };

/** The node, as this route sees it. */
export interface SetupPort {
  /** Makes the owner where the token is right. `source`: the address that asks; `op`: the account op's head in hex; `network`: its name from now on. */
  spend(source: string, token: string, op: string, network?: string): Promise<SetupAnswer>;
}

const REQUEST_BYTES_MAX = 16_384;
const TOKEN_LENGTH_MAX = 64;
const OP_LENGTH_MAX = 8192;
/** Of a network's name, in letters. */
const NETWORK_LENGTH_MAX = 64;
const CODES = { 'wrong token': 403, over: 410, 'no key': 409, refused: 422, throttled: 429 } as const;

const SCHEMA = {
  body: {
    type: 'object',
    required: ['token', 'ops'],
    additionalProperties: false,
    properties: {
      token: { type: 'string', minLength: 1, maxLength: TOKEN_LENGTH_MAX },
      ops: { type: 'array', minItems: 1, maxItems: 1, items: { type: 'string', maxLength: OP_LENGTH_MAX, pattern: '^([0-9a-f]{2})+$' } },
      network: { type: 'string', minLength: 1, maxLength: NETWORK_LENGTH_MAX },
    },
  },
} as const;

export function addSetupRoute(server: FastifyInstance, setup: SetupPort): void {
  server.post('/api/v1/setup', { schema: SCHEMA, bodyLimit: REQUEST_BYTES_MAX }, async (request, reply) => {
    const { token, ops, network } = request.body as { readonly token: string; readonly ops: readonly [string]; readonly network?: string };
    const answer = await setup.spend(request.ip, token, ops[0], network);
    reply.header('cache-control', 'no-store');
    if ('done' in answer) return { ok: true };
    if ('retryMs' in answer) reply.header('retry-after', Math.ceil(answer.retryMs / 1000));
    return reply.code(CODES[answer.fault]).send({ ok: false, fault: answer.fault, reason: answer.words });
  });
}

/** Refusals in the words of HTTP: a status, a problem (RFC 9457), and when to come again. */

import type { FastifyReply } from 'fastify';
import type { Refused } from '../../../api/protocol.ts';
import type { Outcome } from '../refusals.ts';

const STATUS: Readonly<Record<string, number>> = {
  'bad text': 422,
  'bad request': 400,
  'bad invitation': 422,
  'bad after': 422,
  'bad key': 401,
  'bad grant': 401,
  'not open': 401,
  'not allowed': 403,
  'no guests': 403,
  registration: 403,
  silenced: 403,
  archived: 403,
  'not in room': 403,
  'no account': 403,
  'last owner': 409,
  'name in use': 409,
  'name registered': 409,
  'name alike': 409,
  'too many rooms': 409,
  refused: 422,
  'no such room': 404,
  'no such person': 404,
  'no such message': 404,
  'not found': 404,
  slow: 429,
  flood: 429,
  throttled: 429,
  busy: 503,
  'not stored': 503,
  'not granted': 503,
};

export function problem(reply: FastifyReply, { type, words, retryMs }: Refused, status = STATUS[type] ?? 400): FastifyReply {
  if (retryMs !== undefined) {
    const seconds = Math.max(1, Math.ceil(retryMs / 1000));
    reply.header('retry-after', seconds);
    if (status === 429) reply.header('ratelimit', `"${type}";r=0;t=${seconds}`);
  }
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="skein", Basic realm="skein"');
  const body = {
    type: `urn:skein:${type.replaceAll(' ', '-')}`,
    title: type,
    status,
    detail: words,
    ...(retryMs === undefined ? {} : { retryMs }),
  };
  return reply.code(status).type('application/problem+json').send(JSON.stringify(body));
}

const UNKNOWN: Refused = {
  type: 'unknown',
  words: 'It is unknown whether this took effect: the disk failed meanwhile. Look before you repeat it.',
};

/** An outcome as a reply. */
export function answer(reply: FastifyReply, outcome: Outcome, status: number): FastifyReply {
  if ('refused' in outcome) return problem(reply, outcome.refused);
  if ('unknown' in outcome) return problem(reply, UNKNOWN, 504);
  if (outcome.value === null) return reply.code(204).send();
  return reply.code(status).send(outcome.value);
}

/** REST under `/api/v1`: whom it serves, what it says of itself to browsers, and each route of the table. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Request } from '../../../api/protocol.ts';
import { carryOut } from '../asking.ts';
import type { ApiDoor } from '../door.ts';
import { REQUEST_BYTES_MAX } from '../limits.ts';
import type { Origins } from '../origins.ts';
import { Reader } from '../reader.ts';
import { type Outcome, refused } from '../refusals.ts';
import { cleaned, HOOK_BODY, HOOKS, hookText } from './hooks.ts';
import { postTo } from './messages.ts';
import { BASE, openApi, paramsSchema, ROUTES } from './openapi.ts';
import { answer, problem } from './problems.ts';
import { Programs } from './programs.ts';
import { type Input, type Route, roomOf } from './route.ts';

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;
const CORS = {
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-max-age': '600',
} as const;
const EXPOSED = 'link, retry-after, ratelimit, location';

export interface RestOptions {
  readonly door: ApiDoor;
  readonly origins: Origins;
  readonly version: string;
}

/** Adds the routes; what is to be called every SWEEP_MS. */
export async function addRest(server: FastifyInstance, options: RestOptions): Promise<(nowMs: number) => void> {
  const { door, origins, version } = options;
  const programs = new Programs(door);
  const document = JSON.stringify(openApi(version));
  await server.register(
    async (api) => {
      api.addHook('onRequest', async (request, reply) => guard(origins, request, reply));
      api.setErrorHandler((error: { statusCode?: number; validation?: unknown; message: string }, _request, reply) => failed(error, reply));
      api.setNotFoundHandler((_request, reply) => problem(reply, { type: 'not found', words: 'There is nothing at this address.' }));
      api.options('/*', async (_request, reply) => reply.headers(CORS).code(204).send());
      api.get('/openapi.json', async (_request, reply) => reply.type('application/json').send(document));
      for (const route of ROUTES) addRoute(api, route, door, programs);
      for (const { path } of HOOKS) addHook(api, path, door, programs);
    },
    { prefix: BASE },
  );
  return (nowMs) => programs.sweep(nowMs);
}

/** Lets in whoever is one of this node's own, and says so to browsers. */
function guard(origins: Origins, { headers }: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  const { origin, host } = headers;
  reply.headers(HEADERS);
  if (!origins.allowsHost(host))
    return problem(reply, { type: 'not allowed', words: 'This node is not known under that name: see http.hosts.' }, 421);
  if (!origins.allowsOrigin(origin, host))
    return problem(reply, { type: 'not allowed', words: 'Pages of that origin may not: see http.origins.' });
  if (origin !== undefined)
    reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED, vary: 'origin' });
  return undefined;
}

function failed(error: { statusCode?: number; validation?: unknown; message: string }, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500;
  if (status < 500) return problem(reply, { type: 'bad request', words: error.message }, status);
  return problem(reply, { type: 'busy', words: 'The node could not do that now: try again in a moment.', retryMs: 1000 });
}

function inputOf(request: FastifyRequest, reply: FastifyReply): Input {
  const { params, query, body, ip } = request;
  return { params: params as never, query: query as never, body: (body ?? {}) as never, source: ip, reply };
}

const colons = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

function addRoute(api: FastifyInstance, route: Route, door: ApiDoor, programs: Programs): void {
  const { method, path, query, body, free, status } = route;
  const schema = {
    params: paramsSchema(path),
    ...(query ? { querystring: { type: 'object', additionalProperties: false, properties: query } } : {}),
    ...(body ? { body } : {}),
  };
  api.route({
    ...{ method, url: colons(path), schema, bodyLimit: REQUEST_BYTES_MAX },
    async handler(request, reply) {
      const input = inputOf(request, reply);
      const reader = free ? NOBODY : await programs.enter(Programs.credentials(request.headers.authorization), input.source);
      const outcome = reader instanceof Reader ? await carried(route, input, door, reader) : reader;
      return answer(reply, outcome, status ?? 200);
    },
  });
}

/** Whoever has no session. */
const NOBODY = new Reader(0 as never, null, '');

async function carried({ does }: Route, input: Input, door: ApiDoor, reader: Reader): Promise<Outcome> {
  const asked = await does(input, door, reader);
  return 'do' in asked ? carryOut(door, reader, asked as Request) : asked;
}

/** Webhooks answer `ok` in plain text, as their senders expect; the app password may be in the address. */
function addHook(api: FastifyInstance, path: string, door: ApiDoor, programs: Programs): void {
  api.post(
    colons(path),
    { schema: { params: paramsSchema(path), body: HOOK_BODY }, bodyLimit: REQUEST_BYTES_MAX },
    async (request, reply) => {
      const input = inputOf(request, reply);
      const { token } = input.params;
      const given = token === undefined ? Programs.credentials(request.headers.authorization) : { token, name: null };
      const reader = await programs.enter(given, input.source);
      if (!(reader instanceof Reader)) return answer(reply, reader, 200);
      const text = cleaned(hookText(input.body));
      if (text.trim() === '') return answer(reply, NO_TEXT, 200);
      const outcome = await postTo(door, reader, { do: 'post', to: { room: roomOf(input) }, style: 'text', text });
      return 'value' in outcome ? reply.type('text/plain').send('ok') : answer(reply, outcome, 200);
    },
  );
}

const NO_TEXT = refused('bad request', 'The payload says nothing: it has neither text, nor attachments, nor alerts.');

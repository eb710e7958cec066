/** The OpenAPI 3.1 document of the REST API, made of the same table as the server. */

import { MESSAGE, type Schema } from '../schemas.ts';
import { ACCOUNTS } from './accounts.ts';
import { HOOKS } from './hooks.ts';
import { MESSAGES } from './messages.ts';
import { MODERATION } from './moderation.ts';
import { NETWORK } from './network.ts';
import { ROOMS } from './rooms.ts';
import type { Route } from './route.ts';
import { ref, SHAPES } from './shapes.ts';

export const ROUTES: readonly Route[] = [...NETWORK, ...ROOMS, ...MESSAGES, ...MODERATION, ...ACCOUNTS];
/** Under which all of them are. */
export const BASE = '/api/v1';

type Told = Omit<Route, 'does'>;

const SETUP: Told = {
  method: 'POST',
  path: '/setup',
  tag: 'accounts',
  free: true,
  summary: 'The first owner of a network, by the token of its setup link',
  body: {
    type: 'object',
    required: ['token', 'ops'],
    properties: { token: { type: 'string' }, ops: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 1 } },
  },
  answer: { type: 'object', required: ['ok'], properties: { ok: { type: 'boolean' } } },
};
const ITSELF: Told = {
  method: 'GET',
  path: '/openapi.json',
  tag: 'network',
  free: true,
  summary: 'This document',
  answer: { type: 'object' },
};

const TOLD: readonly Told[] = [...ROUTES, ...HOOKS, SETUP, ITSELF];

const PARAMETERS: Readonly<Record<string, { readonly description: string; readonly schema: Schema }>> = {
  room: {
    description: 'An id; or the name of a public room, with `#` (as `%23`) or without',
    schema: { type: 'string', minLength: 1, maxLength: 256 },
  },
  message: { description: 'The id of a message', schema: MESSAGE },
  person: { description: 'The id of a person', schema: { type: 'string', pattern: '^[0-9a-f]{32}$' } },
  name: { description: 'A name', schema: { type: 'string', minLength: 1, maxLength: 128 } },
  emoji: { description: 'An emoji', schema: { type: 'string', minLength: 1, maxLength: 64 } },
  token: { description: 'An app password', schema: { type: 'string', minLength: 1, maxLength: 128 } },
};

function inPath(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
}

/** The shape of a path's parameters. */
export function paramsSchema(path: string): Schema {
  const names = inPath(path);
  return { type: 'object', required: names, properties: Object.fromEntries(names.map((name) => [name, PARAMETERS[name]!.schema])) };
}

/** JSON Schema 2020-12, which OpenAPI 3.1 has, of that of the validator: tuples are said otherwise. */
function modern(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(modern);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { items, additionalItems: _, ...rest } = schema as Record<string, unknown>;
  const own = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, modern(value)]));
  if (items === undefined) return own;
  return Array.isArray(items) ? { ...own, prefixItems: items.map(modern) } : { ...own, items: modern(items) };
}

function operation({ summary, tag, free, path, query, body, answer, status }: Told, id: string): Schema {
  const parameters = [
    ...inPath(path).map((name) => ({ name, in: 'path', required: true, ...PARAMETERS[name]! })),
    ...Object.entries(query ?? {}).map(([name, schema]) => ({ name, in: 'query', required: false, schema })),
  ];
  const type = tag === 'hooks' ? 'text/plain' : 'application/json';
  const done = answer ? { description: 'Done', content: { [type]: { schema: answer } } } : { description: 'Done' };
  return {
    operationId: id,
    summary,
    tags: [tag],
    ...(free ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    responses: {
      [answer ? (status ?? 200) : 204]: done,
      '4XX': { description: 'Refused', content: { 'application/problem+json': { schema: ref('Problem') } } },
      '5XX': { description: 'Not now', content: { 'application/problem+json': { schema: ref('Problem') } } },
    },
  };
}

function idOf({ method, path }: Told): string {
  const words = path.split(/[/{}-]+/).filter((word) => word !== '');
  return method.toLowerCase() + words.map((word) => word[0]!.toUpperCase() + word.slice(1).replace('.', '')).join('');
}

export function openApi(version: string): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const told of TOLD) (paths[BASE + told.path] ??= {})[told.method.toLowerCase()] = operation(told, idOf(told));
  const whole = {
    openapi: '3.1.0',
    info: { title: 'Skein', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { basic: [] }],
    paths,
    components: {
      schemas: SHAPES,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An app password' },
        basic: { type: 'http', scheme: 'basic', description: 'The name of an account, and an app password of it' },
      },
    },
  };
  return modern(whole) as Schema;
}

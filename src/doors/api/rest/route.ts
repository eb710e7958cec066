/** What a route of REST is: one table from which both the server and its OpenAPI document are made. */

import type { FastifyReply } from 'fastify';
import type { Request } from '../../../api/protocol.ts';
import type { RoomId } from '../../../core/ids.ts';
import { publicRoomId } from '../../../core/kinds/room.ts';
import type { ApiDoor } from '../door.ts';
import type { Reader } from '../reader.ts';
import type { Outcome } from '../refusals.ts';
import type { Schema } from '../schemas.ts';

/** What came in, of its shape. */
export interface Input {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | number | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly source: string;
  readonly reply: FastifyReply;
}

/** What a route asks for: one of the requests, or something of its own. */
export type Does = (input: Input, door: ApiDoor, reader: Reader) => Request | Promise<Outcome> | Outcome;

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Under `/api/v1`, with parameters in braces. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  /** Whoever has no session may ask, too. */
  readonly free?: true;
  readonly query?: Readonly<Record<string, Schema>>;
  readonly body?: Schema;
  /** What is answered; null: nothing. */
  readonly answer: Schema | null;
  /** Of what is made: 201. */
  readonly status?: 201;
  readonly does: Does;
}

/** A room in a path: its id, or the name of a public one without `#`, which needs no escaping. */
export function roomOf({ params }: Input): RoomId {
  const room = params['room']!;
  return /^([@!][0-9a-f]{32}|#.+)$/s.test(room) ? (room as RoomId) : publicRoomId(`#${room}`);
}

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The WebSocket of the API door: accepts connections at `/api/v1/socket`, holds what comes in against its shape, and writes what the door gives. */

import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Ajv, type ValidateFunction } from 'ajv';
import { type WebSocket, WebSocketServer } from 'ws';
import { ASK_BYTES_MAX, ASKS_MAX, type Bye, type Request } from '../../api/protocol.ts';
import { carryOut } from './asking.ts';
import type { ApiDoor } from './door.ts';
import { CONNECTIONS_MAX, ENDING_MS_MAX, PING_MS, SEND_QUEUE_BYTES_MAX } from './limits.ts';
import type { Origins } from './origins.ts';
import type { Output, Reader } from './reader.ts';
import { type Outcome, refused } from './refusals.ts';
import { REQUESTS } from './schemas.ts';

export const SOCKET_PATH = '/api/v1/socket';
/** Closing codes (RFC 6455): the node goes away; the session is over; come again later. */
const GOING_AWAY = 1001;
const OVER = 1000;
const AGAIN = 1013;

// The schemas are the door's own, and tests hold them against what there is to say: to hold them against the schema of schemas took a node's first request 100 ms.
const ajv = new Ajv({ allErrors: false, strict: false, validateSchema: false });
const SCHEMAS = new Map<string, object>(Object.entries(REQUESTS));
/** Made when each is asked for first, or soon after the start: all of them at once would hold it up, and the first clients of a node that died wait for each. */
const validators = new Map<string, ValidateFunction>();

function validatorOf(name: string): ValidateFunction | undefined {
  const schema = SCHEMAS.get(name);
  if (!schema) return;
  const made = validators.get(name) ?? ajv.compile(schema);
  validators.set(name, made);
  return made;
}

/** How long after the start validators begin to be made, in ms, and how far apart. */
const WARM_MS = 100;

/** Makes what is not made yet, one at a time. */
function warmUp(): void {
  const name = [...SCHEMAS.keys()].find((one) => !validators.has(one));
  if (name === undefined) return;
  validatorOf(name);
  setTimeout(warmUp, WARM_MS / 10).unref();
}

/** A request as it came in, where it is one. */
type Read = { readonly ask: number; readonly asked: Request } | { readonly ask: number; readonly outcome: Outcome } | null;

export function readAsk(text: string): Read {
  let asked: unknown;
  try {
    asked = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof asked !== 'object' || asked === null) return null;
  const { ask, do: name, ...fields } = asked as { ask?: unknown; do?: unknown };
  if (typeof ask !== 'number' || !Number.isSafeInteger(ask)) return null;
  const validate = typeof name === 'string' ? validatorOf(name) : undefined;
  if (!validate) return { ask, outcome: refused('bad request', 'There is no such request.') };
  if (validate(fields)) return { ask, asked: { do: name, ...fields } as Request };
  const [fault] = validate.errors ?? [];
  return {
    ask,
    outcome: refused('bad request', `The request is not of its shape: ${fault?.instancePath || 'it'} ${fault?.message ?? ''}.`),
  };
}

export function replyText(ask: number, outcome: Outcome): string {
  if ('value' in outcome) return JSON.stringify({ type: 'ok', ask, value: outcome.value });
  if ('refused' in outcome) return JSON.stringify({ type: 'refused', ask, refused: outcome.refused });
  return JSON.stringify({ type: 'unknown', ask });
}

const BUSY = refused('busy', 'Too many requests wait for an answer on this connection.', 1000);

class Connection implements Output {
  readonly socket: WebSocket;
  readonly tcp: Socket;
  readonly #queueMax: number;
  reader: Reader | null = null;
  isAlive = true;
  #isCorked = false;

  constructor(socket: WebSocket, tcp: Socket, queueMax: number) {
    this.socket = socket;
    this.tcp = tcp;
    this.#queueMax = queueMax;
  }

  /** What is sent in one go of the process leaves in one write. */
  send(frame: string | Uint8Array): boolean {
    const { socket, tcp } = this;
    if (socket.readyState !== socket.OPEN) return true;
    if (!this.#isCorked) {
      this.#isCorked = true;
      tcp.cork();
      process.nextTick(() => {
        this.#isCorked = false;
        tcp.uncork();
      });
    }
    socket.send(frame, { binary: false });
    return socket.bufferedAmount <= this.#queueMax;
  }

  end(bye: Bye): void {
    const { socket } = this;
    this.send(JSON.stringify(bye));
    socket.close(bye.resume ? (bye.reason.startsWith('The node is being stopped') ? GOING_AWAY : AGAIN) : OVER);
    setTimeout(() => socket.terminate(), ENDING_MS_MAX).unref();
  }
}

export interface SocketOptions {
  readonly door: ApiDoor;
  readonly origins: Origins;
  readonly connectionsMax?: number;
  readonly sendQueueBytesMax?: number;
}

/** All WebSockets of a door. */
export class Sockets {
  readonly #o: SocketOptions;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: ASK_BYTES_MAX, perMessageDeflate: false, clientTracking: false });
  readonly #all = new Set<Connection>();
  #pingedMs = 0;

  constructor(options: SocketOptions) {
    this.#o = options;
    setTimeout(warmUp, WARM_MS).unref();
  }

  get size(): number {
    return this.#all.size;
  }

  /** A request to speak WebSocket. */
  readonly upgrade = (request: IncomingMessage, tcp: Duplex, head: Buffer): void => {
    const refusal = this.#refusal(request);
    if (refusal) return refuse(tcp, refusal);
    this.#server.handleUpgrade(request, tcp, head, (socket) => this.#accept(socket, request.socket));
  };

  #refusal({ url, headers }: IncomingMessage): string | null {
    if (url?.split('?')[0] !== SOCKET_PATH) return '404 Not Found';
    const { origins, connectionsMax } = this.#o;
    if (!origins.allowsHost(headers.host)) return '421 Misdirected Request';
    if (!origins.allowsOrigin(headers.origin, headers.host)) return '403 Forbidden';
    return this.#all.size >= (connectionsMax ?? CONNECTIONS_MAX) ? '503 Service Unavailable' : null;
  }

  #accept(socket: WebSocket, tcp: Socket): void {
    tcp.setNoDelay(true);
    const { door } = this.#o;
    const connection = new Connection(socket, tcp, this.#o.sendQueueBytesMax ?? SEND_QUEUE_BYTES_MAX);
    this.#all.add(connection);
    const reader = door.connect(connection, tcp.remoteAddress ?? '');
    connection.reader = reader;
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      connection.isAlive = true;
      if (isBinary) return door.end(reader, 'Requests are texts.', false);
      this.#receive(reader, data.toString());
    });
    socket.on('pong', () => (connection.isAlive = true));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#all.delete(connection);
      door.disconnect(reader, 'Connection closed');
    });
  }

  #receive(reader: Reader, text: string): void {
    const { door } = this.#o;
    if (reader.state === 'closed') return;
    const read = readAsk(text);
    if (!read) return door.end(reader, 'That was no request.', false);
    if ('outcome' in read) return door.reply(reader, replyText(read.ask, read.outcome));
    if (reader.asked >= ASKS_MAX) return door.reply(reader, replyText(read.ask, BUSY));
    reader.asked++;
    void answer(door, reader, read.ask, read.asked);
  }

  /** Every SWEEP_MS: those who gave no sign of life since the last ping are gone. */
  sweep(nowMs: number): void {
    this.#o.door.sweep(nowMs);
    if (nowMs - this.#pingedMs < PING_MS) return;
    this.#pingedMs = nowMs;
    for (const connection of this.#all) {
      if (!connection.isAlive) connection.socket.terminate();
      connection.isAlive = false;
      connection.socket.ping();
    }
  }

  /** Ends all of them; they are gone when the promise is kept. */
  async close(): Promise<void> {
    this.#o.door.close('The node is being stopped: go on at another one.');
    const end = performance.now() + 1000;
    while (this.#all.size > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const { socket } of this.#all) socket.terminate();
  }
}

async function answer(door: ApiDoor, reader: Reader, ask: number, asked: Request): Promise<void> {
  const outcome = await carryOut(door, reader, asked).catch(() => FAILED);
  reader.asked--;
  door.reply(reader, replyText(ask, outcome));
}

const FAILED = refused('busy', 'The node could not read that now: try again in a moment.', 1000);

function refuse(tcp: Duplex, status: string): void {
  tcp.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** The sockets of the IRC door: accepts connections, hands what comes in to the door, and writes what it gives. */

import { randomBytes } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import type { NodePort } from '../../core/port.ts';
import type { Hashing } from '../../core/suite.ts';
import { addListeners, addressFor } from '../listening.ts';
import { IrcDoor } from './door.ts';
import { CONNECTIONS_MAX, HOLD_BACK_MS, SEND_QUEUE_BYTES_MAX, SLOW_BYTES, SWEEP_MS } from './limits.ts';
import { formatLine, type Line } from './line.ts';
import type { Chunk, Output, Session } from './session.ts';

export interface IrcOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly node: NodePort;
  readonly hashing: Hashing;
  /** Whether people without an account are let in; default: yes. */
  readonly guests?: boolean;
  readonly connectionsMax?: number;
  readonly sendQueueBytesMax?: number;
}

export interface IrcListener {
  /** `ADDR:PORT`, or `[IPV6]:PORT`. */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Chunks up to this many bytes are joined for one write; larger ones are handed over as they are. */
const JOIN_BYTES_MAX = 65_536;
/** What a client that is being sent away may take to go, in sweeps. */
const ENDING_SWEEPS = 2;

class Connection implements Output {
  readonly socket: Socket;
  readonly #queueMax: number;
  session: Session | null = null;
  /** Sweeps since its end began; -1 before. */
  endingSweeps = -1;

  constructor(socket: Socket, queueMax: number) {
    this.socket = socket;
    this.#queueMax = queueMax;
  }

  write(chunks: readonly Chunk[]): boolean {
    const { socket } = this;
    if (chunks.length === 1) socket.write(chunks[0]!);
    else if (chunks.every((chunk) => typeof chunk === 'string')) socket.write(chunks.join(''));
    else writeSeveral(socket, chunks);
    return socket.writableLength <= this.#queueMax;
  }

  isSlow(): boolean {
    return this.socket.writableLength > SLOW_BYTES;
  }

  holdBack(): void {
    const { socket } = this;
    if (socket.isPaused()) return;
    socket.pause();
    setTimeout(() => socket.resume(), HOLD_BACK_MS).unref();
  }

  end(last: Line): void {
    this.endingSweeps = 0;
    this.socket.end(last);
  }
}

function writeSeveral(socket: Socket, chunks: readonly Chunk[]): void {
  const buffers = chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
  let bytes = 0;
  for (const buffer of buffers) bytes += buffer.length;
  if (bytes <= JOIN_BYTES_MAX) {
    socket.write(Buffer.concat(buffers, bytes));
    return;
  }
  socket.cork();
  for (const buffer of buffers) socket.write(buffer);
  socket.uncork();
}

/** One listener's connections. The handlers are shared by all sockets: a closure for each would cost more than the rest of a connection. */
class Connections {
  readonly door: IrcDoor;
  readonly #all = new Map<Socket, Connection>();
  readonly #options: IrcOptions;

  constructor(options: IrcOptions) {
    this.#options = options;
    this.door = new IrcDoor({ port: options.node, hashing: options.hashing, guests: options.guests ?? true, random: randomBytes });
    const all = this.#all;
    const { door } = this;
    this.#onData = function (this: Socket, chunk: Buffer): void {
      const connection = all.get(this);
      if (connection && connection.endingSweeps < 0) door.receive(connection.session!, chunk);
    };
    this.#onError = function (this: Socket): void {
      const session = all.get(this)?.session;
      if (session) door.disconnect(session, 'Connection lost', false);
    };
    this.#onDrain = function (this: Socket): void {
      const session = all.get(this)?.session;
      if (session) door.drained(session);
    };
    this.#onClose = function (this: Socket): void {
      const session = all.get(this)?.session;
      all.delete(this);
      if (session) door.disconnect(session, 'Connection closed');
    };
  }

  readonly #onData: (this: Socket, chunk: Buffer) => void;
  readonly #onError: (this: Socket) => void;
  readonly #onDrain: (this: Socket) => void;
  readonly #onClose: (this: Socket) => void;

  readonly accept = (socket: Socket): void => {
    socket.on('error', this.#onError);
    if (this.#all.size >= (this.#options.connectionsMax ?? CONNECTIONS_MAX)) {
      const words = 'Closing link: this node has as many connections as it may have; try another node';
      socket.end(formatLine({ tags: '', source: '', command: 'ERROR', params: [words] }), () => socket.destroy());
      return;
    }
    const connection = new Connection(socket, this.#options.sendQueueBytesMax ?? SEND_QUEUE_BYTES_MAX);
    connection.session = this.door.connect(connection, socket.remoteAddress ?? '');
    this.#all.set(socket, connection);
    socket.on('data', this.#onData);
    socket.on('drain', this.#onDrain);
    socket.on('close', this.#onClose);
  };

  readonly sweep = (): void => {
    this.door.sweep(performance.now());
    for (const connection of this.#all.values()) {
      if (connection.endingSweeps >= 0 && ++connection.endingSweeps >= ENDING_SWEEPS) connection.socket.destroy();
    }
  };

  destroy(): void {
    for (const socket of this.#all.keys()) socket.destroySoon();
  }
}

/** Listens for IRC clients. Rejects with an Error whose `code` is EADDRINUSE where the port is taken. */
export async function listenIrc(options: IrcOptions): Promise<IrcListener> {
  const connections = new Connections(options);
  const server = createServer({ noDelay: true }, connections.accept);
  const at = await addressFor(options.host, options.port);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const closeListeners = await addListeners(server, at);
  const timer = setInterval(connections.sweep, SWEEP_MS);
  const bound = server.address() as { address: string; port: number; family: string };
  const host = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  return {
    address: `${host}:${bound.port}`,
    port: bound.port,
    async close() {
      clearInterval(timer);
      closeListeners();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      connections.door.close('Closing link: the node is being stopped; connect to another one');
      connections.destroy();
      await closed;
    },
  };
}

/**
 * The control socket: how commands on this machine talk to the live node. Mode 0600, so whoever may read the data directory may use it.
 *
 * One request a connection: a line of JSON in, lines of JSON out, the last with `done` or `error`.
 */

import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

export type ControlRequest = { readonly command: string } & Readonly<Record<string, unknown>>;
/** Yields progress; the value it returns is the answer. */
export type ControlHandler = (request: ControlRequest, lines: AsyncIterator<string>) => AsyncGenerator<unknown, unknown>;

/** Requests are short; what follows them (lines of an import) is read line by line. */
const REQUEST_BYTES_MAX = 65_536;

/** Listens on the path; a socket left by a process that died is replaced. Whoever still waits for an answer when it is closed is cut off. */
export async function listenControl(path: string, handle: ControlHandler): Promise<{ close(): void }> {
  rmSync(path, { force: true });
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    void serve(socket, handle);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

async function serve(socket: Socket, handle: ControlHandler): Promise<void> {
  socket.on('error', () => socket.destroy());
  const say = (value: unknown): boolean => socket.write(`${JSON.stringify(value)}\n`);
  try {
    const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done || first.value.length > REQUEST_BYTES_MAX) return void socket.destroy();
    const steps = handle(JSON.parse(first.value) as ControlRequest, lines);
    for (let step = await steps.next(); ; step = await steps.next()) {
      if (step.done) {
        say({ done: step.value ?? null });
        break;
      }
      if (!say({ progress: step.value })) await new Promise((resolve) => socket.once('drain', resolve));
    }
  } catch (error) {
    say({ error: wordsOf(error) });
  }
  socket.end();
}

/** Errors of the language are none of the operator’s: they are called a bug, with where it happened, so that they can be reported. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isBug = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  if (!isBug) return error.message;
  const where = /^ +(at .*)$/m.exec(error.stack ?? '')?.[1] ?? 'nobody knows where';
  return `this is a bug of Skein, please report it: ${error.name}: ${error.message} (${where})`;
}

/** No node listens there. */
export class NoNodeError extends Error {
  override name = 'NoNodeError';
}

/** The node did not do it; the message is its own words. */
export class RefusedError extends Error {
  override name = 'RefusedError';
}

/** Asks the live node; `more` are lines that follow the request. Throws NoNodeError or RefusedError. */
export async function askNode(
  path: string,
  request: ControlRequest,
  more: Iterable<string> = [],
  progress: (value: unknown) => void = () => undefined,
): Promise<unknown> {
  const socket = connect(path);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', () => reject(new NoNodeError('no node is running on this data directory: start one with `skein up`')));
  });
  socket.write(`${JSON.stringify(request)}\n`);
  for (const line of more) if (!socket.write(`${line}\n`)) await new Promise((resolve) => socket.once('drain', resolve));
  socket.end();
  for await (const line of createInterface({ input: socket })) {
    const reply = JSON.parse(line) as { done?: unknown; error?: string; progress?: unknown };
    if (reply.error !== undefined) throw new RefusedError(reply.error);
    if ('done' in reply) return reply.done;
    progress(reply.progress);
  }
  throw new NoNodeError('the node went away before it answered');
}

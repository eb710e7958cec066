/**
 * Listening for very many. The process takes one connection from a listening socket in each turn of its loop (libuv, since 1.46), so that at a busy node those who come all at
 * once would wait for as many turns as there are of them: several sockets listen at one address. They share it by SO_REUSEPORT, which a second node may not join: whether the
 * port is taken is found out without it.
 */

import { createServer, type ListenOptions, type Server } from 'node:net';

/** Sockets that listen at one address: connections taken in a turn, which is some milliseconds at a busy node. */
const LISTENERS = 16;
/** Connections that the system keeps for each until it is taken; it has a limit of its own. Whoever finds no place tries again only after 1 s, 3 s and 7 s. */
const BACKLOG = 4096;

/** How to listen at an address. Rejects with an Error whose `code` is EADDRINUSE where somebody does already. */
export async function addressFor(host: string, port: number): Promise<ListenOptions> {
  if (port !== 0) await listening(createServer(), { host, port });
  const reusePort = await listening(createServer(), { host, port: 0, reusePort: true }).then(
    () => true,
    // A system that has no such thing.
    () => false,
  );
  return { host, port, backlog: BACKLOG, reusePort };
}

/** Listens once, and lets go. */
async function listening(server: Server, options: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options, resolve));
  await new Promise((resolve) => server.close(resolve));
}

/** Adds listeners to a server that listens as `addressFor` says; how to close them. */
export async function addListeners(server: Server, options: ListenOptions): Promise<() => void> {
  if (!options.reusePort) return () => undefined;
  const { port } = server.address() as { port: number };
  const others = Array.from({ length: LISTENERS - 1 }, () =>
    createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket)),
  );
  const close = (): void => {
    for (const other of others) other.close();
  };
  try {
    await Promise.all(
      others.map((other) => new Promise<void>((resolve, reject) => other.once('error', reject).listen({ ...options, port }, resolve))),
    );
  } catch (error) {
    close();
    throw error;
  }
  return close;
}

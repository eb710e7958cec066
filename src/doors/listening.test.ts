import assert from 'node:assert/strict';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { addListeners, addressFor } from './listening.ts';

const HOST = '127.0.0.1';
const MANY = 200;

async function listens(t: TestContext, port: number, taken: (socket: Socket) => void): Promise<Server> {
  const address = await addressFor(HOST, port);
  const server = createServer(taken);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(address, resolve));
  const close = await addListeners(server, address);
  t.after(() => {
    close();
    server.close();
  });
  return server;
}

describe('listening for very many', () => {
  it('[AP33] a process that is busy takes many connections in few turns of its loop', async (t) => {
    const sockets: Socket[] = [];
    const server = await listens(t, 0, (socket) => void sockets.push(socket));
    const { port } = server.address() as AddressInfo;
    const clients = Array.from({ length: MANY }, () => connect(port, HOST).on('error', () => undefined));
    t.after(() => {
      for (const one of [...clients, ...sockets]) one.destroy();
    });
    let turns = 0;
    while (sockets.length < MANY && turns < 10 * MANY) {
      turns++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(sockets.length, MANY);
    assert.ok(turns < MANY / 2, `${MANY} connections in ${turns} turns`);
  });

  it('[AP25, MS4] a port that somebody listens at is refused, also where they listen for many', async (t) => {
    const server = await listens(t, 0, (socket) => socket.destroy());
    const { port } = server.address() as AddressInfo;
    await assert.rejects(addressFor(HOST, port), { code: 'EADDRINUSE' });
    const plain = createServer();
    t.after(() => plain.close());
    await new Promise<void>((resolve) => plain.listen(0, HOST, resolve));
    await assert.rejects(addressFor(HOST, (plain.address() as AddressInfo).port), { code: 'EADDRINUSE' });
  });
});

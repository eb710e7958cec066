import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import type { Libp2p } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { assertOrderly, NETWORK_KEY, type Node, nodeMaker, seedOf, transportContract } from '../../test/contract/transport.ts';
import { introduction, nodeKey } from './introduction.ts';
import { libp2pTransport } from './libp2p.ts';
import { createNode, startNode } from './libp2p-node.ts';
import { PROTOCOL } from './link-table.ts';
import { FRAME_BYTES_MAX } from './transport.ts';

transportContract('libp2p', () => libp2pTransport);

const { make, makePair, close } = nodeMaker(() => libp2pTransport);

/** A wire that can be broken: it carries what is dialled at it to a node. */
async function wireTo(node: Node) {
  const sockets: Socket[] = [];
  const port = Number(/tcp\/(\d+)/.exec(node.address)![1]);
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => {});
    near.pipe(far).pipe(near);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port: here } = server.address() as { port: number };
  return { address: node.address.replace(`tcp/${port}`, `tcp/${here}`), sockets, server };
}

describe('a libp2p link over a wire', () => {
  let wire: Awaited<ReturnType<typeof wireTo>>;
  afterEach(async () => {
    for (const socket of wire.sockets) socket.destroy();
    wire.server.close();
    await close();
  });

  async function wired(): Promise<[Node, Node]> {
    const [a, b] = [await make(), await make()];
    wire = await wireTo(b);
    await a.transport.dial(wire.address);
    await Promise.all([a.untilCount('up'), b.untilCount('up')]);
    return [a, b];
  }

  it('goes down on both sides at once when it is reset in the middle of a frame; no part of the frame is delivered', async () => {
    const [a, b] = await wired();
    a.link.send(new Uint8Array(10));
    a.link.send(new Uint8Array(FRAME_BYTES_MAX));
    let passed = 0;
    wire.sockets[0]!.on('data', (bytes) => {
      passed += bytes.length;
      if (passed > 300_000) for (const socket of wire.sockets) socket.resetAndDestroy();
    });
    await Promise.all([a.untilCount('down'), b.untilCount('down')]);
    assert.equal(b.count('frame'), 1);
    for (const node of [a, b]) assertOrderly(node);
  });

  it('goes down on both sides at once when the wire ends without a word', async () => {
    const [a, b] = await wired();
    for (const socket of wire.sockets) socket.end();
    await Promise.all([a.untilCount('down'), b.untilCount('down')]);
  });

  it('fills up before the caller’s eyes while the peer does not read, and delivers all once it reads again', async () => {
    const [a, b] = await wired();
    b.keepFrames = false;
    let received = 0;
    b.onFrame = () => received++;
    for (const socket of wire.sockets) socket.unpipe().pause();
    for (let i = 0; i < 32; i++) a.link.send(new Uint8Array(FRAME_BYTES_MAX));
    await busyElsewhere();
    const queued = a.link.queuedBytes;
    assert.ok(queued > 16 << 20, 'what does not fit into a window and the buffers of two sockets stays counted');
    for (let i = 0; i < 10; i++) assert.equal(a.link.send(new Uint8Array(1000)), false);
    assert.equal(a.link.queuedBytes - queued, 10 * 1004);
    wire.sockets[0]!.pipe(wire.sockets[1]!).pipe(wire.sockets[0]!);
    await b.until(() => received === 42, 'all frames');
    await a.untilCount('drained');
    assert.equal(a.link.queuedBytes, 0);
  });

  /** Lets the loop turn many times, by the traffic of another link. */
  async function busyElsewhere(): Promise<void> {
    const [a, b] = await makePair();
    b.onFrame = (link, frame) => link.send(frame);
    a.onFrame = (link, frame) => a.frames.length < 100 && link.send(frame);
    a.link.send(new Uint8Array(1000));
    await a.untilCount('frame', 100);
  }

  for (const opener of [true, false]) {
    const side = opener ? 'opens' : 'awaits';
    it(`that one side lost unnoticed by the other, which ${side} the stream, comes back by a dial`, {
      timeout: 20_000,
    }, async () => {
      const processSeed = new Uint8Array(seedOf(2000));
      const { publicKey } = nodeKey(processSeed);
      const b = await make({ processSeed });
      const a = await make({ processSeed: seedWhere((key) => key > publicKey === opener) });
      wire = await wireTo(b);
      await a.transport.dial(wire.address);
      await Promise.all([a.untilCount('up'), b.untilCount('up')]);
      wire.sockets[1]!.unpipe();
      wire.sockets[0]!.unpipe().resetAndDestroy();
      await a.untilCount('down');
      while (a.count('up') === 1) await a.transport.dial(b.address).catch(() => busyElsewhere());
      await Promise.all([a.untilCount('up', 2), b.untilCount('up', 2)]);
      for (const node of [a, b]) assertOrderly(node);
    });
  }

  it('that is closed while the peer does not read is cut after a second', async () => {
    const [a, b] = await wired();
    for (const socket of wire.sockets) socket.unpipe().pause();
    for (let i = 0; i < 40; i++) a.link.send(new Uint8Array(FRAME_BYTES_MAX));
    const before = performance.now();
    a.link.close('no longer wanted');
    await a.untilCount('down');
    assert.ok(performance.now() - before < 2000);
    for (const socket of wire.sockets) socket.destroy();
    await b.untilCount('down');
  });
});

function seedWhere(wanted: (key: string) => boolean): Uint8Array<ArrayBuffer> {
  for (let number = 1000; ; number++) if (wanted(nodeKey(seedOf(number)).publicKey)) return new Uint8Array(seedOf(number));
}

describe('a libp2p peer that breaks the rules', () => {
  const processSeed = new Uint8Array(seedOf(2001));
  const { publicKey: processKey } = nodeKey(processSeed);
  const rogues: Libp2p[] = [];
  afterEach(async () => {
    for (const rogue of rogues.splice(0)) await rogue.stop();
    await close();
  });

  /** A process whose key is smaller or larger than the other's, so that it is to open the stream or not. */
  async function rogueAt(a: Node, opens: boolean) {
    const seed = seedWhere((key) => key < processKey === opens);
    const rogue = await createNode({ seed, networkKey: NETWORK_KEY, listen: 'off' }, () => {});
    rogues.push(rogue);
    await startNode(rogue);
    const connection = await rogue.dial(multiaddr(a.address.replace(/\/p2p\/.*/, '')));
    return { connection, words: (node: Uint8Array) => framed(introduction(nodeKey(node), nodeKey(seed).publicKey)) };
  }

  const framed = (frame: Uint8Array): Uint8Array => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(frame.length);
    return Buffer.concat([head, frame]);
  };

  it('with a frame over the limit is hung up on', async () => {
    const a = await make({ processSeed });
    const { connection, words } = await rogueAt(a, true);
    const stream = await connection.newStream(PROTOCOL);
    stream.send(words(seedOf(1)));
    stream.send(Buffer.from([0, 0, 0, 1, 7, 0, 16, 0, 1, 0]));
    await a.untilCount('down');
    assert.equal(a.count('frame'), 1);
    assert.match(a.seen.at(-1)!.reason!, /over the limit/);
  });

  it('with a name that is not its own, or none, gets no link', async () => {
    const a = await make({ processSeed });
    const stolen = framed(introduction(nodeKey(seedOf(1)), nodeKey(seedOf(3)).publicKey));
    for (const words of [stolen, framed(new Uint8Array(96)), framed(new Uint8Array(3)), Buffer.from([0, 0, 0, 0])]) {
      const { connection } = await rogueAt(a, true);
      const stream = await connection.newStream(PROTOCOL);
      stream.send(words);
      if (stream.status === 'open') await once(stream, 'close');
    }
    assert.deepEqual(a.seen, []);
  });

  it('by opening the stream that is ours to open gets no link', async () => {
    const a = await make({ processSeed });
    const { connection } = await rogueAt(a, false);
    const stream = await connection.newStream(PROTOCOL).catch(() => undefined);
    if (stream?.status === 'open') await once(stream, 'close');
    assert.deepEqual(a.seen, []);
  });
});

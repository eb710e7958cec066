/** What every transport keeps to. A transport's test file is its set-up and one call. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, afterEach, describe, it } from 'node:test';
import { FRAME_BYTES_MAX, type Link, type Transport, type TransportFactory } from '../../src/mesh/transport.ts';

/** Something that happened on a node, as `LinkEvents` told it. */
export interface Seen {
  readonly what: 'up' | 'frame' | 'drained' | 'down';
  readonly link: Link;
  readonly frame?: Uint8Array;
  readonly reason?: string;
}

/** A node under test: its transport and all that was told of it. */
export class Node {
  readonly seen: Seen[] = [];
  transport!: Transport;
  /** Runs on each frame. */
  onFrame: (link: Link, frame: Uint8Array) => void = () => {};
  /** Keeps frames in `seen`; off where there are many. */
  keepFrames = true;
  #wakes = new Set<() => void>();

  readonly events = {
    linkUp: (link: Link) => this.#note({ what: 'up', link }),
    frame: (link: Link, frame: Uint8Array) => {
      this.onFrame(link, frame);
      if (this.keepFrames) this.#note({ what: 'frame', link, frame });
      else this.wake();
    },
    drained: (link: Link) => this.#note({ what: 'drained', link }),
    linkDown: (link: Link, reason: string) => this.#note({ what: 'down', link, reason }),
  };

  count(what: Seen['what']): number {
    return this.seen.filter((event) => event.what === what).length;
  }

  get frames(): Uint8Array[] {
    return this.seen.flatMap((event) => (event.what === 'frame' ? [event.frame!] : []));
  }

  /** The link that came up last. */
  get link(): Link {
    return this.seen.findLast((event) => event.what === 'up')!.link;
  }

  get address(): string {
    return this.transport.addresses()[0]!;
  }

  wake(): void {
    for (const wake of this.#wakes) wake();
  }

  /** Resolves as soon as the condition holds; checked at every event. Rejects after ten seconds. */
  async until(condition: () => boolean, label: string): Promise<void> {
    if (condition()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error(`in vain: ${label}`)), 10_000);
    const check = () => condition() && resolve();
    this.#wakes.add(check);
    await promise.finally(() => {
      clearTimeout(timer);
      this.#wakes.delete(check);
    });
  }

  untilCount(what: Seen['what'], count = 1): Promise<void> {
    return this.until(() => this.count(what) >= count, `${count} ${what}, got ${this.count(what)}`);
  }

  #note(event: Seen): void {
    this.seen.push(event);
    this.wake();
  }
}

export const NETWORK_KEY = new Uint8Array(32).fill(7);

/** A seed by number, so that a failing test fails again. */
export function seedOf(number: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(`seed ${number}`).digest());
}

/** Makes nodes and closes them behind each test. */
export function nodeMaker(factory: () => TransportFactory) {
  const open = new Set<Node>();
  let seeds = 0;
  const close = async () => {
    await Promise.all([...open].map((node) => node.transport.close()));
    open.clear();
  };
  const make = async ({
    networkKey = NETWORK_KEY,
    listen = '127.0.0.1:0',
    seed = seedOf(++seeds),
    processSeed = new Uint8Array(randomBytes(32)),
  } = {}) => {
    const node = new Node();
    node.transport = await factory()({ seed, processSeed, networkKey, listen, events: node.events });
    open.add(node);
    return node;
  };
  const makePair = async () => {
    const pair: [Node, Node] = [await make(), await make()];
    await pair[0].transport.dial(pair[1].address);
    await Promise.all(pair.map((node) => node.untilCount('up')));
    return pair;
  };
  return { make, makePair, close };
}

/** Checks that what was told about each link is one life: up, then the rest, then at most one down. */
export function assertOrderly(node: Node): void {
  const state = new Map<Link, string>();
  for (const { what, link } of node.seen) {
    assert.equal(state.get(link) ?? 'new', what === 'up' ? 'new' : 'up', `${what} of link ${link.id}`);
    state.set(link, what === 'down' ? 'down' : 'up');
  }
}

function bytesOf(number: number, length: number): Buffer {
  return Buffer.alloc(length, `${number} `);
}

/** The suite. `makeFactory` is called once for each test. */
export function transportContract(name: string, makeFactory: () => TransportFactory): void {
  describe(`${name} as a transport`, () => {
    let factory: TransportFactory | undefined;
    const maker = nodeMaker(() => {
      factory ??= makeFactory();
      return factory;
    });
    const { make, makePair } = maker;
    const fresh = async () => {
      await maker.close();
      factory = undefined;
    };
    afterEach(fresh);
    after(fresh);
    linkRules(make, makePair);
    meshRules(make);
    frameRules(makePair);
    endRules(makePair);
    dialRules(make);
    copyRules(make);
  });
}

type Make = ReturnType<typeof nodeMaker>['make'];
type MakePair = ReturnType<typeof nodeMaker>['makePair'];

function linkRules(make: Make, makePair: MakePair): void {
  it('a link comes up on both sides, each with the other node’s proven key', async () => {
    const [a, b] = await makePair();
    const key = /^[0-9a-f]{64}$/;
    assert.match(a.link.node, key);
    assert.match(b.link.node, key);
    assert.notEqual(a.link.node, b.link.node);
    const c = await make();
    await c.transport.dial(a.address);
    await c.untilCount('up');
    assert.equal(c.link.node, b.link.node, 'a node has the same key towards everybody');
    assert.deepEqual([a.seen[0]!.link.outbound, b.link.outbound, c.link.outbound], [true, false, true]);
  });

  it('a dial where a link is up changes nothing', async () => {
    const [a, b] = await makePair();
    await a.transport.dial(b.address);
    await b.transport.dial(a.address);
    b.link.send(bytesOf(1, 10));
    await a.untilCount('frame');
    assert.deepEqual([a.count('up'), b.count('up'), a.count('down'), b.count('down')], [1, 1, 0, 0]);
  });

  it('simultaneous dials settle on one link for each side', async () => {
    const a = await make();
    for (let round = 1; round <= 5; round++) {
      const b = await make();
      await Promise.all([a.transport.dial(b.address), b.transport.dial(a.address), a.transport.dial(b.address)]);
      await Promise.all([a.untilCount('up', round), b.untilCount('up')]);
      for (const [from, to] of [[a, b] as const, [b, a] as const]) {
        const before = to.count('frame');
        from.link.send(bytesOf(round, 100));
        await to.untilCount('frame', before + 1);
      }
      assert.deepEqual([a.count('up'), b.count('up'), a.count('down'), b.count('down')], [round, 1, 0, 0]);
    }
  });
}

function meshRules(make: Make): void {
  it('of nodes that all dial all others at once, each pair has one link', { timeout: 20_000 }, async () => {
    const nodes = await Promise.all(Array.from({ length: 8 }, () => make()));
    const dials = nodes.flatMap((a) => nodes.filter((b) => b !== a).map((b) => a.transport.dial(b.address)));
    await Promise.all(dials);
    for (const node of nodes) {
      await node.untilCount('up', nodes.length - 1);
      assertOrderly(node);
      assert.equal(node.count('down'), 0);
      assert.equal(new Set(node.seen.map(({ link }) => link.node)).size, nodes.length - 1);
    }
  });
}

function frameRules(makePair: MakePair): void {
  it('frames arrive whole and in order, both ways, from empty to the biggest', async () => {
    const pair = await makePair();
    const sizes = [0, 1, 65_536, 0, FRAME_BYTES_MAX, 3, 65_519, 1000];
    for (const node of pair) for (const [i, size] of sizes.entries()) node.link.send(bytesOf(i, size));
    for (const node of pair) {
      await node.untilCount('frame', sizes.length);
      for (const [i, size] of sizes.entries()) assert.ok(bytesOf(i, size).equals(node.frames[i]!), `frame ${i}`);
      assert.equal(node.frames.length, sizes.length);
    }
  });

  it('20,000 small frames arrive, in order, in a few seconds', { timeout: 20_000 }, async () => {
    const [a, b] = await makePair();
    b.keepFrames = false;
    const total = 20_000;
    let next = 0;
    b.onFrame = (_, frame) => assert.equal(Buffer.from(frame.buffer, frame.byteOffset, 4).readUInt32BE(), next++);
    for (let i = 0; i < total; i++) {
      const frame = Buffer.alloc(200);
      frame.writeUInt32BE(i);
      if (!a.link.send(frame)) {
        const before = a.count('drained');
        await a.untilCount('drained', before + 1);
      }
    }
    await b.until(() => next === total, 'all frames');
  });

  it('send says false above the high-water mark; drained follows, once, and nothing is lost', async () => {
    const [a, b] = await makePair();
    let sent = 0;
    while (a.link.send(bytesOf(sent, 100_000))) sent += 1;
    assert.ok(a.link.queuedBytes > 1_000_000 && a.link.queuedBytes < 2_000_000);
    assert.equal(a.count('drained'), 0, 'drained is not told from inside send');
    await a.untilCount('drained');
    assert.ok(a.link.queuedBytes <= 1 << 19);
    await b.untilCount('frame', sent + 1);
    assert.equal(a.count('drained'), 1);
    assert.equal(a.link.queuedBytes, 0);
  });

  it('nothing is told from inside a call', async () => {
    const [a, b] = await makePair();
    const before = a.seen.length;
    a.link.send(bytesOf(1, 10));
    a.link.close('done');
    assert.equal(a.seen.length, before);
    await Promise.all([a.untilCount('down'), b.untilCount('down')]);
  });
}

function endRules(makePair: MakePair): void {
  it('close flushes, and the link goes down exactly once on each side', async () => {
    const [a, b] = await makePair();
    for (let i = 0; i < 50; i++) a.link.send(bytesOf(i, 10_000));
    a.link.close('enough');
    a.link.close('again');
    await Promise.all([a.untilCount('down'), b.untilCount('down')]);
    assert.equal(b.count('frame'), 50);
    assert.equal(a.seen.at(-1)!.reason, 'enough');
    assert.equal(a.link.send(bytesOf(1, 1)), false);
    await Promise.all([a.transport.close(), b.transport.close()]);
    for (const node of [a, b]) {
      assertOrderly(node);
      assert.equal(node.count('down'), 1);
    }
  });

  it('both sides may close at once', async () => {
    const [a, b] = await makePair();
    a.link.close('a');
    b.link.close('b');
    await Promise.all([a.untilCount('down'), b.untilCount('down')]);
    for (const node of [a, b]) assertOrderly(node);
  });

  it('a frame over the limit closes the link', async () => {
    const [a, b] = await makePair();
    assert.equal(a.link.send(new Uint8Array(FRAME_BYTES_MAX + 1)), false);
    await Promise.all([a.untilCount('down'), b.untilCount('down')]);
    assert.equal(b.count('frame'), 0);
  });

  it('a dial after a close makes a new link, under a new number', async () => {
    const [a, b] = await makePair();
    for (let round = 2; round <= 4; round++) {
      const [from, to] = round % 2 ? [a, b] : [b, a];
      const { id } = from.link;
      from.link.close('again');
      await Promise.all([a.untilCount('down', round - 1), b.untilCount('down', round - 1)]);
      await from.transport.dial(to.address);
      await Promise.all([a.untilCount('up', round), b.untilCount('up', round)]);
      assert.ok(from.link.id > id);
      from.link.send(bytesOf(round, 5));
      await to.until(() => to.frames.at(-1)?.length === 5, 'a frame on the new link');
    }
    for (const node of [a, b]) assertOrderly(node);
  });

  it('closing the transport takes its links down on both sides and frees its address', async () => {
    const [a, b] = await makePair();
    const { address } = b;
    a.link.send(bytesOf(1, 10));
    await b.transport.close();
    assert.equal(b.count('down'), 1);
    await a.untilCount('down');
    await assert.rejects(a.transport.dial(address), Error);
  });
}

function copyRules(make: Make): void {
  it('two processes of one node have a link each with others, and none with each other', async () => {
    const seed = seedOf(100);
    const [a, c] = [await make(), await make()];
    const copies = [await make({ seed }), await make({ seed })] as const;
    await Promise.all([a, c].flatMap((other) => copies.map((copy) => copy.transport.dial(other.address))));
    for (const node of [a, c, ...copies]) await node.untilCount('up', 2);
    assert.equal(a.seen[0]!.link.node, a.seen[1]!.link.node, 'the same node');
    for (const [i, { link }] of a.seen.filter(({ what }) => what === 'up').entries()) link.send(bytesOf(i, 10 + i));
    for (const copy of copies) await copy.untilCount('frame', 1);
    assert.deepEqual(copies.map(({ frames }) => frames[0]!.length).sort(), [10, 11]);
    await assert.rejects(copies[0].transport.dial(copies[1].address), Error);
    for (const node of [a, c, ...copies]) {
      assertOrderly(node);
      assert.deepEqual([node.count('up'), node.count('down')], [2, 0]);
    }
    await copies[0].transport.close();
    await Promise.all([a.untilCount('down'), c.untilCount('down')]);
    assert.equal(copies[1].count('down'), 0, 'the end of the one is not the end of the other');
  });

  it('a process that goes down without a word and comes back has a new link at once', async () => {
    const seed = seedOf(101);
    const a = await make();
    const before = await make({ seed });
    await before.transport.dial(a.address);
    await a.untilCount('up');
    const after = await make({ seed });
    await after.transport.dial(a.address);
    await a.untilCount('up', 2);
    after.link.send(bytesOf(1, 7));
    await a.until(() => a.frames.at(-1)?.length === 7, 'a frame');
  });
}

function dialRules(make: Make): void {
  it('a wrong network key is refused, and no link comes up anywhere', { timeout: 15_000 }, async () => {
    const [a, b] = [await make(), await make({ networkKey: new Uint8Array(32).fill(8) })];
    await Promise.all([
      assert.rejects(a.transport.dial(b.address), /cannot connect/),
      assert.rejects(b.transport.dial(a.address), /cannot connect/),
    ]);
    assert.deepEqual([a.seen, b.seen], [[], []]);
  });

  it('another node than the address names is refused', async () => {
    const [a, b, c] = [await make(), await make(), await make()];
    const place = b.address.slice(0, b.address.indexOf('/p2p/'));
    const name = c.address.slice(c.address.indexOf('/p2p/'));
    await assert.rejects(a.transport.dial(place + name), Error);
    assert.deepEqual([a.seen, b.seen, c.seen], [[], [], []]);
  });

  it('a dial to nothing, to itself or to no address is rejected', async () => {
    const [a, b] = [await make(), await make()];
    const { address } = b;
    await b.transport.close();
    await assert.rejects(a.transport.dial(address), Error);
    await assert.rejects(a.transport.dial(a.address), Error);
    await assert.rejects(a.transport.dial('nonsense'), Error);
    assert.deepEqual(a.seen, []);
  });

  it('every address a node gives can be dialled', async () => {
    const a = await make({ listen: '0.0.0.0:0' });
    assert.ok(a.transport.addresses().length > 0);
    for (const address of a.transport.addresses()) {
      const b = await make({ listen: 'off' });
      await b.transport.dial(address);
      await b.untilCount('up');
    }
  });

  it('a node that listens nowhere has no address, and dials all the same', async () => {
    const [a, b] = [await make({ listen: 'off' }), await make()];
    assert.deepEqual(a.transport.addresses(), []);
    await a.transport.dial(b.address);
    await Promise.all([a.untilCount('up'), b.untilCount('up')]);
  });

  it('a taken address rejects with EADDRINUSE', async () => {
    const listen = '127.0.0.1:47801';
    await make({ listen });
    await assert.rejects(make({ listen }), { code: 'EADDRINUSE' });
  });
}

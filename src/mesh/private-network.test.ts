import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { afterEach, describe, it } from 'node:test';
import { type Node, nodeMaker } from '../../test/contract/transport.ts';
import { libp2pTransport } from './libp2p.ts';
import { FRAME_BYTES_MAX } from './transport.ts';

interface ProbedCipher {
  readonly _xor: { readonly _pointer: number; readonly _memory: Uint8Array };
  finalize(): void;
}
type MakeCipher = (nonce: Uint8Array, key: Uint8Array) => ProbedCipher;

const makeCipher = createRequire(import.meta.resolve('@libp2p/pnet'))('xsalsa20') as MakeCipher;

/** What a cipher takes of the memory. */
const CIPHER_BYTES = 64;

/** More than are in use at once in any test here, fewer than all tests would leave behind if none were given back. */
const CIPHERS = 64;

/** How big the memory of all ciphers is, and how far up in it that many more would reach. */
function probe(): { bytes: number; reach: number } {
  const ciphers = Array.from({ length: CIPHERS }, () => makeCipher(new Uint8Array(24), new Uint8Array(32)));
  const bytes = ciphers[0]!._xor._memory.length;
  const reach = Math.max(...ciphers.map((cipher) => cipher._xor._pointer));
  for (const cipher of ciphers) cipher.finalize();
  return { bytes, reach };
}

describe('the ciphers of a private network', () => {
  const { make, close } = nodeMaker(() => libp2pTransport);
  afterEach(close);

  async function linked(count: number): Promise<Node[]> {
    const hub = await make();
    const nodes = await Promise.all(Array.from({ length: count }, () => make({ listen: 'off' })));
    await Promise.all(nodes.map((node) => node.transport.dial(hub.address)));
    await hub.untilCount('up', count);
    await Promise.all(nodes.map((node) => node.untilCount('up')));
    return nodes;
  }

  it('do not enlarge their memory for the biggest frames of several links', async () => {
    const before = probe().bytes;
    const nodes = await linked(3);
    for (const node of nodes) for (let i = 0; i < 5; i++) node.link.send(new Uint8Array(FRAME_BYTES_MAX));
    await Promise.all(nodes.map((node) => node.until(() => node.link.queuedBytes === 0, 'all sent')));
    for (const node of nodes) node.link.close('done');
    await Promise.all(nodes.map((node) => node.untilCount('down')));
    assert.equal(probe().bytes, before);
  });

  it('are given back when their connections end', async () => {
    const before = probe().reach;
    for (let round = 0; round < 10; round++) {
      await linked(2);
      await close();
    }
    // Eighty ciphers were made; a few of the test before may not have been back yet at the first look.
    assert.ok(probe().reach <= before + 32 * CIPHER_BYTES);
  });
});

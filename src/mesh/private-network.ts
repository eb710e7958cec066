/**
 * The private-network key: every byte of a connection is enciphered with it below Noise, so strangers get no word in.
 *
 * `@libp2p/pnet` does it, over the package `xsalsa20`, whose WebAssembly memory starts at 640 KiB and goes wrong once it has
 * to grow: every cipher of the process then enlarges it again at its next call, until it throws inside a socket's event.
 * Two things make it grow, and both are kept from happening here: one big write (so writes are cut), and 128 bytes that
 * each connection leaves behind (so ciphers are given back when their connection ends).
 */
import type { ConnectionProtector, MessageStream } from '@libp2p/interface';
import { preSharedKey } from '@libp2p/pnet';
import { toHex } from '../lib/bytes.ts';

/** The biggest piece enciphered at once, in bytes. */
const PIECE_BYTES_MAX = 65_536;

interface Cipher {
  finalize(): void;
}

/** What the enciphered stream has beyond its interface. */
interface Ciphers {
  readonly inboundXor: Cipher;
  readonly outboundXor: Cipher;
  /** Bytes handed to the cipher at once at most. */
  maxMessageSize?: number;
}

/** Makes the protector of a network's connections. `seen` gets each raw connection whose other side spoke at all. */
export function privateNetwork(networkKey: Uint8Array, seen: (raw: MessageStream) => void): () => ConnectionProtector {
  const psk = Buffer.from(`/key/swarm/psk/1.0.0/\n/base16/\n${toHex(networkKey)}`);
  const protector = preSharedKey({ psk })();
  return () => ({
    async protect(raw, options) {
      const enciphered = await protector.protect(raw, options);
      tame(enciphered);
      seen(raw);
      return enciphered;
    },
  });
}

function tame(stream: MessageStream): void {
  if (!hasCiphers(stream)) throw new Error('@libp2p/pnet has changed: its ciphers cannot be given back');
  stream.maxMessageSize = PIECE_BYTES_MAX;
  const release = () => {
    stream.inboundXor.finalize();
    stream.outboundXor.finalize();
  };
  stream.addEventListener('close', () => setImmediate(release), { once: true });
}

function hasCiphers(stream: MessageStream): stream is MessageStream & Ciphers {
  return 'inboundXor' in stream && 'outboundXor' in stream;
}

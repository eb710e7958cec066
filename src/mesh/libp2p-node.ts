/**
 * A libp2p node cut down to what a link needs: TCP, the private-network key, Noise, yamux. Everything libp2p would do on its
 * own accord (redial, prune, ping, identify) is off: the node above decides who is talked to.
 */
import { isIPv4, isIPv6 } from 'node:net';
import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import type { ComponentLogger, Libp2p, Logger, MessageStream, PeerId } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { createLibp2p } from 'libp2p';
import { CONNECTIONS_MAX, DIAL_MS_MAX, FLUSH_MS_MAX, WINDOW_BYTES_MAX } from './limits.ts';
import { privateNetwork } from './private-network.ts';
import type { TransportOptions } from './transport.ts';

/** Makes a node that is not started yet. `seen` gets the raw connection under each connection. */
export async function createNode(options: Omit<TransportOptions, 'events'>, seen: (raw: MessageStream) => void): Promise<Libp2p> {
  return createLibp2p({
    start: false,
    privateKey: await generateKeyPairFromSeed('Ed25519', options.seed),
    addresses: { listen: listenMultiaddrs(options.listen) },
    // Idle sockets stay open: whether a silent peer is alive is judged above, by what it says. TCP_NODELAY is libp2p's default.
    transports: [tcp({ inboundSocketInactivityTimeout: 0, outboundSocketInactivityTimeout: 0 })],
    connectionProtector: privateNetwork(options.networkKey, seen),
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({ maxInboundStreams: 4, streamOptions: { maxStreamWindowSize: WINDOW_BYTES_MAX } })],
    connectionManager: connectionLimits,
    connectionGater: { denyInboundEncryptedConnection: isNoNode, denyOutboundEncryptedConnection: isNoNode },
    connectionMonitor: { enabled: false },
    ...(process.env.DEBUG ? {} : { logger: silent }),
  });
}

/** Starts a node and listens. Rejects as `TransportFactory` says. */
export async function startNode(node: Libp2p): Promise<void> {
  try {
    await node.start();
  } catch (error) {
    throw listenError(error);
  }
}

/** Every node of a network has an Ed25519 key. */
function isNoNode(peer: PeerId): boolean {
  return peer.type !== 'Ed25519';
}

const connectionLimits = {
  maxConnections: CONNECTIONS_MAX,
  // Whole test meshes dial from one address, and a node that comes back is dialled by all its peers at once.
  inboundConnectionThreshold: CONNECTIONS_MAX,
  maxIncomingPendingConnections: CONNECTIONS_MAX,
  dialTimeout: DIAL_MS_MAX,
  addressDialTimeout: DIAL_MS_MAX,
  inboundUpgradeTimeout: DIAL_MS_MAX,
  outboundStreamProtocolNegotiationTimeout: DIAL_MS_MAX,
  inboundStreamProtocolNegotiationTimeout: DIAL_MS_MAX,
  connectionCloseTimeout: FLUSH_MS_MAX,
  reconnectRetries: 0,
};

/** Turns `ADDR:PORT` into multiaddrs. Throws an Error on anything else but `off`. */
export function listenMultiaddrs(listen: string): string[] {
  if (listen === 'off') return [];
  const parts = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(listen);
  const [, six, four, port] = parts ?? [];
  if (Number(port) <= 65_535) {
    if (six !== undefined && isIPv6(six)) return [`/ip6/${six}/tcp/${port}`];
    if (four !== undefined && isIPv4(four)) return [`/ip4/${four}/tcp/${port}`];
  }
  throw new Error(`cannot listen on ${listen}: not ADDR:PORT, with an IPv6 address in brackets, nor off`);
}

/** libp2p tells a failed `listen` only in the text of an error of its own. */
function listenError(error: unknown): unknown {
  const text = error instanceof Error ? error.message : '';
  const [, code, why] = /\blisten (E[A-Z]+): ([^\n]*)/.exec(text) ?? [];
  return code === undefined ? error : Object.assign(new Error(`cannot listen: ${why}`), { code });
}

/** Formatting what nobody reads costs time for every frame; with DEBUG set, libp2p logs as usual. */
const nothing: Logger = Object.assign(() => {}, {
  error() {},
  trace() {},
  enabled: false,
  newScope: () => nothing,
});
const silent: ComponentLogger = { forComponent: () => nothing };

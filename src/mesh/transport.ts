/**
 * What the node needs of a network: links to other nodes that carry whole frames, in order.
 *
 * A link is one authenticated, encrypted, bidirectional stream to one node. The transport proves who the other side is
 * (its Ed25519 key); whether that node may take part is decided above, from its admission certificates.
 */

/** Biggest frame a link accepts, in bytes; a bigger one closes the link. Room for one entry at its limit and its payloads. */
export const FRAME_BYTES_MAX = 1 << 20;

/** One open connection to a peer. */
export interface Link {
  /** Unique in this process, rising; a link that was closed never comes back under its number. */
  readonly id: number;
  /** The peer's Ed25519 public key, 32 bytes as lower-case hex. Proven before the link is told of. */
  readonly node: string;
  /** The multiaddr of the other side as this side sees it. */
  readonly address: string;
  /** Whether this side dialled. */
  readonly outbound: boolean;
  /** Queues one frame; a copy is not made. False when more than the high-water mark is waiting: `drained` will come. */
  send(frame: Uint8Array): boolean;
  /** Bytes queued and not yet handed to the operating system. */
  readonly queuedBytes: number;
  /** Closes after what is queued was flushed or a second went by; `linkDown` follows on both sides. */
  close(reason: string): void;
}

/** What a transport tells its user; every call comes on a fresh turn, never from inside `send` or `dial`. */
export interface LinkEvents {
  linkUp(link: Link): void;
  /** The buffer is the receiver's to keep. */
  frame(link: Link, frame: Uint8Array): void;
  drained(link: Link): void;
  /** Exactly once for every `linkUp`. */
  linkDown(link: Link, reason: string): void;
}

/**
 * A way to reach other nodes. At most one link to each process of a peer is up at a time; simultaneous dials settle on one. There is more than one process of a
 * node only where its data directory was copied and both run. They have no link with each other.
 */
export interface Transport {
  /** Full multiaddrs to reach this node at, ending in /p2p/PEER: wildcards resolved to the addresses of the interfaces. */
  addresses(): string[];
  /** Tries once to connect; `linkUp` follows where it succeeds. Rejects with a plain Error that says why it failed. */
  dial(address: string): Promise<void>;
  /** Closes all links and stops listening. */
  close(): Promise<void>;
}

/** What a transport is made from. */
export interface TransportOptions {
  /** The node's Ed25519 seed, 32 bytes. */
  readonly seed: Uint8Array;
  /** The process's own key for its connections, 32 bytes; random where none is given. */
  readonly processSeed?: Uint8Array;
  /** The network's private-network key, 32 bytes: without it no connection is made. */
  readonly networkKey: Uint8Array;
  /** `ADDR:PORT` (IPv6 in brackets), port 0 for any free one; `off` listens nowhere (dialling still works). */
  readonly listen: string;
  readonly events: LinkEvents;
}

/** Makes a listening transport. Rejects where the address is in use, with an Error whose `code` is EADDRINUSE. */
export type TransportFactory = (options: TransportOptions) => Promise<Transport>;

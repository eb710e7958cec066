/** The picture of the network that a node gives: its members and links as it sees them, how it is itself, and what happened lately. */

import type { NodeId } from '../core/ids.ts';

export type WireNodeState = 'self' | 'up' | 'suspect' | 'down' | 'revoked';

/** How a node is, by its own word. */
export interface WireVitals {
  /** Of the program. */
  readonly version: string;
  /** When it was started, in ms since 1970. */
  readonly startedMs: number;
  readonly storeBytes: number;
  /** How late its loop ran lately, 99 % of the time, in ms. */
  readonly lateMs: number;
  /** Damaged entries that were not mended yet. */
  readonly holes: number;
  /** Whether its disk takes writes. */
  readonly writes: boolean;
}

/** A member, dead and revoked ones too. */
export interface WireMeshNode {
  readonly id: NodeId;
  readonly name: string;
  readonly state: WireNodeState;
  /** Since when it has been in that state, as this node saw it; in ms since 1970. What it found when it was started it has seen since then. */
  readonly sinceMs: number;
  /** Round trip, in ms; null where it is not linked here. */
  readonly rttMs: number | null;
  /** Entries that it lacks of what is held here; null where it is not linked here. */
  readonly behind: number | null;
  /** How many people it serves. */
  readonly people: number;
  /** Where its API answers. */
  readonly urls: readonly string[];
  /** When it was let in, in ms since 1970; null where that is not known here. */
  readonly admittedMs: number | null;
  /** Null where it does not say. */
  readonly vitals: WireVitals | null;
}

/** What flows over a link of this node, a second, over the last five. */
export interface WireFlow {
  readonly inEntries: number;
  readonly outEntries: number;
  readonly inBytes: number;
  readonly outBytes: number;
}

/** A link between two nodes: of this one, or as both of them say; `a` is less than `b`. */
export interface WireMeshLink {
  readonly a: NodeId;
  readonly b: NodeId;
  /** Of this node's own. */
  readonly flow?: WireFlow;
  readonly suspect?: true;
}

/** How this node is. */
export interface WireOwnHealth extends WireVitals {
  /** How late its loop ran at most, in the last half minute to minute. */
  readonly lateMaxMs: number;
  /** Entries that it has heard of and does not hold. */
  readonly behind: number;
  readonly entries: number;
  /** Ops of law that no checkpoint covers. */
  readonly uncovered: number;
  /** Whether its clock and those of its peers agree. */
  readonly clock: boolean;
  /** How many things its owners should know of. */
  readonly warnings: number;
}

/** Something that happened, as this node saw it. `no` rises by one. */
export type WireMeshEvent = { readonly no: number; readonly atMs: number } & (
  | { readonly is: 'joined' | 'up' | 'suspect' | 'down' | 'revoked'; readonly node: NodeId }
  /** A link of this node's own came or went. */
  | { readonly is: 'linked' | 'parted'; readonly node: NodeId }
  /** Several nodes went out of reach together, or all: the network is split, as far as can be guessed. */
  | { readonly is: 'split'; readonly nodes: readonly NodeId[] }
  /** All of them are in reach again. */
  | { readonly is: 'healed' }
  /** So many entries here are damaged; none is any more. */
  | { readonly is: 'damaged'; readonly entries: number }
  | { readonly is: 'mended' }
  /** The disk of this node refuses writes; takes them again. */
  | { readonly is: 'disk refuses' | 'disk writes' }
);

/** Something that people should know, in words that say what to do. */
export interface WireWarning {
  readonly about: string;
  readonly words: string;
  readonly sinceMs: number;
}

/** What is for owners of the network alone. */
export interface WireDelicate {
  readonly warnings: readonly WireWarning[];
  /** Of each node where it is dialled, and why it was revoked. */
  readonly nodes: readonly { readonly id: NodeId; readonly addresses: readonly string[]; readonly reason?: string }[];
}

export interface WireMesh {
  readonly atMs: number;
  readonly self: NodeId;
  readonly nodes: readonly WireMeshNode[];
  readonly links: readonly WireMeshLink[];
  readonly own: WireOwnHealth;
  /** What happened since the node was started, at most MESH_EVENTS_MAX, the oldest first. */
  readonly events: readonly WireMeshEvent[];
  /** For owners. */
  readonly delicate?: WireDelicate;
}

export const MESH_EVENTS_MAX = 200;

/** What changed since the picture before. */
export interface WireMeshChange {
  readonly atMs: number;
  /** Nodes that are new, or otherwise than they were. */
  readonly nodes?: readonly WireMeshNode[];
  /** Links that are new, or otherwise. */
  readonly links?: readonly WireMeshLink[];
  readonly parted?: readonly (readonly [a: NodeId, b: NodeId])[];
  readonly own?: WireOwnHealth;
  /** What happened since. */
  readonly events?: readonly WireMeshEvent[];
  readonly delicate?: WireDelicate;
}

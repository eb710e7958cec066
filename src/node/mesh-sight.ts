/** What a node sees of the others at a glance: who is a member, in which state, and its own links. */

import type { NodeId } from '../core/ids.ts';
import { compareText } from '../lib/bytes.ts';
import type { SyncLink } from '../sync/link.ts';
import type { Engine } from './engine.ts';

export type NodeState = 'self' | 'up' | 'suspect' | 'down' | 'revoked';

export interface Seen {
  readonly id: NodeId;
  readonly name: string;
  readonly state: NodeState;
  /** The open link to it. */
  readonly link: SyncLink | null;
}

export interface Sight {
  /** This node first, then the others in the order of their ids. */
  readonly nodes: readonly Seen[];
  readonly holes: number;
  readonly writes: boolean;
}

export function sightOf(engine: Engine, self: { readonly id: NodeId; readonly name: string }): Sight {
  const { replica, members, state } = engine;
  const links = new Map([...replica.links.values()].filter(({ phase }) => phase === 'open').map((link) => [link.node, link]));
  const reachable = replica.reachable();
  const ids = new Set([...state.nodes.keys(), ...replica.peers.members()]);
  ids.delete(self.id);
  const others = [...ids].sort(compareText).map((id): Seen => {
    const link = links.get(id) ?? null;
    const name = state.nodes.get(id)?.name ?? replica.peers.records.get(id)?.name ?? id.slice(0, 8);
    const isUp = link ? !link.suspect : reachable.has(id);
    const isOut = members.revocation(id) !== null;
    return { id, name, link, state: isOut ? 'revoked' : isUp ? 'up' : link ? 'suspect' : 'down' };
  });
  return { nodes: [{ ...self, state: 'self', link: null }, ...others], holes: replica.holes, writes: replica.writable };
}

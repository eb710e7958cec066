/** The nodes of the network as this one sees them: for people, and for clients that look for another one. */

import type { NodeId } from '../core/ids.ts';
import type { NodeInfo } from '../core/port.ts';
import { compareText } from '../lib/bytes.ts';
import { isUrl } from '../sync/urls.ts';
import type { Engine } from './engine.ts';

export function nodesOf({ replica, members, state }: Engine, self: { readonly id: NodeId; readonly name: string }): NodeInfo[] {
  const links = new Map([...replica.links.values()].map((link) => [link.node, link]));
  const reachable = replica.reachable();
  const ids = new Set([...state.nodes.keys(), ...replica.peers.members()]);
  ids.delete(self.id);
  const others = [...ids].filter((node) => members.revocation(node) === null).sort(compareText);
  return [
    { ...self, state: 'self', rttMs: null, urls: replica.records.urls, links: [...replica.linked()].sort(compareText) },
    ...others.map((node): NodeInfo => {
      const link = links.get(node);
      const record = replica.peers.records.get(node);
      const name = state.nodes.get(node)?.name ?? record?.name ?? node.slice(0, 8);
      const isUp = (link?.phase === 'open' && !link.suspect) || (!link && reachable.has(node));
      const rttMs = typeof link?.rttMs === 'number' ? Math.round(link.rttMs * 100) / 100 : null;
      const urls = record?.addresses.filter(isUrl) ?? [];
      return { id: node, name, state: isUp ? 'up' : link?.suspect ? 'suspect' : 'down', rttMs, urls, links: record?.links ?? [] };
    }),
  ];
}

/** The nodes of the network as this one sees them: for people, and for clients that look for another one. */

import type { NodeId } from '../core/ids.ts';
import type { NodeInfo } from '../core/port.ts';
import { compareText } from '../lib/bytes.ts';
import { isUrl } from '../sync/urls.ts';
import type { Engine } from './engine.ts';
import { sightOf } from './mesh-sight.ts';

export function nodesOf(engine: Engine, self: { readonly id: NodeId; readonly name: string }): NodeInfo[] {
  const { replica } = engine;
  return sightOf(engine, self).nodes.flatMap(({ id, name, state, link }): NodeInfo[] => {
    if (state === 'revoked') return [];
    if (state === 'self')
      return [{ ...self, state, rttMs: null, urls: replica.records.urls, links: [...replica.linked()].sort(compareText) }];
    const record = replica.peers.records.get(id);
    return [{ id, name, state, rttMs: roundTrip(link?.rttMs), urls: record?.addresses.filter(isUrl) ?? [], links: record?.links ?? [] }];
  });
}

/** In ms, to the hundredth. */
export function roundTrip(rttMs: number | null | undefined): number | null {
  return typeof rttMs === 'number' ? Math.round(rttMs * 100) / 100 : null;
}

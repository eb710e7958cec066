/** The history of the network in words: what its node saw, and how this page was served. Pure. */

import type { WireMeshEvent } from '../../../src/api/mesh.ts';
import type { NodeId } from '../../../src/core/ids.ts';
import type { PageEvent } from './page-events.ts';
import { listWords } from './words.ts';

export interface Happening {
  readonly key: string;
  readonly atMs: number;
  readonly kind: 'good' | 'busy' | 'bad' | 'plain';
  readonly words: string;
}

type Names = (id: NodeId) => string;

function saw(event: WireMeshEvent, nameOf: Names): Omit<Happening, 'key' | 'atMs'> {
  switch (event.is) {
    case 'joined':
      return { kind: 'good', words: `${nameOf(event.node)} joined the network` };
    case 'up':
      return { kind: 'good', words: `${nameOf(event.node)} is in reach` };
    case 'suspect':
      return { kind: 'busy', words: `${nameOf(event.node)} is silent` };
    case 'down':
      return { kind: 'bad', words: `${nameOf(event.node)} went out of reach` };
    case 'revoked':
      return { kind: 'bad', words: `${nameOf(event.node)} was cut off by an owner` };
    case 'linked':
      return { kind: 'plain', words: `Linked with ${nameOf(event.node)}` };
    case 'parted':
      return { kind: 'plain', words: `The link with ${nameOf(event.node)} ended` };
    case 'split':
      return { kind: 'bad', words: `The network split: ${listWords(event.nodes.map(nameOf))} went out of reach together` };
    case 'healed':
      return { kind: 'good', words: 'The network healed: all nodes are in reach' };
    case 'damaged':
      return {
        kind: 'bad',
        words: `${event.entries} damaged ${event.entries === 1 ? 'entry' : 'entries'} found here; fetching from other nodes`,
      };
    case 'mended':
      return { kind: 'good', words: 'All that was damaged here is mended' };
    case 'disk refuses':
      return { kind: 'bad', words: 'The disk here refuses writes: free some space, or look at the disk' };
    case 'disk writes':
      return { kind: 'good', words: 'The disk here takes writes again' };
  }
}

/** The newest first. */
export function happenings(events: readonly WireMeshEvent[], own: readonly PageEvent[], nameOf: Names): Happening[] {
  const seen = events.map((event): Happening => ({ key: `node ${event.no}`, atMs: event.atMs, ...saw(event, nameOf) }));
  const page = own.map(({ no, atMs, kind, words }): Happening => ({ key: `page ${no}`, atMs, kind, words }));
  return [...seen, ...page].sort((one, other) => other.atMs - one.atMs || (one.key < other.key ? 1 : -1));
}

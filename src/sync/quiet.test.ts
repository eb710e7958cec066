import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NodeId } from '../core/ids.ts';
import { quietNodes, SyncLink } from './link.ts';

describe('peers that nobody waits for', () => {
  it('[AK2] are those that are silent, and those far behind', () => {
    const make = (n: number, heardMs: number, isBehind: boolean): SyncLink => {
      const link = new SyncLink(n, String(n).repeat(64) as NodeId, 'x', true, heardMs);
      return Object.assign(link, { quietMs: 350, isBehind });
    };
    const links = [make(1, 900, false), make(2, 500, false), make(3, 990, true)];
    assert.deepEqual(
      [...quietNodes(links, 1000)].map((node) => node[0]),
      ['2', '3'],
    );
  });
});

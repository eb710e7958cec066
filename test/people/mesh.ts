/** The picture of the network of a node in this process, for tests: it looks when it is told to. */

import type { EnginePort } from '../../src/node/engine-port.ts';
import { Mesh, type MeshOptions } from '../../src/node/mesh.ts';

export const STARTED_MS = 1_700_000_000_000;

export function testMesh(port: EnginePort, now: () => number, more: Partial<MeshOptions> = {}): Mesh {
  const delay = { told: () => ({ p99Ms: 2, maxMs: 9 }) };
  const clock = () => ({ wallMs: now(), monoMs: now() });
  return new Mesh({
    port,
    warnings: () => [],
    delay,
    version: '0.0.0',
    startedMs: STARTED_MS,
    storeBytes: () => 4096,
    now: clock,
    ...more,
  });
}

/** Acknowledged messages with three nodes and three copies, each fsynced: many in flight, and one. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeGroup, until } from '../src/demo/processes.ts';
import { load } from './load.ts';

export async function acks(results: string): Promise<void> {
  const group = new NodeGroup();
  try {
    const nodes = await group.network(['a', 'b', 'c']);
    await until('all are linked', async () =>
      (await Promise.all(nodes.map((node) => node.status()))).every(
        ({ links }) => links.filter(({ state }) => state === 'up').length === 2,
      ),
    );
    const ports = nodes.map((node) => node.irc!.port);
    const rows = {
      'many in flight, one node': await load({ ports: ports.slice(0, 1), clients: 16, window: 128, seconds: 5, warmup: 2, bytes: 200 }),
      'many in flight, three nodes': await load({ ports, clients: 18, window: 64, seconds: 5, warmup: 2, bytes: 200 }),
      'one in flight': await load({ ports: ports.slice(0, 1), clients: 1, window: 1, seconds: 4, warmup: 1, bytes: 200 }),
    };
    for (const [name, row] of Object.entries(rows)) {
      const held = Object.entries(row.copies).map(([copies, count]) => `${count} with ${copies}`);
      console.log(
        `  ${name.padEnd(28)} ${row.perSecond.toLocaleString('en')} acknowledged/s, p50 ${row.p50} ms, p99 ${row.p99} ms; ${held.join(', ')}`,
      );
    }
    writeFileSync(join(results, 'acks.json'), JSON.stringify(rows, null, 2));
  } finally {
    await group.remove();
  }
}

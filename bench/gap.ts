/** What writers notice when a node of three is killed, and then a second: the longest time without an acknowledgement. */

import { NodeGroup, until } from '../src/demo/processes.ts';
import { load } from './load.ts';

export async function gap(): Promise<void> {
  const group = new NodeGroup();
  try {
    const [a, b, c] = await group.network(['a', 'b', 'c']);
    await until('all are linked', async () => (await a!.status()).links.filter(({ state }) => state === 'up').length === 2);
    const measured = (): ReturnType<typeof load> =>
      load({ ports: [a!.irc!.port], clients: 4, window: 4, seconds: 4, warmup: 1, bytes: 200 });
    const quiet = await measured();
    console.log(`  nobody killed     longest gap ${quiet.longestGapMs} ms`);
    for (const [name, victim] of [
      ['one of three', b!],
      ['a second', c!],
    ] as const) {
      const run = measured();
      await new Promise((resolve) => setTimeout(resolve, 3000));
      await victim.kill();
      const { longestGapMs, copies } = await run;
      console.log(`  ${name.padEnd(17)} longest gap ${longestGapMs} ms; ${JSON.stringify(copies)}`);
    }
  } finally {
    await group.remove();
  }
}

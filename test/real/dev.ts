/** `npm run dev`: three nodes of one network on fixed ports, until Ctrl-C. Their data goes with them. */

import { NodeGroup } from '../../src/demo/processes.ts';

const group = new NodeGroup();
const names = ['one', 'two', 'three'];
const [first] = await group.network([names[0]!]);
for (const name of names.slice(1)) await group.add(name).start(['--join', await first!.invite()]);
for (const { name, irc, http } of group.nodes) console.log(`${name.padEnd(6)} web ${http}   irc ${irc!.host}:${irc!.port}`);
console.log('chat at any of them; kill any of them; Ctrl-C ends all');
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await group.remove();
    process.exit(0);
  });
}

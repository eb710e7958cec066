/**
 * `npm run bench [-- SECTION...]`: speed and memory, as ratios to peers in one run where they are installed.
 *
 * Sections: irc (fan-out, rooms, private messages, idle connections, beside the peers), acks (three nodes, three copies), gap (what a kill costs writers),
 * start (from spawn to ready, memory), disk (bytes for a message), gossip (frames and times in meshes of 25 to 300, in virtual time),
 * scale (one node with 1,000,000 messages: start, and what it is to join it), search (pages of search in 1,000,000 messages),
 * unread (what waits for somebody who logs in at a node with 1,000,000 messages), people (a flood and guessed passwords, and what they cost others),
 * clients (ten thousand clients of the library lose their node at once), chat (the terminal chat in a room of 1,000,000 messages: first screen, a page scrolled back,
 * memory). Results go to bench/results/ (not committed); docs/performance.md keeps the figures.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { acks } from './acks.ts';
import { chat } from './chat.ts';
import { clients } from './clients.ts';
import { disk } from './disk.ts';
import { gap } from './gap.ts';
import { gossip } from './gossip.ts';
import { irc } from './irc.ts';
import { people } from './people.ts';
import { scale } from './scale.ts';
import { search } from './search.ts';
import { start } from './start.ts';
import { unread } from './unread.ts';

const SECTIONS = { start, disk, acks, gap, irc, gossip, scale, search, unread, people, clients, chat } as const;

const wanted = process.argv.slice(2).filter((arg) => arg !== '--');
const unknown = wanted.filter((name) => !(name in SECTIONS));
if (unknown.length > 0) {
  console.error(`unknown section ${unknown.join(', ')}; there are ${Object.keys(SECTIONS).join(', ')}`);
  process.exit(2);
}
const results = join(import.meta.dirname, 'results');
mkdirSync(results, { recursive: true });
for (const [name, section] of Object.entries(SECTIONS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n== ${name}`);
  await section(results);
}

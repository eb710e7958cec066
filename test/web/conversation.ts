/** Something to see: a real conversation (of the chat logs in ../shared/data, which are read from there), and a few lines of the demo's people that use what messages can. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Chat, connect } from '../../src/client/index.ts';
import type { RoomId } from '../../src/core/ids.ts';
import { checkName } from '../../src/core/text.ts';
import type { NodeProcess } from '../../src/demo/processes.ts';

const LOG = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'ubuntu-irc', '2009-10-01_17.log');
/** Of the log: people who talk most, and what they say last. */
const PEOPLE = 10;
const LINES = 70;

type Line = readonly [name: string, room: string, text: string];

const OPS: readonly Line[] = [
  ['ann', '#ops', 'Moving the backups to the new disks tonight. Plan:\n\n1. stop `backup.timer`\n2. copy, then compare\n3. start it again'],
  ['bo', '#ops', 'sounds good. How do we compare? Last time `rsync` said all was well and it was **not**'],
  [
    'ann',
    '#ops',
    'With hashes:\n\n```bash\nfind . -type f -print0 | sort -z | xargs -0 sha256sum > /tmp/before.txt\n# on the new disk\nsha256sum --check --quiet /tmp/before.txt && echo "all the same"\n```',
  ],
  ['chi', '#ops', '> last time `rsync` said all was well\n\nthat was the --size-only flag, see https://example.org/postmortem'],
  ['chi', '#ops', 'ann: shall I watch the graphs meanwhile?'],
  ['bo', '#ops', '| disk | free | age |\n|---|---|---|\n| old | 3 % | 6 years |\n| new | 61 % | 2 days |'],
];

function excerpt(): Line[] {
  const lines = readFileSync(LOG, 'utf8')
    .split('\n')
    .flatMap((line): Line[] => {
      const [, name, text] = /^\[[^\]]+\] <([^>]+)> (.+)$/.exec(line) ?? [];
      return name && text && 'name' in checkName(name) ? [[name, '#ubuntu', text]] : [];
    });
  const counts = new Map<string, number>();
  for (const [name] of lines) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...counts].sort((a, b) => b[1] - a[1]).slice(0, PEOPLE);
  const chosen = new Set(names.map(([name]) => name));
  return lines.filter(([name]) => chosen.has(name)).slice(-LINES);
}

/** People at all the nodes, who have said it; they stay until they are closed. */
export async function populate(nodes: readonly NodeProcess[]): Promise<Chat[]> {
  const lines = [...excerpt(), ...OPS];
  const people = new Map<string, Chat>();
  for (const [name, room] of lines) {
    if (people.has(name)) continue;
    const chat = await connect({ urls: [nodes[people.size % nodes.length]!.http], as: { guest: name } });
    await chat.ready;
    await chat.join(room);
    people.set(name, chat);
  }
  const [ann, bo, chi] = ['ann', 'bo', 'chi'].map((name) => people.get(name)!);
  await ann!.topic('#ops' as RoomId, 'What runs where, and who looks after it');
  await [...people.values()][0]!.topic('#ubuntu' as RoomId, 'Support for Ubuntu. Ask, do not ask to ask; paste long output elsewhere');
  for (const [name, room, text] of lines) await people.get(name)!.post(room as RoomId, text);
  const [plan] = ann!.view.rooms.get('#ops' as RoomId)!.timeline;
  for (const one of [bo!, chi!]) await one.react('#ops' as RoomId, plan!.id, '👍').catch(() => undefined);
  await chi!.react('#ops' as RoomId, plan!.id, '🎉').catch(() => undefined);
  await bo!.post('#ops' as RoomId, 'after ten, please: the report is still running', { target: plan!.id });
  return [...people.values()];
}

/** A process with many clients of the library, for bench/clients.ts: ten to a room. Told `speak`, each says one thing; how far they all are is reported twice a second. */

import { type Chat, connect } from '../src/client/index.ts';
import type { RoomId } from '../src/core/ids.ts';

const [from, count] = process.argv.slice(2, 4).map(Number) as [number, number];
const url = process.argv[4]!;
const ROOM_SIZE = 10;
/** Entering at a time: it is the coming back that is measured. */
const AT_A_TIME = 40;

interface One {
  readonly client: Chat;
  readonly room: RoomId;
  isIn: boolean;
  isAcknowledged: boolean;
}

/** Why connections ended, or did not come about, and how often. */
const ends = new Map<string, number>();
const all: One[] = [];
let hasSpoken = false;

async function enter(no: number): Promise<void> {
  const room = `#r${Math.floor(no / ROOM_SIZE)}` as RoomId;
  // What is kept of it in memory is little: a page is a room.
  const client = await connect({ urls: [url], as: { guest: `g${no}` }, limits: { keep: 50 } });
  const one: One = { client, room, isIn: false, isAcknowledged: false };
  all.push(one);
  client.on('connection', (now) => {
    if (now.state === 'connecting') ends.set(now.why, (ends.get(now.why) ?? 0) + 1);
  });
  await client.ready;
  await client.join(room);
  one.isIn = true;
}

/** Whether it was shown everything that the ten of its room said, each once. */
function isComplete({ client, room, isIn }: One): boolean {
  if (!isIn || client.view.connection.state !== 'online') return false;
  const texts = (client.view.rooms.get(room)?.timeline ?? []).map(({ text }) => text);
  if (new Set(texts).size !== texts.length) throw new Error(`doubled in ${room}`);
  return !hasSpoken || texts.length === ROOM_SIZE;
}

function report(): void {
  const online = all.filter(({ client }) => client.view.connection.state === 'online');
  process.send!({
    online: online.length,
    elsewhere: online.filter(({ client }) => client.view.failovers > 0).length,
    acknowledged: all.filter(({ isAcknowledged }) => isAcknowledged).length,
    complete: all.filter(isComplete).length,
    ends: Object.fromEntries(ends),
  });
}

process.on('message', () => {
  hasSpoken = true;
  for (const one of all)
    one.client.post(one.room, `I am ${one.client.view.me!.name}`).then(
      () => {
        one.isAcknowledged = true;
      },
      () => undefined,
    );
});
// Whoever wanted to know is gone.
process.on('disconnect', () => process.exit());
setInterval(report, 500);
let next = from;
const worker = async (): Promise<void> => {
  while (next < from + count) await enter(next++);
};
await Promise.all(Array.from({ length: AT_A_TIME }, worker));

/** Many clients of the library at nodes that are killed and started again: what each wrote and was shown, and what is to be said of that. */

import assert from 'node:assert/strict';
import { type Chat, connect, type Item, type Limits } from '../../src/client/index.ts';
import type { RoomId } from '../../src/core/ids.ts';
import type { NodeProcess } from '../../src/demo/processes.ts';
import type { Random } from '../../src/lib/prng.ts';

export interface Person {
  readonly client: Chat;
  readonly name: string;
  /** In the order they were written in. */
  readonly written: { readonly id: string; readonly text: string }[];
  readonly acknowledged: Set<string>;
  /** Between losing a node and being served by another, in ms. */
  readonly failoversMs: number[];
  /** Ids that were shown and did not show any more. */
  readonly vanished: string[];
  readonly isTrusted: boolean;
}

/** How long a node may take to serve again, in ms. */
const READY_MS = 120_000;

const shownIn = (client: Chat, room: RoomId): readonly Item[] =>
  (client.view.rooms.get(room)?.timeline ?? []).filter(({ place }) => place[1] !== ('' as string));

/** Somebody who writes down all that happens to them. `isServed`: whether a node lived all the while. */
export async function person(
  name: string,
  urls: readonly string[],
  room: RoomId,
  limits: Partial<Limits>,
  isServed: () => boolean,
): Promise<Person> {
  const client = await connect({ urls, as: { guest: name }, limits });
  const one: Person = { client, name, written: [], acknowledged: new Set(), failoversMs: [], vanished: [], isTrusted: true };
  const seen = new Set<string>();
  client.subscribe(() => {
    const ids = shownIn(client, room).map(({ id }) => id);
    const now = new Set<string>(ids);
    if (now.size !== ids.length) one.vanished.push('doubled');
    for (const id of seen) if (!now.has(id)) one.vanished.push(id);
    for (const id of ids) seen.add(id);
  });
  let lostMs: number | null = null;
  let wasServed = true;
  client.on('connection', ({ state }) => {
    if (state === 'connecting') {
      lostMs ??= performance.now();
      wasServed &&= isServed();
    } else if (state === 'online' && lostMs !== null) {
      if (wasServed && isServed()) one.failoversMs.push(performance.now() - lostMs);
      lostMs = null;
      wasServed = true;
    }
  });
  await client.ready;
  one.failoversMs.length = 0;
  await client.join(room);
  return one;
}

export function say(one: Person, room: RoomId, text: string): void {
  const posted = one.client.post(room, text);
  one.written.push({ id: one.client.lastPosted!, text });
  posted.then(
    ({ id }) => one.acknowledged.add(id),
    () => undefined,
  );
}

/** Kills one node, waits, starts it where it was, again and again; one lives at any time. */
export async function havoc(nodes: readonly NodeProcess[], random: Random, forMs: number): Promise<number> {
  const endMs = performance.now() + forMs;
  let kills = 0;
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  while (performance.now() < endMs) {
    const victim = nodes[random.below(nodes.length)]!;
    const port = new URL(victim.http).port;
    await victim.kill(random.below(3) === 0 ? 'SIGTERM' : 'SIGKILL');
    kills++;
    await wait(200 + random.below(1500));
    // A machine that is busy takes its time.
    await victim.start(['--http', `127.0.0.1:${port}`], [], READY_MS);
    await wait(random.below(1500));
  }
  return kills;
}

/** What each person's merged stream must be: all that anybody was acknowledged, once, in the one order; and each one's own in the order it was written in. */
export function judge(people: readonly Person[], room: RoomId): void {
  const streams = people.map(({ client }) => shownIn(client, room));
  const first = streams[0]!.map(({ id }) => id);
  for (const [i, one] of people.entries()) {
    const ids = streams[i]!.map(({ id }) => id);
    assert.deepEqual(one.vanished, [], `${one.name}: nothing vanishes or doubles`);
    assert.deepEqual(ids, first, `${one.name} has what ${people[0]!.name} has, in the same order`);
    const held = new Set<string>(ids);
    for (const other of people) for (const id of other.acknowledged) assert.ok(held.has(id), `${one.name} has all that was acknowledged`);
    const mine = streams[i]!.filter(({ author }) => author === one.client.view.me!.author).map(({ text }) => text);
    assert.deepEqual(
      mine,
      one.written.map(({ text }) => text),
      `${one.name}: what was written, in its order`,
    );
  }
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

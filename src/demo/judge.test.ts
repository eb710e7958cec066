import assert from 'node:assert/strict';
import { it } from 'node:test';
import { judge, type Record } from './judge.ts';

function good(): Record[] {
  const sent = (nick: string) =>
    Array.from({ length: 5 }, (_, i) => ({ text: `${nick} says ${i}`, id: `${nick}${i}`, held: 3, wanted: 3, via: 'a' }));
  const all = ['ann', 'bo'].flatMap((nick) => sent(nick).map(({ id, text }) => ({ id, nick, text })));
  return ['ann', 'bo'].map((nick) => ({ nick, sent: sent(nick), shown: [...all], history: [...all] }));
}

/** The promises that the verdict says are broken. */
function broken(records: readonly Record[]): string[] {
  return judge(records)
    .filter((verdict) => verdict.broken.length > 0)
    .map(({ promise }) => promise);
}

type Mutable = { shown: Record['shown'][number][]; history: Record['history'][number][] };

it('[DM1] the verdict over the demo holds for a good record, and tells a message that was lost, doubled, invented, altered or swapped', () => {
  assert.deepEqual(broken(good()), []);
  const mutate = (change: (client: Mutable) => void): string[] => {
    const records = good();
    change(records[0] as unknown as Mutable);
    return broken(records);
  };
  for (const list of ['shown', 'history'] as const) {
    assert.ok(mutate((client) => void client[list].splice(2, 1)).includes('nothing acknowledged is lost'));
    assert.ok(mutate((client) => void client[list].push(client[list][2]!)).includes('nothing shows twice'));
    assert.ok(
      mutate((client) => void client[list].push({ id: 'x', nick: 'bo', text: 'never said' })).includes('everybody has the same history'),
    );
  }
  assert.ok(
    mutate((client) => void client.shown.push({ id: 'x', nick: 'bo', text: 'never said' })).includes('nothing shows that nobody sent'),
  );
  assert.ok(
    mutate((client) => void (client.shown[1] = { ...client.shown[1]!, text: 'altered' })).includes('nothing shows that nobody sent'),
  );
  assert.ok(mutate((client) => void client.history.reverse()).includes('everybody’s messages keep their order'));
});

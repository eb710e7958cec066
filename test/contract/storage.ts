/** What every storage of the client library keeps, whatever it is made of. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Storage } from '../../src/client/storage.ts';

/** Opens one and the same place, again and again. */
export type Place = () => Promise<Storage>;

const sorted = (kept: ReadonlyMap<string, string>): [string, string][] => [...kept].sort(([a], [b]) => (a < b ? -1 : 1));

export function storageContract(name: string, place: () => Place): void {
  describe(`the storage contract: ${name}`, () => {
    it('[CB10] what was set is there when it is opened again, the last value of each key; what was taken back is not', async () => {
      const open = place();
      const first = await open();
      assert.equal((await first.load()).size, 0);
      for (let i = 0; i < 20; i++) first.set('outbox', `value ${i}`);
      first.set('session', '{"version":1}');
      first.set('room/#a', 'x');
      first.set('room/#a', null);
      first.set('never there', null);
      await first.flush();
      assert.deepEqual(sorted(await first.load()), [
        ['outbox', 'value 19'],
        ['session', '{"version":1}'],
      ]);
      await first.close();
      const again = await open();
      assert.deepEqual(sorted(await again.load()), [
        ['outbox', 'value 19'],
        ['session', '{"version":1}'],
      ]);
      again.set('session', null);
      again.set('session', 'anew');
      await again.close();
      const third = await open();
      assert.equal((await third.load()).get('session'), 'anew');
      await third.close();
    });

    it('[CB10] closing waits for what was set', async () => {
      const open = place();
      const first = await open();
      for (let i = 0; i < 100; i++) first.set(`key ${i}`, `${i}`);
      await first.close();
      const again = await open();
      const kept = await again.load();
      assert.equal(kept.size, 100);
      for (let i = 0; i < 100; i++) assert.equal(kept.get(`key ${i}`), `${i}`);
      await again.close();
    });

    it('[CB10] keys and values are any texts: names of rooms, those of objects, long ones, none', async () => {
      const open = place();
      const first = await open();
      const texts = ['room/#ünï/çode', 'room/@abc', '__proto__', 'constructor', '..', 'A', 'a', 'a.b', 'x/../y', 'emoji 👍', '%2F'];
      for (const text of texts) first.set(text, `of ${text}`);
      first.set('long', 'ß'.repeat(300_000));
      first.set('empty', '');
      await first.flush();
      await first.close();
      const again = await open();
      const kept = await again.load();
      assert.equal(kept.size, texts.length + 2);
      for (const text of texts) assert.equal(kept.get(text), `of ${text}`);
      assert.equal(kept.get('long'), 'ß'.repeat(300_000));
      assert.equal(kept.get('empty'), '');
      await again.close();
    });

    it('[CB10] what was loaded stays as it was', async () => {
      const storage = await place()();
      storage.set('a', '1');
      await storage.flush();
      const kept = await storage.load();
      storage.set('a', '2');
      await storage.flush();
      assert.deepEqual([...kept], [['a', '1']]);
      await storage.close();
    });
  });
}

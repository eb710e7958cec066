/** A full disk under a real node: a data directory of 6 MB that something else fills up. Needs root, to mount. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { until, untilEqual } from '../../src/demo/processes.ts';
import { exportedTexts, Scene, settled } from './faults.ts';
import { rawClient } from './raw-client.ts';

const SIZE = '6m';
const skip =
  process.getuid?.() !== 0 ? 'needs root: mounts a small disk' : process.platform !== 'linux' ? 'needs Linux: mounts a tmpfs' : false;

/** Fills the disk to the last byte. */
function fill(file: string): void {
  const out = openSync(file, 'w');
  try {
    for (let size = 65_536; size >= 1; ) {
      try {
        writeSync(out, Buffer.alloc(size));
      } catch (error) {
        if ((error as { code?: string }).code !== 'ENOSPC') throw error;
        size = Math.floor(size / 2);
      }
    }
  } finally {
    closeSync(out);
  }
}

describe('full disk', { skip }, () => {
  it('[RP10] a node whose disk is full refuses writes in words, goes on reading, and takes writes again by itself when there is room', async (t) => {
    const scene = new Scene(t);
    const group = scene.group();
    const a = group.add('a');
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', a.directory]);
    scene.undo(() => execFileSync('umount', ['-l', a.directory]));
    scene.undo(() => a.kill('SIGKILL'));
    await a.start();
    const b = group.add('b');
    await b.start(['--join', await a.invite()]);
    const { pid } = a;
    const people = await scene.peopleAt([a, b]);
    const raw = await rawClient(a, scene);
    const [ann] = people;
    const talk = scene.talk(people, 10);
    await until('there is talk', () => ann!.echoed >= 50);
    talk.end();
    await settled(people);
    const filler = join(a.directory, 'filler');
    fill(filler);
    let tried = 0;
    const { refusals } = raw;
    // Many at a time: the write-ahead log, which is used again and again, has room for some megabytes.
    await until('a write fails', () => {
      for (let i = 0; i < 40; i++) raw.say(`PRIVMSG #r :${'full '.repeat(60)}${++tried}`);
      return refusals().some((line) => line.includes('UNKNOWN_OUTCOME'));
    });
    await until('writes are refused', () => {
      raw.say(`PRIVMSG #r :refused ${++tried}`);
      return refusals().some((line) => /cannot store/.test(line));
    });
    t.diagnostic(`after ${tried} tries: ${[...new Set(refusals())].slice(0, 3).join(' | ')}`);
    assert.equal(a.pid, pid);
    const from = raw.lines.length;
    raw.say('CHATHISTORY LATEST #r * 20');
    await until('history is read', () => raw.lines.slice(from).some((line) => / BATCH :?-/.test(line)));
    assert.ok(raw.lines.slice(from).filter((line) => line.includes(' says ')).length > 0);
    people[1]!.post('said at b while the disk of a is full');
    await until('b goes on', () => people[1]!.client.sent.at(-1)!.id !== null);
    rmSync(filler);
    await until('a takes writes again', async () => {
      raw.say(`PRIVMSG #r :room again ${++tried}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return raw.lines.some((line) => /:raw\S* PRIVMSG #r :room again/.test(line));
    });
    assert.equal(a.pid, pid);
    ann!.post('said at a when there is room again');
    await until('it is echoed', () => ann!.client.sent.at(-1)!.id !== null);
    await settled(people);
    await untilEqual([a, b]);
    const exported = await exportedTexts(a);
    const echoed = [...raw.echoed(), ...people.flatMap(({ client }) => client.sent.flatMap(({ id, text }) => (id ? [text] : [])))];
    assert.deepEqual(
      echoed.filter((text) => exported.get(text) !== 1),
      [],
    );
    assert.deepEqual((await a.status()).warnings, []);
    t.diagnostic(`${echoed.length} echoed`);
  });
});

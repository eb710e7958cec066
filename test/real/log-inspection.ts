/** A log of scripted batches, opened after something happened to its files: what is there, to the byte, and whether it goes on. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '../../src/core/entry.ts';
import { LogWriter } from '../../src/store/log-writer.ts';
import { packBatch } from '../../src/store/packing.ts';
import { lacksPages } from '../../src/store/pages.ts';
import { openLogReader } from '../../src/store/schema.ts';

export interface Outcome {
  /** Acknowledged batches that are not there. */
  lost: number;
  /** Batches beyond the acknowledged that are there. */
  beyond: number;
  torn: string | null;
}

/** Opens the files as a log in a folder of its own, and compares it with the script, byte by byte. */
export function inspected(
  files: ReadonlyMap<string, Uint8Array>,
  folder: string,
  batches: readonly (readonly Entry[])[],
  acked: number,
): Outcome {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [path, bytes] of files) writeFileSync(join(folder, path.slice(path.lastIndexOf('/') + 1)), bytes);
  const file = join(folder, 'log.db');
  if (lacksPages(file)) return { lost: 0, beyond: 0, torn: 'taken for a log whose end is missing' };
  const writer = new LogWriter(file);
  try {
    const whole = wholeBatches(file, batches, writer.position);
    if (typeof whole === 'string') return { lost: 0, beyond: 0, torn: whole };
    const next = batches[whole];
    if (next) {
      writer.append(packBatch(next));
      const again = wholeBatches(file, batches, writer.position);
      if (again !== whole + 1) return { lost: 0, beyond: 0, torn: `after one more batch: ${again}` };
    }
    return { lost: Math.max(0, acked - whole), beyond: Math.max(0, whole - acked), torn: null };
  } finally {
    writer.close();
  }
}

/** How many batches are there, whole and nothing else; or what is wrong. */
function wholeBatches(file: string, batches: readonly (readonly Entry[])[], position: number): number | string {
  const db = openLogReader(file);
  try {
    const rows = db.prepare(
      'SELECT entry.position, entry.seq, bytes, payloads, feed.id AS feed FROM entry JOIN feed ON feed.no = entry.feed ORDER BY position',
    );
    let count = 0;
    let at = 0;
    const tips = new Map<string, Entry>();
    for (const row of rows.iterate() as Iterable<unknown>) {
      const { position, seq, bytes, payloads, feed } = row as {
        position: number;
        seq: number;
        bytes: Uint8Array;
        payloads: Uint8Array;
        feed: Uint8Array;
      };
      const entry = batches[count]![at++]!;
      if (seq !== entry.seq || Buffer.compare(bytes, entry.bytes) !== 0) return `entry ${position} is another`;
      if (Buffer.compare(payloads, entry.payloads) !== 0 || Buffer.from(feed).toString('hex') !== entry.feed)
        return `entry ${position} is damaged`;
      tips.set(entry.feed, entry);
      if (at === batches[count]!.length) {
        count++;
        at = 0;
      }
    }
    if (at !== 0) return `half of batch ${count}`;
    return (
      tipsFault(db, tips) ??
      idsFault(db, batches.slice(0, count)) ??
      (position === entriesOf(batches.slice(0, count)) ? count : 'the position is another')
    );
  } finally {
    db.close();
  }
}

function entriesOf(batches: readonly (readonly Entry[])[]): number {
  return batches.reduce((sum, batch) => sum + batch.length, 0);
}

function tipsFault(db: ReturnType<typeof openLogReader>, tips: ReadonlyMap<string, Entry>): string | null {
  const feeds = db.prepare('SELECT id, seq, hash FROM feed').all() as { id: Uint8Array; seq: number; hash: Uint8Array }[];
  if (feeds.length !== tips.size) return `${feeds.length} feeds in place of ${tips.size}`;
  const wrong = feeds.find(({ id, seq, hash }) => {
    const tip = tips.get(Buffer.from(id).toString('hex'));
    return tip?.seq !== seq || Buffer.compare(hash, tip.hash) !== 0;
  });
  return wrong ? 'a feed ends elsewhere' : null;
}

function idsFault(db: ReturnType<typeof openLogReader>, batches: readonly (readonly Entry[])[]): string | null {
  const ids = new Set(
    batches.flatMap((batch) => batch.flatMap(({ heads }) => heads.filter(({ kind }) => kind === 32).map(({ client }) => client))),
  );
  const { count } = db.prepare('SELECT count(*) AS count FROM message_id').get() as { count: number };
  return count === ids.size ? null : `${count} message ids in place of ${ids.size}`;
}

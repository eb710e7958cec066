/**
 * A disk that loses power: what it holds for certain, and what may or may not have got there.
 *
 * What was written since the last sync of its file may be there wholly, in parts of a sector, in any order, or not at all; a file may have its new size
 * without its new bytes. Names are in place for certain only once the folder was synced; else they changed up to some point. After a sync that failed nothing
 * that it should have brought to the disk is certain any more, also where a later sync succeeds (Rebello et al., USENIX ATC 2020): only bytes written anew are.
 */

import type { Random } from '../../src/lib/prng.ts';
import type { DiskStep } from './trace.ts';

type Change = { readonly at: number; readonly bytes: Uint8Array } | { readonly size: number };

interface Inode {
  /** What is there for certain. */
  bytes: Uint8Array;
  size: number;
  /** Since the last sync, in order. */
  pending: Change[];
  /** From the first sync that failed on: what it should have brought there, and what later syncs did. */
  since: { readonly change: Change; readonly certain: boolean }[];
}

type NameChange = { readonly path: string; readonly inode: Inode | null };

/** What of the unsynced survives a cut. */
const HOWS = ['nothing', 'everything', 'up to a point', 'each sector', 'the latest'] as const;

export class ModelDisk {
  readonly #names = new Map<string, Inode>();
  readonly #durableNames = new Map<string, Inode>();
  #pendingNames: NameChange[] = [];
  readonly #open = new Map<number, { inode: Inode; end: number }>();

  apply(step: DiskStep): void {
    switch (step.type) {
      case 'open':
        return this.#opened(step);
      case 'write': {
        const file = this.#open.get(step.fd)!;
        const at = step.at ?? file.end;
        if (step.at === null) file.end += step.bytes.length;
        file.inode.pending.push({ at, bytes: step.bytes });
        return;
      }
      case 'truncate':
        this.#open.get(step.fd)!.inode.pending.push({ size: step.size });
        return;
      case 'sync':
        return sync(this.#open.get(step.fd)!.inode, step.failed);
      case 'sync folder':
        for (const change of this.#pendingNames) rename(this.#durableNames, change);
        this.#pendingNames = [];
        return;
      case 'rename':
        this.#name({ path: step.to, inode: this.#names.get(step.from)! });
        return this.#name({ path: step.from, inode: null });
      case 'unlink':
        return this.#name({ path: step.path, inode: null });
      case 'said':
        return;
    }
  }

  #opened({ path, fd, create, truncate }: Extract<DiskStep, { type: 'open' }>): void {
    let inode = this.#names.get(path);
    if (!inode && create) this.#name({ path, inode: (inode = { bytes: new Uint8Array(0), size: 0, pending: [], since: [] }) });
    if (!inode) return;
    if (truncate) inode.pending.push({ size: 0 });
    this.#open.set(fd, { inode, end: 0 });
  }

  #name(change: NameChange): void {
    rename(this.#names, change);
    this.#pendingNames.push(change);
  }

  /** The files after a power cut, by path. */
  cut(random: Random): Map<string, Uint8Array> {
    const names = new Map(this.#durableNames);
    const named = random.below(3) === 0 ? random.below(this.#pendingNames.length + 1) : random.below(2) * this.#pendingNames.length;
    for (const change of this.#pendingNames.slice(0, named)) rename(names, change);
    return new Map([...names].map(([path, inode]) => [path, survived(inode, random)]));
  }
}

function rename(names: Map<string, Inode>, { path, inode }: NameChange): void {
  if (inode) names.set(path, inode);
  else names.delete(path);
}

function sync(inode: Inode, failed: boolean): void {
  for (const change of inode.pending) {
    if (failed || inode.since.length > 0) inode.since.push({ change, certain: !failed });
    else settle(inode, change);
  }
  inode.pending = [];
}

function settle(inode: Inode, change: Change): void {
  const size = 'size' in change ? change.size : Math.max(inode.size, change.at + change.bytes.length);
  if (size > inode.bytes.length) {
    const wider = new Uint8Array(Math.max(size, inode.bytes.length * 2));
    wider.set(inode.bytes.subarray(0, inode.size));
    inode.bytes = wider;
  }
  if (size < inode.size) inode.bytes.fill(0, size, inode.size);
  inode.size = size;
  if ('bytes' in change) inode.bytes.set(change.bytes, change.at);
}

function survived(inode: Inode, random: Random): Uint8Array {
  const file: Inode = { bytes: inode.bytes.slice(0, inode.size), size: inode.size, pending: [], since: [] };
  const sector = random.below(2) === 0 ? 512 : 4096;
  const how = HOWS[random.below(HOWS.length)]!;
  const from = how === 'the latest' ? random.below(inode.pending.length + 1) : 0;
  const to = how === 'up to a point' ? random.below(inode.pending.length + 1) : inode.pending.length;
  const share = how === 'each sector' ? [0.1, 0.5, 0.9][random.below(3)]! : 1;
  const unsure = random.unit();
  for (const { change, certain } of inode.since) put(file, change, sector, () => certain || random.unit() < unsure);
  if (how === 'nothing') return file.bytes.subarray(0, file.size);
  let most = file.size;
  for (const [i, change] of inode.pending.entries()) {
    most = 'size' in change ? change.size : Math.max(most, change.at + change.bytes.length);
    if (i < from || i >= to) continue;
    const torn = how === 'up to a point' && i === to - 1 ? random.unit() : 1;
    put(file, change, sector, () => random.unit() < share * torn);
  }
  // The size is there, the bytes are not.
  if (random.below(4) === 0 && most > file.size) settle(file, { size: most });
  return file.bytes.subarray(0, file.size);
}

/** Makes a change as far as its pieces got there. */
function put(file: Inode, change: Change, sector: number, gotThere: () => boolean): void {
  for (const part of 'size' in change ? [change] : sectors(change, sector)) if (gotThere()) settle(file, part);
}

/** The change in pieces that a disk writes whole or not at all. */
function* sectors({ at, bytes }: { at: number; bytes: Uint8Array }, sector: number): Generator<{ at: number; bytes: Uint8Array }> {
  for (let from = 0; from < bytes.length; ) {
    const to = Math.min(bytes.length, from + sector - ((at + from) % sector));
    yield { at: at + from, bytes: bytes.subarray(from, to) };
    from = to;
  }
}

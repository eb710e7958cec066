/**
 * What a process did to its files, in order, as strace saw it: writes with their bytes, syncs, and changes of the folder; and what it said.
 *
 * A call counts where it ended. The shared memory of SQLite (`-shm`) is left out: it is mapped, never synced, and made anew by whoever comes first.
 */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export type DiskStep =
  | { readonly type: 'open'; readonly path: string; readonly fd: number; readonly create: boolean; readonly truncate: boolean }
  /** Without a place: behind the last one by this number of a file, as nothing here seeks. */
  | { readonly type: 'write'; readonly fd: number; readonly at: number | null; readonly bytes: Uint8Array }
  | { readonly type: 'truncate'; readonly fd: number; readonly size: number }
  | { readonly type: 'sync'; readonly fd: number; readonly failed: boolean }
  | { readonly type: 'sync folder' }
  | { readonly type: 'rename'; readonly from: string; readonly to: string }
  | { readonly type: 'unlink'; readonly path: string }
  /** Bytes to something that is no file of the folder: a pipe or a connection. From then on others may know. */
  | { readonly type: 'said'; readonly bytes: Uint8Array };

const CALLS =
  'open,openat,creat,write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat';

/** Why there can be no traces here, or false. */
export function traceless(): string | false {
  if (process.platform !== 'linux') return 'needs Linux: records with strace';
  return spawnSync('strace', ['-V']).status === 0 ? false : 'needs strace';
}

/** The command that runs a process with some of its calls tampered with, as strace(1) says under `inject`; of each thread the calls are counted apart. */
export function tampering(calls: string, fault: string): string[] {
  // Where seccomp stops a process it can be sent no signal.
  const fast = fault.startsWith('signal') ? [] : ['--seccomp-bpf'];
  return ['strace', '-D', '-f', ...fast, '-o', '/dev/null', '-e', `trace=${calls}`, '-e', `inject=${calls}:${fault}`];
}

/** The command that records a process (with its threads) into a file. The process is the child itself, not strace. */
export function recording(file: string): string[] {
  return ['strace', '-D', '-f', '-y', '--seccomp-bpf', '-xx', '-s', '10000000', '-e', `trace=${CALLS}`, '-o', file];
}

/** The steps in a recorded file that concern one folder. */
export function readTrace(file: string, folder: string): DiskStep[] {
  const steps: DiskStep[] = [];
  for (const call of callsOf(readFileSync(file, 'latin1'))) {
    const step = stepOf(call, folder);
    if (step) steps.push(step);
  }
  return steps;
}

interface Call {
  readonly name: string;
  readonly args: string;
  readonly result: number;
}

/** The result of a call and what strace says of it, in letters at most. */
const TAIL_MAX = 8192;

/** Whole calls in the order of their ends; those cut in two by another thread are put together. */
function* callsOf(text: string): Generator<Call> {
  const begun = new Map<string, string>();
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? text.length : end);
    from = end < 0 ? text.length : end + 1;
    const space = line.indexOf(' ');
    const thread = line.slice(0, space);
    let call = line.slice(space).trimStart();
    if (call.endsWith('<unfinished ...>')) {
      begun.set(thread, call.slice(0, -'<unfinished ...>'.length));
      continue;
    }
    if (call.startsWith('<... ')) call = (begun.get(thread) ?? '') + call.slice(call.indexOf('>') + 1);
    const tail = Math.max(0, call.length - TAIL_MAX);
    const result = /\)\s+= (-?\d+)[^"=]*$/.exec(call.slice(tail));
    const open = call.indexOf('(');
    if (result) yield { name: call.slice(0, open), args: call.slice(open + 1, tail + result.index), result: Number(result[1]) };
  }
}

function decoded(hex: string): Buffer {
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex');
}

/** The texts in quotes, decoded. */
function quoted(args: string): Buffer[] {
  const found: Buffer[] = [];
  for (let from = args.indexOf('"'); from >= 0; ) {
    const end = args.indexOf('"', from + 1);
    found.push(decoded(args.slice(from + 1, end)));
    from = args.indexOf('"', end + 1);
  }
  return found;
}

/** The number and path of the file that is the first argument. */
function target(args: string): { fd: number; path: string } {
  const [, fd, path] = /^(\d+)<([^>]*)>/.exec(args.slice(0, 20_000)) ?? [];
  return { fd: Number(fd), path: decoded(path ?? '').toString() };
}

function isKept(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`) && !path.endsWith('-shm');
}

function stepOf({ name, args, result }: Call, folder: string): DiskStep | null {
  switch (name) {
    case 'open':
    case 'openat':
    case 'creat':
      return result < 0 ? null : opened(args, result, folder);
    case 'rename':
    case 'renameat':
    case 'renameat2':
    case 'unlink':
    case 'unlinkat':
      return result < 0 ? null : renamed(args, folder);
    case 'fsync':
    case 'fdatasync': {
      const { fd, path } = target(args);
      if (path === folder) return result < 0 ? null : { type: 'sync folder' };
      return isKept(path, folder) ? { type: 'sync', fd, failed: result < 0 } : null;
    }
    case 'ftruncate': {
      const { fd, path } = target(args);
      return isKept(path, folder) && result === 0 ? { type: 'truncate', fd, size: Number(args.slice(args.lastIndexOf(',') + 1)) } : null;
    }
    default:
      return result < 0 ? null : written(name, args, result, folder);
  }
}

function opened(args: string, fd: number, folder: string): DiskStep | null {
  const path = quoted(args).at(0)?.toString() ?? '';
  const flags = args.slice(args.lastIndexOf('"'));
  if (!isKept(path, folder)) return null;
  return { type: 'open', path, fd, create: flags.includes('O_CREAT'), truncate: flags.includes('O_TRUNC') };
}

function renamed(args: string, folder: string): DiskStep | null {
  const [from, to] = quoted(args).map(String);
  if (!isKept(from!, folder)) return null;
  return to === undefined ? { type: 'unlink', path: from! } : { type: 'rename', from: from!, to };
}

function written(name: string, args: string, count: number, folder: string): DiskStep | null {
  const { fd, path } = target(args);
  const bytes = Buffer.concat(quoted(args)).subarray(0, count);
  if (!path.startsWith(`${folder}/`)) return { type: 'said', bytes };
  if (!isKept(path, folder)) return null;
  const at = name.startsWith('pwrite') ? Number(args.slice(args.lastIndexOf(',') + 1)) : null;
  return { type: 'write', fd, at, bytes };
}

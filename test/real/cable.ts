/**
 * Cables between processes on one machine, without any right to make networks: each node is loaded with this file first (`node --import`), and the file that SKEIN_CABLE
 * names lists the ports, a line each, that it reaches no more. Connections to them are cut, and new ones are cut as soon as they are there; of every connection in a mesh one end
 * dialled it, so with both sides told nothing goes through.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { type NodeProcess, until } from '../../src/demo/processes.ts';
import { linkState, meshOf, type Scene } from './faults.ts';

/** How often the file is looked at, in ms. */
const LOOK_MS = 20;

function watch(file: string): void {
  const dialled = new Set<Socket>();
  let away = new Set<number>();
  const cut = (): void => {
    for (const socket of dialled) if (away.has(socket.remotePort ?? 0)) socket.resetAndDestroy();
  };
  setInterval(() => {
    away = new Set(readFileSync(file, 'utf8').split('\n').map(Number));
    cut();
  }, LOOK_MS).unref();
  const { connect } = Socket.prototype;
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
    dialled.add(this);
    this.once('connect', cut);
    this.once('close', () => dialled.delete(this));
    return Reflect.apply(connect, this, args) as Socket;
  } as typeof connect;
}

const told = process.env['SKEIN_CABLE'];
if (isMainThread && told !== undefined) watch(told);

const fileOf = (node: NodeProcess): string => join(node.directory, 'cable');

/** Nodes that are all one network, with cables that can be pulled. */
export async function cabledNetwork(
  scene: Scene,
  names: readonly string[],
  config: Readonly<Record<string, unknown>> = {},
): Promise<NodeProcess[]> {
  const group = scene.group();
  const nodes: NodeProcess[] = [];
  for (const name of names) {
    const node = group.add(name, config);
    writeFileSync(fileOf(node), '');
    const wrap = ['env', `NODE_OPTIONS=--import ${import.meta.url}`, `SKEIN_CABLE=${fileOf(node)}`];
    await node.start(nodes[0] ? ['--join', await nodes[0].invite()] : [], wrap);
    nodes.push(node);
  }
  return nodes;
}

/** Pulls all cables between two sides; kept when neither reaches the other. */
export async function split(one: readonly NodeProcess[], other: readonly NodeProcess[]): Promise<void> {
  for (const [side, away] of [
    [one, other],
    [other, one],
  ] as const) {
    const ports = away.map((node) => meshOf(node).port).join('\n');
    for (const node of side) writeFileSync(fileOf(node), ports);
  }
  for (const from of one)
    for (const to of other) await until(`${from.name} does not reach ${to.name}`, async () => (await linkState(from, to.name)) !== 'up');
}

/** Puts all cables back. */
export function heal(nodes: readonly NodeProcess[]): void {
  for (const node of nodes) writeFileSync(fileOf(node), '');
}

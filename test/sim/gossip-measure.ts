/** One measured run of gossip: a world is warmed up, written to, faulted or not, and then asked how many frames that took and when everybody held what. */

import { GossipWorld } from './gossip.ts';

export interface GossipRun {
  readonly seed: number;
  readonly nodes: number;
  readonly seconds: number;
  /** Client operations a second; half of them send a message, half read one, which costs no frame. */
  readonly opsPerSecond: number;
  readonly linkMs: number;
  /** Of all links, the share that is cut in each second; either side calls again. */
  readonly cutsPerSecond: number;
  /** Of all nodes, the share that is killed once in the run and comes back after 1 s. */
  readonly restarts: number;
}

export interface GossipResult {
  readonly sends: number;
  /** Frames on all links, whatever they carry (pings, haves, records, calls' greetings), by operation. */
  readonly framesPerOp: number;
  readonly bytesPerOp: number;
  /** Entries that came to a node that had them, by entry that was news. */
  readonly duplicates: number;
  /** From a send until one other node held it durably, in ms. A node that was down in between is not counted: it catches up. */
  readonly reach: Quantiles;
  /** From a send until all held it. */
  readonly toAll: Quantiles;
  /** Frames in a second while nobody writes. */
  readonly idleFramesPerSecond: number;
  readonly links: { readonly min: number; readonly mean: number; readonly max: number };
  readonly cuts: number;
  readonly restarted: number;
  /** Whether all ended with the same. */
  readonly equal: boolean;
}

export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const WARM_UP_MS = 10_000;
const IDLE_MS = 10_000;
const TRIAL_MS = 5_000;
const REST_MS = 5_000;
const DOWN_MS = 1000;

export function measureGossip(run: GossipRun): GossipResult {
  const world = new GossipWorld({ seed: run.seed, nodes: run.nodes, delayMs: run.linkMs });
  const sendsPerSecond = run.opsPerSecond / 2;
  world.run(WARM_UP_MS + 20 * run.nodes);
  const idleFrom = world.framesSent;
  world.run(IDLE_MS);
  const idleFramesPerSecond = Math.round((world.framesSent - idleFrom) / (IDLE_MS / 1000));
  world.run(TRIAL_MS, sendsPerSecond);
  const degrees = world.degrees();
  const before = { frames: world.framesSent, bytes: world.bytes, sends: world.sent.length, ...seen(world) };
  const faults = injectFaults(world, run);
  world.run(run.seconds * 1000, sendsPerSecond);
  const sends = world.sent.length - before.sends;
  const after = { frames: world.framesSent, bytes: world.bytes, ...seen(world) };
  world.run(REST_MS);
  const repeated = after.repeated - before.repeated;
  return {
    sends,
    framesPerOp: (after.frames - before.frames) / (2 * sends),
    bytesPerOp: Math.round((after.bytes - before.bytes) / (2 * sends)),
    duplicates: repeated / Math.max(1, after.entries - before.entries - repeated),
    ...latencies(world, before.sends),
    idleFramesPerSecond,
    links: { min: Math.min(...degrees), mean: degrees.reduce((a, b) => a + b, 0) / degrees.length, max: Math.max(...degrees) },
    ...faults(),
    equal: world.isEqual(),
  };
}

/** Entries that came to nodes, those of processes that are gone included. */
function seen(world: GossipWorld): { entries: number; repeated: number } {
  const sum = { ...world.seenByGone };
  for (const { replica } of world.nodes) {
    sum.entries += replica?.seen.entries ?? 0;
    sum.repeated += replica?.seen.repeated ?? 0;
  }
  return sum;
}

function injectFaults(world: GossipWorld, run: GossipRun): () => { cuts: number; restarted: number } {
  const untilMs = world.timeline.nowMs + run.seconds * 1000;
  let cuts = 0;
  const cut = (): void => {
    const links = [...world.network.connections];
    const pauseMs = 1000 / (run.cutsPerSecond * links.length);
    world.timeline.after(pauseMs * (0.5 + world.random.unit()), () => {
      if (world.timeline.nowMs > untilMs) return;
      const link = [...world.network.connections][world.random.below(world.network.connections.size)];
      if (link) world.network.reset(link, 'cut');
      cuts++;
      cut();
    });
  };
  if (run.cutsPerSecond > 0) cut();
  const restarted = Math.round(run.restarts * run.nodes);
  const order = [...world.nodes];
  for (let i = 0; i < restarted; i++) {
    const node = order.splice(world.random.below(order.length), 1)[0]!;
    const atMs = run.seconds * 1000 * (0.1 + 0.7 * world.random.unit());
    world.timeline.after(atMs, () => node.kill());
    world.timeline.after(atMs + DOWN_MS, () => node.start());
  }
  return () => ({ cuts, restarted });
}

function latencies(world: GossipWorld, from: number): { reach: Quantiles; toAll: Quantiles } {
  const each: number[] = [];
  const last: number[] = [];
  for (const sent of world.sent.slice(from)) {
    if (!sent.feed) continue;
    // A node that came back after the send was down meanwhile.
    const times = world.nodes
      .filter(({ upMs, index }) => upMs <= sent.atMs && index !== sent.by)
      .map(({ index }) => sent.reached.get(index) ?? Infinity);
    each.push(...times.map((atMs) => atMs - sent.atMs));
    last.push(times.reduce((a, b) => Math.max(a, b), 0) - sent.atMs);
  }
  return { reach: quantiles(each), toAll: quantiles(last) };
}

function quantiles(values: number[]): Quantiles {
  values.sort((a, b) => a - b);
  const at = (q: number): number => Math.round(values[Math.min(values.length - 1, Math.floor(q * values.length))] ?? 0);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

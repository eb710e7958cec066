/**
 * What `/metrics` tells, in Prometheus' form: counts and times, never of whom, where or what. The only labels are kinds that the program itself names, so that the number of
 * series does not grow with people, rooms or nodes.
 */

import type { Counter, Gauge, Registry } from 'prom-client';
import type { NodeLoop } from './loop.ts';
import type { LoopDelay } from './loop-delay.ts';
import { SECONDS_CLASSES, type Times } from './tally.ts';

/** A scrape is answered from the last one for so long, in ms: asking often costs nothing. */
const AGAIN_MS = 1000;
const LINK_STATES = ['up', 'suspect', 'connecting'] as const;
const MS = 1000;

export interface MetricsOptions {
  readonly loop: NodeLoop;
  readonly delay: LoopDelay;
  readonly version: string;
  /** Bytes of the log and the views on the disk. */
  readonly storeBytes: () => number;
  /** A clock that never goes back, in ms. */
  readonly monoMs: () => number;
}

type Samples = readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];

export class Metrics {
  readonly #o: MetricsOptions;
  #registry: Promise<Registry> | null = null;
  #told: { readonly atMs: number; readonly text: Promise<string> } | null = null;

  constructor(options: MetricsOptions) {
    this.#o = options;
  }

  /** The text of a scrape. */
  text(): Promise<string> {
    const nowMs = this.#o.monoMs();
    if (!this.#told || nowMs - this.#told.atMs >= AGAIN_MS) {
      this.#registry ??= this.#make();
      this.#told = { atMs: nowMs, text: this.#registry.then((registry) => registry.metrics()) };
    }
    return this.#told.text;
  }

  /** Made when it is asked for first: most nodes are never scraped. */
  async #make(): Promise<Registry> {
    const prometheus = await import('prom-client');
    const registry = new prometheus.Registry();
    const { loop, delay, version, storeBytes } = this.#o;
    const { tally } = loop.engine;
    const gauge = (name: string, help: string, samples: () => number | Samples, labelNames: string[] = []): void => {
      const metric: Gauge = new prometheus.Gauge({
        name,
        help,
        labelNames,
        registers: [registry],
        collect(): void {
          set(metric, samples());
        },
      });
    };
    const counter = (name: string, help: string, samples: () => number | Samples, labelNames: string[] = []): void => {
      const metric: Counter = new prometheus.Counter({
        ...{ name, help, labelNames, registers: [registry] },
        collect(): void {
          metric.reset();
          for (const [labels, value] of samplesOf(samples())) metric.inc(labels, value);
        },
      });
    };
    prometheus.collectDefaultMetrics({ register: registry });
    gauge('skein_info', 'The version that runs.', () => [[{ version }, 1]], ['version']);
    counter('skein_messages_total', 'Messages that became durable here since the start, by whomever.', () => loop.engine.messages);
    counter('skein_acknowledged_total', 'Messages acknowledged with the copies they had.', () => tally.acknowledged);
    counter('skein_refused_total', 'Commands that were refused, by why.', () => [...tally.refused].map(([why, n]) => [{ why }, n]), [
      'why',
    ]);
    counter('skein_unknown_total', 'Commands of which nobody knows whether they took effect.', () => tally.unknown);
    counter('skein_commit_failures_total', 'Commits that ended in an error.', () => tally.failedCommits);
    registry.registerMetric(histogram('skein_commit_seconds', 'How long commits took, to the disk and back.', tally.commits) as never);
    gauge('skein_sessions', 'Connections and sessions, by the door they came in.', () => sessionsOf(loop), ['door']);
    gauge('skein_links', 'Links to other nodes, by how they are.', () => linksOf(loop), ['state']);
    gauge('skein_members', 'Nodes that were let into the network, this one included.', () => loop.engine.members.count);
    gauge('skein_lag_entries', 'Entries that the peer furthest behind lacks.', () => lagOf(loop));
    gauge('skein_rooms', 'Rooms that are known.', () => loop.state.rooms.size);
    gauge('skein_accounts', 'Accounts that are known.', () => loop.state.accounts.size);
    gauge('skein_store_bytes', 'Bytes of the log and the views on the disk.', storeBytes);
    gauge('skein_loop_late_seconds', 'How late the loop ran in the last half minute to minute.', () => lateOf(delay), ['quantile']);
    gauge('skein_warnings', 'Warnings of `skein status`.', () => loop.warnings.length);
    return registry;
  }
}

function samplesOf(told: number | Samples): Samples {
  return typeof told === 'number' ? [[{}, told]] : told;
}

function set(metric: { reset(): void; set(labels: Readonly<Record<string, string>>, value: number): void }, told: number | Samples): void {
  metric.reset();
  for (const [labels, value] of samplesOf(told)) metric.set(labels, value);
}

function sessionsOf({ engine }: NodeLoop): Samples {
  return [...engine.sessions.byDoor()].map(([door, count]) => [{ door }, count]);
}

function linksOf({ engine }: NodeLoop): Samples {
  const counts = new Map<string, number>(LINK_STATES.map((state) => [state, 0]));
  for (const link of engine.replica.links.values()) {
    const state = link.phase !== 'open' ? 'connecting' : link.suspect ? 'suspect' : 'up';
    counts.set(state, counts.get(state)! + 1);
  }
  return [...counts].map(([state, count]) => [{ state }, count]);
}

function lagOf({ engine: { replica } }: NodeLoop): number {
  return Math.max(0, ...[...replica.links.values()].map((link) => link.lag(replica.log.durable) ?? 0));
}

function lateOf(delay: LoopDelay): Samples {
  const { p99Ms, maxMs } = delay.told();
  return [
    [{ quantile: '0.99' }, p99Ms / MS],
    [{ quantile: '1' }, maxMs / MS],
  ];
}

/** What was counted by itself, in the form in which prom-client tells of a histogram. */
function histogram(name: string, help: string, times: Times) {
  const get = async () => {
    let count = 0;
    const values = times.counts.map((more, i) => {
      count += more;
      return {
        metricName: `${name}_bucket`,
        labels: { le: i < SECONDS_CLASSES.length ? String(SECONDS_CLASSES[i]) : '+Inf' },
        value: count,
      };
    });
    values.push(
      { metricName: `${name}_sum`, labels: {} as never, value: times.seconds },
      { metricName: `${name}_count`, labels: {} as never, value: count },
    );
    return { name, help, type: 'histogram', aggregator: 'sum', values };
  };
  return { name, get, reset: () => undefined };
}

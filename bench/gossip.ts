/**
 * Quality of gossip, after Maelstrom's broadcast workload, in virtual time: the real replication over simulated links of 100 ms each way, 100 operations a second, half of
 * them sends. Every frame on every link counts. Nothing here depends on the machine: the same seed gives the same figures. Writes docs/gossip.svg.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GossipResult, type GossipRun, measureGossip } from '../test/sim/gossip-measure.ts';

const SEED = 1;
const BASE = { seed: SEED, opsPerSecond: 100, linkMs: 100 };
const FAULTS = { cutsPerSecond: 0.05, restarts: 0.1 };
const NONE = { cutsPerSecond: 0, restarts: 0 };

const RUNS: readonly GossipRun[] = [
  { ...BASE, nodes: 25, seconds: 30, ...NONE },
  { ...BASE, nodes: 25, seconds: 30, ...FAULTS },
  { ...BASE, nodes: 100, seconds: 15, ...NONE },
  { ...BASE, nodes: 100, seconds: 15, ...FAULTS },
  { ...BASE, nodes: 300, seconds: 6, ...NONE },
  { ...BASE, nodes: 300, seconds: 6, ...FAULTS },
];

type Row = readonly [GossipRun, GossipResult];

export async function gossip(results: string): Promise<void> {
  console.log(`  seed ${SEED}; ${BASE.linkMs} ms a link, ${BASE.opsPerSecond} operations/s, half of them sends; times in virtual ms`);
  const rows: Row[] = RUNS.map((run) => {
    const row: Row = [run, measureGossip(run)];
    print(row);
    return row;
  });
  writeFileSync(join(results, 'gossip.json'), JSON.stringify(rows, null, 2));
  writeFileSync(join(import.meta.dirname, '..', 'docs', 'gossip.svg'), plot(rows));
}

const isFaulty = (run: GossipRun): boolean => run.cutsPerSecond > 0;

function print([run, result]: Row): void {
  const { reach, toAll, links } = result;
  console.log(
    `  ${String(run.nodes).padStart(3)} nodes${isFaulty(run) ? `, ${result.cuts} cuts, ${result.restarted} restarts` : ', no faults'}: ${result.framesPerOp.toFixed(2)} frames/op, ${result.duplicates.toFixed(3)} duplicates/delivery, ` +
      `reach p50 ${reach.p50} p99 ${reach.p99} max ${reach.max}, to all p50 ${toAll.p50} p99 ${toAll.p99} max ${toAll.max}, ${result.bytesPerOp} bytes/op, ` +
      `links ${links.min} to ${links.max} (${links.mean.toFixed(1)}), idle ${result.idleFramesPerSecond} frames/s, ${result.equal ? 'all equal' : 'NOT EQUAL'}`,
  );
}

const WIDTH = 720;
const PANEL = 200;
const COLOURS = { p50: '#2a78b8', p99: '#7fb2d9', max: '#c9dcec' } as const;

/** Two panels of bars: how long until all held it, and frames by operation and node. */
function plot(rows: readonly Row[]): string {
  const step = (WIDTH - 80) / rows.length;
  const times = rows.flatMap(([run, { toAll }], i) =>
    (['p50', 'p99', 'max'] as const).map((name, j) =>
      bar(
        60 + i * step + j * 24,
        toAll[name],
        topOf(
          rows,
          ([
            ,
            {
              toAll: { max },
            },
          ]) => max,
        ),
        40,
        COLOURS[name],
        isFaulty(run),
        '',
      ),
    ),
  );
  const perDelivery = ([run, { framesPerOp }]: Row): number => (2 * framesPerOp) / (run.nodes - 1);
  const frames = rows.map((row, i) =>
    bar(
      60 + i * step + 24,
      perDelivery(row),
      topOf(rows, perDelivery),
      60 + PANEL + 60,
      COLOURS.p50,
      isFaulty(row[0]),
      perDelivery(row).toFixed(2),
    ),
  );
  const names = (y: number): string[] =>
    rows.map(([run], i) => text(60 + i * step + 36, y, `${run.nodes}${isFaulty(run) ? ', faults' : ''}`, 'middle'));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${2 * PANEL + 180}" font-family="sans-serif" font-size="12" fill="#333">
<title>What gossip takes: times and frames for networks of different sizes, with and without faults</title>
<rect width="100%" height="100%" fill="#fff"/>
${text(20, 24, 'ms from a send until every node holds it: median, 99 %, most', 'start')}
${times.join('\n')}
${names(40 + PANEL + 18).join('\n')}
${text(20, 60 + PANEL + 44, 'frames of any kind for each delivery of a message (one is a tree without haves and without sharing)', 'start')}
${frames.join('\n')}
${names(60 + 2 * PANEL + 78).join('\n')}
${text(20, 2 * PANEL + 166, 'nodes; faults: 5 % of the links cut each second, 10 % of the nodes restarted', 'start')}
</svg>
`;
}

const topOf = (rows: readonly Row[], value: (row: Row) => number): number => Math.max(...rows.map(value));

function bar(x: number, value: number, top: number, y: number, colour: string, faulty: boolean, label: string): string {
  const height = (value / top) * (PANEL - 20);
  const from = y + PANEL - height;
  const edge = faulty ? ' stroke="#b04020" stroke-width="1.5"' : '';
  const rect = `<rect x="${x.toFixed(1)}" y="${from.toFixed(1)}" width="22" height="${height.toFixed(1)}" fill="${colour}"${edge}/>`;
  return rect + text(x + 11, from - 4, label || String(value), 'middle', 9);
}

function text(x: number, y: number, content: string, anchor: string, size = 12): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-size="${size}">${content}</text>`;
}

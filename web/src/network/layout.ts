/**
 * Where nodes are on the map. Forces (d3-force) place them: links hold together, nodes keep apart, and the parts of a network that has split lie side by side. The same
 * network always looks the same: a node begins at a place that follows from its id, and those that have a place begin there.
 *
 * Placing is done in slices, as a hundred nodes take longer than a frame.
 */

import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type Simulation,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from 'd3-force';
import type { NodeId } from '../../../src/core/ids.ts';
import type { Picture } from './picture.ts';

export interface Spot {
  readonly x: number;
  readonly y: number;
}

interface Body extends SimulationNodeDatum {
  readonly id: NodeId;
  x: number;
  y: number;
  /** The middle of its part. */
  centre: Spot;
}

type Spring = SimulationLinkDatum<Body>;

/** Room that a node takes, and between the ends of a link. */
const NODE = 40;
const LINK = 100;
/** Between parts. */
const GAP = 130;
/** A slice, in ms: with what else a frame has to do it stays well below the 50 ms that people feel. */
const SLICE_MS = 6;
const COOL = 0.003;

/** A number from 0 to 1 that follows from an id: `turn` gives several of one. */
function share(id: string, turn: number): number {
  let hash = 2166136261 ^ turn;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 16777619);
  return (hash >>> 0) / 2 ** 32;
}

/** What of a picture moves its nodes. */
function shapeOf({ nodes, links, parts }: Picture): string {
  const ids = nodes.map(({ id }) => id).sort();
  return JSON.stringify([ids, links.map(({ key }) => key), parts.map((part) => [...part].sort())]);
}

function radiusOf(count: number): number {
  return NODE * Math.sqrt(count) + NODE;
}

/** The middles of parts: the first in the origin, the others in a column beside it. */
function centresOf(parts: Picture['parts']): Spot[] {
  const [first = [], ...others] = parts;
  const height = others.reduce((sum, part) => sum + 2 * radiusOf(part.length), 0) + GAP * Math.max(0, others.length - 1);
  const x = radiusOf(first.length) + GAP + Math.max(0, ...others.map((part) => radiusOf(part.length)));
  let y = -height / 2;
  return [
    { x: 0, y: 0 },
    ...others.map((part) => {
      const radius = radiusOf(part.length);
      const centre = { x, y: y + radius };
      y += 2 * radius + GAP;
      return centre;
    }),
  ];
}

export class Layout {
  #shape = '';
  #bodies = new Map<NodeId, Body>();
  #simulation: Simulation<Body, Spring> | null = null;

  /** Takes a picture; whether anything is to be placed anew. */
  take(picture: Picture): boolean {
    const shape = shapeOf(picture);
    if (shape === this.#shape) return false;
    this.#shape = shape;
    const centres = centresOf(picture.parts);
    const isFirst = this.#bodies.size === 0;
    const size = radiusOf(picture.nodes.length);
    const bodies = picture.nodes.map(({ id, part, links }): Body => {
      const centre = centres[part ?? 0]!;
      const known = this.#bodies.get(id);
      if (known) return { id, x: known.x, y: known.y, centre };
      const friend = isFirst ? undefined : links.map((one) => this.#bodies.get(one)).find(Boolean);
      const [middle, reach] = friend ? [friend, LINK] : [centre, size];
      const [angle, far] = [share(id, 0) * 2 * Math.PI, Math.sqrt(share(id, 1)) * reach];
      return { id, x: middle.x + far * Math.cos(angle), y: middle.y + far * Math.sin(angle), centre };
    });
    this.#bodies = new Map(bodies.map((body) => [body.id, body]));
    this.#simulation = this.#forces(
      [...bodies].sort((a, b) => (a.id < b.id ? -1 : 1)),
      picture,
      isFirst ? 1 : 0.6,
    );
    return true;
  }

  #forces(bodies: Body[], { links }: Picture, heat: number): Simulation<Body, Spring> {
    const springs = links.map(({ a, b }): Spring => ({ source: this.#bodies.get(a)!, target: this.#bodies.get(b)! }));
    return forceSimulation<Body, Spring>(bodies)
      .stop()
      .alpha(heat)
      .alphaDecay(0.035)
      .force(
        'links',
        forceLink<Body, Spring>(springs)
          .distance(LINK)
          .strength(bodies.length > 12 ? 0.05 : 0.2),
      )
      .force(
        'apart',
        forceManyBody<Body>()
          .strength(-420)
          .distanceMax(LINK * 6),
      )
      .force('room', forceCollide<Body>(NODE).strength(0.9))
      .force('x', forceX<Body>(({ centre }) => centre.x).strength(0.06))
      .force('y', forceY<Body>(({ centre }) => centre.y).strength(0.08));
  }

  /** Places for a slice of time; whether there is more to do. `now`: a clock, in ms. */
  step(now: () => number): boolean {
    const simulation = this.#simulation;
    if (!simulation) return false;
    const end = now() + SLICE_MS;
    while (simulation.alpha() > COOL) {
      simulation.tick();
      if (now() >= end) return simulation.alpha() > COOL;
    }
    this.#simulation = null;
    return false;
  }

  spots(): Map<NodeId, Spot> {
    return new Map([...this.#bodies.values()].map(({ id, x, y }) => [id, { x, y }]));
  }
}

/** How a map lies in its box: how large, and where its middle is. */
export interface Lens {
  /** 1: all of it fits. */
  readonly zoom: number;
  /** In px, from where it lies when all of it fits. */
  readonly x: number;
  readonly y: number;
}

export const WHOLE: Lens = { zoom: 1, x: 0, y: 0 };
export const ZOOM_MAX = 6;

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** Kept free at the edges, in px, by how many nodes there are: at the sides for names, below for them and who is served. */
const EDGES = [
  { most: 8, x: 76, top: 56, bottom: 108 },
  { most: 30, x: 60, top: 36, bottom: 56 },
  { most: Number.POSITIVE_INFINITY, x: 30, top: 26, bottom: 40 },
] as const;
/** Two nodes are not drawn further apart than so many times their distance in the layout; nor is it stretched more one way than the other by more than so much. */
const SCALE_MAX = 2.7;
const STRETCH_MAX = 1.7;

/** Spots in px of a box: stretched to fill it, as far as that looks well. */
export function fit(spots: ReadonlyMap<NodeId, Spot>, { width, height }: Box, lens: Lens): Map<NodeId, Spot> {
  if (spots.size === 0) return new Map();
  const [xs, ys] = [[...spots.values()].map(({ x }) => x), [...spots.values()].map(({ y }) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const edge = EDGES.find(({ most }) => spots.size <= most)!;
  const room = { x: Math.max(40, width - 2 * edge.x), y: Math.max(40, height - edge.top - edge.bottom) };
  const [most, least] = [room.x / Math.max(1, right - left), room.y / Math.max(1, bottom - top)];
  const scale = { x: Math.min(most, SCALE_MAX, least * STRETCH_MAX), y: Math.min(least, SCALE_MAX, most * STRETCH_MAX) };
  const middle = { x: width / 2, y: edge.top + room.y / 2 };
  return new Map(
    [...spots].map(([id, { x, y }]) => [
      id,
      {
        x: middle.x + (x - (left + right) / 2) * scale.x * lens.zoom + lens.x,
        y: middle.y + (y - (top + bottom) / 2) * scale.y * lens.zoom + lens.y,
      },
    ]),
  );
}

/** How far a node typically is from the next one, in px: what there is room for follows from it. */
export function spacing(spots: ReadonlyMap<NodeId, Spot>): number {
  const all = [...spots.values()];
  if (all.length < 2) return Number.POSITIVE_INFINITY;
  const nearest = all.map((one) =>
    Math.min(...all.map((other) => (other === one ? Number.POSITIVE_INFINITY : Math.hypot(one.x - other.x, one.y - other.y)))),
  );
  return nearest.sort((a, b) => a - b)[Math.floor(nearest.length / 4)]!;
}

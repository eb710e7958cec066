/**
 * The map of the network. Nodes are buttons, so that everything about them can be reached by keyboard and heard; links and messages on their way are drawn beneath, and
 * the list (node-list.tsx) says the same in words. React draws what there is; where it lies is set on the elements, many times a second where need be.
 */

import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { NodeId } from '../../../src/core/ids.ts';
import { IconButton } from '../design/button.tsx';
import { nodeAside } from './arrows.ts';
import { type Box, fit, type Lens, type Spot, spacing, WHOLE, ZOOM_MAX } from './layout.ts';
import styles from './map.module.css';
import { MapLinks } from './map-links.tsx';
import { MapNode } from './map-node.tsx';
import type { Picture } from './picture.ts';
import { Pulses } from './pulses.ts';
import { Stage } from './stage.ts';
import { useTraffic } from './traffic.ts';

/** How far nodes have to be apart, in px, for their names, and for who is served there. */
const NAMES_PX = 76;
const PEOPLE_PX = 150;
/** A mark takes so much of the way to the next, and is between so many px. */
const MARK = { share: 0.6, least: 13, most: 64 } as const;
const ZOOM_STEP = 1.5;

interface MapProps {
  readonly picture: Picture;
  readonly chosen: NodeId | null;
  readonly onChoose: (id: NodeId) => void;
}

const isStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

function ends(key: string): [NodeId, NodeId] {
  const [a, b] = key.split(' ') as [NodeId, NodeId];
  return [a, b];
}

function drawLink(link: SVGGElement, a: Spot | undefined, b: Spot | undefined): void {
  link.toggleAttribute('hidden', !a || !b);
  if (!a || !b) return;
  const line = link.firstElementChild as SVGLineElement;
  line.setAttribute('x1', a.x.toFixed(1));
  line.setAttribute('y1', a.y.toFixed(1));
  line.setAttribute('x2', b.x.toFixed(1));
  line.setAttribute('y2', b.y.toFixed(1));
  const words = line.nextElementSibling;
  words?.setAttribute('x', ((a.x + b.x) / 2).toFixed(1));
  words?.setAttribute('y', ((a.y + b.y) / 2).toFixed(1));
}

/** The map's moving half: what is drawn where. One for each map that shows. */
class Canvas {
  readonly stage = new Stage((isThere) => this.draw(isThere), isStill);
  readonly pulses = new Pulses(
    () => this.root?.querySelector<SVGGElement>('[data-pulses]') ?? null,
    (node) => this.spots.get(node),
    (node) => this.#greet(node),
  );
  #nodes: (readonly [NodeId, HTMLElement])[] = [];
  #links: (readonly [NodeId, NodeId, SVGGElement])[] = [];
  root: HTMLElement | null = null;
  box: Box = { width: 0, height: 0 };
  lens: Lens = WHOLE;
  spots: ReadonlyMap<NodeId, Spot> = new Map();
  /** Told of how far apart nodes are, in px. */
  onSpacing: (px: number) => void = () => undefined;

  /** React made or took away elements. */
  renewed(): void {
    const all = <T extends Element>(what: string): T[] => [...(this.root?.querySelectorAll<T>(`[data-${what}]`) ?? [])];
    this.#nodes = all<HTMLElement>('node').map((element) => [element.dataset['node'] as NodeId, element]);
    this.#links = all<SVGGElement>('link').map((element) => [...ends(element.dataset['link']!), element]);
  }

  /** `isThere`: nothing glides any more. */
  draw(isThere = true): void {
    const { root, box } = this;
    if (!root || box.width === 0) return;
    this.spots = fit(this.stage.shown, box, this.lens);
    if (this.spots.size === 0) return;
    root.dataset['placed'] = '';
    for (const [id, node] of this.#nodes) {
      const spot = this.spots.get(id);
      node.hidden = !spot;
      if (spot) node.style.transform = `translate(${spot.x.toFixed(1)}px, ${spot.y.toFixed(1)}px)`;
    }
    for (const [a, b, link] of this.#links) drawLink(link, this.spots.get(a), this.spots.get(b));
    if (!isThere) return;
    const px = spacing(this.spots);
    root.style.setProperty('--size', `${Math.min(MARK.most, Math.max(MARK.least, px * MARK.share)).toFixed(1)}px`);
    this.onSpacing(px);
  }

  /** Sets off a node and its links from the rest; null: none. */
  near(id: NodeId | null): void {
    if (!this.root) return;
    this.root.toggleAttribute('data-near', id !== null);
    for (const [a, b, link] of this.#links) link.classList.toggle(styles['near']!, a === id || b === id);
  }

  #greet(id: NodeId): void {
    const mark = this.root?.querySelector(`[data-node="${id}"] > button`);
    mark?.animate([{ boxShadow: '0 0 0 0 var(--good)' }, { boxShadow: '0 0 0 10px transparent' }], { duration: 700, easing: 'ease-out' });
  }
}

function useBox(canvas: Canvas, root: React.RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    canvas.root = root.current;
    const watch = new ResizeObserver(([entry]) => {
      canvas.box = { width: entry!.contentRect.width, height: entry!.contentRect.height };
      canvas.draw();
    });
    watch.observe(root.current!);
    return () => {
      watch.disconnect();
      canvas.stage.close();
      canvas.root = null;
    };
  }, [canvas, root]);
}

function roomOf(px: number): 'few' | 'many' | 'crowd' {
  return px >= PEOPLE_PX ? 'few' : px >= NAMES_PX ? 'many' : 'crowd';
}

export function NetworkMap({ picture, chosen, onChoose }: MapProps) {
  const root = useRef<HTMLElement>(null);
  const canvas = useMemo(() => new Canvas(), []);
  const [room, setRoom] = useState<'few' | 'many' | 'crowd'>('many');
  const [lens, setLens] = useState(WHOLE);
  const [stop, setStop] = useState<NodeId | null>(null);
  useBox(canvas, root);
  canvas.onSpacing = (px) => setRoom(roomOf(px));
  useEffect(() => canvas.stage.take(picture), [canvas, picture]);
  useLayoutEffect(() => {
    canvas.lens = lens;
    canvas.renewed();
    canvas.draw(!canvas.stage.isGliding);
  });
  useTraffic(picture, canvas.pulses);

  const onRenewed = useCallback(() => {
    canvas.renewed();
    canvas.draw(!canvas.stage.isGliding);
  }, [canvas]);
  const onNear = useCallback((id: NodeId | null) => canvas.near(id), [canvas]);
  const onArrow = useCallback(
    (event: KeyboardEvent, id: NodeId) => {
      const next = nodeAside(event.key, id, canvas.spots);
      if (next === null) return;
      event.preventDefault();
      setStop(next);
      root.current?.querySelector<HTMLElement>(`[data-node="${next}"] > button`)?.focus();
    },
    [canvas],
  );
  const stopNow = stop !== null && picture.byId.has(stop) ? stop : (picture.self ?? picture.nodes[0]?.id);
  const drag = useDrag(lens, setLens);
  return (
    <section
      ref={root}
      data-room={room}
      className={styles['map']}
      aria-label="Map of the network. The arrow keys go from node to node."
      {...drag}
    >
      <svg className={styles['links']} aria-hidden="true">
        <MapLinks onRenewed={onRenewed} links={picture.links} self={picture.self} hasWords={room === 'few'} />
        <g data-pulses="" className={styles['pulses']} />
      </svg>
      {picture.nodes.map((node) => (
        <MapNode
          key={node.id}
          node={node}
          room={room}
          isChosen={node.id === chosen}
          isStop={node.id === stopNow}
          onChoose={onChoose}
          onArrow={onArrow}
          onNear={onNear}
        />
      ))}
      <Zoom lens={lens} onLens={setLens} />
    </section>
  );
}

function Zoom({ lens, onLens }: { readonly lens: Lens; readonly onLens: (lens: Lens) => void }) {
  const by = (factor: number): void => onLens(zoomed(lens, factor));
  return (
    <div className={styles['zoom']}>
      <IconButton icon="plus" label="Larger" disabled={lens.zoom >= ZOOM_MAX} onClick={() => by(ZOOM_STEP)} />
      <IconButton icon="minus" label="Smaller" disabled={lens.zoom <= 1} onClick={() => by(1 / ZOOM_STEP)} />
      <IconButton icon="whole" label="All of it" disabled={lens === WHOLE} onClick={() => onLens(WHOLE)} />
    </div>
  );
}

function zoomed(lens: Lens, factor: number): Lens {
  const zoom = Math.min(ZOOM_MAX, Math.max(1, lens.zoom * factor));
  if (zoom === 1) return WHOLE;
  const by = zoom / lens.zoom;
  return { zoom, x: lens.x * by, y: lens.y * by };
}

/** Moves the map with the pointer, once it is larger than its box. */
function useDrag(lens: Lens, onLens: (lens: Lens) => void) {
  const from = useRef<{ readonly x: number; readonly y: number; readonly lens: Lens } | null>(null);
  if (lens.zoom === 1) return {};
  return {
    'data-drag': '',
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if ((event.target as Element).closest('button') || event.button !== 0) return;
      from.current = { x: event.clientX, y: event.clientY, lens };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (!from.current) return;
      const { x, y, lens: before } = from.current;
      onLens({ zoom: before.zoom, x: before.x + event.clientX - x, y: before.y + event.clientY - y });
    },
    onPointerUp() {
      from.current = null;
    },
    onPointerCancel() {
      from.current = null;
    },
  };
}

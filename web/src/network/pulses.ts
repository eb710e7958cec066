/** Draws messages on their way, as dots along links. Calm: so many at once and no more; none where motion is to be reduced, or while nobody looks. */

import type { NodeId } from '../../../src/core/ids.ts';
import type { Spot } from './layout.ts';

/** Dots at once: what is beyond is not drawn. */
const DOTS_MAX = 80;
/** Along one link, in ms. */
const STEP_MS = 650;
const SVG = 'http://www.w3.org/2000/svg';

export class Pulses {
  readonly #place: () => SVGGElement | null;
  readonly #spotOf: (node: NodeId) => Spot | undefined;
  readonly #arrived: (node: NodeId) => void;
  #count = 0;

  /** `place`: where dots are drawn; `arrived` is told of each node that one came to. */
  constructor(place: () => SVGGElement | null, spotOf: (node: NodeId) => Spot | undefined, arrived: (node: NodeId) => void) {
    this.#place = place;
    this.#spotOf = spotOf;
    this.#arrived = arrived;
  }

  /** A dot from one node to another, after so many steps. */
  send(from: NodeId, to: NodeId, afterSteps = 0): void {
    const place = this.#place();
    const [start, end] = [this.#spotOf(from), this.#spotOf(to)];
    if (!place || !start || !end || this.#count >= DOTS_MAX || document.hidden) return;
    this.#count++;
    const dot = document.createElementNS(SVG, 'circle');
    dot.setAttribute('r', '4');
    dot.setAttribute('opacity', '0');
    place.append(dot);
    const at = ({ x, y }: Spot): string => `translate(${x}px, ${y}px)`;
    const run = dot.animate(
      [
        { transform: at(start), opacity: 0 },
        { opacity: 1, offset: 0.15 },
        { opacity: 1, offset: 0.85 },
        { transform: at(end), opacity: 0 },
      ],
      { duration: STEP_MS, delay: afterSteps * STEP_MS * 0.8, easing: 'ease-in-out' },
    );
    const done = (): void => {
      this.#count--;
      dot.remove();
    };
    run.onfinish = () => {
      done();
      this.#arrived(to);
    };
    run.oncancel = done;
  }
}

/** Moves the map: has the layout placed slice by slice, and lets what is drawn glide to where it is to be. Where motion is to be reduced it is there at once. */

import type { NodeId } from '../../../src/core/ids.ts';
import { Layout, type Spot } from './layout.ts';
import type { Picture } from './picture.ts';

/** From one place to another, in ms. */
const GLIDE_MS = 700;

export class Stage {
  readonly #layout = new Layout();
  readonly #draw: (isThere: boolean) => void;
  readonly #isStill: () => boolean;
  #shown: ReadonlyMap<NodeId, Spot> = new Map();
  #frame = 0;
  isGliding = false;

  /** `draw` is told whether all is where it is to be. */
  constructor(draw: (isThere: boolean) => void, isStill: () => boolean) {
    this.#draw = draw;
    this.#isStill = isStill;
  }

  /** Where nodes are shown now, as the layout measures. */
  get shown(): ReadonlyMap<NodeId, Spot> {
    return this.#shown;
  }

  take(picture: Picture): void {
    if (!this.#layout.take(picture)) return;
    this.#ask(() => this.#place());
  }

  #ask(next: () => void): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(next);
  }

  #place(): void {
    if (this.#layout.step(() => performance.now())) this.#ask(() => this.#place());
    else this.#glide(this.#layout.spots());
  }

  #glide(goal: ReadonlyMap<NodeId, Spot>): void {
    const from = this.#shown;
    if (from.size === 0 || this.#isStill()) return this.#show(goal, true);
    const beganMs = performance.now();
    const frame = (): void => {
      const share = Math.min(1, (performance.now() - beganMs) / GLIDE_MS);
      const eased = 1 - (1 - share) ** 3;
      const between = [...goal].map(([id, to]): [NodeId, Spot] => {
        const { x, y } = from.get(id) ?? to;
        return [id, { x: x + (to.x - x) * eased, y: y + (to.y - y) * eased }];
      });
      this.#show(new Map(between), share === 1);
      if (share < 1) this.#ask(frame);
    };
    this.#ask(frame);
  }

  #show(spots: ReadonlyMap<NodeId, Spot>, isThere: boolean): void {
    this.#shown = spots;
    this.isGliding = !isThere;
    this.#draw(isThere);
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
  }
}

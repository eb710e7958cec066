/**
 * A wrong clock for one process, loaded before all else (`node --import`): the file that SKEIN_CLOCK names holds how far the time of day is off, `SHIFT_MS DRIFT`, and is looked at
 * again all the time, so that a test can let the clock jump. DRIFT is how much faster than time it runs since the process began (0.5: half again as fast). The clock that only
 * rises (`performance.now`) is right, as a machine's is when somebody sets its time.
 */

import { readFileSync } from 'node:fs';

/** How often the file is looked at, in ms. */
const LOOK_MS = 10;

const file = process.env['SKEIN_CLOCK'];
const RightDate = Date;
const begunMs = RightDate.now();
let shiftMs = 0;
let drift = 0;

function look(): void {
  const [shift, rate] = readFileSync(file!, 'utf8').split(' ').map(Number);
  // It may be just being written.
  if (Number.isFinite(shift) && Number.isFinite(rate)) [shiftMs, drift] = [shift!, rate!];
}

function wrongMs(): number {
  const rightMs = RightDate.now();
  return Math.floor(rightMs + shiftMs + (rightMs - begunMs) * drift);
}

class WrongDate extends RightDate {
  constructor(...values: readonly unknown[]) {
    super(...((values.length === 0 ? [wrongMs()] : values) as [number]));
  }

  static override now(): number {
    return wrongMs();
  }
}

if (file !== undefined) {
  look();
  setInterval(look, LOOK_MS).unref();
  globalThis.Date = WrongDate as DateConstructor;
  const originMs = performance.timeOrigin;
  Object.defineProperty(performance, 'timeOrigin', { get: () => originMs + wrongMs() - RightDate.now() });
}

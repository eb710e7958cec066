/** What happened at this node since it was started, counted for `/metrics`: of no person, no room and no text, and under names that the program gives alone. */

import type { Answer } from '../core/commands.ts';

/** Upper ends of the classes of times, in seconds: a sync of a good disk takes a fraction of a millisecond, one of a bad one a second. */
export const SECONDS_CLASSES = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

/** How many times fell into each class, and their sum. */
export class Times {
  /** One more than there are classes: the last is for what is longer than all. */
  readonly counts: number[] = Array.from({ length: SECONDS_CLASSES.length + 1 }, () => 0);
  seconds = 0;

  add(seconds: number): void {
    const at = SECONDS_CLASSES.findIndex((end) => seconds <= end);
    this.counts[at < 0 ? SECONDS_CLASSES.length : at]!++;
    this.seconds += seconds;
  }
}

export class Tally {
  /** Messages and other words that were acknowledged with the copies they had. */
  acknowledged = 0;
  /** Of which nobody knows whether they took effect. */
  unknown = 0;
  /** By why they were refused. */
  readonly refused = new Map<string, number>();
  readonly commits = new Times();
  failedCommits = 0;

  answered(answer: Answer): void {
    if (answer.type === 'acknowledged') this.acknowledged++;
    else if (answer.type === 'unknown') this.unknown++;
    else if (answer.type === 'refused') this.refused.set(answer.refusal.type, (this.refused.get(answer.refusal.type) ?? 0) + 1);
  }
}

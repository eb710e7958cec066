/**
 * Other nodes' clocks: each answer to a ping says what time it is there. A node that finds itself apart from three or more peers says so and stamps what it writes by their
 * median, which no one liar moves far; with fewer there is no telling who is wrong, and it only says so.
 *
 * An offset is measured as in NTP (Mills, RFC 5905, in short): the peer's time against the middle of the round trip. Peers tell their own clocks, uncorrected, so that corrections
 * do not chase each other.
 */

import type { NodeId } from '../core/ids.ts';
import { CLOCK_APART_MS, CLOCK_PEERS_MIN } from './limits.ts';
import type { Links } from './links.ts';

export class Clocks {
  readonly #offsets = new Map<NodeId, { ms: number; name: string }>();
  #told = '';

  /** A peer's clock is so far ahead of this node's, in ms; behind, if negative. */
  note(node: NodeId, name: string, offsetMs: number): void {
    this.#offsets.set(node, { ms: offsetMs, name });
  }

  /** The link to a peer is gone, and with it what was known of its clock. */
  forget(node: NodeId): void {
    this.#offsets.delete(node);
  }

  /** Tells people when clocks come apart, and when that is over; in between the span may change without a word. */
  tick(links: Links): void {
    const { warning } = this;
    if ((warning === '') !== (this.#told === '')) links.effect({ type: 'warn', about: 'clock', warning });
    this.#told = warning;
  }

  /** The median of the peers' offsets; null with fewer than three. */
  #median(): number | null {
    const sorted = [...this.#offsets.values()].map(({ ms }) => ms).sort((a, b) => a - b);
    if (sorted.length < CLOCK_PEERS_MIN) return null;
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  }

  /** What is to be added to this node's clock for what it writes, in ms. */
  get correctionMs(): number {
    const median = this.#median();
    return median !== null && Math.abs(median) > CLOCK_APART_MS ? Math.round(median) : 0;
  }

  /** What people should know of it; empty where all clocks agree. */
  get warning(): string {
    const { correctionMs } = this;
    if (correctionMs !== 0)
      return `the clock of this machine is ${inWords(correctionMs)} ${correctionMs > 0 ? 'behind' : 'ahead of'} those of the other nodes: what is written here gets their time; set it right`;
    const apart = [...this.#offsets.values()].filter(({ ms }) => Math.abs(ms) > CLOCK_APART_MS);
    const [one] = apart;
    if (!one) return '';
    if (this.#offsets.size < CLOCK_PEERS_MIN)
      return `the clocks of this node and of ${one.name} are ${inWords(one.ms)} apart: set the one that is wrong right, so that history has the right times`;
    return `the clock of ${apart.map(({ name, ms }) => `${name} (by ${inWords(ms)})`).join(' and of ')} is wrong: set it right there`;
  }
}

/** A time span as people say it. */
function inWords(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  if (seconds < 120) return `${seconds} seconds`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}

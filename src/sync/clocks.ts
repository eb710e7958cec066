/**
 * Other nodes' clocks: each answer to a ping says what time it is there. A node that finds itself apart from three or more peers says so and stamps what it writes by their
 * median, which no one liar moves far; with fewer there is no telling who is wrong, and it only says so.
 *
 * An offset is measured as in NTP (Mills, RFC 5905, in short): the peer's time against the middle of the round trip. Peers tell their own clocks, uncorrected, so that corrections
 * do not chase each other.
 *
 * Between two answers a peer's time is carried on by the clock that only rises, so that a clock that jumps stamps nothing wrong before the next answer comes: one message of
 * tomorrow would draw all that reply to it after it.
 */

import type { NodeId } from '../core/ids.ts';
import type { Now } from './effects.ts';
import { CLOCK_APART_MS, CLOCK_PEERS_MIN } from './limits.ts';
import type { Links } from './links.ts';

export class Clocks {
  /** How far each peer's clock was ahead of this node's when it was looked at, and is ahead of the one that only rises, in ms. */
  readonly #offsets = new Map<NodeId, { ms: number; monoMs: number; name: string }>();
  #told = '';

  /** It is so late at a peer now, in ms since 1970. */
  note(node: NodeId, name: string, peerMs: number, now: Now): void {
    this.#offsets.set(node, { ms: peerMs - now.wallMs, monoMs: peerMs - now.monoMs, name });
  }

  /** The link to a peer is gone, and with it what was known of its clock. */
  forget(node: NodeId): void {
    this.#offsets.delete(node);
  }

  /** Tells people when clocks come apart, when it is another’s fault or the span has doubled, and when it is over. */
  tick(links: Links): void {
    const { cause, warning } = this.#verdict();
    if (cause !== this.#told) links.effect({ type: 'warn', about: 'clock', warning });
    this.#told = cause;
  }

  /** The time to write by, in ms since 1970: this node's, or by the peers where that is wrong. */
  timeMs({ wallMs, monoMs }: Now): number {
    return wallMs + correction([...this.#offsets.values()].map((peer) => peer.monoMs + monoMs - wallMs));
  }

  /** What people should know of it; empty where all clocks agree. */
  get warning(): string {
    return this.#verdict().warning;
  }

  /** With what is wrong and about by how much, so that it is told when that changes, and not with every millisecond. */
  #verdict(): { cause: string; warning: string } {
    const peers = [...this.#offsets.values()];
    const correctionMs = correction(peers.map(({ ms }) => ms));
    if (correctionMs !== 0) {
      const warning = `the clock of this machine is ${inWords(correctionMs)} ${correctionMs > 0 ? 'behind' : 'ahead of'} those of the other nodes: what is written here gets their time; set it right`;
      return { cause: `self ${roughly(correctionMs)}`, warning };
    }
    const apart = peers.filter(({ ms }) => Math.abs(ms) > CLOCK_APART_MS);
    const [one] = apart;
    if (!one) return { cause: '', warning: '' };
    const isMajority = peers.length >= CLOCK_PEERS_MIN;
    const cause = `${isMajority} ${apart.map(({ name, ms }) => `${name} ${roughly(ms)}`).join()}`;
    const warning = isMajority
      ? `the clock of ${apart.map(({ name, ms }) => `${name} (by ${inWords(ms)})`).join(' and of ')} is wrong: set it right there`
      : `the clocks of this node and of ${one.name} are ${inWords(one.ms)} apart: set the one that is wrong right, so that history has the right times`;
    return { cause, warning };
  }
}

/** A time span to a power of two, with its sign. */
function roughly(ms: number): string {
  return `${Math.sign(ms)} ${Math.floor(Math.log2(Math.abs(ms)))}`;
}

/** What is to be added to a clock that peers' clocks are so far ahead of: their median, where there are three or more and it is far from zero. */
function correction(offsets: readonly number[]): number {
  const sorted = offsets.toSorted((a, b) => a - b);
  if (sorted.length < CLOCK_PEERS_MIN) return 0;
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return Math.abs(median) > CLOCK_APART_MS ? Math.round(median) : 0;
}

/** A time span as people say it. */
function inWords(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  if (seconds < 120) return `${seconds} seconds`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}

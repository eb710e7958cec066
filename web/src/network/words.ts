/** What the network page says. Pure. */

import type { DrawnLink, DrawnNode, Picture } from './picture.ts';

export function nodesWords(count: number): string {
  return count === 1 ? '1 node' : `${count} nodes`;
}

export function peopleWords(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}

/** A few names, and how many more there are. */
export function listWords(names: readonly string[], most = 3): string {
  if (names.length <= 1) return names[0] ?? '';
  if (names.length > most) return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** In ms, as people read it: two digits that mean something. */
export function rttWords(rttMs: number): string {
  if (rttMs < 0.1) return '< 0.1 ms';
  return rttMs < 10 ? `${rttMs.toFixed(1)} ms` : `${Math.round(rttMs)} ms`;
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** How long, in one unit. */
export function spanWords(spanMs: number): string {
  for (const [unit, ms] of UNITS) {
    const count = Math.floor(spanMs / ms);
    if (count >= 1) return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
  }
  return 'less than a second';
}

export function bytesWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power - 1]}`;
}

export const STATE_WORDS: Readonly<Record<DrawnNode['state'], string>> = {
  self: 'serves you',
  up: 'in reach',
  suspect: 'silent',
  down: 'out of reach',
  revoked: 'cut off',
};

/** How a node is, in a line: for who hears the map instead of seeing it. */
export function nodeWords({ name, state, count, links, behind }: DrawnNode): string {
  const parts = [name, STATE_WORDS[state]];
  if (state !== 'down') {
    parts.push(links.length === 0 ? 'no link' : links.length === 1 ? '1 link' : `${links.length} links`);
    parts.push(count === 0 ? 'serves nobody' : `serves ${peopleWords(count)}`);
    if (behind) parts.push(behindWords(behind));
  }
  return parts.join(', ');
}

export function behindWords(entries: number): string {
  return entries === 0 ? 'up to date' : entries === 1 ? '1 entry behind' : `${entries.toLocaleString()} entries behind`;
}

export interface Summary {
  readonly kind: 'well' | 'unwell' | 'split';
  readonly title: string;
  readonly words: string;
}

/** The whole, in two lines. */
export function summary({ nodes, parts, lost, self }: Picture): Summary {
  if (self === null)
    return { kind: 'unwell', title: 'No node is in reach', words: 'This is how the network was when it was last heard of.' };
  const names = (ids: readonly string[]): string[] => nodes.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
  const [mine = [], ...others] = parts;
  if (others.length > 0) {
    const away = others.flat().concat(lost);
    const [is, they] = away.length === 1 ? ['is', 'It'] : ['are', 'They'];
    return {
      kind: 'split',
      title: `The network is in ${parts.length} parts`,
      words: `${listWords(names(away))} ${is} out of reach. ${they} may go on without these ${nodesWords(mine.length)}; what is written meanwhile comes together when they meet.`,
    };
  }
  if (lost.length > 0) {
    return {
      kind: 'unwell',
      title: `${listWords(names(lost))} ${lost.length === 1 ? 'is' : 'are'} out of reach`,
      words: `${nodesWords(mine.length)} ${mine.length === 1 ? 'goes' : 'go'} on. Nothing is lost that they hold, and what the others missed they fetch when they are back.`,
    };
  }
  const silent = nodes.filter(({ state }) => state === 'suspect');
  if (silent.length > 0)
    return {
      kind: 'unwell',
      title: `${listWords(silent.map(({ name }) => name))} ${silent.length === 1 ? 'is' : 'are'} silent`,
      words: 'Slow, asleep or gone: if nothing comes for some seconds more, the others go on without.',
    };
  if (nodes.length === 1)
    return {
      kind: 'well',
      title: 'One node',
      words: 'Whatever is said is on this machine alone. Invite a second one, and the chat outlives either.',
    };
  return {
    kind: 'well',
    title: `All ${nodesWords(nodes.length)} are in reach`,
    words: `Each holds everything, and any of them serves anybody: ${nodes.length - 1} may die.`,
  };
}

/** Of a link, for the list. */
export function linkWords(link: DrawnLink): string {
  return link.rttMs === null ? '' : rttWords(link.rttMs);
}

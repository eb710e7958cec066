/**
 * The network as it is drawn: nodes with what is known of each, links, and the parts into which it has fallen. Pure; made anew whenever one of its sources changes.
 *
 * A part is what is joined by links: the first is the one in which this page's node is. A node that is out of reach and that no other names is no part but lost: whether it
 * is dead or cut off, nobody here can tell. Several of them that were linked with each other when they were last heard of are a part, which may well go on by itself.
 */

import type { WireMeshLink, WireMeshNode } from '../../../src/api/mesh.ts';
import type { WireNode, WirePerson } from '../../../src/api/protocol.ts';
import type { AuthorId, NodeId } from '../../../src/core/ids.ts';

/** What of a node's picture of the network is drawn (src/api/mesh.ts). */
export interface Sight {
  readonly nodes: readonly SightNode[];
  readonly links: readonly WireMeshLink[];
}

export type SightNode = Pick<WireMeshNode, 'id' | 'name' | 'state' | 'rttMs' | 'urls'> &
  Partial<Pick<WireMeshNode, 'sinceMs' | 'behind' | 'people' | 'admittedMs' | 'vitals'>>;

export interface DrawnPerson {
  readonly author: AuthorId;
  readonly name: string;
  readonly isMe: boolean;
}

export interface DrawnNode extends SightNode {
  /** Who is served there, as far as this page was told of them. */
  readonly served: readonly DrawnPerson[];
  /** How many are served there. */
  readonly count: number;
  readonly links: readonly NodeId[];
  /** The number of its part; null where it is in none. */
  readonly part: number | null;
}

export interface DrawnLink {
  readonly key: string;
  readonly a: NodeId;
  readonly b: NodeId;
  /** Round trip, where one end is the node that serves this page. */
  readonly rttMs: number | null;
  readonly isSuspect: boolean;
  /** Entries a second that go over it, both ways, where that is known. */
  readonly entries: number;
}

export interface Picture {
  readonly self: NodeId | null;
  /** In the order of their names. */
  readonly nodes: readonly DrawnNode[];
  readonly byId: ReadonlyMap<NodeId, DrawnNode>;
  readonly links: readonly DrawnLink[];
  /** Each with two nodes at least, but for the first. */
  readonly parts: readonly (readonly NodeId[])[];
  /** Out of reach, and in no part. */
  readonly lost: readonly NodeId[];
}

/** What the library always knows of the nodes, connected or not. Two are linked where both say so; of those out of reach, where they said so last. */
export function sightOf(nodes: readonly WireNode[]): Sight {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const links: WireMeshLink[] = [];
  for (const { id, links: others } of nodes)
    for (const other of others) if (id < other && byId.get(other)?.links.includes(id)) links.push({ a: id, b: other });
  return { nodes, links };
}

/** `before`: the last one. What is as it was stays the same object, so that it is not drawn anew. */
export function picture(
  { nodes, links }: Sight,
  people: ReadonlyMap<AuthorId, WirePerson>,
  me: AuthorId | null,
  before: Picture | null = null,
): Picture {
  const members = nodes.filter(({ state }) => state !== 'revoked');
  const self = members.find(({ state }) => state === 'self') ?? null;
  const isHere = new Map(members.map(({ id, state }) => [id, state !== 'down']));
  // Between somebody in reach and somebody out of it there is none, whatever was said before.
  const drawn = links.filter(({ a, b }) => isHere.has(a) && isHere.get(a) === isHere.get(b));
  const neighbours = new Map<NodeId, NodeId[]>(members.map(({ id }) => [id, []]));
  for (const { a, b } of drawn) {
    neighbours.get(a)!.push(b);
    neighbours.get(b)!.push(a);
  }
  const { parts, partOf } = partsOf(self?.id ?? null, neighbours);
  const served = servedBy(people, me);
  const all = members.map((node): DrawnNode => {
    const here = served.get(node.id) ?? [];
    const count = Math.max(here.length, node.people ?? 0);
    const drawn = { ...node, served: here, count, links: neighbours.get(node.id)!, part: partOf.get(node.id) ?? null };
    return sameAs(before?.byId.get(node.id), drawn);
  });
  all.sort((one, other) => (one.name === other.name ? compare(one.id, other.id) : compare(one.name, other.name)));
  const byId = new Map(all.map((node) => [node.id, node]));
  return {
    self: self?.id ?? null,
    nodes: all,
    byId,
    links: drawn.map((link) => drawnLink(link, byId)).sort((one, other) => compare(one.key, other.key)),
    parts,
    lost: all.filter(({ state, part }) => state === 'down' && part === null).map(({ id }) => id),
  };
}

/** The one before, where it says the same. */
function sameAs<T>(before: T | undefined, now: T): T {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}

function drawnLink({ a, b, suspect, flow }: WireMeshLink, nodes: ReadonlyMap<NodeId, DrawnNode>): DrawnLink {
  const [one, other] = [nodes.get(a)!, nodes.get(b)!];
  const far = one.state === 'self' ? other : other.state === 'self' ? one : null;
  return {
    key: `${a} ${b}`,
    a,
    b,
    rttMs: far?.rttMs ?? null,
    isSuspect: suspect === true || one.state === 'suspect' || other.state === 'suspect',
    entries: flow ? flow.inEntries + flow.outEntries : 0,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function servedBy(people: ReadonlyMap<AuthorId, WirePerson>, me: AuthorId | null): Map<NodeId, DrawnPerson[]> {
  const served = new Map<NodeId, DrawnPerson[]>();
  for (const { author, name, node, present } of people.values()) {
    if (!present || node === null) continue;
    const here = served.get(node) ?? [];
    if (here.length === 0) served.set(node, here);
    if (author === me) here.unshift({ author, name, isMe: true });
    else here.push({ author, name, isMe: false });
  }
  return served;
}

/** The parts: that of this page's node, whatever its size, then the others from the largest on. */
function partsOf(self: NodeId | null, neighbours: ReadonlyMap<NodeId, readonly NodeId[]>) {
  const seen = new Set<NodeId>();
  const parts: NodeId[][] = [];
  const gather = (from: NodeId): NodeId[] => {
    const part = [from];
    seen.add(from);
    for (const node of part)
      for (const other of neighbours.get(node)!)
        if (!seen.has(other)) {
          seen.add(other);
          part.push(other);
        }
    return part;
  };
  if (self !== null) parts.push(gather(self));
  const others: NodeId[][] = [];
  for (const node of neighbours.keys()) if (!seen.has(node)) others.push(gather(node));
  others.sort((one, other) => other.length - one.length || compare(one[0]!, other[0]!));
  parts.push(...others.filter((part) => part.length > 1));
  const partOf = new Map<NodeId, number>();
  for (const [no, part] of parts.entries()) for (const node of part) partOf.set(node, no);
  return { parts, partOf };
}

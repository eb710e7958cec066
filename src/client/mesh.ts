/** The picture of the network, kept up by what changes in it. */

import { MESH_EVENTS_MAX, type WireMesh, type WireMeshChange } from '../api/mesh.ts';

/** The picture with a change; what did not change stays the same object. */
export function withChange(mesh: WireMesh, change: WireMeshChange): WireMesh {
  const { nodes = [], links = [], parted = [], events = [] } = change;
  const ends = ({ a, b }: { readonly a: string; readonly b: string }): string => `${a} ${b}`;
  const gone = new Set(parted.map(([a, b]) => ends({ a, b })));
  const left = gone.size > 0 ? mesh.links.filter((link) => !gone.has(ends(link))) : mesh.links;
  return {
    ...mesh,
    atMs: change.atMs,
    nodes: merged(mesh.nodes, nodes, ({ id }) => id),
    links: merged(left, links, ends),
    own: change.own ?? mesh.own,
    events: events.length > 0 ? [...mesh.events, ...events].slice(-MESH_EVENTS_MAX) : mesh.events,
    ...(change.delicate ? { delicate: change.delicate } : {}),
  };
}

/** What is known, with what is new or otherwise in its place. */
function merged<T>(known: readonly T[], news: readonly T[], idOf: (one: T) => string): readonly T[] {
  if (news.length === 0) return known;
  const all = new Map(known.map((one) => [idOf(one), one]));
  for (const one of news) all.set(idOf(one), one);
  return [...all.values()];
}

/** The picture of the network, for those who watch it: told of changes at most once a second, one text for all who may see the same. */

import type { WireMesh, WireMeshChange, WireMeshLink, WireMeshNode } from '../../api/mesh.ts';
import type { ApiDoor } from './door.ts';
import { MESH_WATCHERS_MAX } from './limits.ts';
import type { Reader } from './reader.ts';

/** The node, as far as the picture goes. */
export interface MeshPort {
  /** As it is now, with all that is for owners; made anew at most once a second. */
  picture(): WireMesh;
  /** Calls after each look, a second apart; while anybody listens pictures are made. How to stop it. */
  onLook(listener: () => void): () => void;
}

/** What of a picture is for everybody. */
export function publicOf({ delicate: _, ...mesh }: WireMesh): WireMesh {
  return mesh;
}

export class MeshWatchers {
  readonly #door: ApiDoor;
  readonly #port: MeshPort;
  readonly #watchers = new Set<Reader>();
  #last: WireMesh | null = null;
  #stop: (() => void) | null = null;

  constructor(door: ApiDoor, port: MeshPort) {
    this.#door = door;
    this.#port = port;
  }

  /** The picture for a reader, who hears of changes to it from now on; null where too many watch already. */
  watch(reader: Reader): WireMesh | null {
    if (!this.#watchers.has(reader) && this.#watchers.size >= MESH_WATCHERS_MAX) return null;
    this.#stop ??= this.#port.onLook(() => this.#looked());
    // Whoever watches already is told of changes to this one.
    this.#last ??= this.#port.picture();
    this.#watchers.add(reader);
    return this.#seenBy(reader, this.#last);
  }

  unwatch(reader: Reader): void {
    this.#watchers.delete(reader);
    if (this.#watchers.size > 0 || !this.#stop) return;
    this.#stop();
    this.#stop = null;
    this.#last = null;
  }

  /** The picture once. */
  once(reader: Reader): WireMesh {
    return this.#seenBy(reader, this.#port.picture());
  }

  #seenBy(reader: Reader, mesh: WireMesh): WireMesh {
    return this.#door.port.administers(reader.no) ? mesh : publicOf(mesh);
  }

  #looked(): void {
    if (!this.#last) return;
    const [before, mesh] = [this.#last, this.#port.picture()];
    this.#last = mesh;
    const whole = changeOf(before, mesh);
    const { delicate: _, ...open } = whole;
    const item = this.#itemOf(open);
    const delicate = whole.delicate ? this.#itemOf(whole) : item;
    for (const reader of [...this.#watchers]) {
      const told = this.#door.port.administers(reader.no) ? delicate : item;
      if (told) this.#door.tell(reader, told);
    }
    this.#door.flush();
  }

  /** Nothing where nothing changed but the time. */
  #itemOf(change: WireMeshChange) {
    return Object.keys(change).length > 1 ? this.#door.gathering.item({ type: 'mesh', mesh: change }) : null;
  }
}

/** What of a picture is otherwise than in the one before. */
export function changeOf(before: WireMesh, mesh: WireMesh): WireMeshChange {
  const nodes = changed(before.nodes, mesh.nodes, ({ id }: WireMeshNode) => id);
  const links = changed(before.links, mesh.links, linkId);
  const there = new Set(mesh.links.map(linkId));
  const parted = before.links.filter((link) => !there.has(linkId(link))).map(({ a, b }) => [a, b] as const);
  const last = before.events.at(-1)?.no ?? 0;
  const events = mesh.events.filter(({ no }) => no > last);
  return {
    atMs: mesh.atMs,
    ...(nodes.length > 0 ? { nodes } : {}),
    ...(links.length > 0 ? { links } : {}),
    ...(parted.length > 0 ? { parted } : {}),
    ...(isSame(before.own, mesh.own) ? {} : { own: mesh.own }),
    ...(events.length > 0 ? { events } : {}),
    ...(mesh.delicate && !isSame(before.delicate, mesh.delicate) ? { delicate: mesh.delicate } : {}),
  };
}

const linkId = ({ a, b }: WireMeshLink): string => `${a} ${b}`;
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function changed<T>(before: readonly T[], now: readonly T[], idOf: (one: T) => string): T[] {
  const known = new Map(before.map((one) => [idOf(one), JSON.stringify(one)]));
  return now.filter((one) => known.get(idOf(one)) !== JSON.stringify(one));
}

/**
 * A door of a network that does not exist, for views of what no test can start: a hundred nodes. It serves the app as it was built, and says over the socket what a node
 * would; messages are whatever the test lets it say.
 */

import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Page, WebSocketRoute } from 'playwright-core';
import type { WireMesh, WireMeshChange, WireMeshLink, WireMeshNode } from '../../src/api/mesh.ts';
import type { Ask, Event, Hello, Opened, WirePerson, WireRoom } from '../../src/api/protocol.ts';
import type { AuthorId, FeedId, NetworkId, NodeId, RoomId } from '../../src/core/ids.ts';
import { seededRandom } from '../../src/lib/prng.ts';

const DIST = join(import.meta.dirname, '..', '..', 'web', 'dist');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
export const FAKE_ORIGIN = 'http://127.0.0.1:9';
const ROOM = '#den' as RoomId;
const BEGAN_MS = 1_790_000_000_000;

const idOf = (no: number): NodeId => no.toString(16).padStart(64, '0') as NodeId;

/** A network of so many nodes, each linked with about six; `people` at each. */
export function fakeMesh(count: number): WireMesh {
  const random = seededRandom(count);
  const links = new Map<string, WireMeshLink>();
  const join = (one: number, other: number): void => {
    const [a, b] = [Math.min(one, other), Math.max(one, other)];
    if (a !== b) links.set(`${a} ${b}`, { a: idOf(a), b: idOf(b) });
  };
  for (let no = 0; no < count; no++) {
    join(no, (no + 1) % count);
    for (let turn = 0; turn < 2; turn++) join(no, random.below(count));
  }
  const nodes = Array.from(
    { length: count },
    (_, no): WireMeshNode => ({
      id: idOf(no),
      name: `node-${String(no).padStart(2, '0')}`,
      state: no === 0 ? 'self' : 'up',
      sinceMs: BEGAN_MS,
      rttMs: links.has(`0 ${no}`) ? 0.2 + random.below(400) / 10 : null,
      behind: links.has(`0 ${no}`) ? random.below(3) : null,
      people: random.below(9),
      urls: [],
      admittedMs: BEGAN_MS,
      vitals: { version: '0.1.0', startedMs: BEGAN_MS, storeBytes: 48_000_000, lateMs: 3, holes: 0, writes: true },
    }),
  );
  return { atMs: BEGAN_MS + 86_400_000, self: idOf(0), nodes, links: [...links.values()], own: OWN, events: [] };
}

const OWN = {
  ...{ version: '0.1.0', startedMs: BEGAN_MS, storeBytes: 48_000_000, lateMs: 3, holes: 0, writes: true },
  ...{ lateMaxMs: 9, behind: 0, entries: 120_000, uncovered: 0, clock: true, warnings: 0 },
};

const ROOM_IS: WireRoom = {
  ...{ id: ROOM, kind: 'public', name: '#den', topic: '', description: '', archived: false, slowSeconds: 0, retentionSeconds: 0 },
  ...{ joined: true, power: 1, members: 2 },
} as WireRoom;

export class FakeDoor {
  readonly mesh: WireMesh;
  #socket: WebSocketRoute | null = null;
  #no = 0;

  constructor(mesh: WireMesh) {
    this.mesh = mesh;
  }

  /** Stands in for a node at FAKE_ORIGIN. */
  async stand(page: Page): Promise<void> {
    await page.route(`${FAKE_ORIGIN}/**`, (route) => {
      const { pathname } = new URL(route.request().url());
      const file = pathname === '/' ? '/index.html' : pathname;
      return route.fulfill({ body: readFileSync(join(DIST, file)), contentType: TYPES[extname(file)] ?? 'application/octet-stream' });
    });
    await page.routeWebSocket(/\/api\/v1\/socket$/, (socket) => {
      this.#socket = socket;
      socket.onMessage((text) => this.#answer(JSON.parse(String(text)) as Ask));
      this.#say(this.#hello());
    });
  }

  #say(word: unknown): void {
    this.#socket?.send(JSON.stringify(word));
  }

  tell(...events: Event[]): void {
    this.#say({ type: 'turn', events });
  }

  change(change: Omit<WireMeshChange, 'atMs'>): void {
    this.tell({ type: 'mesh', mesh: { atMs: this.mesh.atMs + ++this.#no * 1000, ...change } });
  }

  #hello(): Hello {
    const { self, nodes } = this.mesh;
    const node = { id: self, name: nodes[0]!.name };
    return {
      ...{ type: 'hello', protocol: 1, node, network: { id: '0'.repeat(64) as NetworkId, name: 'A large one' } },
      ...{ feed: '0'.repeat(32) as FeedId, nowMs: Date.now(), guests: true, registration: 'open', spreadMs: 0, nodes: [] },
    } as Hello;
  }

  #answer(ask: Ask): void {
    const ok = (value: unknown): void => this.#say({ type: 'ok', ask: ask.ask, value });
    switch (ask.do) {
      case 'guest':
        return ok(this.#opened(ask.name, ask.key.slice(0, 32) as AuthorId));
      case 'watch mesh':
      case 'mesh':
        return ok(this.mesh);
      case 'beyond':
      case 'page':
        return ok({ messages: [], more: false });
      case 'directory':
        return ok({ rooms: [ROOM_IS], more: false });
      case 'join':
        return ok({ room: ROOM_IS });
      case 'rooms':
        return ok({ rooms: [ROOM_IS] });
      case 'members':
        return ok({ people: [], roles: {} });
      case 'holders':
        return ok({ holders: {} });
      default:
        return ok(null);
    }
  }

  #opened(name: string, author: AuthorId): Opened {
    const me: WirePerson = { author, name, account: false, present: true, away: null, node: this.mesh.self, role: null };
    return { author, name, account: false, at: {}, rooms: [ROOM_IS], people: [me], wishes: { muted: [], blocked: [] } };
  }
}

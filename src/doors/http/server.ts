/** The HTTP door: health for those who watch the node, and the web app for those who open it in a browser. */

import { hash } from 'node:crypto';
import { type FastifyInstance, fastify } from 'fastify';
import type { CursorPort } from '../../core/port.ts';
import type { Hashing } from '../../core/suite.ts';
import type { AccountsPort } from '../api/accounts.ts';
import type { AdminPort } from '../api/admin.ts';
import { ApiDoor } from '../api/door.ts';
import { REQUEST_MS_MAX, SWEEP_MS } from '../api/limits.ts';
import type { MeshPort } from '../api/mesh.ts';
import { type OriginOptions, Origins } from '../api/origins.ts';
import { addRest } from '../api/rest/server.ts';
import { Sockets } from '../api/socket.ts';
import { addListeners, addressFor } from '../listening.ts';
import { addSetupRoute, type SetupPort } from './setup-route.ts';
import { WebApp } from './web.ts';

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  /** Whether a write goes through to the disk now. */
  readonly ready: () => Promise<boolean>;
  /** What the page says of the node. */
  readonly page: () => PageFacts;
  readonly setup: SetupPort;
  readonly api?: ApiOptions;
  /** What Prometheus is told. */
  readonly metrics?: () => Promise<string>;
  /** Where the web app is; where nothing else is said, where `npm run build` puts it. */
  readonly web?: string;
  /** Is told of each route: `METHOD PATH`. */
  readonly onRoute?: (route: string) => void;
}

/** What the API door needs. */
export interface ApiOptions extends OriginOptions {
  readonly port: CursorPort;
  readonly hashing: Hashing;
  readonly guests: boolean;
  readonly accounts: AccountsPort;
  readonly mesh: MeshPort;
  readonly admin: AdminPort;
  readonly version: string;
}

export interface PageFacts {
  readonly network: string;
  readonly node: string;
  readonly peers: readonly { readonly name: string; readonly state: string }[];
  readonly irc: string;
}

/** A question whether the disk takes writes is answered from the last try for so long, in ms: asking must not wear the disk. */
const READY_MS = 1000;
const REQUEST_BYTES_MAX = 65_536;
/** Prometheus' text format. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const STYLE = `:root{color-scheme:light dark;font:17px/1.6 system-ui,sans-serif}body{max-width:38rem;margin:12vh auto;padding:0 1.2rem}
h1{font-size:1.7rem;margin:0 0 .2rem}ul{list-style:none;padding:0}li{padding:.25rem 0}code{font-size:.95em}
span{padding:.05rem .5rem;border-radius:1rem;font-size:.85rem;background:#8883}.up{background:#2a93}.down{background:#c333}`;

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

function pageOf({ network, node, peers, irc }: PageFacts): string {
  const rows = peers
    .map(({ name, state }) => `<li><b>${escaped(name)}</b> <span class="${escaped(state)}">${escaped(state)}</span></li>`)
    .join('');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5"><title>${escaped(network)} · Skein</title><style>${STYLE}</style>
<h1>${escaped(network)}</h1><p>This is node <b>${escaped(node)}</b>. It serves.</p>
${rows ? `<p>The other nodes:</p><ul>${rows}</ul>` : '<p>It is the only node so far: <code>skein invite</code> lets another in.</p>'}
<p>Its web app was not built: <code>npm run build</code> makes it, and this page becomes it. Until then chat with <code>skein chat</code>, or any IRC client at <code>${escaped(irc)}</code>.</p></html>`;
}

const PAGE_HEADERS = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${hash('sha256', STYLE, 'base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** Listens; rejects with an Error whose `code` is EADDRINUSE where the port is taken. */
export async function listenHttp(options: HttpOptions): Promise<{ address: string; port: number; close(): Promise<void> }> {
  const server = fastify({
    logger: false,
    bodyLimit: REQUEST_BYTES_MAX,
    forceCloseConnections: true,
    requestTimeout: REQUEST_MS_MAX,
    ajv: { customOptions: { removeAdditional: false } },
  });
  let checkedMs = Number.NEGATIVE_INFINITY;
  let ready: Promise<boolean> = Promise.resolve(true);
  server.get('/healthz', async () => ({ ok: true }));
  server.get('/readyz', async (_request, reply) => {
    if (performance.now() - checkedMs > READY_MS) {
      checkedMs = performance.now();
      ready = options.ready();
    }
    const ok = await ready;
    return reply.code(ok ? 200 : 503).send({ ok, ...(ok ? {} : { reason: 'the store does not take writes' }) });
  });
  if (options.metrics) addMetrics(server, options.metrics, options.api);
  const web = new WebApp(options.web);
  server.get('/', async (request, reply) => {
    if (!web.serve('/index.html', request, reply))
      reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(pageOf(options.page()));
    return reply;
  });
  server.setNotFoundHandler(async (request, reply) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || !web.serve(request.url.split('?')[0]!, request, reply))
      reply.code(404).type('text/plain').send('There is nothing at this address.');
    return reply;
  });
  server.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) options.onRoute?.(`${one} ${url}`);
  });
  addSetupRoute(server, options.setup);
  const closeApi = options.api ? await addApi(server, options.api) : async () => undefined;
  const address = await addressFor(options.host, options.port);
  await server.listen(address);
  const closeListeners = await addListeners(server.server, address);
  const bound = server.server.address() as { address: string; port: number; family: string };
  const host = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  const close = async (): Promise<void> => {
    closeListeners();
    await closeApi();
    await server.close();
  };
  return { address: `http://${host}:${bound.port}`, port: bound.port, close };
}

/** Not for pages of elsewhere that gave themselves a name of this machine's. */
function addMetrics(server: FastifyInstance, metrics: () => Promise<string>, api: OriginOptions | undefined): void {
  const { hosts, origins } = api ?? { hosts: [], origins: [] };
  const allowed = new Origins({ hosts, origins });
  server.get('/metrics', async ({ headers }, reply) => {
    if (!allowed.allowsHost(headers.host))
      return reply.code(421).type('text/plain').send('This node is not known under that name: see http.hosts.');
    const text = await metrics();
    return reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }).type(METRICS_TYPE).send(text);
  });
}

/** Adds the API door; how to close it. */
async function addApi(
  server: FastifyInstance,
  { port, hashing, guests, accounts, mesh, admin, version, hosts, origins }: ApiOptions,
): Promise<() => Promise<void>> {
  const door = new ApiDoor({ port, hashing, guests, accounts, mesh, admin, now: () => Date.now() });
  const allowed = new Origins({ hosts, origins, members: () => port.nodes().flatMap(({ urls }) => urls) });
  const sockets = new Sockets({ door, origins: allowed });
  const sweepPrograms = await addRest(server, { door, origins: allowed, version });
  server.server.on('upgrade', sockets.upgrade);
  const timer = setInterval(() => {
    sockets.sweep(Date.now());
    sweepPrograms(Date.now());
  }, SWEEP_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await sockets.close();
  };
}

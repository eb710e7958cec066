/**
 * The web app as it was built (web/dist, see web/build.ts): a table of files with their compressed forms, read once, when somebody asks for the first of them. A page and
 * its parts are so always of one build, also when another is made meanwhile.
 */

import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';

export const WEB_DIRECTORY = join(import.meta.dirname, '..', '..', '..', 'web', 'dist');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/**
 * Scripts and styles come from this node alone, and nothing is inline. Connections go out to any node: the mesh tells their addresses as the page goes, so they cannot be
 * listed here. Images are the app's own or made in it: nothing that somebody writes makes anybody's browser fetch anything.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self' ws: wss: http: https:",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

const FORMS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

interface WebFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly forms: ReadonlyMap<string, Buffer>;
  readonly etag: string;
  /** Its name holds the hash of its content. */
  readonly isHashed: boolean;
}

function readFiles(directory: string): Map<string, WebFile> {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  const there = new Set(names);
  const files = new Map<string, WebFile>();
  for (const name of names) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const plain = readFileSync(join(directory, name));
    const forms = FORMS.filter(([, ending]) => there.has(name + ending)).map(
      ([form, ending]) => [form, readFileSync(join(directory, name + ending))] as const,
    );
    const etag = `"${hash('sha256', plain, 'base64url').slice(0, 22)}"`;
    files.set(`/${name}`, { type, plain, forms: new Map(forms), etag, isHashed: name.startsWith('assets/') });
  }
  return files;
}

export class WebApp {
  readonly #directory: string;
  #files: ReadonlyMap<string, WebFile> | null = null;

  constructor(directory: string = WEB_DIRECTORY) {
    this.#directory = directory;
  }

  /** The files, where the app was built; it may be while the node runs. */
  #table(): ReadonlyMap<string, WebFile> {
    if (!this.#files && existsSync(join(this.#directory, 'index.html'))) this.#files = readFiles(this.#directory);
    return this.#files ?? new Map();
  }

  /** Answers with a file, where there is one at the path; else false, and nothing was done. */
  serve(path: string, request: FastifyRequest, reply: FastifyReply): boolean {
    const file = this.#table().get(path);
    if (!file) return false;
    const accepted = (request.headers['accept-encoding'] ?? '').split(',').map((one) => one.split(';')[0]!.trim());
    const [form] = FORMS.find(([one]) => accepted.includes(one) && file.forms.has(one)) ?? [];
    reply.headers({
      ...HEADERS,
      'content-type': file.type,
      'cache-control': file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag: file.etag,
      vary: 'accept-encoding',
      ...(form && { 'content-encoding': form }),
    });
    if (request.headers['if-none-match'] === file.etag) reply.code(304).send();
    else reply.send(form ? file.forms.get(form) : file.plain);
    return true;
  }
}

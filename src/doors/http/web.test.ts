import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { listenHttp } from './server.ts';

const closing: (() => unknown)[] = [];
after(async () => {
  for (const step of closing.reverse()) await step();
});

async function serve(): Promise<{ readonly at: string; readonly directory: string; build(): void }> {
  const directory = mkdtempSync(join(tmpdir(), 'skein-web-'));
  closing.push(() => rmSync(directory, { recursive: true }));
  const setup = { spend: async () => ({ done: true }) as const };
  const page = () => ({ network: 'the <net>', node: 'solo', peers: [], irc: '127.0.0.1:6667' });
  const http = await listenHttp({ host: '127.0.0.1', port: 0, ready: async () => true, page, setup, web: directory });
  closing.push(() => http.close());
  const build = (): void => {
    mkdirSync(join(directory, 'assets'));
    const files = { 'index.html': '<!doctype html><title>app</title>', 'assets/app-1a2b.js': 'export const a = 1;', 'secret.txt': 'no' };
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(directory, name), text);
      writeFileSync(join(directory, `${name}.gz`), gzipSync(text));
      writeFileSync(join(directory, `${name}.br`), brotliCompressSync(text));
    }
  };
  return { at: http.address, directory, build };
}

describe('the web app, served', () => {
  it('[WB14] where it was not built, the page says what to do, and becomes it once it is', async () => {
    const { at, build } = await serve();
    const before = await fetch(at);
    assert.match(before.headers.get('content-security-policy')!, /^default-src 'none'; style-src 'sha256-/);
    assert.match(await before.text(), /the &#60;net&#62;.*npm run build/s);
    build();
    assert.equal(await (await fetch(at)).text(), '<!doctype html><title>app</title>');
  });

  it('[WB14] as the browser takes it, under a policy without exceptions, for good where the name holds the hash', async () => {
    const { at, build } = await serve();
    build();
    const get = (path: string, headers: Record<string, string> = {}) => fetch(at + path, { headers });
    for (const [accepts, form] of [
      ['gzip, deflate, br, zstd', 'br'],
      ['gzip', 'gzip'],
      ['identity', null],
    ] as const) {
      const answer = await get('/assets/app-1a2b.js', { 'accept-encoding': accepts });
      assert.equal(answer.headers.get('content-encoding'), form);
      assert.equal(answer.headers.get('content-type'), 'text/javascript; charset=utf-8');
      assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable');
      assert.equal(await answer.text(), 'export const a = 1;');
    }
    const page = await get('/');
    assert.equal(page.headers.get('cache-control'), 'no-cache');
    assert.equal((await get('/', { 'if-none-match': page.headers.get('etag')! })).status, 304);
    const policy = page.headers.get('content-security-policy')!;
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; /);
    assert.doesNotMatch(policy, /unsafe|\*/);
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
  });

  it('[WB14] nothing else is served: no file of another kind, none beyond the folder, and to no other method', async () => {
    const { at, build } = await serve();
    build();
    for (const path of [
      '/secret.txt',
      '/assets',
      '/assets/',
      '/../package.json',
      '/%2e%2e/package.json',
      '/assets/app-1a2b.js.br',
      '/nothing',
    ])
      assert.equal((await fetch(at + path)).status, 404, path);
    assert.equal((await fetch(`${at}/index.html`, { method: 'POST' })).status, 404);
    assert.equal((await fetch(`${at}/index.html`, { method: 'HEAD' })).status, 200);
  });
});

/**
 * A real browser for tests: Chromium as it comes from npm, unpacked once beside the packages, with the libraries that it carries for machines that have none (NSS and what
 * comes with it). Where it is missing tests fail: they are never skipped.
 */

import { spawn } from 'node:child_process';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';

const ROOT = join(import.meta.dirname, '..', '..');
const PACKAGE = join(ROOT, 'node_modules', '@sparticuz', 'chromium');

const FLAGS = [
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-pings',
  '--font-render-hinting=none',
  '--hide-scrollbars',
];

async function unpackTar(archive: string, directory: string): Promise<void> {
  const tar = spawn('tar', ['-x', '-C', directory], { stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = new Promise<void>((resolve, reject) => {
    tar.once('error', reject);
    tar.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`tar ended with ${code} for ${archive}`))));
  });
  // It ends at the archive's last file, and reads none of the padding behind that: how it ended says whether all is there.
  await pipeline(createReadStream(archive), createBrotliDecompress(), tar.stdin!).catch(() => undefined);
  await ended;
}

/** The machine's fonts, and before them the one that comes along: a bare machine has none, and pictures look alike everywhere. */
function fontsOf(place: string): string {
  const prefer = ['sans-serif', 'system-ui'].map(
    (name) => `<alias binding="strong"><family>${name}</family><prefer><family>Open Sans</family></prefer></alias>`,
  );
  const code =
    '<alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family><family>Liberation Mono</family></prefer></alias>';
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(place, 'fonts')}</dir><dir>/usr/share/fonts</dir>
<cachedir>${join(place, 'fonts-cache')}</cachedir>${prefer.join('')}${code}</fontconfig>`;
}

/** The folder with the unpacked browser; made where it is not there, whole or not at all. */
async function unpacked(): Promise<string> {
  if (!existsSync(join(PACKAGE, 'package.json'))) throw new Error('@sparticuz/chromium is not installed: run `npm ci`');
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  const cache = join(ROOT, 'node_modules', '.cache');
  const place = join(cache, `chromium-${version}`);
  if (existsSync(place)) return place;
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, 'unpacking-'));
  const bin = join(PACKAGE, 'bin');
  await pipeline(
    createReadStream(join(bin, 'chromium.br')),
    createBrotliDecompress(),
    createWriteStream(join(fresh, 'chromium'), { mode: 0o755 }),
  );
  for (const name of ['al2023', 'fonts', 'swiftshader']) await unpackTar(join(bin, `${name}.tar.br`), fresh);
  writeFileSync(join(fresh, 'fonts.conf'), fontsOf(place));
  try {
    renameSync(fresh, place);
  } catch (error) {
    // Somebody else was faster.
    rmSync(fresh, { recursive: true });
    if (!existsSync(place)) throw error;
  }
  return place;
}

export async function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  const place = await unpacked();
  const libraries = [join(place, 'lib'), process.env['LD_LIBRARY_PATH']].filter((one) => one !== undefined);
  return chromium.launch({
    executablePath: join(place, 'chromium'),
    headless: true,
    args: [...FLAGS, ...flags],
    env: { ...process.env, LD_LIBRARY_PATH: libraries.join(':'), FONTCONFIG_FILE: join(place, 'fonts.conf') },
  });
}

/**
 * `npm run build`: the web app into web/dist, with its compressed forms beside each file, so that no node compresses while it serves. Fails where the first load, all that
 * a page fetches before it shows anything, is larger than it may be.
 *
 * `--where-needed` (`npm start`): only where web/dist is missing or older than what it is made of. It takes some hundredths of a second where it is not.
 */

import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Of the first load, compressed by gzip, in bytes. */
const FIRST_LOAD_BYTES_MAX = 200_000;
const COMPRESSIBLE = /\.(html|js|css|svg|json|webmanifest)$/;
const SOURCES = ['web/{src,public}/**/*', 'web/*.{ts,html,json}', 'src/{client,api,core,lib}/**/*.ts', 'package-lock.json'];

const root = join(import.meta.dirname, '..');
const dist = join(import.meta.dirname, 'dist');

function isFresh(): boolean {
  const made = join(dist, 'index.html');
  if (!existsSync(made)) return false;
  const { mtimeMs } = statSync(made);
  return SOURCES.flatMap((pattern) => globSync(pattern, { cwd: root })).every((file) => statSync(join(root, file)).mtimeMs <= mtimeMs);
}

function compress(): void {
  for (const file of globSync('**/*', { cwd: dist }).filter((one) => COMPRESSIBLE.test(one))) {
    const bytes = readFileSync(join(dist, file));
    writeFileSync(join(dist, `${file}.gz`), gzipSync(bytes, { level: 9 }));
    writeFileSync(
      join(dist, `${file}.br`),
      brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
    );
  }
}

/** The page and what it names: the scripts, those that they import at once (`modulepreload`), styles and the icon. */
function firstLoad(): string[] {
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  return ['index.html', ...[...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, file]) => file!)];
}

function sizeOf(files: readonly string[], form: '' | '.gz' | '.br'): number {
  return files.reduce((sum, file) => sum + statSync(join(dist, file + form)).size, 0);
}

async function build(): Promise<void> {
  const { build: bundle } = await import('vite');
  await bundle({ configFile: join(import.meta.dirname, 'vite.config.ts'), logLevel: 'warn' });
  compress();
  const files = firstLoad();
  const kb = (form: '' | '.gz' | '.br'): string => `${(sizeOf(files, form) / 1000).toFixed(1)} kB`;
  console.log(`web app: first load ${kb('.gz')} gzip, ${kb('.br')} brotli, ${kb('')} plain, in ${files.length} files`);
  if (sizeOf(files, '.gz') <= FIRST_LOAD_BYTES_MAX) return;
  console.error(
    `The first load may have ${FIRST_LOAD_BYTES_MAX / 1000} kB: import what is not needed at once where it is needed (import()).`,
  );
  process.exitCode = 1;
}

if (!process.argv.includes('--where-needed') || !isFresh()) await build();

/** The web app as it is built. test/run.ts builds it before. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const ROOT = join(import.meta.dirname, '..', '..');
const DIST = join(ROOT, 'web', 'dist');
const FIRST_LOAD_BYTES_MAX = 200_000;

describe('the web app, built', () => {
  it('[WB15] the first load, all that the page names, is at most 200 kB compressed', () => {
    const html = readFileSync(join(DIST, 'index.html'), 'utf8');
    const named = [...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, file]) => file!);
    assert.ok(named.some((file) => file.endsWith('.js')) && named.some((file) => file.endsWith('.css')));
    const bytes = ['index.html', ...named].reduce((sum, file) => sum + statSync(join(DIST, `${file}.gz`)).size, 0);
    assert.ok(bytes > 10_000 && bytes <= FIRST_LOAD_BYTES_MAX, `${bytes} bytes`);
  });

  it('[WB14] nothing is inline, and every file has its compressed forms', () => {
    const html = readFileSync(join(DIST, 'index.html'), 'utf8');
    assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
    for (const file of globSync('**/*.{js,css,html,svg}', { cwd: DIST }))
      for (const form of ['.br', '.gz']) assert.ok(existsSync(join(DIST, file + form)), file + form);
  });

  it('[WB15] what is there and new is not built again', () => {
    const before = statSync(join(DIST, 'index.html')).mtimeMs;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['web/build.ts', '--where-needed'], { cwd: ROOT, encoding: 'utf8' });
    assert.deepEqual([status, stdout, stderr.replace(/.*ExperimentalWarning.*\n.*\n?/g, '')], [0, '', '']);
    assert.equal(statSync(join(DIST, 'index.html')).mtimeMs, before);
  });
});

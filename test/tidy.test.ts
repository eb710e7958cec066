/** Style as a test: what was remarked twice is checked here. Every message names what to do instead. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '..');
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && !file.startsWith('package-lock'));
const sources = files.filter((file) => file.endsWith('.ts') || file.endsWith('.tsx'));
const text = (file: string): string => {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch {
    return '';
  }
};
const isTest = (file: string): boolean => file.endsWith('.test.ts') || file.startsWith('test/');

function report(faults: readonly string[]): void {
  assert.deepEqual(faults, []);
}

/** What a folder may import from, besides itself. Imports go one way. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  core: ['lib'],
  wire: ['lib', 'core'],
  sync: ['lib', 'core', 'wire'],
  mesh: ['lib', 'core', 'wire'],
  store: ['lib', 'core', 'wire', 'sync'],
  api: ['lib', 'core'],
  client: ['lib', 'core', 'api'],
  doors: ['lib', 'core', 'api'],
  tui: ['lib', 'core', 'api', 'client'],
  config: ['lib'],
  node: ['lib', 'core', 'api', 'wire', 'sync', 'mesh', 'store', 'config', 'doors'],
  cli: ['lib', 'core', 'config', 'node', 'store', 'demo', 'client', 'tui'],
  demo: ['lib', 'core', 'config', 'node', 'cli'],
};

const BANNED: readonly [RegExp, string][] = [
  [/\bDate\b/, 'the pure part is told the time'],
  [/Math\.random/, 'randomness is handed in'],
  [/\b(setTimeout|setInterval|setImmediate|queueMicrotask)\b/, 'the pure part has no timers: return an effect'],
  [/from 'node:/, 'the pure part knows no platform'],
  [/\b(await|async)\b/, 'the pure part does not wait: return an effect'],
  [/localeCompare/, 'comparators are total orders by code unit: compareText'],
  [/^let /, 'the pure part has no module state'],
];

/** The client library is pure but for these: its shell, and what it finds on the machine. */
const IMPURE_CLIENT =
  /^src\/client\/(account|chat|client|commands|connect|emitter|index|browser|line|password|platform|platform-node|platform-browser|storage|storage-files|storage-indexeddb)\.ts$/;
const isPure = (file: string): boolean =>
  !isTest(file) &&
  !file.includes('/testing/') &&
  (/^src\/(core|sync|wire)\/|^src\/tui\/[^/]+$/.test(file) || (file.startsWith('src/client/') && !IMPURE_CLIENT.test(file)));
/** What of it is for Node alone; the rest runs in browsers. */
const NODE_CLIENT = /^src\/client\/(index|platform-node|storage-files)\.ts$/;

describe('tidy', () => {
  it('[TD1] core, sync, wire, what decides in the client, and the terminal’s face are pure', () => {
    const faults: string[] = [];
    for (const file of sources.filter(isPure)) {
      for (const [i, line] of text(file).split('\n').entries()) {
        if (/^\s*(\*|\/\*|\/\/)/.test(line)) continue;
        for (const [pattern, why] of BANNED) if (pattern.test(line)) faults.push(`${file}:${i + 1}: ${why}`);
      }
    }
    report(faults);
  });

  it('[TD7] the client library runs in browsers', () => {
    const seen = new Set<string>();
    const faults: string[] = [];
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      if (NODE_CLIENT.test(file) || /from 'node:|\bBuffer\.|\bprocess\.(pid|env|kill)/.test(text(file)))
        faults.push(`${file} is for Node, and browser.ts comes to it`);
      for (const [, target] of text(file).matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) visit(normalize(join(dirname(file), target!)));
    };
    visit('src/client/browser.ts');
    report(faults);
  });

  it('[TD2] imports go one way', () => {
    const faults: string[] = [];
    for (const file of sources.filter((one) => one.startsWith('src/') && !isTest(one))) {
      const folder = file.split('/')[1]!;
      for (const [, target] of text(file).matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
        const to = normalize(join(dirname(file), target!)).split('/')[1]!;
        if (to !== folder && !(MAY_IMPORT[folder] ?? []).includes(to))
          faults.push(`${file} imports ${to}: ${folder} may import ${MAY_IMPORT[folder]}`);
      }
    }
    report(faults);
  });

  it('[TD3] files are short, and say first what they are for', () => {
    const faults: string[] = [];
    for (const file of sources) {
      const content = text(file);
      const lines = content.split('\n').length;
      if (lines > 500) faults.push(`${file} has ${lines} lines: 500 is the end, split it by what its parts do`);
      if (!isTest(file) && !/^(#!.*\n)?\/\*\*/.test(content)) faults.push(`${file} does not begin with what it is for`);
    }
    report(faults);
  });

  it('[TD4] nothing is left over', () => {
    const words = ['TO' + 'DO', 'FIX' + 'ME', 'HA' + 'CK', 'X' + 'XX', '@ts-' + 'ignore', 'as ' + 'any', 'biome-' + 'ignore'];
    const pattern = new RegExp(
      `\\b(${words.slice(0, 4).join('|')})\\b|${words.slice(4).join('\\b|')}\\b|\\b(it|describe)\\.(only|todo)\\(`,
    );
    report(sources.filter((file) => pattern.test(text(file))).map((file) => `${file} has a left-over or a loosened check`));
  });

  it('[TD5] rules and tests name each other: every rule of SPEC.md has a test, every rule a test names is in SPEC.md', () => {
    const rules = new Set([...text('SPEC.md').matchAll(/^\| ([A-Z]+\d+) \|/gm)].map(([, rule]) => rule!));
    const tested = new Set<string>();
    for (const file of [...sources.filter(isTest), ...files.filter((one) => one.startsWith('test/golden/'))]) {
      for (const [, list] of text(file).matchAll(/\[((?:[A-Z]+\d+)(?:, ?[A-Z]+\d+)*)\]/g))
        for (const rule of list!.split(/, ?/)) tested.add(rule);
    }
    report([...rules].filter((rule) => !tested.has(rule)).map((rule) => `${rule} has no test that carries its number`));
    report([...tested].filter((rule) => !rules.has(rule)).map((rule) => `${rule} is tested but not in SPEC.md`));
  });

  it('[TD6] every dependency says in docs/dependencies.md why it is there', () => {
    const { dependencies, devDependencies } = JSON.parse(text('package.json')) as Record<string, Record<string, string>>;
    const doc = text('docs/dependencies.md');
    report(Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !doc.includes(`\`${name}\``)));
  });
});

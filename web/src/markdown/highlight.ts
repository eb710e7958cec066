/** Colours for code: highlight.js's grammars, a language loaded when somebody shows it first, and its findings as plain data instead of markup. */

import type { Emitter, LanguageFn } from 'highlight.js';
import hljs from 'highlight.js/lib/core';

export type Piece = string | { readonly scope: string; readonly pieces: readonly Piece[] };

type Load = () => Promise<{ readonly default: LanguageFn }>;

const LANGUAGES: Readonly<Record<string, Load>> = {
  bash: () => import('highlight.js/lib/languages/bash'),
  c: () => import('highlight.js/lib/languages/c'),
  cpp: () => import('highlight.js/lib/languages/cpp'),
  css: () => import('highlight.js/lib/languages/css'),
  diff: () => import('highlight.js/lib/languages/diff'),
  go: () => import('highlight.js/lib/languages/go'),
  ini: () => import('highlight.js/lib/languages/ini'),
  java: () => import('highlight.js/lib/languages/java'),
  javascript: () => import('highlight.js/lib/languages/javascript'),
  json: () => import('highlight.js/lib/languages/json'),
  python: () => import('highlight.js/lib/languages/python'),
  ruby: () => import('highlight.js/lib/languages/ruby'),
  rust: () => import('highlight.js/lib/languages/rust'),
  sql: () => import('highlight.js/lib/languages/sql'),
  typescript: () => import('highlight.js/lib/languages/typescript'),
  xml: () => import('highlight.js/lib/languages/xml'),
  yaml: () => import('highlight.js/lib/languages/yaml'),
};

const ALIASES: Readonly<Record<string, string>> = {
  sh: 'bash',
  shell: 'bash',
  console: 'bash',
  'c++': 'cpp',
  toml: 'ini',
  js: 'javascript',
  jsx: 'javascript',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  ts: 'typescript',
  tsx: 'typescript',
  html: 'xml',
  svg: 'xml',
  yml: 'yaml',
  patch: 'diff',
};

interface Open {
  readonly scope: string;
  readonly pieces: Piece[];
}

/** What highlight.js tells its findings to. */
class Pieces implements Emitter {
  readonly root: Open = { scope: '', pieces: [] };
  readonly #stack: Open[] = [this.root];

  addText(text: string): void {
    if (text !== '') this.#stack.at(-1)!.pieces.push(text);
  }

  startScope(scope: string): void {
    const open: Open = { scope, pieces: [] };
    this.#stack.at(-1)!.pieces.push(open);
    this.#stack.push(open);
  }

  endScope(): void {
    this.#stack.pop();
  }

  openNode(scope: string): void {
    this.startScope(scope);
  }

  closeNode(): void {
    this.endScope();
  }

  __addSublanguage(emitter: Pieces, name: string): void {
    this.#stack.at(-1)!.pieces.push({ scope: `language ${name}`, pieces: emitter.root.pieces });
  }

  finalize(): void {}

  closeAllNodes(): void {
    this.#stack.length = 1;
  }

  toHTML(): string {
    return '';
  }
}

hljs.configure({ __emitter: Pieces });

/** Null: nothing is known of the language. */
export async function highlight(text: string, language: string): Promise<readonly Piece[] | null> {
  const name = ALIASES[language] ?? language;
  const load = LANGUAGES[name];
  if (!load) return null;
  if (!hljs.getLanguage(name)) hljs.registerLanguage(name, (await load()).default);
  const { _emitter } = hljs.highlight(text, { language: name, ignoreIllegals: true });
  return (_emitter as Pieces).root.pieces;
}

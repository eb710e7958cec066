/**
 * What a message's Markdown means, as a tree of plain data. Pure, and safe by construction: the tree has no place for markup, for styles or for anything that loads, and its
 * links lead to the web or to a mail address alone.
 *
 * A chat's Markdown is less than a document's: a line break is one, `# ` makes a line strong and not huge, HTML and entities are the letters they are, an image is a link, and
 * what is indented is not code.
 */

import MarkdownIt from 'markdown-it';

export type Node =
  | { readonly type: 'text' | 'code'; readonly text: string }
  | { readonly type: 'fence'; readonly text: string; readonly language: string }
  | { readonly type: 'break' | 'rule' }
  | { readonly type: 'link'; readonly href: string; readonly children: readonly Node[] }
  | { readonly type: 'list'; readonly start: number | null; readonly children: readonly Node[] }
  | { readonly type: Nesting; readonly children: readonly Node[] };

type Nesting = 'paragraph' | 'strong' | 'em' | 's' | 'quote' | 'item' | 'heading' | 'table' | 'thead' | 'tbody' | 'row' | 'head' | 'cell';

type Token = ReturnType<(typeof parser)['parse']>[number];

/** Quotes in quotes, lists in lists: deeper than this they are text. */
const NESTING_MAX = 20;

const parser = new MarkdownIt({ html: false, breaks: true, linkify: true, typographer: false, maxNesting: NESTING_MAX }).disable([
  'code',
  'entity',
  'image',
  'lheading',
  'reference',
]);
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

const NESTINGS: Readonly<Record<string, Nesting>> = {
  paragraph_open: 'paragraph',
  strong_open: 'strong',
  em_open: 'em',
  s_open: 's',
  blockquote_open: 'quote',
  list_item_open: 'item',
  heading_open: 'heading',
  table_open: 'table',
  thead_open: 'thead',
  tbody_open: 'tbody',
  tr_open: 'row',
  th_open: 'head',
  td_open: 'cell',
};

/** Bold, colours and the like, as IRC writes them: they are not shown. */
const IRC_FORMAT = /\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9a-fA-F]{6})?|[\x02\x0f\x11\x16\x1d\x1e\x1f]/g;

/** The web and mail; null for everything else. */
export function safeHref(href: string): string | null {
  const url = URL.parse(href);
  return url && ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null;
}

export function parse(text: string): readonly Node[] {
  return nested(parser.parse(text.replace(IRC_FORMAT, ''), {}));
}

function nested(tokens: readonly Token[]): readonly Node[] {
  const root: Node[] = [];
  const stack: { readonly make: (children: readonly Node[]) => readonly Node[]; readonly children: Node[] }[] = [];
  const put = (...nodes: readonly Node[]): void => void (stack.at(-1)?.children ?? root).push(...nodes);
  for (const token of tokens) {
    if (token.nesting === 1) stack.push({ make: opened(token), children: [] });
    else if (token.nesting === -1) {
      const { make, children } = stack.pop()!;
      put(...make(children));
    } else put(...leaf(token));
  }
  return root;
}

/** What a token that opens something makes of what is in it. */
function opened(token: Token): (children: readonly Node[]) => readonly Node[] {
  const nesting = NESTINGS[token.type];
  if (nesting && !token.hidden) return (children) => [{ type: nesting, children }];
  if (token.type === 'bullet_list_open') return (children) => [{ type: 'list', start: null, children }];
  if (token.type === 'ordered_list_open') return (children) => [{ type: 'list', start: Number(token.attrGet('start') ?? 1), children }];
  if (token.type === 'link_open') {
    const href = safeHref(String(token.attrGet('href') ?? ''));
    if (href !== null) return (children) => [{ type: 'link', href, children }];
  }
  return (children) => children;
}

function leaf(token: Token): readonly Node[] {
  switch (token.type) {
    case 'inline':
      return nested(token.children ?? []);
    case 'code_inline':
      return [{ type: 'code', text: token.content }];
    case 'fence':
      return [
        {
          type: 'fence',
          text: token.content.replace(/\n$/, ''),
          language: /^[\w+#-]{1,20}/.exec(token.info.trim())?.[0].toLowerCase() ?? '',
        },
      ];
    case 'softbreak':
    case 'hardbreak':
      return [{ type: 'break' }];
    case 'hr':
      return [{ type: 'rule' }];
    default:
      return token.content === '' ? [] : [{ type: 'text', text: token.content }];
  }
}

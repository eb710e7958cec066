import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Node, parse, safeHref } from './parse.ts';

/** A tree in short: `strong(text)`. */
function short(nodes: readonly Node[]): string {
  return nodes
    .map((node) => {
      if (node.type === 'text') return node.text;
      if (node.type === 'code' || node.type === 'fence') return `${node.type}<${node.text}>`;
      if (!('children' in node)) return `${node.type};`;
      const what = node.type === 'link' ? `link ${node.href} ` : node.type === 'list' ? `list ${node.start ?? '*'} ` : `${node.type} `;
      return `${what}(${short(node.children)})`;
    })
    .join('');
}

/** All there is in a tree. */
function all(nodes: readonly Node[]): readonly Node[] {
  return nodes.flatMap((node) => [node, ...('children' in node ? all(node.children) : [])]);
}

const one = (text: string): string => short(parse(text)).replace(/^paragraph \((.*)\)$/s, '$1');

describe('the Markdown of messages', () => {
  it('[WB8] says what people mean in a chat', () => {
    assert.equal(one('plain & simple'), 'plain & simple');
    assert.equal(one('**so** *it* ~~was~~ `a*b*`'), 'strong (so) em (it) s (was) code<a*b*>');
    assert.equal(one('one\ntwo'), 'onebreak;two');
    assert.equal(one('snake_case_name and 2 * 3 * 4'), 'snake_case_name and 2 * 3 * 4');
    assert.equal(short(parse('- a\n- b')), 'list * (item (a)item (b))');
    assert.equal(short(parse('3. a\n4. b')), 'list 3 (item (a)item (b))');
    assert.equal(short(parse('> said\n\nyes')), 'quote (paragraph (said))paragraph (yes)');
    assert.equal(short(parse('```ts\nlet a = 1;\n```')), 'fence<let a = 1;>');
    assert.equal((parse('```TypeScript x\n```')[0] as { language: string }).language, 'typescript');
    assert.equal(short(parse('# loud')), 'heading (loud)');
    assert.equal(one('#den is a room'), '#den is a room');
    assert.equal(one('    indented'), 'indented');
    assert.equal(one('see https://example.org/a_b_c.'), 'see link https://example.org/a_b_c (https://example.org/a_b_c).');
    assert.equal(one('\x02bold\x02 \x0304,01red\x0f'), 'bold red');
    assert.match(
      short(parse('a | b\n--|--\n1 | 2')),
      /^table \(thead \(row \(head \(a\)head \(b\)\)\)tbody \(row \(cell \(1\)cell \(2\)\)\)\)$/,
    );
  });

  it('[WB9] markup is letters, images are links, and links lead to the web or to mail alone', () => {
    const markup = '<script>alert(1)</script> <img src=x onerror=alert(1)> &lt;b&gt;';
    assert.equal(one(markup), markup);
    assert.equal(one('![cat](https://example.org/cat.png)'), '!link https://example.org/cat.png (cat)');
    for (const href of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      'file:///etc/passwd',
      'blob:x',
      '//x',
      'x',
    ])
      assert.equal(
        all(parse(`[a](${href}) <${href}>`)).some(({ type }) => type === 'link'),
        false,
        href,
      );
    assert.equal(safeHref('https://example.org/?q=a b'), 'https://example.org/?q=a%20b');
    assert.equal(safeHref('mailto:ann@example.org'), 'mailto:ann@example.org');
  });

  it('[WB9] whatever is written, the tree ends, is not deep, and every link in it is safe', () => {
    const piece = fc.constantFrom(
      '[',
      '](',
      ')',
      '`',
      '```',
      '\n',
      '> ',
      '- ',
      '**',
      '_',
      '<',
      '>',
      'javascript:',
      'https://a.b/',
      '|',
      '--',
      'x',
      ' ',
      '\\',
      '&#x6a;',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const depth = (nodes: readonly Node[]): number =>
          Math.max(0, ...nodes.map((node) => ('children' in node ? 1 + depth(node.children) : 1)));
        const tree = parse(pieces.join(''));
        assert.ok(depth(tree) < 80);
        for (const node of all(tree)) if (node.type === 'link') assert.match(node.href, /^(https?|mailto):/);
      }),
      { numRuns: 300 },
    );
  });
});

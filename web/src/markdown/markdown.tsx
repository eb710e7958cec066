/** A message's text as elements: every one is made here, by name, of the tree that `parse` gives. */

import { Fragment, type ReactNode } from 'react';
import { Code } from './code.tsx';
import styles from './markdown.module.css';
import { type Node, parse } from './parse.ts';

/** Trees that were made, by text: while one scrolls, messages come and go. */
const KEPT_MAX = 2000;
const kept = new Map<string, readonly Node[]>();

function treeOf(text: string): readonly Node[] {
  const known = kept.get(text);
  if (known) return known;
  if (kept.size >= KEPT_MAX) kept.delete(kept.keys().next().value!);
  const tree = parse(text);
  kept.set(text, tree);
  return tree;
}

export function Markdown({ text }: { readonly text: string }) {
  return <div className={styles['markdown']}>{elements(treeOf(text))}</div>;
}

function elements(nodes: readonly Node[]): ReactNode {
  return nodes.map((node, i) => <Fragment key={i.toString()}>{element(node)}</Fragment>);
}

const TAGS = {
  paragraph: 'p',
  strong: 'strong',
  em: 'em',
  s: 's',
  quote: 'blockquote',
  item: 'li',
  thead: 'thead',
  tbody: 'tbody',
  row: 'tr',
  head: 'th',
  cell: 'td',
} as const;

function element(node: Node): ReactNode {
  switch (node.type) {
    case 'text':
      return node.text;
    case 'code':
      return <code>{node.text}</code>;
    case 'fence':
      return <Code text={node.text} language={node.language} />;
    case 'break':
      return <br />;
    case 'rule':
      return <hr />;
    case 'link':
      return (
        <a href={node.href} target="_blank" rel="noopener noreferrer nofollow" referrerPolicy="no-referrer">
          {elements(node.children)}
        </a>
      );
    case 'list':
      return node.start === null ? <ul>{elements(node.children)}</ul> : <ol start={node.start}>{elements(node.children)}</ol>;
    case 'heading':
      return (
        <p>
          <strong>{elements(node.children)}</strong>
        </p>
      );
    case 'table':
      return (
        <div className={styles['wide']}>
          <table>{elements(node.children)}</table>
        </div>
      );
    default: {
      const Tag = TAGS[node.type];
      return <Tag>{elements(node.children)}</Tag>;
    }
  }
}

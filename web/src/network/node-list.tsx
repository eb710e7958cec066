/** The network as a table: what the map shows, in words. */

import type { NodeId } from '../../../src/core/ids.ts';
import styles from './node-list.module.css';
import type { DrawnNode, Picture } from './picture.ts';
import { behindWords, rttWords, STATE_WORDS } from './words.ts';

interface NodeListProps {
  readonly picture: Picture;
  readonly chosen: NodeId | null;
  readonly onChoose: (id: NodeId) => void;
}

export function NodeList({ picture, chosen, onChoose }: NodeListProps) {
  return (
    <section className={styles['scroll']} tabIndex={0} aria-label="Nodes as a list">
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col">State</th>
            <th scope="col">Round trip</th>
            <th scope="col">Holds</th>
            <th scope="col">Links</th>
            <th scope="col">People</th>
          </tr>
        </thead>
        <tbody>
          {picture.nodes.map((node) => (
            <Row key={node.id} node={node} isChosen={node.id === chosen} onChoose={onChoose} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({
  node,
  isChosen,
  onChoose,
}: {
  readonly node: DrawnNode;
  readonly isChosen: boolean;
  readonly onChoose: (id: NodeId) => void;
}) {
  const { id, name, state, rttMs, behind, links, count } = node;
  return (
    <tr className={styles[state]}>
      <th scope="row">
        <button type="button" aria-pressed={isChosen} onClick={() => onChoose(id)}>
          <bdi>{name}</bdi>
        </button>
      </th>
      <td>
        <span className={styles['state']}>{STATE_WORDS[state]}</span>
      </td>
      <td>{rttMs === null ? '–' : rttWords(rttMs)}</td>
      <td>{typeof behind === 'number' ? behindWords(behind) : '–'}</td>
      <td>{state === 'down' ? '–' : links.length}</td>
      <td>{state === 'down' ? '–' : count}</td>
    </tr>
  );
}

/** A node on the map: its mark, its name, and who is served there. */

import { type KeyboardEvent, memo } from 'react';
import type { NodeId } from '../../../src/core/ids.ts';
import { nameColour } from '../design/avatar.tsx';
import styles from './map.module.css';
import type { DrawnNode, DrawnPerson } from './picture.ts';
import { nodeWords } from './words.ts';

/** People of whom a mark is drawn, where there is room. */
const MARKS_MAX = 6;

interface MapNodeProps {
  readonly node: DrawnNode;
  /** `few`: there is room for names and people; `many`: for names; `crowd`: for neither. */
  readonly room: 'few' | 'many' | 'crowd';
  readonly isChosen: boolean;
  /** Whether Tab leads to it: it does to one of them. */
  readonly isStop: boolean;
  readonly onChoose: (id: NodeId) => void;
  readonly onArrow: (event: KeyboardEvent, id: NodeId) => void;
  readonly onNear: (id: NodeId | null) => void;
}

export const MapNode = memo(function MapNode({ node, room, isChosen, isStop, onChoose, onArrow, onNear }: MapNodeProps) {
  const { id, name, state, served, count } = node;
  return (
    <div data-node={id} className={[styles['node'], styles[state], styles[room]].join(' ')}>
      <button
        type="button"
        className={styles['mark']}
        aria-label={nodeWords(node)}
        aria-pressed={isChosen}
        tabIndex={isStop ? 0 : -1}
        onClick={() => onChoose(id)}
        onKeyDown={(event) => onArrow(event, id)}
        onFocus={() => onNear(id)}
        onBlur={() => onNear(null)}
        onPointerEnter={() => onNear(id)}
        onPointerLeave={() => onNear(null)}
      >
        <Sign state={state} count={count} />
      </button>
      <span className={styles['label']} aria-hidden="true">
        <bdi>{name}</bdi>
        {state === 'self' && room !== 'crowd' && <span className={styles['here']}>serves you</span>}
        {state === 'down' && room === 'few' && <span className={styles['away']}>out of reach</span>}
        {state === 'suspect' && room === 'few' && <span className={styles['away']}>silent</span>}
        {room === 'few' && served.length > 0 && state !== 'down' && <Marks people={served} count={count} />}
      </span>
    </div>
  );
});

function Sign({ state, count }: { readonly state: DrawnNode['state']; readonly count: number }) {
  if (state === 'down')
    return (
      <svg viewBox="0 0 24 24" width="45%" aria-hidden="true">
        <path d="M6 6l12 12M18 6L6 18" />
      </svg>
    );
  return count > 0 ? <span className={styles['count']}>{count}</span> : <span className={styles['dot']} />;
}

function Marks({ people, count }: { readonly people: readonly DrawnPerson[]; readonly count: number }) {
  const shown = people.slice(0, MARKS_MAX);
  return (
    <span className={styles['marks']}>
      {shown.map(({ author, name, isMe }) => (
        <span key={author} className={isMe ? styles['me'] : styles['person']} style={{ color: nameColour(author) }} title={name}>
          {[...name][0]?.toUpperCase()}
        </span>
      ))}
      {count > shown.length && <span className={styles['rest']}>+{count - shown.length}</span>}
    </span>
  );
}

/** What fits the word before the cursor, over the field; the field keeps the focus. */

import { useEffect, useRef } from 'react';
import { Avatar } from '../design/avatar.tsx';
import type { Candidate } from './completion.ts';
import styles from './completion-list.module.css';
import type { Completion } from './use-completion.ts';

const TITLES: Readonly<Record<Candidate['kind'], string>> = { person: 'People', room: 'Rooms', emoji: 'Emoji', command: 'Commands' };

export function CompletionList({ completion, id }: { readonly completion: Completion; readonly id: string }) {
  const { candidates, chosen, choose, take } = completion;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  const [first] = candidates;
  if (!first) return null;
  return (
    <div ref={box} id={id} role="listbox" aria-label={TITLES[first.kind]} className={styles['list']}>
      {candidates.map((one, i) => (
        <div
          key={one.text}
          id={`${id}-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={i === chosen}
          className={styles['option']}
          onPointerMove={() => choose(i)}
          // The field keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => take(one)}
          onKeyDown={completion.onKey}
        >
          {one.author && <Avatar author={one.author} name={one.label} size={22} />}
          <bdi className={styles['label']}>{one.label}</bdi>
          <span className={styles['about']} dir="auto">
            {one.about}
          </span>
        </div>
      ))}
    </div>
  );
}

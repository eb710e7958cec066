/** The palette: a few letters, and one is in a room, with somebody, or has done something. */

import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Dialog } from '../design/dialog.tsx';
import { Icon } from '../design/icon.tsx';
import { useChat, useRoute, useUi } from '../state/hooks.ts';
import { type Entry, entriesOf } from './entries.ts';
import { best } from './match.ts';
import styles from './palette.module.css';

const SHOWN_MAX = 40;

function moved(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowUp':
      return (at + count - 1) % count;
    case 'PageDown':
      return Math.min(at + 8, count - 1);
    case 'PageUp':
      return Math.max(at - 8, 0);
    default:
      return null;
  }
}

export default function Palette() {
  const chat = useChat();
  const route = useRoute();
  const wishes = useUi((ui) => ui.wishes);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const open = route.page === 'chat' ? route.room : null;
  // As it is when it is opened: nothing moves while one chooses.
  const entries = useMemo(() => entriesOf(chat, wishes, open), [chat, wishes, open]);
  const shown = useMemo(() => best(entries, typed, SHOWN_MAX), [entries, typed]);
  const chosen = shown[at];
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || shown.length === 0) return;
    const to = moved(event.key, at, shown.length);
    if (to !== null) setAt(to);
    else if (event.key === 'Enter') chosen?.run();
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Go to, or do">
      <div className={styles['palette']}>
        <input
          className={styles['field']}
          role="combobox"
          aria-label="Room, person or command"
          aria-expanded="true"
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={chosen ? `${id}-${at}` : undefined}
          placeholder="Room, person or command"
          value={typed}
          maxLength={100}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <div ref={list} id={id} role="listbox" aria-label="What fits" tabIndex={-1} className={styles['list']}>
          {shown.map((entry, i) => (
            <Line key={entry.key} entry={entry} id={`${id}-${i}`} isChosen={i === at} />
          ))}
        </div>
        {shown.length === 0 && <p role="status">Nothing fits.</p>}
      </div>
    </Dialog>
  );
}

function Line({ entry, id, isChosen }: { readonly entry: Entry; readonly id: string; readonly isChosen: boolean }) {
  return (
    // Keys are the field's: the focus stays there.
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      tabIndex={-1}
      className={styles['line']}
      onMouseDown={(event) => event.preventDefault()}
      onClick={entry.run}
      onKeyDown={(event) => event.key === 'Enter' && entry.run()}
    >
      <Icon name={entry.icon} size={16} />
      <bdi>{entry.name}</bdi>
      <span>{entry.what}</span>
    </div>
  );
}

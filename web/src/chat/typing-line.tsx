/** Who writes something now. Its line is always there, so that nothing moves. */

import type { RoomId } from '../../../src/core/ids.ts';
import { useRoom, useView } from '../state/hooks.ts';
import styles from './typing-line.module.css';

export function TypingLine({ id }: { readonly id: RoomId }) {
  const typing = useRoom(id)?.typing ?? [];
  const people = useView((view) => view.people);
  const names = typing.map((author) => people.get(author)?.name ?? '').filter((name) => name !== '');
  return (
    <p className={styles['typing']} aria-live="off" dir="auto">
      {wordsOf(names)}
    </p>
  );
}

function wordsOf(names: readonly string[]): string {
  if (names.length === 0) return '';
  if (names.length === 1) return `${names[0]} is writing…`;
  if (names.length === 2) return `${names[0]} and ${names[1]} are writing…`;
  return `${names.length} people are writing…`;
}

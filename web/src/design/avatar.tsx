/** A person's mark: the first letter of their name in their colour, and whether they are there. No image is ever loaded. */

import type { AuthorId } from '../../../src/core/ids.ts';
import styles from './avatar.module.css';

/** The colour of a person: the same one everywhere, in all clients' order of colours. */
export function nameColour(author: string): string {
  let sum = 0;
  for (let i = 0; i < author.length; i++) sum = (sum * 31 + author.charCodeAt(i)) % 1_000_003;
  return `var(--name-${sum % 8})`;
}

interface AvatarProps {
  readonly author: AuthorId;
  readonly name: string;
  readonly size?: number;
  /** Absent: not shown. */
  readonly presence?: 'here' | 'away' | 'gone';
}

export function Avatar({ author, name, size = 36, presence }: AvatarProps) {
  const [letter = '?'] = name.replace(/^[^\p{L}\p{N}]+/u, '') || name;
  return (
    <span
      className={styles['avatar']}
      style={{ width: size, height: size, color: nameColour(author), fontSize: size * 0.44 }}
      aria-hidden="true"
    >
      <span className={styles['letter']}>{letter.toUpperCase()}</span>
      {presence && <span className={`${styles['presence']} ${styles[presence]}`} />}
    </span>
  );
}

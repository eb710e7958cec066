/** The frame of every page that stands before the chat: the mark, a title, and what there is to do. */

import type { ReactNode } from 'react';
import styles from './door.module.css';

interface DoorProps {
  readonly title?: string;
  /** A line under the title. */
  readonly lead?: string;
  readonly busy?: boolean;
  readonly children?: ReactNode;
}

export function Door({ title = 'Skein', lead, busy = false, children }: DoorProps) {
  return (
    <main className={styles['door']} aria-busy={busy}>
      <div className={styles['card']}>
        <img src="/icon.svg" alt="" width="56" height="56" />
        <h1>{title}</h1>
        {lead && <p className={styles['lead']}>{lead}</p>}
        {busy && (
          <p className={styles['lead']} role="status">
            One moment…
          </p>
        )}
        {children}
      </div>
    </main>
  );
}

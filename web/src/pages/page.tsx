/** The frame of every page beside the chat. */

import type { ReactNode } from 'react';
import { IconButton } from '../design/button.tsx';
import { dispatch } from '../state/hooks.ts';
import styles from './page.module.css';

export function Page({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className={styles['page']}>
      <header className={styles['head']}>
        <IconButton icon="menu" label="Rooms" className={styles['menu']!} onClick={() => dispatch({ type: 'drawer', on: true })} />
        <h1>{title}</h1>
      </header>
      <div className={styles['body']}>{children}</div>
    </main>
  );
}

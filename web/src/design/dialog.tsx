/** A dialog of the app: over everything, with a title, closed by Escape, a press beside it, or its button. Loaded with what is in it. */

import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { dispatch } from '../state/hooks.ts';
import { IconButton } from './button.tsx';
import styles from './dialog.module.css';

export function Dialog({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Base.Root open onOpenChange={(isOpen) => !isOpen && dispatch({ type: 'dialog', dialog: null })}>
      <Base.Portal>
        <Base.Backdrop className={styles['veil']} />
        <Base.Popup className={styles['popup']}>
          <header className={styles['head']}>
            <Base.Title className={styles['title']}>{title}</Base.Title>
            <Base.Close render={<IconButton icon="close" label="Close" />} />
          </header>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

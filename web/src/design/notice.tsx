/** A word beside what somebody does: that it worked, or why it did not. It goes by itself; what is wrong stays longer. */

import { useEffect } from 'react';
import { dispatch, useUi } from '../state/hooks.ts';
import { IconButton } from './button.tsx';
import styles from './notice.module.css';

const GOOD_MS = 4000;
const BAD_MS = 12_000;

export function NoticeLine() {
  const notice = useUi((ui) => ui.notice);
  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(() => dispatch({ type: 'hush' }), notice.kind === 'good' ? GOOD_MS : BAD_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  return (
    <div className={styles['place']} role="status">
      {notice && (
        <div key={notice.no} className={`${styles['notice']} ${styles[notice.kind]}`}>
          <p>{notice.words}</p>
          <IconButton icon="close" label="Close" size={16} onClick={() => dispatch({ type: 'hush' })} />
        </div>
      )}
    </div>
  );
}

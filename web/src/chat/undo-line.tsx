/** Says that a message is about to be removed, and takes it back. */

import { Button } from '../design/button.tsx';
import { holdRemovals, resumeRemovals, takeBack, useRemovals } from './removals.ts';
import styles from './undo-line.module.css';

export function UndoLine() {
  const count = useRemovals();
  return (
    <div className={styles['place']} role="status">
      {count > 0 && (
        <fieldset
          aria-label="Removed"
          className={styles['line']}
          onPointerEnter={holdRemovals}
          onPointerLeave={resumeRemovals}
          onFocus={holdRemovals}
          onBlur={resumeRemovals}
        >
          <p>{count === 1 ? 'The message is removed.' : `${count} messages are removed.`}</p>
          <Button onClick={takeBack}>Undo</Button>
        </fieldset>
      )}
    </div>
  );
}

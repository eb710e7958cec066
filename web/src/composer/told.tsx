/** What is told above the field about what is in it: that it is too long, that what was pasted may be code, that one has to wait. */

import type { RoomId } from '../../../src/core/ids.ts';
import { Button, IconButton } from '../design/button.tsx';
import { useRoom } from '../state/hooks.ts';
import type { About } from '../state/ui.ts';
import styles from './composer.module.css';
import { bytesOf, split } from './splitting.ts';
import type { Paste } from './use-paste.ts';
import { sizeWords, slowWords } from './writing.ts';

interface ToldProps {
  readonly id: RoomId;
  readonly text: string;
  readonly about: About | null;
  /** In a slow room. */
  readonly leftMs: number;
  readonly paste: Paste;
  readonly onPut: (text: string, at: number) => void;
  readonly onSend: () => void;
}

export function Told({ id, text, about, leftMs, paste, onPut, onSend }: ToldProps) {
  const slowSeconds = useRoom(id)?.room.slowSeconds ?? 0;
  const isEdit = about?.kind === 'edit';
  const size = sizeWords(bytesOf(text));
  const makeCode = (): void => {
    const next = paste.asCode();
    paste.forget();
    onPut(next, next.length);
  };
  return (
    <div role="status">
      {paste.lines > 0 && (
        <Line words={`${paste.lines} lines were pasted.`} action={{ words: 'Make it code', run: makeCode }} onClose={paste.forget} />
      )}
      {size && (
        <Line
          words={`${size.words}.`}
          isBad={size.isTooLong}
          {...(size.isTooLong && !isEdit && { action: { words: `Send as ${split(text).length} messages`, run: onSend } })}
        />
      )}
      {leftMs > 0 && !isEdit && <Line words={slowWords(slowSeconds, leftMs)} />}
    </div>
  );
}

interface LineProps {
  readonly words: string;
  readonly isBad?: boolean;
  readonly action?: { readonly words: string; readonly run: () => void };
  readonly onClose?: () => void;
}

function Line({ words, isBad, action, onClose }: LineProps) {
  return (
    <div className={`${styles['offer']} ${isBad ? styles['bad'] : ''}`}>
      <p>{words}</p>
      {action && <Button onClick={action.run}>{action.words}</Button>}
      {onClose && <IconButton icon="close" size={16} label="Leave it so" onClick={onClose} />}
    </div>
  );
}

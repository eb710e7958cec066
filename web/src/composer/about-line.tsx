/** What the text being written is about: the message it answers, or the one it changes. */

import type { RoomId } from '../../../src/core/ids.ts';
import { useQuote } from '../chat/quotes.ts';
import { IconButton } from '../design/button.tsx';
import { Icon } from '../design/icon.tsx';
import { dispatch } from '../state/hooks.ts';
import type { About } from '../state/ui.ts';
import styles from './composer.module.css';

export function AboutLine({ room, about }: { readonly room: RoomId; readonly about: About }) {
  const target = useQuote(room, about.id);
  const isEdit = about.kind === 'edit';
  return (
    <div className={styles['about']}>
      <Icon name={isEdit ? 'edit' : 'reply'} size={16} />
      <p dir="auto">{isEdit ? 'Changing what you wrote' : `Answering ${target?.name ?? 'a message'}: ${target?.text ?? ''}`}</p>
      <IconButton
        icon="close"
        size={16}
        label={isEdit ? 'Leave it as it was' : 'No answer'}
        onClick={() => dispatch({ type: 'about', room, about: null, ...(isEdit && { text: '' }) })}
      />
    </div>
  );
}

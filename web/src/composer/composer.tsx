/** Where one writes: Enter sends, Shift+Enter begins a line. The draft is the room's, and stays whatever happens to the connection. */

import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react';
import type { RoomId } from '../../../src/core/ids.ts';
import { IconButton } from '../design/button.tsx';
import { complain, dispatch, useChat, useRoom, useUi } from '../state/hooks.ts';
import { draftOf } from '../state/ui.ts';
import { AboutLine } from './about-line.tsx';
import styles from './composer.module.css';
import { send } from './send.ts';

export function Composer({ id }: { readonly id: RoomId }) {
  const chat = useChat();
  const room = useRoom(id);
  const draft = useUi((ui) => draftOf(ui, id));
  const area = useRef<HTMLTextAreaElement>(null);

  useLayoutEffect(() => {
    const box = area.current;
    if (!box || draft.text.length < 0) return;
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight}px`;
  }, [draft.text]);

  useEffect(() => {
    // A finger would bring the keyboard up over what is to be read.
    if (draft.about || matchMedia('(pointer: fine)').matches) area.current?.focus({ preventScroll: true });
  }, [draft.about]);

  const post = (): void => {
    if (draft.text.trim() === '') return;
    send(chat, id, draft).catch(complain);
    dispatch({ type: 'sent', room: id });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      post();
    } else if (event.key === 'Escape' && draft.about) {
      dispatch({ type: 'about', room: id, about: null, ...(draft.about.kind === 'edit' && { text: '' }) });
    }
  };

  const name = room?.room.name ?? '';
  return (
    <div className={styles['composer']}>
      {draft.about && <AboutLine room={id} about={draft.about} />}
      <div className={styles['line']}>
        <textarea
          ref={area}
          rows={1}
          dir="auto"
          aria-label={`Message to ${name}`}
          placeholder={`Message ${name}`}
          enterKeyHint="send"
          value={draft.text}
          onChange={(event) => {
            dispatch({ type: 'write', room: id, text: event.target.value });
            if (event.target.value !== '') chat.typing(id);
          }}
          onKeyDown={onKeyDown}
        />
        <IconButton icon="send" label="Send" disabled={draft.text.trim() === ''} onClick={post} />
      </div>
    </div>
  );
}

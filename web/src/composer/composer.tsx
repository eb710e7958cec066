/** Where one writes: Enter sends, Shift+Enter begins a line. The draft is the room's, and stays whatever happens to the connection. */

import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { Chat } from 'skein/client';
import type { RoomId } from '../../../src/core/ids.ts';
import { Button, IconButton } from '../design/button.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { complain, dispatch, useChat, useRoom, useUi } from '../state/hooks.ts';
import { type Draft, draftOf } from '../state/ui.ts';
import { AboutLine } from './about-line.tsx';
import { CompletionList } from './completion-list.tsx';
import styles from './composer.module.css';
import { wrapped } from './format.ts';
import { lastOwn } from './last-own.ts';
import { send } from './send.ts';
import { bytesOf } from './splitting.ts';
import { Told } from './told.tsx';
import { EmojiButton } from './tools.tsx';
import { useCompletion } from './use-completion.ts';
import { usePaste } from './use-paste.ts';
import { useWait } from './use-wait.ts';
import { closedWords, sizeWords } from './writing.ts';

export function Composer({ id }: { readonly id: RoomId }) {
  const room = useRoom(id);
  const chat = useChat();
  const words = room && closedWords(room.room);
  if (!words) return <Field id={id} />;
  return (
    <div className={styles['closed']}>
      <p>{words}</p>
      {!room.room.joined && !room.room.archived && <Button onClick={() => chat.join(room.room.id).catch(complain)}>Join</Button>}
    </div>
  );
}

/** What Ctrl with a letter puts around what is chosen. */
const MARKS: Readonly<Record<string, string>> = { b: '**', i: '*', e: '`' };

/** Clears the draft and sends it; what could not be comes back, where nothing else was begun meanwhile. */
function sendDraft(chat: Chat, id: RoomId, draft: Draft, isEmpty: () => boolean): void {
  dispatch({ type: 'sent', room: id });
  send(chat, id, draft)
    .then((words) => words !== '' && dispatch({ type: 'notice', kind: 'good', words }))
    .catch((error: unknown) => {
      complain(error);
      if (isEmpty()) dispatch({ type: 'about', room: id, ...draft });
    });
}

function Field({ id }: { readonly id: RoomId }) {
  const chat = useChat();
  const room = useRoom(id);
  const draft = useUi((ui) => draftOf(ui, id));
  const area = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const [at, setAt] = useState<number | null>(null);
  const [hasPreview, setPreview] = useState(false);
  const paste = usePaste(draft.text);
  const leftMs = useWait(id);
  const { text, about } = draft;
  const isEdit = about?.kind === 'edit';

  useEffect(() => {
    // A finger would bring the keyboard up over what is to be read.
    if (about || matchMedia('(pointer: fine)').matches) area.current?.focus({ preventScroll: true });
  }, [about]);

  const write = (next: string): void => {
    dispatch({ type: 'write', room: id, text: next });
    if (next !== '') chat.typing(id);
  };
  /** Writes, and puts the cursor, or what is chosen, where it is to be. */
  const put = (next: string, from: number, to: number = from): void => {
    write(next);
    setAt(from === to ? from : null);
    requestAnimationFrame(() => {
      area.current?.focus({ preventScroll: true });
      area.current?.setSelectionRange(from, to);
    });
  };
  const completion = useCompletion(id, { text, at, put });

  const canSend = text.trim() !== '' && !sizeWords(bytesOf(text))?.isTooLong && (leftMs === 0 || isEdit);
  const post = (): void => {
    setPreview(false);
    setAt(null);
    sendDraft(chat, id, draft, () => area.current?.value === '');
  };
  const leave = (): void => dispatch({ type: 'about', room: id, about: null, ...(isEdit && { text: '' }) });

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.nativeEvent.isComposing) return;
    const { selectionStart: from, selectionEnd: to } = event.currentTarget;
    const mark = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey ? MARKS[event.key] : undefined;
    if (completion.onKey(event)) event.preventDefault();
    else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      if (canSend) post();
    } else if (event.key === 'Escape' && about) leave();
    else if (event.key === 'ArrowUp' && text === '' && room) {
      const last = lastOwn(room.timeline, chat.view.me?.author);
      if (!last) return;
      event.preventDefault();
      dispatch({ type: 'about', room: id, about: { kind: 'edit', id: last.id }, text: last.text ?? '' });
    } else if (mark) {
      event.preventDefault();
      const next = wrapped(text, from, to, mark);
      put(next.text, next.from, next.to);
    }
  };
  const place = (): void => {
    const box = area.current;
    setAt(box && box.selectionStart === box.selectionEnd && document.activeElement === box ? box.selectionStart : null);
  };

  const name = room?.room.name ?? '';
  const isOpen = completion.candidates.length > 0;
  return (
    <div className={styles['composer']}>
      {about && <AboutLine room={id} about={about} />}
      <Told id={id} text={text} about={about} leftMs={leftMs} paste={paste} onPut={put} onSend={post} />
      {hasPreview && text.trim() !== '' && (
        <section className={styles['preview']} aria-label="How it will look" dir="auto" tabIndex={0}>
          <Markdown text={text} />
        </section>
      )}
      <div className={styles['line']}>
        {isOpen && <CompletionList completion={completion} id={listId} />}
        <div className={styles['grow']} data-text={text}>
          <textarea
            ref={area}
            rows={1}
            dir="auto"
            aria-label={`Message to ${name}`}
            placeholder={`Message ${name}`}
            enterKeyHint="send"
            aria-autocomplete="list"
            aria-controls={isOpen ? listId : undefined}
            aria-activedescendant={isOpen ? `${listId}-${completion.chosen}` : undefined}
            value={text}
            onChange={(event) => {
              write(event.target.value);
              place();
            }}
            onSelect={place}
            onBlur={() => setAt(null)}
            onPaste={paste.onPaste}
            onKeyDown={onKeyDown}
          />
        </div>
        <EmojiButton
          onPick={(sign) => {
            const from = area.current?.selectionStart ?? text.length;
            put(`${text.slice(0, from)}${sign}${text.slice(area.current?.selectionEnd ?? from)}`, from + sign.length);
          }}
        />
        <IconButton
          icon="eye"
          label="How it will look"
          aria-pressed={hasPreview}
          disabled={text.trim() === ''}
          onClick={() => setPreview((was) => !was)}
        />
        <IconButton icon="send" label="Send" disabled={!canSend} onClick={post} />
      </div>
    </div>
  );
}

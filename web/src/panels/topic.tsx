/** What is talked about in the room now: whoever may speak there changes it. */

import { type FormEvent, useState } from 'react';
import type { WireRoom } from '../../../src/api/protocol.ts';
import { TOPIC_LENGTH_MAX } from '../../../src/core/text.ts';
import { Button } from '../design/button.tsx';
import { LongField } from '../design/field-parts.tsx';
import { complain, dispatch, useChat } from '../state/hooks.ts';
import styles from './panel.module.css';

export function Topic({ room }: { readonly room: WireRoom }) {
  const chat = useChat();
  const [text, setText] = useState(room.topic);
  const said = text.replace(/\s+/g, ' ').trim();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    chat
      .topic(room.id, said)
      .then(() => dispatch({ type: 'notice', kind: 'good', words: 'The topic is set.' }))
      .catch(complain);
  };
  const mayNot = room.power < 1 || room.archived || !room.joined;
  return (
    <form className={styles['section']} onSubmit={submit}>
      <LongField
        label="Topic"
        value={text}
        rows={3}
        maxLength={TOPIC_LENGTH_MAX}
        readOnly={mayNot}
        onChange={(event) => setText(event.target.value)}
      />
      {!mayNot && said !== room.topic && (
        <div className={styles['buttons']}>
          <Button look="main" type="submit">
            Set the topic
          </Button>
        </div>
      )}
    </form>
  );
}

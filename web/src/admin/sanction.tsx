/** Banning or muting somebody in the whole network, with a reason and for how long. */

import { useId, useState } from 'react';
import type { AuthorId } from '../../../src/core/ids.ts';
import { Button } from '../design/button.tsx';
import { Field } from '../design/field.tsx';
import { Form } from '../pages/settings-form.tsx';
import { useDoing } from '../state/doing.ts';
import { useChat } from '../state/hooks.ts';
import styles from './admin.module.css';

/** In seconds; 0 is for good. */
const TIMES = {
  '3600': 'an hour',
  '86400': 'a day',
  '604800': 'a week',
  '2592000': '30 days',
  '0': 'good, until it is taken back',
} as const;

const WORDS = {
  ban: { submit: 'Ban', done: 'is banned', what: 'out of every room at every node, and what they write from now on shows nowhere' },
  mute: { submit: 'Mute', done: 'is muted', what: 'they read on, and what they write shows nowhere' },
} as const;

interface SanctionProps {
  readonly kind: keyof typeof WORDS;
  readonly person: AuthorId;
  readonly name: string;
  readonly onDone: () => void;
}

export function SanctionForm({ kind, person, name, onDone }: SanctionProps) {
  const chat = useChat();
  const id = useId();
  const { isBusy, fault, doIt } = useDoing();
  const [seconds, setSeconds] = useState<string>('86400');
  const [reason, setReason] = useState('');
  const { submit, done, what } = WORDS[kind];
  const act = async (): Promise<void> => {
    if (await doIt(() => chat[kind]('', person, Number(seconds), reason), `${name} ${done}.`)) onDone();
  };
  return (
    <Form
      label={`${submit} ${name}`}
      submit={`${submit} ${name}`}
      look="bad"
      isBusy={isBusy}
      fault={fault}
      onSubmit={() => void act()}
      beside={<Button onClick={onDone}>Leave it</Button>}
    >
      <p className={styles['quiet']}>
        {submit} <bdi>{name}</bdi>: {what}.
      </p>
      <div className={styles['choose']}>
        <label htmlFor={id}>For</label>
        <select id={id} value={seconds} onChange={(event) => setSeconds(event.target.value)}>
          {Object.entries(TIMES).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <Field
        label="Reason"
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        hint="They see it, and the log keeps it."
      />
    </Form>
  );
}

/** One's own account: another password. What is said about an account is signed with its password, here in the browser: no node sees it. */

import { useState } from 'react';
import { Field } from '../design/field.tsx';
import { useDoing } from '../state/doing.ts';
import { useChat } from '../state/hooks.ts';
import { Form } from './settings-form.tsx';

/** The password, asked for before something is signed with it. */
function PasswordField({
  value,
  onChange,
  label = 'Your password',
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly label?: string;
}) {
  return (
    <Field
      label={label}
      type="password"
      autoComplete="current-password"
      required
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export function PasswordSection() {
  const chat = useChat();
  const { isBusy, fault, doIt } = useDoing();
  const [now, setNow] = useState('');
  const [next, setNext] = useState('');
  const submit = async (): Promise<void> => {
    if (!(await doIt(() => chat.changePassword(now, next), 'Your password is changed. Other sessions are logged out.'))) return;
    setNow('');
    setNext('');
  };
  return (
    <section aria-labelledby="password">
      <h2 id="password">Password</h2>
      <Form label="Change the password" submit="Change the password" isBusy={isBusy} fault={fault} onSubmit={() => void submit()}>
        <PasswordField label="Password as it is now" value={now} onChange={setNow} />
        <Field
          label="New password"
          type="password"
          autoComplete="new-password"
          required
          value={next}
          onChange={(event) => setNext(event.target.value)}
          hint="Three or four words make a good one. It never leaves this browser."
        />
      </Form>
    </section>
  );
}

/** What the forms of the settings and of the administration share: one thing is done at a time, and it is said how it went. */

import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '../design/button.tsx';
import { dispatch } from '../state/hooks.ts';
import styles from './settings.module.css';

/** Does something, busy meanwhile; `done`: what is said when it went well. False: it did not, and `fault` says why. */
export function useDoing() {
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const doIt = async (act: () => Promise<unknown>, done?: string): Promise<boolean> => {
    setBusy(true);
    setFault(null);
    try {
      await act();
      if (done) dispatch({ type: 'notice', kind: 'good', words: done });
      return true;
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, fault, doIt };
}

interface FormProps {
  readonly label: string;
  readonly submit: string;
  readonly look?: 'plain' | 'main' | 'bad';
  readonly isBusy: boolean;
  readonly fault: string | null;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
  /** Beside the button. */
  readonly beside?: ReactNode;
}

export function Form({ label, submit, look = 'plain', isBusy, fault, onSubmit, children, beside }: FormProps) {
  const onForm = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form className={styles['form']} aria-label={label} onSubmit={onForm}>
      {children}
      {fault && (
        <p className={styles['fault']} role="alert">
          {fault}
        </p>
      )}
      <p className={styles['actions']}>
        <Button type="submit" look={look} disabled={isBusy}>
          {isBusy ? 'One moment…' : submit}
        </Button>
        {beside}
      </p>
    </form>
  );
}

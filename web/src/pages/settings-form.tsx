/** The form that the settings and the administration share. */

import type { FormEvent, ReactNode } from 'react';
import { Button } from '../design/button.tsx';
import { Fault } from '../design/fault.tsx';
import styles from './settings.module.css';

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
      <Fault words={fault} />
      <p className={styles['actions']}>
        <Button type="submit" look={look} disabled={isBusy}>
          {isBusy ? 'One moment…' : submit}
        </Button>
        {beside}
      </p>
    </form>
  );
}

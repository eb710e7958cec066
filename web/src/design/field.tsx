/** A field of a form with its label, a hint, and what is wrong with it. */

import { type ComponentProps, useId } from 'react';
import styles from './field.module.css';

interface FieldProps extends ComponentProps<'input'> {
  readonly label: string;
  readonly hint?: string;
  readonly fault?: string | null;
}

export function Field({ label, hint, fault, ...rest }: FieldProps) {
  const id = useId();
  const about = fault ? `${id}-fault` : hint ? `${id}-hint` : undefined;
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        {...rest}
        aria-invalid={fault ? true : undefined}
        aria-describedby={about}
      />
      {fault ? (
        <p id={`${id}-fault`} className={styles['fault']} role="alert">
          {fault}
        </p>
      ) : (
        hint && (
          <p id={`${id}-hint`} className={styles['hint']}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}

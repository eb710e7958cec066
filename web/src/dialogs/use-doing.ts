/** What a dialog does when it is confirmed: once at a time, closed when it worked, with the words of the refusal where it did not. */

import { type FormEvent, useState } from 'react';
import { dispatch } from '../state/hooks.ts';

export interface Doing {
  readonly isBusy: boolean;
  readonly fault: string | null;
  /** `good`: what is said when it worked; null for nothing. */
  readonly run: (act: () => Promise<unknown>, good: string | null) => void;
  readonly onSubmit: (act: () => Promise<unknown>, good: string | null) => (event: FormEvent) => void;
}

export function closeDialog(): void {
  dispatch({ type: 'dialog', dialog: null });
}

export function useDoing(): Doing {
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const run = (act: () => Promise<unknown>, good: string | null): void => {
    if (isBusy) return;
    setBusy(true);
    setFault(null);
    act()
      .then(() => {
        closeDialog();
        if (good !== null) dispatch({ type: 'notice', kind: 'good', words: good });
      })
      .catch((error: unknown) => {
        setBusy(false);
        setFault(error instanceof Error ? error.message : String(error));
      });
  };
  return {
    isBusy,
    fault,
    run,
    onSubmit: (act, good) => (event) => {
      event.preventDefault();
      run(act, good);
    },
  };
}

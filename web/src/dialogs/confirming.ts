/** What a dialog does when it is confirmed: it is closed when that worked. */

import type { FormEvent } from 'react';
import { type Doing, useDoing } from '../state/doing.ts';
import { dispatch } from '../state/hooks.ts';

export interface Confirming extends Pick<Doing, 'isBusy' | 'fault'> {
  /** `good`: what is said when it worked; null for nothing. */
  readonly run: (act: () => Promise<unknown>, good: string | null) => void;
  readonly onSubmit: (act: () => Promise<unknown>, good: string | null) => (event: FormEvent) => void;
}

export function closeDialog(): void {
  dispatch({ type: 'dialog', dialog: null });
}

export function useConfirming(): Confirming {
  const { isBusy, fault, doIt } = useDoing();
  const run = (act: () => Promise<unknown>, good: string | null): void => {
    void doIt(act, good).then((isDone) => isDone && closeDialog());
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

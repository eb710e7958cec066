/** Doing something that takes a while and may be refused: one thing at a time, busy meanwhile, and why it did not work. */

import { useState } from 'react';
import { dispatch } from './hooks.ts';

export interface Doing {
  readonly isBusy: boolean;
  /** Why it did not work last, in words. */
  readonly fault: string | null;
  /** `good`: what is said when it worked; null for nothing. False: it did not work, or something is under way. */
  readonly doIt: (act: () => Promise<unknown>, good?: string | null) => Promise<boolean>;
}

export function useDoing(): Doing {
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const doIt = async (act: () => Promise<unknown>, good: string | null = null): Promise<boolean> => {
    if (isBusy) return false;
    setBusy(true);
    setFault(null);
    try {
      await act();
      if (good !== null) dispatch({ type: 'notice', kind: 'good', words: good });
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

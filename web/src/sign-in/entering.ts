/** What the forms before the chat share: trying to come in, being busy meanwhile, and why it did not work. */

import { useState } from 'react';
import type { As } from 'skein/client';
import { enter } from '../state/session.ts';

export function useEntering() {
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const tryIt = async (as: As): Promise<void> => {
    setBusy(true);
    setFault(null);
    try {
      await enter(as);
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return { isBusy, fault, tryIt };
}

/** What the forms before the chat share: trying to come in. */

import type { As } from 'skein/client';
import { useDoing } from '../state/doing.ts';
import { enter } from '../state/session.ts';

export function useEntering() {
  const { isBusy, fault, doIt } = useDoing();
  return { isBusy, fault, tryIt: async (as: As): Promise<void> => void (await doIt(() => enter(as))) };
}

/** Goes to a message: the one of the address, one that another answers, one of a day. It is marked for a moment, and has the focus. */

import { useCallback, useEffect, useRef, useState } from 'react';
import { indexOfId } from '../../../src/client/find.ts';
import type { MessageId } from '../../../src/core/ids.ts';
import { complain, dispatch } from '../state/hooks.ts';
import type { Goal, History } from './use-stretch.ts';

/** A message that was jumped to is marked for so long, in ms. */
const FLASH_MS = 2500;

interface Jumping {
  /** Of the address. */
  readonly message: MessageId | null;
  readonly history: History;
  /** Brings one that is there into sight. */
  readonly toMessage: (id: MessageId) => void;
}

export interface Jump {
  readonly goTo: (goal: Goal) => void;
  /** The message that is marked. */
  readonly flash: MessageId | null;
}

export function useJump({ message, history, toMessage }: Jumping): Jump {
  const { items, find } = history;
  const [target, setTarget] = useState<MessageId | null>(null);
  const [flash, setFlash] = useState<MessageId | null>(null);
  const goTo = useCallback(
    (goal: Goal): void => {
      find(goal)
        .then((found) => {
          if (found !== null) setTarget(found);
          else dispatch({ type: 'notice', kind: 'bad', words: 'That message is not there, or not for you to read.' });
        })
        .catch(complain);
    },
    [find],
  );

  const asked = useRef<MessageId | null>(null);
  useEffect(() => {
    if (asked.current === message) return;
    asked.current = message;
    if (message !== null) goTo({ id: message });
  }, [message, goTo]);
  // The link that the address says already changes no address, and leads there again all the same.
  useEffect(() => {
    if (message === null) return;
    const onClick = ({ target }: MouseEvent): void => {
      const link = (target as Element).closest?.('a[href^="#/room/"]');
      if (link && link.getAttribute('href') === location.hash) goTo({ id: message });
    };
    addEventListener('click', onClick);
    return () => removeEventListener('click', onClick);
  }, [message, goTo]);

  useEffect(() => {
    if (target === null) return;
    if (indexOfId(items, target) < 0) return;
    setTarget(null);
    toMessage(target);
    setFlash(target);
  }, [items, target, toMessage]);

  useEffect(() => {
    if (flash === null) return;
    const timer = setTimeout(() => {
      setFlash(null);
    }, FLASH_MS);
    return () => clearTimeout(timer);
  }, [flash]);
  return { goTo, flash };
}

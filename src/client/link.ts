/** A connection of a session to a node, and the reading of what comes on it. */

import type { FromDoor, Hello } from '../api/protocol.ts';
import type { Requests } from './requests.ts';

/** A connection to a node. */
export interface Link {
  readonly no: number;
  readonly url: string;
  /** Since when its first word is waited for. */
  sinceMs: number;
  readonly requests: Requests;
  hello: Hello | null;
  /** When a word of it came last. */
  heardMs: number;
  isOpen: boolean;
  /** Its node wants a new grant first. */
  isPaused: boolean;
}

/** A word of a node; null for what is none. */
export function readWord(text: string): FromDoor | null {
  try {
    const word = JSON.parse(text) as FromDoor;
    return typeof word === 'object' && word !== null && typeof word.type === 'string' ? word : null;
  } catch {
    return null;
  }
}

/** What the connection line says. Pure. */

import type { Connection } from '../../../src/client/view.ts';

export interface ConnectionWords {
  readonly kind: 'calm' | 'busy';
  readonly words: string;
}

/** Reconnecting takes under a second where another node lives: only what lasts longer, in ms, is worth a word. */
export const WORTH_A_WORD_MS = 700;

/** Null: there is nothing to say. */
export function connectionWords(connection: Connection, isLong: boolean): ConnectionWords | null {
  switch (connection.state) {
    case 'online':
      return null;
    case 'catching up':
      return isLong ? { kind: 'calm', words: `At ${connection.node.name}, taking in what was missed…` } : null;
    case 'connecting':
      if (!isLong) return null;
      return {
        kind: 'busy',
        words: 'No node is in reach. You are reading what is kept here; what you write waits, and is sent when one is back.',
      };
    case 'over':
      return { kind: 'busy', words: connection.why };
  }
}

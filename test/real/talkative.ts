/** Somebody who is never at a loss for words, and waits for each to be echoed. */

import type { Sent } from '../../src/demo/recording-client.ts';
import type { Person } from './faults.ts';

/** Says the next thing whenever the last was echoed, and when a node serves again. */
export function talkative(person: Person): { end(): void } {
  let said = 0;
  let ended = false;
  /** Sent on this connection; what was sent on another one is not waited for. */
  let last: Sent | undefined;
  const { client } = person;
  person.changed = () => {
    if (!client.ready) last = undefined;
    if (ended || !client.ready || last?.id === null) return;
    if (person.post(`${client.nick} says ${++said}`)) last = client.sent.at(-1);
  };
  person.changed();
  return {
    end() {
      ended = true;
    },
  };
}

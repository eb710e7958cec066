/** Settings of what one is told of, and how the rooms stand. */

import { useState } from 'react';
import { Button } from '../design/button.tsx';
import { Choice, Tick } from '../design/field-parts.tsx';
import { dispatch, useUi } from '../state/hooks.ts';
import type { Order } from '../state/wishes.ts';
import { askPermission, permission } from './system.ts';

const WORDS = {
  missing: 'This browser shows none here: it takes HTTPS, or this machine’s own address.',
  default: 'The browser asks you once whether it may.',
  granted: 'The browser may show them.',
  denied: 'The browser was told not to show any: that is changed in its own settings for this page.',
} as const;

export function NotificationSettings() {
  const wishes = useUi((ui) => ui.wishes);
  const [allowed, setAllowed] = useState(permission);
  return (
    <>
      <section aria-labelledby="told">
        <h2 id="told">Notifications</h2>
        <p>
          You are told of messages that name you, and of direct ones; each room has its own choice under “About this room”. What you look at
          is never told of.
        </p>
        <Tick
          label="Do not disturb"
          hint="Nothing pops up. What waits is counted all the same."
          checked={wishes.isQuiet}
          onChange={(event) => dispatch({ type: 'wish', wishes: { isQuiet: event.target.checked } })}
        />
        <Tick
          label="Notifications of this system, while the page is not seen"
          hint={WORDS[allowed]}
          checked={wishes.isSystem && allowed === 'granted'}
          disabled={allowed !== 'granted'}
          onChange={(event) => dispatch({ type: 'wish', wishes: { isSystem: event.target.checked } })}
        />
        {allowed === 'default' && (
          <p>
            <Button onClick={() => void askPermission().then(setAllowed)}>Allow notifications</Button>
          </p>
        )}
      </section>
      <section aria-labelledby="order">
        <h2 id="order">Rooms at the side</h2>
        <Choice
          label="Order"
          value={wishes.order}
          onChange={(event) => dispatch({ type: 'wish', wishes: { order: event.target.value as Order } })}
        >
          <option value="name">By name: nothing moves</option>
          <option value="recent">Where something was said last comes first</option>
        </Choice>
      </section>
      <section aria-labelledby="keyboard">
        <h2 id="keyboard">Keyboard</h2>
        <p>
          <Button onClick={() => dispatch({ type: 'dialog', dialog: { kind: 'keys' } })}>All keys</Button>
        </p>
      </section>
    </>
  );
}

/** A field for the name of somebody, with those who are known here to choose from; whoever is not among them is asked of the node by name. */

import { useMemo, useState } from 'react';
import type { WirePerson } from 'skein/client';
import { foldName, NAME_LENGTH_MAX } from '../../../src/core/text.ts';
import { compareText } from '../../../src/lib/bytes.ts';
import { PRESENCE_WORDS, presenceOf } from '../chat/presence.ts';
import { Avatar } from '../design/avatar.tsx';
import { Button } from '../design/button.tsx';
import { Field } from '../design/field.tsx';
import { intoList, useRoving } from '../design/roving.ts';
import { useChat, useView } from '../state/hooks.ts';
import { useConfirming } from './confirming.ts';
import styles from './join-room.module.css';

const SHOWN_MAX = 30;

interface FindPersonProps {
  /** What the button says. */
  readonly does: string;
  /** Those who are not offered. */
  readonly without?: ReadonlySet<string>;
  readonly choose: (person: WirePerson) => Promise<unknown>;
  readonly good: (person: WirePerson) => string | null;
}

export function FindPerson({ does, without, choose, good }: FindPersonProps) {
  const chat = useChat();
  const people = useView((view) => view.people);
  const me = useView((view) => view.me?.author);
  const [name, setName] = useState('');
  const list = useRoving<HTMLUListElement>();
  const { isBusy, fault, run, onSubmit } = useConfirming();
  const shown = useMemo(() => {
    const sought = foldName(name.trim());
    const known = [...people.values()].filter(
      (one) => one.author !== me && !without?.has(one.author) && foldName(one.name).includes(sought),
    );
    known.sort((a, b) => Number(b.present) - Number(a.present) || compareText(foldName(a.name), foldName(b.name)));
    return known.slice(0, SHOWN_MAX);
  }, [people, me, without, name]);
  const byName = async (): Promise<void> => {
    const person = await chat.person(name.trim());
    if (!person)
      throw new Error(`There is nobody called ${name.trim()} here: names are those of accounts, and of guests while they are here.`);
    await choose(person);
  };
  return (
    <div className={styles['body']}>
      <form className={styles['form']} onSubmit={onSubmit(byName, null)} onKeyDown={(event) => intoList(event, list)}>
        <Field
          label="Name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          fault={fault}
          maxLength={NAME_LENGTH_MAX}
          autoFocus
          required
        />
        <Button look="main" type="submit" disabled={isBusy}>
          {does}
        </Button>
      </form>
      <ul ref={list} className={styles['rooms']} aria-label="People">
        {shown.map((person) => (
          <li key={person.author}>
            <button type="button" data-rove disabled={isBusy} onClick={() => run(() => choose(person), good(person))}>
              <Avatar author={person.author} name={person.name} size={26} presence={presenceOf(person)} />
              <span className={styles['about']}>
                <bdi>{person.name}</bdi>
                <span>{[person.account ? null : 'guest', PRESENCE_WORDS[presenceOf(person)]].filter(Boolean).join(', ')}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

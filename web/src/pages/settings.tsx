/** What somebody sets for themselves: how the app looks in this browser, their name and account, whom they block. */

import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { useState } from 'react';
import type { AuthorId } from '../../../src/core/ids.ts';
import { Avatar } from '../design/avatar.tsx';
import { Button } from '../design/button.tsx';
import { Field } from '../design/field.tsx';
import { NotificationSettings } from '../notify/settings.tsx';
import { useDoing } from '../state/doing.ts';
import { complain, dispatch, useChat, useUi, useView } from '../state/hooks.ts';
import { logOut } from '../state/session.ts';
import type { Density, Theme } from '../state/ui.ts';
import { Page } from './page.tsx';
import styles from './settings.module.css';
import { PasswordSection } from './settings-account.tsx';
import { Form } from './settings-form.tsx';

const THEMES: Readonly<Record<Theme, string>> = {
  system: 'As this device has it',
  light: 'Light',
  dark: 'Dark',
  contrast: 'High contrast',
};

const DENSITIES: Readonly<Record<Density, string>> = { roomy: 'Roomy', compact: 'Compact: more fits on the screen' };

export default function SettingsPage() {
  const theme = useUi((ui) => ui.theme);
  const density = useUi((ui) => ui.density);
  const isAccount = useView((view) => view.me?.account === true);
  return (
    <Page title="Settings">
      <ProfileSection />
      <section aria-labelledby="look">
        <h2 id="look">Look</h2>
        <Choices name="theme" labelledBy="look" words={THEMES} value={theme} onValue={(one) => dispatch({ type: 'theme', theme: one })} />
        <h3 id="density">How close things stand</h3>
        <Choices
          name="density"
          labelledBy="density"
          words={DENSITIES}
          value={density}
          onValue={(one) => dispatch({ type: 'density', density: one })}
        />
      </section>
      <NotificationSettings />
      <BlockedSection />
      {isAccount && <PasswordSection />}
      <section aria-labelledby="session">
        <h2 id="session">This session</h2>
        <p>{isAccount ? 'Your rooms and messages are there when you are back.' : 'A guest who logs out has another name next time.'}</p>
        <p>
          <Button onClick={() => void logOut()}>Log out</Button>
        </p>
      </section>
    </Page>
  );
}

interface ChoicesProps<T extends string> {
  readonly name: string;
  readonly labelledBy: string;
  readonly words: Readonly<Record<T, string>>;
  readonly value: T;
  readonly onValue: (value: T) => void;
}

function Choices<T extends string>({ name, labelledBy, words, value, onValue }: ChoicesProps<T>) {
  return (
    <RadioGroup aria-labelledby={labelledBy} className={styles['choices']} value={value} onValueChange={(one) => onValue(one as T)}>
      {(Object.keys(words) as T[]).map((one) => (
        <span key={one} className={styles['choice']}>
          <Radio.Root value={one} id={`${name}-${one}`} className={styles['radio']}>
            <Radio.Indicator className={styles['dot']} />
          </Radio.Root>
          <label htmlFor={`${name}-${one}`}>{words[one]}</label>
        </span>
      ))}
    </RadioGroup>
  );
}

function ProfileSection() {
  const chat = useChat();
  const me = useView((view) => view.me);
  const { isBusy, fault, doIt } = useDoing();
  const [name, setName] = useState(me?.name ?? '');
  if (!me) return null;
  return (
    <section aria-labelledby="profile">
      <h2 id="profile">You</h2>
      <p className={styles['me']}>
        <Avatar author={me.author} name={me.name} size={40} />
        <span>
          <b dir="auto">{me.name}</b>
          <br />
          <span className={styles['quiet']}>{me.account ? 'an account of this network' : 'a guest'}</span>
        </span>
      </p>
      <Form
        label="Change your name"
        submit="Change the name"
        isBusy={isBusy}
        fault={fault}
        onSubmit={() => void doIt(() => chat.rename(name), `You are ${name} now.`)}
      >
        <Field
          label="Name"
          required
          maxLength={32}
          autoComplete="username"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Form>
    </section>
  );
}

function BlockedSection() {
  const blocked = useView((view) => view.blocked);
  return (
    <section aria-labelledby="blocked">
      <h2 id="blocked">People you block</h2>
      {blocked.size === 0 ? (
        <p className={styles['quiet']}>Nobody. Whom you block you do not read, wherever they write; they are not told.</p>
      ) : (
        <ul className={styles['devices']} aria-labelledby="blocked">
          {[...blocked].map((author) => (
            <li key={author} className={styles['device']}>
              <Blocked author={author} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Blocked({ author }: { readonly author: AuthorId }) {
  const chat = useChat();
  const name = useView((view) => view.people.get(author)?.name ?? `somebody who is not here (${author.slice(0, 8)})`);
  return (
    <>
      <span className={styles['me']}>
        <Avatar author={author} name={name} size={24} />
        <bdi>{name}</bdi>
      </span>
      <Button aria-label={`Read ${name} again`} onClick={() => void chat.prefer({ person: author }, false).catch(complain)}>
        Read again
      </Button>
    </>
  );
}

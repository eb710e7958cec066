/** How somebody comes in: with an account, by making one, or as a guest, as far as the network lets them. */

import { type FormEvent, useEffect, useState } from 'react';
import { Button } from '../design/button.tsx';
import { Fault } from '../design/fault.tsx';
import { Field } from '../design/field.tsx';
import { askFacts, type Facts } from '../state/facts.ts';
import styles from './door.module.css';
import { Door } from './door.tsx';
import { useEntering } from './entering.ts';

const WAYS = { account: 'Log in', register: 'New account', guest: 'As a guest' } as const;
type Way = keyof typeof WAYS;

/** Asked again after so long, in ms, while the node does not answer. */
const AGAIN_MS = 2000;

function useFacts(): Facts | null {
  const [facts, setFacts] = useState<Facts | null>(null);
  useEffect(() => {
    let isGone = false;
    const ask = (): void => {
      askFacts()
        .then((told) => !isGone && setFacts(told))
        .catch(() => !isGone && setTimeout(ask, AGAIN_MS));
    };
    ask();
    return () => {
      isGone = true;
    };
  }, []);
  return facts;
}

function waysOf(facts: Facts | null): Way[] {
  return (Object.keys(WAYS) as Way[]).filter(
    (way) => way === 'account' || (way === 'guest' ? facts?.guests === true : facts !== null && facts.registration !== 'closed'),
  );
}

interface SignInProps {
  /** What ended the last session. */
  readonly why: string | null;
  /** Of a link. */
  readonly invitation: string | null;
}

export function SignIn({ why, invitation }: SignInProps) {
  const facts = useFacts();
  const [way, setWay] = useState<Way>(invitation ? 'register' : 'account');
  const ways = waysOf(facts);
  const shown = facts === null || ways.includes(way) ? way : 'account';
  return (
    <Door title={facts?.network || 'Skein'} lead={facts ? `You are at the node ${facts.node}. Any node will do.` : 'Looking for the node…'}>
      {why && <p className={styles['why']}>{why}</p>}
      {ways.length > 1 && (
        <div className={styles['tabs']} role="tablist" aria-label="How to come in">
          {ways.map((one) => (
            <button key={one} type="button" role="tab" aria-selected={one === shown} aria-controls="way" onClick={() => setWay(one)}>
              {WAYS[one]}
            </button>
          ))}
        </div>
      )}
      <div id="way" role={ways.length > 1 ? 'tabpanel' : undefined}>
        <WayForm key={shown} way={shown} invitation={invitation} registration={facts?.registration ?? 'invite'} />
      </div>
    </Door>
  );
}

interface WayProps {
  readonly way: Way;
  readonly invitation: string | null;
  readonly registration: Facts['registration'];
}

function WayForm({ way, invitation, registration }: WayProps) {
  const { isBusy, fault, tryIt } = useEntering();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [token, setToken] = useState(invitation ?? '');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (way === 'guest') void tryIt({ guest: name });
    else if (way === 'account') void tryIt({ account: name, password });
    else void tryIt({ register: name, password, ...(token && { invitation: token.trim() }) });
  };
  return (
    <form className={styles['form']} onSubmit={submit}>
      <Field
        label="Name"
        name="name"
        autoComplete="username"
        required
        maxLength={32}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {way !== 'guest' && (
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete={way === 'account' ? 'current-password' : 'new-password'}
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          hint={way === 'register' ? 'Three or four words make a good one. It never leaves this browser.' : 'It never leaves this browser.'}
        />
      )}
      {way === 'register' && registration === 'invite' && (
        <Field
          label="Invitation"
          name="invitation"
          required
          value={token}
          onChange={(event) => setToken(event.target.value)}
          hint="Whoever invited you has it: twenty letters, good once."
        />
      )}
      <Fault words={fault} />
      <Button look="main" type="submit" disabled={isBusy}>
        {isBusy ? 'One moment…' : way === 'register' ? 'Make the account' : way === 'guest' ? 'Come in' : 'Log in'}
      </Button>
      {way === 'guest' && <p className={styles['quiet']}>A guest’s name is theirs while they are here. What they write stays.</p>}
    </form>
  );
}

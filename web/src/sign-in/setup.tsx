/** The setup link’s page: the first owner of the network is made, and the network is given a name. */

import { type FormEvent, useEffect, useState } from 'react';
import { Button } from '../design/button.tsx';
import { Fault } from '../design/fault.tsx';
import { Field } from '../design/field.tsx';
import { askFacts } from '../state/facts.ts';
import styles from './door.module.css';
import { Door } from './door.tsx';
import { useEntering } from './entering.ts';

export function SetupPage({ token }: { readonly token: string }) {
  const { isBusy, fault, tryIt } = useEntering();
  const [network, setNetwork] = useState('');
  const [owner, setOwner] = useState('');
  const [password, setPassword] = useState('');
  useEffect(() => {
    askFacts()
      .then((facts) => setNetwork((now) => now || facts.network))
      .catch(() => undefined);
  }, []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void tryIt({ owner, password, setup: token, network: network.trim() });
  };
  return (
    <Door title="Begin a network" lead="This link makes its first owner: once, and whoever has it.">
      <form className={styles['form']} onSubmit={submit}>
        <Field
          label="Name of the network"
          name="network"
          required
          maxLength={64}
          value={network}
          onChange={(event) => setNetwork(event.target.value)}
          hint="Your people see it above their rooms."
        />
        <Field
          label="Your name"
          name="name"
          autoComplete="username"
          required
          maxLength={32}
          value={owner}
          onChange={(event) => setOwner(event.target.value)}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          hint="Three or four words make a good one. It never leaves this browser; the recovery key beside the node’s data can replace it."
        />
        <Fault words={fault} />
        <Button look="main" type="submit" disabled={isBusy}>
          {isBusy ? 'One moment…' : 'Begin'}
        </Button>
      </form>
    </Door>
  );
}

/** A new room: public, or private with a plain word about who can read it all the same. */

import { useState } from 'react';
import { ROOM_LENGTH_MAX } from '../../../src/core/text.ts';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Field } from '../design/field.tsx';
import { useChat, useUi, useView } from '../state/hooks.ts';
import { roomHash } from '../state/route.ts';
import { useConfirming } from './confirming.ts';
import styles from './form.module.css';

export default function MakeRoom() {
  const chat = useChat();
  const begun = useUi((ui) => (ui.dialog?.kind === 'make' ? ui.dialog.name : ''));
  const hasAccount = useView((view) => view.me?.account === true);
  const [name, setName] = useState(begun.replace(/^#/, ''));
  const [isPrivate, setPrivate] = useState(false);
  const { isBusy, fault, onSubmit } = useConfirming();
  const make = async (): Promise<void> => {
    const plain = name.trim();
    const { id } = isPrivate ? await chat.makePrivateRoom(plain) : await chat.join(plain.startsWith('#') ? plain : `#${plain}`);
    location.hash = roomHash(id);
  };
  return (
    <Dialog title="Make a room">
      <form className={styles['form']} onSubmit={onSubmit(make, null)}>
        <Field
          label="Name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          fault={fault}
          maxLength={ROOM_LENGTH_MAX}
          hint="Without spaces. A public room of that name that is there already is entered."
          required
          autoFocus
        />
        <fieldset className={styles['choices']}>
          <legend>Who reads it</legend>
          <div className={styles['choice']}>
            <input type="radio" id="make-public" name="kind" checked={!isPrivate} onChange={() => setPrivate(false)} />
            <label htmlFor="make-public">Public</label>
            <span>Anybody in this network finds it and comes in.</span>
          </div>
          <div className={styles['choice']}>
            <input
              type="radio"
              id="make-private"
              name="kind"
              checked={isPrivate}
              disabled={!hasAccount}
              onChange={() => setPrivate(true)}
            />
            <label htmlFor="make-private">Private</label>
            <span>{hasAccount ? 'Whom you invite, and nobody else, comes in.' : 'Only accounts make private rooms: register first.'}</span>
          </div>
        </fieldset>
        {isPrivate && (
          <p className={styles['warning']}>
            Private is not secret from machines: every node keeps all rooms, so whoever runs a node of this network can read this one. It is
            hidden from everybody else who was not invited.
          </p>
        )}
        <div className={styles['buttons']}>
          <Button look="main" type="submit" disabled={isBusy}>
            {isPrivate ? 'Make the private room' : 'Make the room'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Reports a message to those who moderate the room or the network. */

import { useState } from 'react';
import { REASON_LENGTH_MAX } from '../../../src/core/text.ts';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Fault } from '../design/fault.tsx';
import { LongField } from '../design/field-parts.tsx';
import { useChat, useUi, useView } from '../state/hooks.ts';
import { closeDialog, useConfirming } from './confirming.ts';
import styles from './form.module.css';

export default function Report() {
  const chat = useChat();
  const about = useUi((ui) => (ui.dialog?.kind === 'report' ? ui.dialog : null));
  const room = useView((view) => (about ? view.rooms.get(about.room) : undefined));
  const message = room?.timeline.find(({ id }) => id === about?.id);
  const [reason, setReason] = useState('');
  const { isBusy, fault, onSubmit } = useConfirming();
  if (!about) return null;
  const send = (): Promise<void> => chat.report(about.room, about.id, reason.replace(/\s+/g, ' ').trim());
  return (
    <Dialog title="Report a message">
      <form className={styles['form']} onSubmit={onSubmit(send, 'It was reported. Those who moderate see it.')}>
        {message && (
          <p className={styles['quote']} dir="auto">
            <bdi>{message.name}</bdi>: {message.text ?? 'removed'}
          </p>
        )}
        <LongField
          label="What is wrong with it"
          value={reason}
          maxLength={REASON_LENGTH_MAX}
          required
          autoFocus
          hint={
            room?.room.kind === 'direct'
              ? 'Moderators of the network learn that it was reported, by whom and why, and not what it says.'
              : 'Moderators of the room and of the network see the message, who reported it and why. Its author is not told.'
          }
          onChange={(event) => setReason(event.target.value)}
        />
        <Fault words={fault} />
        <div className={styles['buttons']}>
          <Button onClick={closeDialog}>Do not</Button>
          <Button look="main" type="submit" disabled={isBusy || reason.trim() === ''}>
            Report
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

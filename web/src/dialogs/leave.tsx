/** Leaves a room, once it is clear what that means. */

import type { RoomId } from '../../../src/core/ids.ts';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Fault } from '../design/fault.tsx';
import { dispatch, useChat, useRoom, useUi } from '../state/hooks.ts';
import { roomHash } from '../state/route.ts';
import { closeDialog, useConfirming } from './confirming.ts';
import styles from './form.module.css';

export default function Leave() {
  const chat = useChat();
  const id = useUi((ui) => (ui.dialog?.kind === 'leave' ? ui.dialog.room : ('' as RoomId)));
  const room = useRoom(id)?.room;
  const { isBusy, fault, onSubmit } = useConfirming();
  const leave = async (): Promise<void> => {
    await chat.part(id);
    dispatch({ type: 'panel', panel: null });
    location.hash = roomHash(null);
  };
  const words =
    room?.kind === 'private'
      ? 'You read it no more, and it goes from your list. Who may come in stays as it is: you can come back until somebody takes that from you.'
      : 'It goes from your list, and nothing of it waits for you. You can come back whenever you want.';
  return (
    <Dialog title={`Leave ${room?.name ?? 'the room'}?`}>
      <form className={styles['form']} onSubmit={onSubmit(leave, null)}>
        <p className={styles['words']}>{words}</p>
        <Fault words={fault} />
        <div className={styles['buttons']}>
          <Button onClick={closeDialog}>Stay</Button>
          <Button look="bad" type="submit" disabled={isBusy}>
            Leave
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Invites somebody into a private room. */

import { useMemo } from 'react';
import type { RoomId } from '../../../src/core/ids.ts';
import { Dialog } from '../design/dialog.tsx';
import { useChat, useRoom, useUi } from '../state/hooks.ts';
import { FindPerson } from './find-person.tsx';

export default function Invite() {
  const chat = useChat();
  const id = useUi((ui) => (ui.dialog?.kind === 'invite' ? ui.dialog.room : ('' as RoomId)));
  const room = useRoom(id);
  const inside = useMemo(() => new Set<string>(room?.members), [room?.members]);
  return (
    <Dialog title={`Invite into ${room?.room.name ?? 'the room'}`}>
      <FindPerson
        does="Invite"
        without={inside}
        choose={({ author }) => chat.invite(id, author)}
        good={({ name }) => `${name} may come in now.`}
      />
    </Dialog>
  );
}

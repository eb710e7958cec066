/** The roles that people have in a room: asked when it is opened, and again when the room becomes another. */

import { useEffect, useState } from 'react';
import type { WireRole } from '../../../src/api/protocol.ts';
import type { AuthorId, RoomId } from '../../../src/core/ids.ts';
import { complain, useChat, useRoom } from '../state/hooks.ts';

type Roles = Readonly<Record<AuthorId, WireRole>>;

const NO_ROLES: Roles = {};

/** `no`: rises where somebody knows that they changed. */
export function useRoles(room: RoomId, no = 0): Roles {
  const chat = useChat();
  const known = useRoom(room)?.room;
  const [roles, setRoles] = useState<Roles>(NO_ROLES);
  useEffect(() => {
    if (!known || known.kind === 'direct' || no < 0) return;
    let isOver = false;
    chat
      .members(room)
      .then((answer) => !isOver && setRoles(answer.roles))
      .catch(complain);
    return () => {
      isOver = true;
    };
  }, [chat, room, known, no]);
  return roles;
}

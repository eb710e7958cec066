/** What becomes of a draft when it is sent: a message, an answer, or an edit; `/me` is an action. */

import type { Chat } from 'skein/client';
import type { RoomId } from '../../../src/core/ids.ts';
import type { Draft } from '../state/ui.ts';

/** Resolves when a node has it. A message waits in the outbox; an edit that cannot be made is refused in words. */
export async function send(chat: Chat, room: RoomId, { text, about }: Draft): Promise<void> {
  const said = text.replace(/\s+$/, '');
  if (about?.kind === 'edit') return chat.edit(room, about.id, said);
  const [, action] = /^\/me\s+([\s\S]+)$/.exec(said) ?? [];
  const posted = chat.post(room, action ?? said, { ...(action !== undefined && { style: 'action' }), ...(about && { target: about.id }) });
  chat.typing(room, false);
  // What a node refuses stays in the timeline with its words; what never came to be a message is told here.
  await posted.catch((error: unknown) => {
    if (error instanceof Error && 'refused' in error && (error.refused as { type: string }).type === 'refused') return;
    throw error;
  });
}

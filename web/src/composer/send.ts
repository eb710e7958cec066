/** What becomes of a draft when it is sent: messages, an answer, an edit, or a command. */

import { type Chat, RefusedError } from 'skein/client';
import type { RoomId } from '../../../src/core/ids.ts';
import { complain } from '../state/hooks.ts';
import type { Draft } from '../state/ui.ts';
import { commandIn, messageIn } from './command-table.ts';
import { loadEmoji, namesEmoji, withEmoji } from './emoji.ts';
import { split } from './splitting.ts';

/** What was sent goes out in its order, also where names of emoji, or commands, are loaded for it first. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Resolves, once it is on its way, with words for a notice; most often none. A message waits in the outbox for as long as it takes; an edit or a command that cannot be
 * is rejected in words.
 */
export function send(chat: Chat, room: RoomId, draft: Draft): Promise<string> {
  const sent = last.then(() => sendNow(chat, room, draft));
  last = sent.catch(() => undefined);
  return sent;
}

async function sendNow(chat: Chat, room: RoomId, { text, about }: Draft): Promise<string> {
  const said = await readable(text.replace(/\s+$/, ''));
  const command = about ? null : commandIn(said);
  if (command !== null) {
    const { runCommand } = await import('./commands.ts');
    return runCommand(chat, room, command, said);
  }
  chat.typing(room, false);
  if (about?.kind === 'edit') {
    await chat.edit(room, about.id, said);
    return '';
  }
  const [first = '', ...others] = split(messageIn(said));
  post(chat, room, first, about?.id);
  for (const one of others) post(chat, room, one);
  return '';
}

/** `:tada:` is what it names. */
async function readable(text: string): Promise<string> {
  if (!namesEmoji(text)) return text;
  const emoji = await loadEmoji().catch(() => []);
  return withEmoji(text, emoji);
}

function post(chat: Chat, room: RoomId, text: string, target?: NonNullable<Draft['about']>['id']): void {
  // What a node refuses stays in the timeline with its words; what never came to be a message is told here.
  chat.post(room, text, target ? { target } : {}).catch((error: unknown) => {
    if (!(error instanceof RefusedError && error.refused.type === 'refused')) complain(error);
  });
}

/** Of what in a room somebody is told. Nothing: an account has the room muted at all its sessions, a guest in this browser. */

import type { Chat, WireRoom } from 'skein/client';
import { complain, dispatch, useChat, useUi, useView } from '../state/hooks.ts';
import { type Rule, ruleOf } from '../state/wishes.ts';

export function setRule(chat: Chat, { id }: Pick<WireRoom, 'id'>, rule: Rule): void {
  const hasAccount = chat.view.me?.account === true;
  const isMuted = chat.view.muted.has(id);
  if (!hasAccount || rule !== 'none') dispatch({ type: 'rule', room: id, rule });
  if (hasAccount && isMuted !== (rule === 'none')) chat.prefer({ room: id }, rule === 'none').catch(complain);
}

export function useRule(room: Pick<WireRoom, 'id' | 'kind'>): readonly [Rule, (rule: Rule) => void] {
  const chat = useChat();
  const isMuted = useView((view) => view.muted.has(room.id));
  const rule = useUi(({ wishes }) => ruleOf(wishes, room.id, room.kind, isMuted));
  return [rule, (next) => setRule(chat, room, next)];
}

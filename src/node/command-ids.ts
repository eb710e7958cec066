/** Ids in commands, as doors were given them: what is none never comes near the log, where it could not be written. */

import type { Command, Refusal } from '../core/commands.ts';
import { AUTHOR_ID_BYTES, CLIENT_ID_BYTES, isHexOf, KEY_BYTES } from '../core/ids.ts';
import { SALT_BYTES } from '../core/op.ts';
import { SIGNATURE_BYTES } from '../core/suite.ts';

const MESSAGE_ID_BYTES = CLIENT_ID_BYTES + AUTHOR_ID_BYTES;

/** Why a command names nobody and nothing; null where its ids are ids. */
export function idFault(command: Command): Refusal | null {
  const { type } = command;
  if ('target' in command && command.target !== undefined && !isHexOf(command.target, MESSAGE_ID_BYTES)) return { type: 'no such message' };
  if ('person' in command && !isHexOf(command.person, AUTHOR_ID_BYTES)) return { type: 'no such person' };
  if (type === 'prefer' && 'person' in command.about && !isHexOf(command.about.person, AUTHOR_ID_BYTES)) return { type: 'no such person' };
  if ((type === 'log in' || type === 'log in granted') && !isHexOf(command.author, AUTHOR_ID_BYTES)) return { type: 'no account' };
  if (type === 'log out' && !command.keys.every((key) => isHexOf(key, KEY_BYTES))) return { type: 'bad key' };
  if (type === 'rekey' && !isHexOf(command.key, KEY_BYTES)) return { type: 'bad key' };
  if ('grant' in command && !(isHexOf(command.key, KEY_BYTES) && command.grant.length === SIGNATURE_BYTES)) return { type: 'bad grant' };
  return type === 'post' ? postFault(command) : null;
}

function postFault({ to, prepared }: Extract<Command, { type: 'post' }>): Refusal | null {
  if ('author' in to && !isHexOf(to.author, AUTHOR_ID_BYTES)) return { type: 'no such person' };
  if (!prepared) return null;
  if (!isHexOf(prepared.client, CLIENT_ID_BYTES) || prepared.salt.length !== SALT_BYTES) return { type: 'no such message' };
  return Number.isSafeInteger(prepared.after) && prepared.after >= 0 ? null : { type: 'bad after' };
}

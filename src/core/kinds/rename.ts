/** A guest takes another name. */

import { Reader, Writer } from '../../lib/codec.ts';
import { isShowableName } from '../text.ts';
import { NAME_BYTES_MAX } from './guest.ts';
import { type Fold, isGranted, win } from './kind.ts';

export function renameBody(name: string): Uint8Array {
  return new Writer(64).text(name).done();
}

export const foldRename: Fold = (context) => {
  const { state, head, place } = context;
  if (!isGranted(context)) return 'not granted';
  const reader = new Reader(head.body);
  const name = reader.text(NAME_BYTES_MAX);
  reader.finish();
  if (!isShowableName(name)) return 'bad body';
  const guest = state.guests.get(head.author)!;
  const before = guest.name.value;
  return win(guest.name, name, place) ? { type: 'rename', author: head.author, before, name } : null;
};

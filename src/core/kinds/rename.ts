/** A guest takes another name. */

import { Reader, Writer } from '../../lib/codec.ts';
import { isShowableName } from '../text.ts';
import { NAME_BYTES_MAX } from './guest.ts';
import { type Kind, standing, win } from './kind.ts';

export function renameBody(name: string): Uint8Array {
  return new Writer(64).text(name).done();
}

export const rename: Kind<{ name: string }> = {
  read(_, { head }) {
    const reader = new Reader(head.body);
    const name = reader.text(NAME_BYTES_MAX);
    reader.finish();
    return isShowableName(name) ? { name } : 'bad body';
  },

  fold(context, { name }) {
    const { state, head, place } = context;
    const fault = standing(context);
    if (fault) return fault;
    const guest = state.guests.get(head.author);
    // The name of an account is settled by owners.
    if (!guest) return 'not allowed';
    const before = guest.name.value;
    return win(guest.name, name, place) ? { type: 'rename', author: head.author, before, name } : null;
  },
};

/** Requests of owners of the network: accounts, invitations, nodes, the network itself. An app password begins no session that may. */

import type { AdminRequest } from '../../../api/admin.ts';
import { encodeKdf, readKdf } from '../../../core/kdf.ts';
import { fromHex } from '../../../lib/bytes.ts';
import type { NotDone } from '../admin.ts';
import type { Asking } from '../asking.ts';
import type { ApiDoor } from '../door.ts';
import type { Reader } from '../reader.ts';
import { type Outcome, ok, outcomeOf, refused } from '../refusals.ts';

const NOT_OWNER = refused('not allowed', 'This is for owners of the network, logged in by their password: an app password does not do.');

type Of<D extends AdminRequest['do']> = Extract<AdminRequest, { readonly do: D }>;

/** Carries out what an owner asks for, and nobody else. */
function byOwner<D extends AdminRequest['do']>(
  does: (door: ApiDoor, reader: Reader, asked: Of<D>) => Promise<Outcome> | Outcome,
): Asking<D> {
  return (door, reader, asked) => (door.port.administers(reader.no) ? does(door, reader, asked as never) : NOT_OWNER);
}

function outcome(done: object | NotDone | null): Outcome {
  if (done && 'refused' in done) return refused(done.retryMs === undefined ? 'refused' : 'throttled', done.refused, done.retryMs);
  return ok(done);
}

export const accounts = byOwner<'accounts'>((door, _reader, { named, next, limit }) =>
  ok(door.admin.accounts(named ?? '', next ?? null, limit)),
);

export const invitePeople = byOwner<'invite people'>(async ({ admin }, _reader, { uses, forSeconds }) =>
  outcome(await admin.invitePeople(uses, 1000 * forSeconds)),
);

export const inviteNode = byOwner<'invite node'>(async ({ admin }, _reader, { uses, forSeconds }) =>
  outcome(await admin.inviteNode(uses, 1000 * forSeconds)),
);

export const revokeNode = byOwner<'revoke node'>(async ({ admin }, _reader, { node, reason }) => outcome(await admin.revoke(node, reason)));

export const resetKey = byOwner<'reset key'>(async (door, reader, { person, key, kdf }) => {
  const read = readKdf(fromHex(kdf));
  if (read instanceof Error) return refused('bad request', 'How the key is made of the password is not known here.');
  return outcomeOf(await door.ask(reader, { type: 'rekey', person, signer: null, key, kdf: encodeKdf(read) }));
});

export const deleteAccount = byOwner<'delete account'>(async (door, reader, { person, erase }) =>
  outcomeOf(await door.ask(reader, { type: 'delete account', person, signer: null, erase })),
);

export const settleName = byOwner<'settle name'>(async (door, reader, { person, name }) =>
  outcomeOf(await door.ask(reader, { type: 'settle name', person, name })),
);

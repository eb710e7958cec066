/** Making accounts: by REGISTER (IRCv3 draft/account-registration) and through NickServ. */

import { PASSWORD_WORDS, type PasswordFault, passwordFault } from '../../core/password.ts';
import { checkName } from '../../core/text.ts';
import type { IrcDoor } from './door.ts';
import { become, type Outcome, seconds } from './login.ts';
import { isReserved } from './people.ts';
import type { Session } from './session.ts';
import { words } from './words.ts';

/** What became of it, and how a machine calls what did not. */
export type Registered = { readonly name: string } | { readonly code: string; readonly wrong: string };

/** Makes an account, whose session this is then. */
export function register(
  door: IrcDoor,
  session: Session,
  { name, password, invitation }: { name: string; password: string; invitation: string },
  then: (registered: Registered) => void,
): void {
  const checked = checkName(name);
  if ('fault' in checked || isReserved(name))
    return then({ code: 'BAD_ACCOUNT_NAME', wrong: words({ type: 'bad text', fault: 'bad character' }) });
  if (door.port.accountNamed(name)) return then({ code: 'ACCOUNT_EXISTS', wrong: 'There is an account of that name' });
  const fault = passwordFault(password, name);
  if (fault) return then({ code: codeOf(fault), wrong: PASSWORD_WORDS[fault] });
  const kdf = door.port.newKdf();
  door.busy(session, true);
  door.later(session, door.port.derive(password, kdf, name, session.source), (seed) => {
    if (!seed || 'retryMs' in seed) then({ code: 'TEMPORARILY_UNAVAILABLE', wrong: laterWords(seed) });
    else {
      const key = door.port.keyPair(seed);
      const command = { type: 'register', name: checked.name, key, kdf, invitation } as const;
      become(door, session, 'REGISTER', name, command, (outcome) => then(registered(outcome)));
    }
    door.busy(session, false);
  });
}

/** Too weak, or not one that can be used at all. */
function codeOf(fault: PasswordFault): string {
  return fault === 'too long' || fault === 'bad character' || fault === 'an app password' ? 'UNACCEPTABLE_PASSWORD' : 'WEAK_PASSWORD';
}

function laterWords(seed: { retryMs: number } | null): string {
  return `Too many passwords are being looked at; try again in ${seconds(seed?.retryMs ?? 1000)} s`;
}

function registered(outcome: Outcome): Registered {
  if ('name' in outcome) return outcome;
  const { wrong, refusal } = outcome;
  switch (refusal?.type) {
    case 'bad text':
    case 'name alike':
      return { code: 'BAD_ACCOUNT_NAME', wrong };
    case 'name in use':
    case 'name registered':
      return { code: 'ACCOUNT_EXISTS', wrong };
    default:
      return { code: 'TEMPORARILY_UNAVAILABLE', wrong };
  }
}

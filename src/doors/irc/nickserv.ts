/**
 * NickServ: accounts for clients that know no other way than messages to services. It is nobody's session; what is said to it is posted nowhere, and its answers name no
 * password but an app password that it has just made.
 */

import { APP_PASSWORD_BYTES, appPasswordSeed, formatAppPassword } from '../../core/app-password.ts';
import { issueKeyCertificate } from '../../core/kinds/proof.ts';
import { PASSWORD_WORDS, passwordFault } from '../../core/password.ts';
import type { Command } from '../../core/port.ts';
import { checkLabel, NAME_LENGTH_MAX } from '../../core/text.ts';
import { ignore, listWishes, muteRoom } from './blocking.ts';
import type { IrcDoor } from './door.ts';
import { type Found, findSigner, loggedIn, logIn, seconds } from './login.ts';
import { serverName } from './people.ts';
import { register } from './registering.ts';
import { noteFromNickServ } from './service-notes.ts';
import type { PostTarget, Session } from './session.ts';
import { words } from './words.ts';

type Owner = Extract<Found, { signer: object }>;
type Service = (door: IrcDoor, session: Session, args: readonly string[], say: (text: string) => void) => void;

/** What was said to NickServ; notices to it are passed over, so that no two services talk for ever. */
export function serve(door: IrcDoor, session: Session, verb: PostTarget['verb'], text: string): void {
  if (verb === 'NOTICE') return;
  const say = (answer: string): void => noteFromNickServ(door, session, answer);
  const [name = '', ...args] = wordsOf(text);
  const service = SERVICES.get(name.toUpperCase());
  if (args.length > (WORDS_MAX.get(name.toUpperCase()) ?? Number.POSITIVE_INFINITY))
    say('That is more than it takes. A password of several words goes in quotes: "four words like these".');
  else if (service) service(door, session, args, say);
  else say('There is no such command. Say HELP for what there is.');
}

/** Split at spaces, but what stands in quotes is one word: a password may be several. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"(?= |$)|[^ ]+/g)].map(([whole, quoted]) => quoted ?? whole);
}

/** What may follow a command: where more does, somebody thinks that a password of theirs ends later than it would. */
const WORDS_MAX: ReadonlyMap<string, number> = new Map([
  ['REGISTER', 2],
  ['SET', 3],
  ['DROP', 2],
  ['APPPASS', 3],
  ['LOGOUTALL', 1],
]);

const HELP = [
  'A password of several words goes in quotes: "four words like these"',
  'REGISTER password [invitation]: makes an account of your name',
  "IDENTIFY [name] password: logs in; the password is the account's or an app password",
  'LOGOUT: logs this connection out, and ends it',
  'SET PASSWORD old new: changes the password; other sessions, and app passwords, end',
  'APPPASS ADD password [label] | LIST | DEL password number: passwords for programs, which can speak and not change the account',
  'SESSIONS: where you are logged in',
  'LOGOUTALL password: ends all sessions and app passwords',
  'DROP password [ERASE]: deletes the account; with ERASE, also what it wrote',
  'INFO name: what is known of an account',
  'IGNORE name | UNIGNORE name | IGNORES: whom you are not shown, on all of your devices',
  'MUTE #channel | UNMUTE #channel: whether what waits there is sent to you when you log in',
];

/** Runs `then` for an account's session; others are told to log in. */
function asAccount(then: Service): Service {
  return (door, session, args, say) =>
    session.isAccount ? then(door, session, args, say) : say('You are not logged in. Say IDENTIFY password, or REGISTER.');
}

/** Runs `then` where the password is the account's own. */
function asOwner(
  door: IrcDoor,
  session: Session,
  password: string | undefined,
  say: (text: string) => void,
  then: (owner: Owner, name: string) => void,
): void {
  if (password === undefined) return say('The password is missing. Say HELP for the commands.');
  const name = door.people.nameOf(session.author!);
  findSigner(door, session, name, password, (found) => {
    if ('wrong' in found) return say(`${found.wrong}.`);
    if (found.signer.chain.length > 0) return say('An app password can speak and not change the account. Say the password of the account.');
    then(found, name);
  });
}

/** Asks for a change of the account, and says what came of it. */
function change(door: IrcDoor, session: Session, say: (text: string) => void, command: Command, done: () => void): void {
  door.task(session, 'NICKSERV', session.nick, command, (answer) => {
    if (answer.type === 'refused') say(`${words(answer.refusal)}.`);
    else if (answer.type === 'unknown') say('It is unknown whether this took effect. Look before you repeat it.');
    else done();
    return true;
  });
}

const registerOne: Service = (door, session, [password, invitation], say) => {
  if (session.isAccount) return say(`You are logged in as ${session.nick} already.`);
  if (password === undefined) return say('Say REGISTER password, or REGISTER password invitation.');
  register(door, session, { name: session.nick, password, invitation: invitation ?? '' }, (made) => {
    if ('code' in made) return say(endStop(made.wrong));
    loggedIn(door, session);
    say(`${made.name} is your account now, and you are logged in. Keep the password: nobody can tell it to you again.`);
  });
};

function endStop(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

const identify: Service = (door, session, args, say) => {
  if (session.isAccount) return say(`You are logged in as ${session.nick} already.`);
  if (args.length === 0) return say('Say IDENTIFY password, or IDENTIFY name password.');
  const [name, password] = args.length === 1 ? [session.wantedNick || session.nick, args[0]!] : [args[0]!, args.slice(1).join(' ')];
  logIn(door, session, name, password, (outcome) => {
    if ('wrong' in outcome) return say(endStop(outcome.wrong));
    loggedIn(door, session);
    say(`You are logged in as ${outcome.name}.`);
  });
};

const drop: Service = asAccount((door, session, [password, erase], say) =>
  asOwner(door, session, password, say, ({ author, signer }) => {
    const command = { type: 'delete account', person: author, signer, erase: erase?.toUpperCase() === 'ERASE' } as const;
    change(door, session, say, command, () => say('The account is deleted.'));
  }),
);

const set: Service = asAccount((door, session, [what, old, next], say) => {
  if (what?.toUpperCase() !== 'PASSWORD' || next === undefined) return say('Say SET PASSWORD old new.');
  asOwner(door, session, old, say, ({ author, signer }, name) => {
    const fault = passwordFault(next, name);
    if (fault) return say(PASSWORD_WORDS[fault]);
    const kdf = door.port.newKdf();
    door.busy(session, true);
    // Under no name: a new password is nobody's guess at the account.
    door.later(session, door.port.derive(next, kdf, '', session.source), (seed) => {
      if (!seed || 'retryMs' in seed) say(`Too many passwords are being looked at; try again in ${seconds(seed?.retryMs ?? 1000)} s.`);
      else {
        const pair = door.port.keyPair(seed);
        const command = { type: 'rekey', person: author, signer, key: pair.publicKey, kdf, next: pair } as const;
        change(door, session, say, command, () => say('The password is changed. Your other sessions, and app passwords, end.'));
      }
      door.busy(session, false);
    });
  });
});

const appPassword: Service = asAccount((door, session, [what, password, more], say) => {
  const devices = door.port.devices(session.author!);
  switch (what?.toUpperCase()) {
    case 'ADD':
      return asOwner(door, session, password, say, (owner) => addAppPassword(door, session, owner, more ?? '', say));
    case 'LIST':
      for (const [i, { key, label }] of devices.entries()) say(`${i + 1}: ${key.slice(0, 8)}${label === '' ? '' : ` ${label}`}`);
      return say(devices.length === 0 ? 'There is no app password.' : 'End of the list.');
    case 'DEL': {
      const device = devices[Number(more) - 1];
      if (!device) return say('There is no app password of that number. Say APPPASS LIST.');
      return asOwner(door, session, password, say, ({ signer }) =>
        change(door, session, say, { type: 'log out', signer, keys: [device.key] }, () => say('The app password is no more.')),
      );
    }
    default:
      return say('Say APPPASS ADD password [label], APPPASS LIST, or APPPASS DEL password number.');
  }
});

function addAppPassword(door: IrcDoor, session: Session, { author, signer }: Owner, label: string, say: (text: string) => void): void {
  if (label !== '' && checkLabel(label) === null) return say(`A label has 1 to ${NAME_LENGTH_MAX} letters.`);
  const secret = door.random(APP_PASSWORD_BYTES);
  const key = door.port.keyPair(appPasswordSeed(door.hashing, secret)).publicKey;
  const device = { key, kind: 'device', may: 'speak', until: 0 } as const;
  const certificate = issueKeyCertificate(signer.key, door.port.networkId(), author, device);
  change(door, session, say, { type: 'device', signer, certificate, label }, () => {
    say(`The app password is ${formatAppPassword(secret)}`);
    say('It is shown this once. Whoever has it can speak as you, and not change the account.');
  });
}

const sessions: Service = asAccount((door, session, _, say) => {
  const author = session.author!;
  say(`At this door: ${door.sessionsOf(author).size}`);
  const { accounts, nodes } = door.port.state;
  const elsewhere = new Set<string>();
  for (const { node, ended } of accounts.get(author)?.grants.values() ?? []) if (!ended && node !== door.port.node.id) elsewhere.add(node);
  for (const node of elsewhere) say(`At ${serverName(nodes.get(node as never)?.name ?? node.slice(0, 8))}`);
});

const logOutAll: Service = asAccount((door, session, [password], say) =>
  asOwner(door, session, password, say, ({ signer }) =>
    change(door, session, say, { type: 'log out', signer, keys: [] }, () => say('All sessions and app passwords are no more.')),
  ),
);

const info: Service = (door, _, [name], say) => {
  const author = name === undefined ? null : door.port.accountNamed(name);
  if (!author) return say('There is no account of that name.');
  say(`${door.people.nameOf(author)} is an account, and is ${door.port.isPresent(author) ? 'here' : 'away'} now.`);
};

const SERVICES: ReadonlyMap<string, Service> = new Map<string, Service>([
  [
    'HELP',
    (_door, _session, _args, say) => {
      for (const text of HELP) say(text);
    },
  ],
  ['REGISTER', registerOne],
  ['IDENTIFY', identify],
  ['LOGIN', identify],
  ['LOGOUT', asAccount((door, session) => door.end(session, 'Logged out'))],
  ['DROP', drop],
  ['SET', set],
  ['APPPASS', appPassword],
  ['SESSIONS', sessions],
  ['LOGOUTALL', logOutAll],
  ['INFO', info],
  ['IGNORE', asAccount((door, session, [name], say) => ignore(door, session, name, true, say))],
  ['UNIGNORE', asAccount((door, session, [name], say) => ignore(door, session, name, false, say))],
  ['IGNORES', asAccount((door, session, _, say) => listWishes(door, session, say))],
  ['MUTE', asAccount((door, session, [name], say) => muteRoom(door, session, name, true, say))],
  ['UNMUTE', asAccount((door, session, [name], say) => muteRoom(door, session, name, false, say))],
]);

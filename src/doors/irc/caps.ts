/** IRCv3 capabilities that the door has, as bits. The first five say in which form what is live in a room is rendered. */

export const SERVER_TIME = 1;
export const MESSAGE_TAGS = 2;
export const REDACTION = 4;
export const ACCOUNT_TAG = 8;
export const EXTENDED_JOIN = 16;
export const ECHO_MESSAGE = 32;
export const BATCH = 64;
export const CHATHISTORY = 128;
export const STANDARD_REPLIES = 256;
export const SASL = 512;
export const REGISTRATION = 1024;
export const AWAY_NOTIFY = 2048;
export const SEARCH = 4096;
export const ACCOUNT_NOTIFY = 8192;
export const USERHOST_IN_NAMES = 16384;
/** Nobody is shown with more than one prefix, and capabilities never change: these two are kept by doing nothing. */
export const MULTI_PREFIX = 32768;
export const CAP_NOTIFY = 65536;

/** The bits that make what is live in a room look different. */
export const FORM_MASK = SERVER_TIME | MESSAGE_TAGS | REDACTION | ACCOUNT_TAG | EXTENDED_JOIN;

/** Clients that ask for this version of CAP LS are shown values. */
export const VALUES_VERSION = 302;

/** By name, in the order in which they are listed. */
export const CAPS: ReadonlyMap<string, number> = new Map([
  ['account-notify', ACCOUNT_NOTIFY],
  ['account-tag', ACCOUNT_TAG],
  ['away-notify', AWAY_NOTIFY],
  ['batch', BATCH],
  ['cap-notify', CAP_NOTIFY],
  ['draft/account-registration', REGISTRATION],
  ['draft/chathistory', CHATHISTORY],
  ['draft/message-redaction', REDACTION],
  ['echo-message', ECHO_MESSAGE],
  ['extended-join', EXTENDED_JOIN],
  ['message-tags', MESSAGE_TAGS],
  ['multi-prefix', MULTI_PREFIX],
  ['sasl', SASL],
  ['server-time', SERVER_TIME],
  ['soju.im/search', SEARCH],
  ['standard-replies', STANDARD_REPLIES],
  ['userhost-in-names', USERHOST_IN_NAMES],
]);

const VALUES: ReadonlyMap<string, string> = new Map([
  ['draft/account-registration', 'before-connect,custom-account-name'],
  ['sasl', 'PLAIN'],
]);

/** The answer to CAP LS. */
export function capList(version: number): string {
  return [...CAPS.keys()].map((name) => (version >= VALUES_VERSION && VALUES.has(name) ? `${name}=${VALUES.get(name)}` : name)).join(' ');
}

/** The names of a set of capabilities. */
export function capNames(bits: number): string {
  return [...CAPS]
    .filter(([, bit]) => bits & bit)
    .map(([name]) => name)
    .join(' ');
}

/** Capabilities of which the standard replies to a command are a part. */
const REPLIES: ReadonlyMap<string, number> = new Map([
  ['CHATHISTORY', CHATHISTORY],
  ['REDACT', REDACTION],
  ['REGISTER', REGISTRATION],
  ['SEARCH', SEARCH],
  ['VERIFY', REGISTRATION],
]);

/** Whether a client with these capabilities can read a standard reply to a command. */
export function knowsReplies(caps: number, command: string): boolean {
  return (caps & (STANDARD_REPLIES | (REPLIES.get(command) ?? 0))) !== 0;
}

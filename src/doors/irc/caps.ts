/** IRCv3 capabilities that the door has, as bits. The first three say in which form live messages are rendered. */

export const SERVER_TIME = 1;
export const MESSAGE_TAGS = 2;
export const REDACTION = 4;
export const ECHO_MESSAGE = 8;
export const BATCH = 16;
export const CHATHISTORY = 32;
export const STANDARD_REPLIES = 64;
export const SASL = 128;
export const REGISTRATION = 256;
export const AWAY_NOTIFY = 512;
export const SEARCH = 1024;

/** The bits that make a live message look different. */
export const FORM_MASK = SERVER_TIME | MESSAGE_TAGS | REDACTION;
export const FORMS = FORM_MASK + 1;

/** Clients that ask for this version of CAP LS are shown values. */
export const VALUES_VERSION = 302;

/** By name, in the order in which they are listed. */
export const CAPS: ReadonlyMap<string, number> = new Map([
  ['away-notify', AWAY_NOTIFY],
  ['batch', BATCH],
  ['draft/account-registration', REGISTRATION],
  ['draft/chathistory', CHATHISTORY],
  ['draft/message-redaction', REDACTION],
  ['echo-message', ECHO_MESSAGE],
  ['message-tags', MESSAGE_TAGS],
  ['sasl', SASL],
  ['server-time', SERVER_TIME],
  ['soju.im/search', SEARCH],
  ['standard-replies', STANDARD_REPLIES],
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

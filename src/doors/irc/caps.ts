/** IRCv3 capabilities that the door has, as bits. The first two say in which form live messages are rendered. */

export const SERVER_TIME = 1;
export const MESSAGE_TAGS = 2;
export const ECHO_MESSAGE = 4;
export const BATCH = 8;
export const CHATHISTORY = 16;
export const STANDARD_REPLIES = 32;

/** The bits that make a live message look different. */
export const FORM_MASK = SERVER_TIME | MESSAGE_TAGS;

/** By name, in the order in which they are listed. */
export const CAPS: ReadonlyMap<string, number> = new Map([
  ['batch', BATCH],
  ['draft/chathistory', CHATHISTORY],
  ['echo-message', ECHO_MESSAGE],
  ['message-tags', MESSAGE_TAGS],
  ['server-time', SERVER_TIME],
  ['standard-replies', STANDARD_REPLIES],
]);

/** The names of a set of capabilities. */
export function capNames(bits: number): string {
  return [...CAPS]
    .filter(([, bit]) => bits & bit)
    .map(([name]) => name)
    .join(' ');
}

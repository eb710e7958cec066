/** What may be typed after `/`: names and words alone; what they do is in commands.ts, loaded when one is sent. */

export interface CommandWords {
  readonly name: string;
  readonly usage: string;
  readonly about: string;
  /** What is completed behind it. */
  readonly takes: 'person' | 'room' | 'text' | '';
}

export const COMMANDS: readonly CommandWords[] = [
  { name: 'me', usage: 'me waves', about: 'say what you do', takes: 'text' },
  { name: 'join', usage: 'join #room', about: 'enter a room', takes: 'room' },
  { name: 'part', usage: 'part', about: 'leave this room', takes: '' },
  { name: 'msg', usage: 'msg name text', about: 'talk with somebody alone', takes: 'person' },
  { name: 'topic', usage: 'topic text', about: 'what the room is about', takes: 'text' },
  { name: 'invite', usage: 'invite name', about: 'let somebody into this private room', takes: 'person' },
  { name: 'away', usage: 'away words', about: 'say that you are away', takes: 'text' },
  { name: 'back', usage: 'back', about: 'you are here again', takes: '' },
  { name: 'nick', usage: 'nick name', about: 'another name', takes: 'text' },
  { name: 'kick', usage: 'kick name reason', about: 'put somebody out of the room', takes: 'person' },
  { name: 'mute', usage: 'mute name 10m reason', about: 'somebody may read and not speak', takes: 'person' },
  { name: 'ban', usage: 'ban name 2h reason', about: 'put somebody out for a time, or for good', takes: 'person' },
];

export function commandNamed(name: string): CommandWords | null {
  return COMMANDS.find((one) => one.name === name) ?? null;
}

/** The name of the command that a text is; null for a message. `//word` says `/word`; what goes on as a path is none. */
export function commandIn(text: string): string | null {
  return text.includes('\n') ? null : (/^\/([a-z]+)(?:\s|$)/.exec(text)?.[1] ?? null);
}

/** What a text says when it is no command. */
export function messageIn(text: string): string {
  return /^\/\/[a-z]/.test(text) ? text.slice(1) : text;
}

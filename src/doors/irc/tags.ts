/** Tags of messages (IRCv3 message-tags): read from clients, and their values escaped. */

const ESCAPES: ReadonlyMap<string, string> = new Map([
  [';', '\\:'],
  [' ', '\\s'],
  ['\\', '\\\\'],
  ['\r', '\\r'],
  ['\n', '\\n'],
  ['\0', ''],
]);
const UNESCAPES: ReadonlyMap<string, string> = new Map([
  [':', ';'],
  ['s', ' '],
  ['r', '\r'],
  ['n', '\n'],
]);

export function escapeTag(value: string): string {
  return value.replace(/[; \\\r\n\0]/g, (letter) => ESCAPES.get(letter)!);
}

/** The value of a tag; undefined where it is not there. Of several of one name the last counts. */
export function tagOf(tags: string, name: string): string | undefined {
  let found: string | undefined;
  for (const tag of tags.split(';')) {
    const at = tag.indexOf('=');
    if ((at < 0 ? tag : tag.slice(0, at)) !== name) continue;
    found = at < 0 ? '' : tag.slice(at + 1).replace(/\\(.?)/gs, (_, letter: string) => UNESCAPES.get(letter) ?? letter);
  }
  return found;
}

/** The emoji and their names, loaded when somebody needs them first, and how they are sought. */

import type { Gemoji } from 'gemoji';

export interface Emoji {
  readonly sign: string;
  readonly names: readonly string[];
  readonly about: string;
  readonly tags: readonly string[];
  readonly category: string;
}

/** What people react with most, first of all. */
export const OFTEN: readonly string[] = ['👍', '❤️', '😂', '🎉', '😮', '😢', '🙏', '👀', '🚀', '✅', '❌', '🔥', '👏', '🤔', '💯', '👋'];

let loading: Promise<readonly Emoji[]> | null = null;

export function loadEmoji(): Promise<readonly Emoji[]> {
  loading ??= import('gemoji')
    .then(({ gemoji }) => gemoji.map(emojiOf))
    .catch((error: unknown) => {
      loading = null;
      throw error;
    });
  return loading;
}

function emojiOf({ emoji, names, tags, description, category }: Gemoji): Emoji {
  return { sign: emoji, names, about: description, tags, category };
}

/** How well an emoji fits what is sought: the less the better; null: not at all. */
function rank({ names, tags, about }: Emoji, words: string): number | null {
  if (names.some((name) => name === words)) return 0;
  if (names.some((name) => name.startsWith(words))) return 1;
  if (tags.some((tag) => tag.startsWith(words))) return 2;
  if (names.some((name) => name.includes(words)) || about.toLowerCase().includes(words)) return 3;
  return null;
}

/** Those that fit, the best first, in the order of the list among equals. */
export function soughtEmoji(emoji: readonly Emoji[], words: string, max: number): readonly Emoji[] {
  const wanted = words.trim().toLowerCase().replaceAll(' ', '_').replace(/^:|:$/g, '');
  if (wanted === '') return [];
  const ranked = emoji.flatMap((one) => {
    const at = rank(one, wanted);
    return at === null ? [] : [{ one, at }];
  });
  return ranked
    .sort((a, b) => a.at - b.at)
    .slice(0, max)
    .map(({ one }) => one);
}

/** `:tada:` becomes what it names; in code it stays as it is. */
export function withEmoji(text: string, emoji: readonly Emoji[]): string {
  const byName = new Map(emoji.flatMap(({ sign, names }) => names.map((name) => [name, sign] as const)));
  return text
    .split(/(```[\s\S]*?(?:```|$)|`[^`\n]*`)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(/:([a-z0-9_+-]+):/g, (whole, name: string) => byName.get(name) ?? whole)))
    .join('');
}

/** Whether there is anything for `withEmoji` to do, before the names are loaded. */
export function namesEmoji(text: string): boolean {
  return /:[a-z0-9_+-]+:/.test(text);
}

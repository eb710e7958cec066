/** Chooses an emoji: by what it is called, or by looking. The field keeps the focus, arrows go over the signs. */

import { Popover } from '@base-ui/react/popover';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import popups from '../chat/popups.module.css';
import type { Anchor } from '../chat/timeline-context.ts';
import { complain } from '../state/hooks.ts';
import { type Emoji, loadEmoji, OFTEN, soughtEmoji } from './emoji.ts';
import styles from './emoji-popup.module.css';

const COLUMNS = 8;
const FOUND_MAX = 96;

/** gemoji's categories, and the sign that each is chosen by. */
const CATEGORIES: readonly (readonly [sign: string, category: string])[] = [
  ['⭐', 'Often'],
  ['😀', 'Smileys & Emotion'],
  ['👋', 'People & Body'],
  ['🐝', 'Animals & Nature'],
  ['🍎', 'Food & Drink'],
  ['🚲', 'Travel & Places'],
  ['🎈', 'Activities'],
  ['💡', 'Objects'],
  ['➰', 'Symbols'],
  ['🏁', 'Flags'],
];

interface EmojiPopupProps {
  readonly anchor: Anchor;
  readonly label: string;
  readonly onPick: (sign: string) => void;
  readonly onClose: () => void;
}

function useShown(category: string, sought: string): readonly Emoji[] {
  const [emoji, setEmoji] = useState<readonly Emoji[]>([]);
  useEffect(() => {
    loadEmoji().then(setEmoji).catch(complain);
  }, []);
  return useMemo(() => {
    if (sought.trim() !== '') return soughtEmoji(emoji, sought, FOUND_MAX);
    if (category === 'Often') return OFTEN.flatMap((sign) => emoji.find((one) => one.sign === sign) ?? []);
    return emoji.filter((one) => one.category === category);
  }, [emoji, category, sought]);
}

export default function EmojiPopup({ anchor, label, onPick, onClose }: EmojiPopupProps) {
  const [category, setCategory] = useState('Often');
  const [sought, setSought] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const shown = useShown(category, sought);
  const chosen = shown[Math.min(at, shown.length - 1)];

  useEffect(() => {
    document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, at]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    if (by !== undefined && shown.length > 0) {
      event.preventDefault();
      const isRtl = getComputedStyle(event.currentTarget).direction === 'rtl';
      setAt((now) => Math.max(0, Math.min(shown.length - 1, now + (Math.abs(by) === 1 && isRtl ? -by : by))));
    } else if (event.key === 'Enter' && chosen) {
      event.preventDefault();
      onPick(chosen.sign);
    }
  };

  return (
    <Popover.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Popover.Portal>
        <Popover.Positioner anchor={anchor} sideOffset={4} className={popups['place']}>
          <Popover.Popup className={`${popups['popup']} ${styles['popup']}`} initialFocus={field} aria-label={label}>
            <input
              ref={field}
              className={styles['field']}
              role="combobox"
              aria-label="Emoji"
              aria-expanded="true"
              aria-controls={`${id}-grid`}
              aria-activedescendant={chosen && `${id}-${shown.indexOf(chosen)}`}
              placeholder="Seek an emoji"
              value={sought}
              autoComplete="off"
              onChange={(event) => {
                setSought(event.target.value);
                setAt(0);
              }}
              onKeyDown={onKeyDown}
            />
            <div id={`${id}-grid`} role="listbox" aria-label={sought === '' ? category : 'Found'} className={styles['grid']}>
              {shown.map((one, i) => (
                <div
                  key={one.sign}
                  id={`${id}-${i}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={one === chosen}
                  aria-label={one.about}
                  className={styles['sign']}
                  onPointerMove={() => setAt(i)}
                  onPointerDown={(event) => event.preventDefault()}
                  onClick={() => onPick(one.sign)}
                  onKeyDown={onKeyDown}
                >
                  {one.sign}
                </div>
              ))}
            </div>
            {sought !== '' && shown.length === 0 && <p className={styles['none']}>None is called so.</p>}
            <p className={styles['about']}>{chosen ? `${chosen.about}, :${chosen.names[0]}:` : ' '}</p>
            <fieldset className={styles['categories']} aria-label="Kinds">
              {CATEGORIES.map(([sign, name]) => (
                <button
                  key={name}
                  type="button"
                  aria-pressed={sought === '' && name === category}
                  aria-label={name}
                  title={name}
                  onClick={() => {
                    setCategory(name);
                    setSought('');
                    setAt(0);
                    field.current?.focus();
                  }}
                >
                  {sign}
                </button>
              ))}
            </fieldset>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** The sheet of all keys. */

import { Dialog } from '../design/dialog.tsx';
import { Tick } from '../design/field-parts.tsx';
import { dispatch, useUi } from '../state/hooks.ts';
import styles from './palette.module.css';
import { SHORTCUTS } from './shortcuts.ts';

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);
const NAMES: Readonly<Record<string, string>> = isApple ? { Mod: '⌘', Alt: '⌥', Shift: '⇧' } : { Mod: 'Ctrl' };
const GROUPS = ['Anywhere', 'Writing', 'Lists and panels'] as const;

export default function KeysSheet() {
  const hasLetterKeys = useUi((ui) => ui.wishes.hasLetterKeys);
  return (
    <Dialog title="Keyboard">
      <div className={styles['keys']}>
        {GROUPS.map((group) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl>
              {SHORTCUTS.filter((one) => one.group === group).map(({ keys, words }) => (
                <div key={words + keys.join()} style={{ display: 'contents' }}>
                  <dt>{words}</dt>
                  <dd>
                    {keys.map((key) => (
                      <kbd key={key}>{NAMES[key] ?? key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <Tick
          label="Signs without Ctrl or Alt do something (?)"
          checked={hasLetterKeys}
          onChange={(event) => dispatch({ type: 'wish', wishes: { hasLetterKeys: event.target.checked } })}
        />
      </div>
    </Dialog>
  );
}

/** What somebody sets for themselves, in this browser. */

import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { Button } from '../design/button.tsx';
import { NotificationSettings } from '../notify/settings.tsx';
import { dispatch, useUi, useView } from '../state/hooks.ts';
import { logOut } from '../state/session.ts';
import type { Theme } from '../state/ui.ts';
import { Page } from './page.tsx';
import styles from './settings.module.css';

const THEMES: Readonly<Record<Theme, string>> = {
  system: 'As this device has it',
  light: 'Light',
  dark: 'Dark',
  contrast: 'High contrast',
};

export default function SettingsPage() {
  const theme = useUi((ui) => ui.theme);
  const me = useView((view) => view.me);
  return (
    <Page title="Settings">
      <section aria-labelledby="look">
        <h2 id="look">Look</h2>
        <RadioGroup
          aria-labelledby="look"
          className={styles['choices']}
          value={theme}
          onValueChange={(value) => dispatch({ type: 'theme', theme: value as Theme })}
        >
          {(Object.keys(THEMES) as Theme[]).map((one) => (
            <span key={one} className={styles['choice']}>
              <Radio.Root value={one} id={`theme-${one}`} className={styles['radio']}>
                <Radio.Indicator className={styles['dot']} />
              </Radio.Root>
              <label htmlFor={`theme-${one}`}>{THEMES[one]}</label>
            </span>
          ))}
        </RadioGroup>
      </section>
      <NotificationSettings />
      <section aria-labelledby="session">
        <h2 id="session">Session</h2>
        <p>
          You are here as <b>{me?.name}</b>
          {me?.account ? ', with an account.' : ', a guest: who logs out has another name next time.'}
        </p>
        <p>
          <Button onClick={() => void logOut()}>Log out</Button>
        </p>
      </section>
    </Page>
  );
}

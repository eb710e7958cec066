/** The first thing that Tab reaches: past the rooms, to the messages or to where one writes. */

import styles from './skip-link.module.css';

function focusOn(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus();
}

export function SkipLinks() {
  return (
    <nav className={styles['skip']} aria-label="Skip">
      <button type="button" onClick={() => focusOn('main textarea, main h1, main')}>
        Skip to writing
      </button>
      <button type="button" onClick={() => focusOn('[data-part="messages"], main')}>
        Skip to the messages
      </button>
    </nav>
  );
}

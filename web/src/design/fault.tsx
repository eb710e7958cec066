/** Why something did not work, in a form: told to screen readers when it comes. */

import styles from './fault.module.css';

export function Fault({ words }: { readonly words: string | null }) {
  if (words === null) return null;
  return (
    <p className={styles['fault']} role="alert">
      {words}
    </p>
  );
}

/** What goes on around the chat, whatever page is open: keys, words for screen readers, and word of what comes elsewhere. Loaded behind the first view. */

import { useKeys } from '../palette/use-keys.ts';
import { Announcer } from './announcer.tsx';
import { Notifier } from './notifier.tsx';

export default function Around() {
  useKeys();
  return (
    <>
      <Announcer />
      <Notifier />
    </>
  );
}

/** Begins to talk with somebody alone. */

import { Dialog } from '../design/dialog.tsx';
import { useChat } from '../state/hooks.ts';
import { roomHash } from '../state/route.ts';
import { FindPerson } from './find-person.tsx';

export default function Direct() {
  const chat = useChat();
  return (
    <Dialog title="Message somebody">
      <FindPerson
        does="Write"
        choose={async ({ author }) => {
          location.hash = roomHash(await chat.direct(author));
        }}
        good={() => null}
      />
    </Dialog>
  );
}

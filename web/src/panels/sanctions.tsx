/** What is in force against somebody in a room or in the network, as the moderation log has it, and the way to take it back. */

import { useEffect, useState } from 'react';
import type { WireAct } from '../../../src/api/protocol.ts';
import type { AuthorId, RoomId } from '../../../src/core/ids.ts';
import { Button } from '../design/button.tsx';
import { fullTime } from '../design/time.ts';
import { complain, useChat, useUi, useView } from '../state/hooks.ts';
import { isInForce } from './in-force.ts';
import styles from './panel.module.css';

/** So far back the log is looked through. */
const ACTS_MAX = 100;

export function Sanctions({ room, author }: { readonly room: RoomId; readonly author: AuthorId }) {
  const chat = useChat();
  const [acts, setActs] = useState<readonly WireAct[]>([]);
  const [undone, setUndone] = useState(0);
  const myRole = useView((view) => (view.me && view.people.get(view.me.author)?.role) ?? null);
  const isEverywhere = myRole === 'owner' || myRole === 'moderator';
  // A dialog that closes may have added one.
  const hasDialog = useUi((ui) => ui.dialog !== null);
  useEffect(() => {
    if (hasDialog || undone < 0) return;
    let isOver = false;
    const places: readonly (RoomId | '')[] = isEverywhere ? [room, ''] : [room];
    Promise.all(places.map((place) => chat.moderationLog(place, undefined, ACTS_MAX) as Promise<{ acts: readonly WireAct[] }>))
      .then((logs) => !isOver && setActs(logs.flatMap((log) => log.acts).filter((act) => isInForce(act, author, Date.now()))))
      .catch(complain);
    return () => {
      isOver = true;
    };
  }, [chat, room, author, isEverywhere, hasDialog, undone]);
  return acts.map((act) => (
    <div key={act.id} className={styles['act']}>
      <p dir="auto">
        {act.does === 'ban' ? 'Banned' : 'Muted'}
        {act.room === '' ? ' in the whole network' : ''} by {act.byName}
        {act.untilMs === null ? '' : `, until ${fullTime(act.untilMs)}`}
        {act.reason === '' ? '' : `: ${act.reason}`}
      </p>
      <Button
        onClick={() =>
          chat
            .undo(act.id)
            .then(() => setUndone((no) => no + 1))
            .catch(complain)
        }
      >
        Take it back
      </Button>
    </div>
  ));
}

/** What was moderated, newest first: who did what to whom, when and why; and what of it holds now, with a way to take it back. */

import { useCallback, useEffect, useState } from 'react';
import type { WireAct } from '../../../src/api/protocol.ts';
import { Button } from '../design/button.tsx';
import { clock, dayWords, fullTime } from '../design/time.ts';
import { complain, dispatch, useChat } from '../state/hooks.ts';
import { actWords, inForce, isUndoable, joined } from './acts.ts';
import styles from './admin.module.css';

const PAGE = 100;

function useActs() {
  const chat = useChat();
  const [acts, setActs] = useState<readonly WireAct[] | null>(null);
  const [isWhole, setWhole] = useState(false);
  const load = useCallback(
    async (before: readonly WireAct[]): Promise<void> => {
      const page = await chat.moderationLog('', before.at(-1)?.place, PAGE);
      setActs(joined(before, page.acts));
      setWhole(page.acts.length < PAGE);
    },
    [chat],
  );
  const renew = useCallback(() => void load([]).catch(complain), [load]);
  useEffect(renew, [renew]);
  return { acts, isWhole, more: () => void load(acts ?? []).catch(complain), renew };
}

export function Log() {
  const { acts, isWhole, more, renew } = useActs();
  const held = inForce(acts ?? [], Date.now());
  return (
    <>
      <section aria-labelledby="in-force">
        <h2 id="in-force">In force</h2>
        {held.length === 0 && (
          <p className={styles['quiet']}>Nobody is banned or muted in the network. What rooms have of their own stands in each room.</p>
        )}
        <ul className={styles['lines']} aria-labelledby="in-force">
          {held.map((act) => (
            <Line key={act.id} act={act} onUndone={renew} />
          ))}
        </ul>
      </section>
      <section aria-labelledby="log">
        <h2 id="log">Moderation log</h2>
        <p className={styles['quiet']}>
          Everybody who moderates reads this. Nothing in it can be changed: what is taken back stays, and says so.
        </p>
        <ul className={styles['lines']} aria-labelledby="log" aria-busy={acts === null}>
          {acts?.map((act) => (
            <Line key={act.id} act={act} onUndone={renew} />
          ))}
        </ul>
        {acts?.length === 0 && <p className={styles['quiet']}>Nothing yet.</p>}
        {acts !== null && acts.length > 0 && !isWhole && (
          <p>
            <Button onClick={more}>Earlier</Button>
          </p>
        )}
      </section>
    </>
  );
}

function Line({ act, onUndone }: { readonly act: WireAct; readonly onUndone: () => void }) {
  const chat = useChat();
  const { id, byName, atMs, reason, untilMs, undoneBy, room } = act;
  const undo = async (): Promise<void> => {
    await chat.undo(id);
    dispatch({ type: 'notice', kind: 'good', words: 'It is taken back.' });
    onUndone();
  };
  const words = `${byName} ${actWords(act)}`;
  return (
    <li className={styles['line']}>
      <div>
        <p dir="auto" className={undoneBy === null ? undefined : styles['undone']}>
          {words}
          {room !== '' && ` in ${room}`}
        </p>
        <p className={styles['quiet']}>
          <time dateTime={new Date(atMs).toISOString()} title={fullTime(atMs)}>
            {dayWords(atMs, Date.now())}, {clock(atMs)}
          </time>
          {untilMs !== null && ` · until ${fullTime(untilMs)}`}
          {undoneBy !== null && ' · taken back'}
          {reason !== '' && (
            <>
              {' · '}
              <bdi>“{reason}”</bdi>
            </>
          )}
        </p>
      </div>
      {isUndoable(act) && (
        <Button aria-label={`Take back: ${words}`} onClick={() => void undo().catch(complain)}>
          Take back
        </Button>
      )}
    </li>
  );
}

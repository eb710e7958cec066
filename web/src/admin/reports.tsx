/** What people reported, newest first, with what can be done about it. */

import { useCallback, useEffect, useState } from 'react';
import type { WirePlace, WireReport } from '../../../src/api/protocol.ts';
import { hlcMs } from '../../../src/core/hlc.ts';
import { Button } from '../design/button.tsx';
import { clock, dayWords, fullTime } from '../design/time.ts';
import { complain, dispatch, useChat } from '../state/hooks.ts';
import { roomHash } from '../state/route.ts';
import styles from './admin.module.css';
import { SanctionForm } from './sanction.tsx';

const PAGE = 50;

export function Reports() {
  const chat = useChat();
  const [reports, setReports] = useState<readonly WireReport[] | null>(null);
  const [next, setNext] = useState<WirePlace | null>(null);
  const load = useCallback(
    async (before: readonly WireReport[], from?: WirePlace): Promise<void> => {
      const page = await chat.reports('', from, PAGE);
      setReports([...before, ...page.reports]);
      setNext(page.next);
    },
    [chat],
  );
  const renew = useCallback(() => void load([]).catch(complain), [load]);
  useEffect(renew, [renew]);
  return (
    <section aria-labelledby="reports">
      <h2 id="reports">Reports</h2>
      <p className={styles['quiet']}>What people asked you to look at. Nobody is told who reported what but those who moderate.</p>
      {reports?.length === 0 && next === null && <p>Nothing was reported.</p>}
      <ul className={styles['lines']} aria-labelledby="reports" aria-busy={reports === null}>
        {reports?.map((report) => (
          <li key={report.id} className={styles['report']}>
            <Report report={report} onDone={renew} />
          </li>
        ))}
      </ul>
      {next && (
        <p>
          <Button onClick={() => void load(reports ?? [], next).catch(complain)}>Earlier</Button>
        </p>
      )}
    </section>
  );
}

function Report({ report, onDone }: { readonly report: WireReport; readonly onDone: () => void }) {
  const chat = useChat();
  const [act, setAct] = useState<'ban' | 'mute' | null>(null);
  const { room, target, byName, reason, message, place } = report;
  const atMs = hlcMs(place[0]);
  const remove = async (): Promise<void> => {
    await chat.remove(room, target, reason);
    dispatch({ type: 'notice', kind: 'good', words: 'The message is removed.' });
    onDone();
  };
  const isThere = message !== null && message.text !== null;
  return (
    <>
      <p>
        <bdi>{byName}</bdi> reported
        {message ? (
          <>
            {' '}
            a message of <bdi>{message.name}</bdi>
          </>
        ) : (
          ' a message that shows no more'
        )}
        {reason !== '' && (
          <>
            : <bdi>“{reason}”</bdi>
          </>
        )}
      </p>
      <p className={styles['quiet']}>
        <time dateTime={new Date(atMs).toISOString()} title={fullTime(atMs)}>
          {dayWords(atMs, Date.now())}, {clock(atMs)}
        </time>
      </p>
      {message && (
        <blockquote dir="auto" className={styles['quote']}>
          {message.text ?? 'It was removed.'}
        </blockquote>
      )}
      {message && act === null && (
        <p className={styles['actions']}>
          <a href={roomHash(room, target)}>Look at it where it stands</a>
          {isThere && <Button onClick={() => void remove().catch(complain)}>Remove the message</Button>}
          <Button onClick={() => setAct('mute')}>Mute {message.name}…</Button>
          <Button onClick={() => setAct('ban')}>Ban {message.name}…</Button>
        </p>
      )}
      {message && act && <SanctionForm kind={act} person={message.author} name={message.name} onDone={() => setAct(null)} />}
    </>
  );
}

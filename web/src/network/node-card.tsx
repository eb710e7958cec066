/** What is known of one node: how it is, whom it serves, with whom it is linked. */

import type { ReactNode } from 'react';
import { Avatar } from '../design/avatar.tsx';
import styles from './node-card.module.css';
import type { DrawnNode, Picture } from './picture.ts';
import { behindWords, bytesWords, listWords, rttWords, STATE_WORDS, spanWords } from './words.ts';

/** People and links that are named; the rest is a number. */
const PEOPLE_MAX = 40;
const LINKS_MAX = 12;
/** A loop that is late by more than this, in ms, is felt by the people of the node. */
const LATE_MS = 100;

interface NodeCardProps {
  readonly node: DrawnNode;
  readonly picture: Picture;
  /** The clock of the picture, in ms since 1970. */
  readonly nowMs: number;
  /** What its owner can do about it. */
  readonly children?: ReactNode;
}

export function NodeCard({ node, picture, nowMs, children }: NodeCardProps) {
  const { name, state, rttMs, behind, links, count, served, sinceMs, urls } = node;
  const names = links.map((id) => picture.byId.get(id)?.name ?? id.slice(0, 8));
  return (
    <section className={styles['card']} aria-labelledby="node-card">
      <h2 id="node-card">
        <bdi>{name}</bdi>
        <span className={`${styles['state']} ${styles[state]}`}>{STATE_WORDS[state]}</span>
      </h2>
      <dl className={styles['facts']}>
        {sinceMs !== undefined && state !== 'self' && (
          <Fact name={`${STATE_WORDS[state]} for`}>{spanWords(Math.max(0, nowMs - sinceMs))}</Fact>
        )}
        {rttMs !== null && <Fact name="Round trip">{rttWords(rttMs)}</Fact>}
        {typeof behind === 'number' && <Fact name="Holds">{behindWords(behind)}</Fact>}
        <Fact name={state === 'down' ? 'Was linked with' : 'Linked with'}>
          {names.length === 0 ? 'nobody' : listWords(names, LINKS_MAX)}
        </Fact>
        <Health node={node} nowMs={nowMs} />
        {urls.length > 0 && <Fact name="Answers at">{urls[0]}</Fact>}
      </dl>
      {state !== 'down' && count > 0 && (
        <ul className={styles['people']} aria-label={`Served by ${name}`}>
          {served.slice(0, PEOPLE_MAX).map((person) => (
            <li key={person.author}>
              <Avatar author={person.author} name={person.name} size={22} />
              <bdi>{person.isMe ? `${person.name} (you)` : person.name}</bdi>
            </li>
          ))}
          {count > Math.min(served.length, PEOPLE_MAX) && <li>{count - Math.min(served.length, PEOPLE_MAX)} more</li>}
        </ul>
      )}
      {children}
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );
}

/** How it is by its own word. */
function Health({ node: { vitals, state }, nowMs }: { readonly node: DrawnNode; readonly nowMs: number }) {
  if (!vitals) return null;
  const { version, startedMs, storeBytes, lateMs, holes, writes } = vitals;
  return (
    <>
      {state !== 'down' && <Fact name="Runs for">{spanWords(Math.max(0, nowMs - startedMs))}</Fact>}
      <Fact name="Version">{version}</Fact>
      <Fact name="On its disk">{bytesWords(storeBytes)}</Fact>
      {state !== 'down' && (
        <Fact name="Answers within">
          <span className={lateMs > LATE_MS ? styles['unwell'] : undefined}>{Math.max(1, Math.round(lateMs))} ms</span>
        </Fact>
      )}
      {holes > 0 && (
        <Fact name="Damaged">
          <span className={styles['unwell']}>{holes === 1 ? '1 entry' : `${holes} entries`}, being fetched again</span>
        </Fact>
      )}
      {!writes && (
        <Fact name="Disk">
          <span className={styles['unwell']}>refuses writes: it is full, or fails</span>
        </Fact>
      )}
    </>
  );
}

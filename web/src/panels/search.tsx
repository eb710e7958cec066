/** Search: in the room or everywhere, of somebody, between days. What is found is marked in what it stands in; arrows go through it, Enter goes to the message. */

import { useId, useState } from 'react';
import type { WireFound } from '../../../src/api/protocol.ts';
import { Button } from '../design/button.tsx';
import { Fault } from '../design/fault.tsx';
import { Field } from '../design/field.tsx';
import { Choice } from '../design/field-parts.tsx';
import { intoList, useRoving } from '../design/roving.ts';
import { useRoom, useView } from '../state/hooks.ts';
import { Jump } from './jump.tsx';
import styles from './panel.module.css';
import type { PanelProps } from './panel-slot.tsx';
import { NOTHING_SOUGHT, pieces, type Sought } from './search-query.ts';
import { type Search as SearchState, useSearch } from './use-search.ts';

/** Names that are offered while one types whose messages, at most. */
const NAMES_MAX = 200;

export default function Search({ room }: PanelProps) {
  const [sought, setSought] = useState<Sought>(NOTHING_SOUGHT);
  const search = useSearch(room, sought);
  const list = useRoving<HTMLUListElement>();
  const change = (part: Partial<Sought>): void => setSought((now) => ({ ...now, ...part }));
  return (
    <search aria-label="Messages">
      <form className={styles['form']} onSubmit={(event) => event.preventDefault()} onKeyDown={(event) => intoList(event, list)}>
        <Field
          label="Words"
          type="search"
          value={sought.text}
          maxLength={256}
          autoFocus
          enterKeyHint="search"
          hint="All of them are in it. “two words” side by side, begin* for a beginning."
          onChange={(event) => change({ text: event.target.value })}
        />
        <Filters room={room} sought={sought} change={change} />
      </form>
      <Said search={search} />
      <ul ref={list} className={styles['list']} aria-label="What was found" aria-busy={search.isBusy}>
        {search.found?.map((one) => (
          <li key={one.message.id} className={styles['entry']}>
            <Jump message={one.message} hasRoom={sought.isEverywhere}>
              <Snippet found={one} />
            </Jump>
          </li>
        ))}
      </ul>
      {search.hasMore && (
        <Button className={styles['more']!} disabled={search.isBusy} onClick={search.more}>
          More
        </Button>
      )}
    </search>
  );
}

interface FiltersProps {
  readonly room: PanelProps['room'];
  readonly sought: Sought;
  readonly change: (part: Partial<Sought>) => void;
}

function Filters({ room, sought, change }: FiltersProps) {
  const names = useId();
  const people = useView((view) => view.people);
  const name = useRoom(room)?.room.name ?? '';
  return (
    <>
      <Choice
        label="Where"
        value={sought.isEverywhere ? 'all' : 'room'}
        onChange={(event) => change({ isEverywhere: event.target.value === 'all' })}
      >
        <option value="room">In {name}</option>
        <option value="all">Everywhere that I may read</option>
      </Choice>
      <details>
        <summary>Of whom, and when</summary>
        <div className={styles['filters']}>
          <div className={styles['wide']}>
            <Field
              label="Of whom"
              list={names}
              value={sought.who}
              maxLength={64}
              onChange={(event) => change({ who: event.target.value })}
            />
            <datalist id={names}>
              {[...people.values()].slice(0, NAMES_MAX).map((person) => (
                <option key={person.author} value={person.name} />
              ))}
            </datalist>
          </div>
          <Field label="From" type="date" value={sought.from} onChange={(event) => change({ from: event.target.value })} />
          <Field label="Until" type="date" value={sought.until} onChange={(event) => change({ until: event.target.value })} />
        </div>
      </details>
    </>
  );
}

function Said({ search: { found, isBusy, fault, hasMore } }: { readonly search: SearchState }) {
  const count = found?.length ?? 0;
  const words = found === null ? '' : count === 0 ? 'Nothing was found.' : `${count}${hasMore ? ' and more' : ''} found, the newest first.`;
  return fault ? (
    <Fault words={fault} />
  ) : (
    <p role="status" className={styles['quiet']}>
      {isBusy ? 'Searching…' : words}
    </p>
  );
}

function Snippet({ found: { snippet, marks } }: { readonly found: WireFound }) {
  return pieces(snippet, marks).map(({ text, isHit }, i) =>
    isHit ? <mark key={i.toString()}>{text}</mark> : <span key={i.toString()}>{text}</span>,
  );
}

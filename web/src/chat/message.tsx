/** One message, with what stands above it: a day, the line of what was not read. */

import { type MouseEvent, memo } from 'react';
import type { Item } from 'skein/client';
import type { MessageId, RoomId } from '../../../src/core/ids.ts';
import { Avatar, nameColour } from '../design/avatar.tsx';
import { clock, dayOf, dayWords, fullTime } from '../design/time.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { dispatch } from '../state/hooks.ts';
import { roomHash } from '../state/route.ts';
import { DeliverySign, RefusedLine } from './delivery.tsx';
import { standingOf } from './grouping.ts';
import styles from './message.module.css';
import { MessageActions } from './message-actions.tsx';
import { useQuote } from './quotes.ts';
import { Reactions } from './reactions.tsx';
import { useRemoval } from './removals.ts';
import { useTimeline } from './timeline-context.ts';

interface MessageProps {
  readonly item: Item;
  readonly before: Item | undefined;
  readonly room: RoomId;
  readonly isFirstUnread: boolean;
  readonly isFlashed: boolean;
  /** The pointer or the keyboard is at it. */
  readonly isActive: boolean;
}

export const MessageRow = memo(function MessageRow({ item, before, room, isFirstUnread, isFlashed, isActive }: MessageProps) {
  const { isHead, isNewDay } = standingOf(item, before, isFirstUnread ? item.id : null, dayOf);
  const isLeaving = useRemoval(item.id);
  const isRemoved = item.text === null;
  const classes = [
    styles['row'],
    isHead && styles['head'],
    item.mentions && styles['mentions'],
    isFlashed && styles['flash'],
    isLeaving && styles['leaving'],
  ];
  return (
    <div data-message={item.id}>
      {isNewDay && <DayLine atMs={item.atMs} />}
      {isFirstUnread && (
        <p className={styles['unread']}>
          <span>New</span>
        </p>
      )}
      <article className={classes.filter(Boolean).join(' ')} aria-label={`${item.name}, ${clock(item.atMs)}`} tabIndex={-1}>
        <Gutter item={item} isHead={isHead} />
        <div className={styles['body']}>
          {item.target !== undefined && <Quoted room={room} id={item.target} />}
          {isHead && item.style !== 'action' && <NameLine item={item} />}
          <div className={styles['said']}>
            <Said item={item} />
            <DeliverySign item={item} />
          </div>
          <Reactions item={item} room={room} />
          {item.delivery?.state === 'refused' && <RefusedLine id={item.id} words={item.delivery.words} />}
        </div>
        {isActive && !isRemoved && !isLeaving && <MessageActions item={item} room={room} />}
      </article>
    </div>
  );
});

function DayLine({ atMs }: { readonly atMs: number }) {
  return (
    <p className={styles['day']}>
      <span>{dayWords(atMs, Date.now())}</span>
    </p>
  );
}

function Gutter({ item, isHead }: { readonly item: Item; readonly isHead: boolean }) {
  if (isHead && item.style !== 'action')
    return (
      <div className={styles['gutter']}>
        <Avatar author={item.author} name={item.name} />
      </div>
    );
  return (
    <div className={`${styles['gutter']} ${styles['hidden']}`}>
      <Time atMs={item.atMs} />
    </div>
  );
}

function Time({ atMs }: { readonly atMs: number }) {
  return (
    <time dateTime={new Date(atMs).toISOString()} title={fullTime(atMs)}>
      {clock(atMs)}
    </time>
  );
}

function NameLine({ item }: { readonly item: Item }) {
  return (
    <p className={styles['name-line']}>
      <Name item={item} />
      <Time atMs={item.atMs} />
      {item.imported && <span className={styles['chip']}>imported</span>}
    </p>
  );
}

/** A press shows who that is. Stand-ins of an import are nobody here. */
function Name({ item }: { readonly item: Item }) {
  const style = { color: nameColour(item.author) };
  if (item.imported)
    return (
      <bdi className={styles['name']} style={style}>
        {item.name}
      </bdi>
    );
  return (
    <button
      type="button"
      className={styles['name']}
      style={style}
      onClick={() => dispatch({ type: 'panel', panel: { kind: 'person', author: item.author } })}
    >
      <bdi>{item.name}</bdi>
    </button>
  );
}

function Said({ item }: { readonly item: Item }) {
  if (item.text === null) return <p className={styles['removed']}>{item.removed ? `Removed by ${item.removed.name}` : 'Removed'}</p>;
  return (
    <div className={`${styles['text']} ${styles[item.style]}`} dir="auto">
      {item.style === 'action' ? (
        <p>
          <bdi style={{ color: nameColour(item.author) }}>{item.name}</bdi> {item.text}
        </p>
      ) : (
        <Markdown text={item.text} />
      )}
      <Marks item={item} />
    </div>
  );
}

/** Quiet words behind a text. */
function Marks({ item }: { readonly item: Item }) {
  if (!item.edited && !item.pinned && !item.late) return null;
  return (
    <span className={styles['marks']}>
      {item.edited && <Edited item={item} />}
      {item.pinned && <span>pinned</span>}
      {item.late && (
        <span title="It came to its place in history after what is below it: from behind a partition.">arrived after a partition</span>
      )}
    </span>
  );
}

/** Leads to what it said before. */
function Edited({ item }: { readonly item: Item }) {
  const { open } = useTimeline();
  return (
    <button
      type="button"
      className={styles['edited']}
      aria-haspopup="dialog"
      title="What it said before"
      onClick={(event) => open({ kind: 'edits', item, anchor: event.currentTarget })}
    >
      edited
    </button>
  );
}

/** Letters of a quoted text. */
const QUOTE_MAX = 200;

function Quoted({ room, id }: { readonly room: RoomId; readonly id: MessageId }) {
  const { goTo } = useTimeline();
  const quote = useQuote(room, id);
  const go = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    goTo({ id });
  };
  return (
    <a className={styles['quoted']} href={roomHash(room, id)} dir="auto" onClick={go}>
      <span className="visually-hidden">Answer to </span>
      {quote ? (
        <>
          <bdi style={{ color: nameColour(quote.author) }}>{quote.name}</bdi> {quote.text?.slice(0, QUOTE_MAX) ?? 'removed'}
        </>
      ) : quote === null ? (
        'a message that is not there any more'
      ) : (
        'an earlier message'
      )}
    </a>
  );
}

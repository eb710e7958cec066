/** One message, with what stands above it: a day, the line of what was not read. */

import { memo } from 'react';
import type { Item } from 'skein/client';
import { indexOfId } from '../../../src/client/find.ts';
import type { MessageId, RoomId } from '../../../src/core/ids.ts';
import { Avatar, nameColour } from '../design/avatar.tsx';
import { clock, dayOf, dayWords, fullTime } from '../design/time.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { dispatch, useRoom } from '../state/hooks.ts';
import { roomHash } from '../state/route.ts';
import { DeliverySign, RefusedLine } from './delivery.tsx';
import { standingOf } from './grouping.ts';
import styles from './message.module.css';
import { MessageActions } from './message-actions.tsx';
import { Reactions } from './reactions.tsx';

interface MessageProps {
  readonly item: Item;
  readonly before: Item | undefined;
  readonly room: RoomId;
  readonly isFirstUnread: boolean;
  readonly isFlashed: boolean;
}

export const MessageRow = memo(function MessageRow({ item, before, room, isFirstUnread, isFlashed }: MessageProps) {
  const { isHead, isNewDay } = standingOf(item, before, isFirstUnread ? item.id : null, dayOf);
  const classes = [styles['row'], isHead && styles['head'], item.mentions && styles['mentions'], isFlashed && styles['flash']];
  return (
    <div data-message={item.id}>
      {isNewDay && <DayLine atMs={item.atMs} />}
      {isFirstUnread && (
        <p className={styles['unread']}>
          <span>New</span>
        </p>
      )}
      <article className={classes.filter(Boolean).join(' ')} aria-label={`${item.name}, ${clock(item.atMs)}`}>
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
        {item.text !== null && <MessageActions item={item} room={room} />}
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
      {item.edited && <span>edited</span>}
      {item.pinned && <span>pinned</span>}
      {item.late && (
        <span title="It came to its place in history after what is below it: from behind a partition.">arrived after a partition</span>
      )}
    </span>
  );
}

function Quoted({ room, id }: { readonly room: RoomId; readonly id: MessageId }) {
  const timeline = useRoom(room)?.timeline ?? [];
  const target = timeline[indexOfId(timeline, id)];
  return (
    <a className={styles['quoted']} href={roomHash(room, id)} dir="auto">
      {target ? (
        <>
          <bdi style={{ color: nameColour(target.author) }}>{target.name}</bdi> {target.text ?? 'removed'}
        </>
      ) : (
        'an earlier message'
      )}
    </a>
  );
}

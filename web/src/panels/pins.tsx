/** What is pinned in the room, the newest pin first. Who moderates takes pins off. */

import { useCallback, useEffect, useState } from 'react';
import type { Answers } from '../../../src/api/protocol.ts';
import { Button, IconButton } from '../design/button.tsx';
import { useRoving } from '../design/roving.ts';
import { complain, useChat, useRoom } from '../state/hooks.ts';
import { Jump } from './jump.tsx';
import styles from './panel.module.css';
import type { PanelProps } from './panel-slot.tsx';

type Pin = Answers['pins']['pins'][number];

/** Pins of a page, and how long after a change they are asked for again, in ms. */
const PAGE = 50;
const AGAIN_MS = 250;

function usePins(room: PanelProps['room']) {
  const chat = useChat();
  const [pins, setPins] = useState<readonly Pin[] | null>(null);
  const [next, setNext] = useState<Answers['pins']['next']>(null);
  const load = useCallback(
    (before: readonly Pin[], at: Answers['pins']['next']) =>
      chat
        .pins(room, at ?? undefined, PAGE)
        .then((answer) => {
          setPins([...before, ...answer.pins]);
          setNext(answer.next);
        })
        .catch(complain),
    [chat, room],
  );
  useEffect(() => {
    void load([], null);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = chat.on('changed', (item) => {
      if (item.room !== room) return;
      clearTimeout(timer);
      timer = setTimeout(() => void load([], null), AGAIN_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [chat, room, load]);
  return { pins, more: next && (() => void load(pins ?? [], next)), again: () => void load([], null) };
}

export default function Pins({ room }: PanelProps) {
  const chat = useChat();
  const known = useRoom(room)?.room;
  const mayUnpin = known !== undefined && (known.kind === 'direct' || known.power >= 2);
  const { pins, more, again } = usePins(room);
  const list = useRoving<HTMLUListElement>();
  return (
    <>
      <p role="status" className={styles['quiet']}>
        {pins === null ? 'Reading…' : pins.length === 0 ? 'Nothing is pinned here. Whoever moderates the room pins messages.' : ''}
      </p>
      <ul ref={list} className={styles['list']} aria-label="Pinned messages">
        {pins?.map(({ message, byName }) => (
          <li key={message.id} className={styles['entry']}>
            <Jump message={message}>
              {message.text ?? 'removed'} <span className={styles['head']}>pinned by {byName}</span>
            </Jump>
            {mayUnpin && (
              <IconButton
                icon="close"
                size={16}
                label={`Take off the pin: ${message.name}`}
                onClick={() => chat.pin(room, message.id, false).then(again).catch(complain)}
              />
            )}
          </li>
        ))}
      </ul>
      {more && (
        <Button className={styles['more']!} onClick={more}>
          More
        </Button>
      )}
    </>
  );
}

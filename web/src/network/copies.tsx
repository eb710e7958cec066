/** Where one's own latest messages are, node by node. */

import { useEffect, useState } from 'react';
import { useChat, useView } from '../state/hooks.ts';
import styles from './copies.module.css';
import { type Copies, copiesOf, ownLatest } from './own-copies.ts';
import type { Picture } from './picture.ts';
import { nodesWords } from './words.ts';

const MESSAGES_MAX = 40;
/** Asked again after so long, in ms, while it shows: copies grow. */
const AGAIN_MS = 3000;

function useCopies(): Copies | null {
  const chat = useChat();
  const isOnline = useView((view) => view.connection.state === 'online');
  const [copies, setCopies] = useState<Copies | null>(null);
  useEffect(() => {
    if (!isOnline) return;
    let isOver = false;
    const ask = async (): Promise<void> => {
      const rooms = [...ownLatest(chat.view.rooms, chat.view.me?.author ?? null, MESSAGES_MAX)];
      const told = await Promise.all(rooms.map(([room, ids]) => chat.holders(room, ids)));
      if (!isOver) setCopies(copiesOf(told.flatMap((holders) => Object.values(holders))));
    };
    const askAgain = (): void => void ask().catch(() => undefined);
    askAgain();
    const timer = setInterval(askAgain, AGAIN_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [chat, isOnline]);
  return copies;
}

export function OwnCopies({ picture }: { readonly picture: Picture }) {
  const copies = useCopies();
  if (!copies || copies.messages === 0) return null;
  const { messages, byNode, least } = copies;
  const held = picture.nodes.filter(({ id }) => byNode.has(id)).sort((one, other) => byNode.get(other.id)! - byNode.get(one.id)!);
  return (
    <section aria-labelledby="copies" className={styles['copies']}>
      <h2 id="copies">Where your messages are</h2>
      <p className={styles['quiet']}>
        {messages === 1 ? 'Your last message is' : `Each of your last ${messages} messages is`} on{' '}
        {least === 1 ? 'the disk of 1 node' : `the disks of ${nodesWords(least)}`}
        {messages === 1 ? '.' : ' at least.'}
      </p>
      <ul>
        {held.map(({ id, name }) => (
          <li key={id}>
            <bdi>{name}</bdi>
            <meter min={0} max={messages} value={byNode.get(id)} aria-label={`${name} holds`} />
            <span>
              {byNode.get(id)} of {messages}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How far a message of one's own has come: quietly a sign, in words for those who ask. */

import type { Item } from 'skein/client';
import type { MessageId } from '../../../src/core/ids.ts';
import { Button } from '../design/button.tsx';
import { Icon } from '../design/icon.tsx';
import { useChat } from '../state/hooks.ts';
import styles from './delivery.module.css';

export function DeliverySign({ item }: { readonly item: Item }) {
  const { delivery } = item;
  if (!delivery || delivery.state === 'refused') return null;
  if (delivery.state === 'waiting')
    return (
      <span className={`${styles['sign']} ${styles['waiting']}`} role="img" aria-label="Waits to be sent" title="Waits to be sent">
        <Icon name="clock" size={14} />
      </span>
    );
  const { held, wanted } = delivery;
  const words = held === 1 ? `On 1 node${wanted > 1 ? `, of ${wanted} wanted` : ''}` : `On ${held} of ${Math.max(held, wanted)} nodes`;
  return (
    <span className={`${styles['sign']} ${held < wanted ? styles['partly'] : ''}`} role="img" aria-label={words} title={words}>
      <Icon name="check" size={14} />
      {wanted > 1 && (
        <span className={styles['copies']}>
          {held}/{Math.max(held, wanted)}
        </span>
      )}
    </span>
  );
}

export function RefusedLine({ id, words }: { readonly id: MessageId; readonly words: string }) {
  const chat = useChat();
  return (
    <div className={styles['refused']} role="alert">
      <p>Not sent: {words}</p>
      <Button onClick={() => chat.retry(id)}>Send again</Button>
      <Button onClick={() => chat.discard(id)}>Discard</Button>
    </div>
  );
}

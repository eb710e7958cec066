/** Tells of messages in rooms that are not looked at: in the page while it is seen, else through the system; what comes together is told together. */

import { useEffect, useRef, useState } from 'react';
import type { Chat, Item } from 'skein/client';
import { IconButton } from '../design/button.tsx';
import { useChat, useUi, useView } from '../state/hooks.ts';
import { roomHash } from '../state/route.ts';
import { uiStore } from '../state/ui-store.ts';
import { ruleOf } from '../state/wishes.ts';
import { type Told, telling, type Word, wordsFor } from './decide.ts';
import styles from './notifier.module.css';
import { permission, showSystem } from './system.ts';

/** What comes within so long is told of together, in ms. */
const TOGETHER_MS = 400;
/** How long a card stays, in ms, and how many there are at once. */
const CARD_MS = 7000;
const CARDS_MAX = 3;

interface Card extends Word {
  readonly no: number;
}

function tellingOf(chat: Chat, item: Item): 'none' | 'page' | 'system' {
  const { me, open, blocked, muted, rooms } = chat.view;
  const { wishes } = uiStore.ui();
  const kind = rooms.get(item.room)?.room.kind ?? 'public';
  const situation = {
    me: me?.author ?? null,
    open,
    isBlocked: blocked.has(item.author),
    isDirect: kind === 'direct',
    rule: ruleOf(wishes, item.room, kind, muted.has(item.room)),
    isQuiet: wishes.isQuiet,
    isShown: document.visibilityState === 'visible',
    maySystem: wishes.isSystem && permission() === 'granted',
  };
  return telling(item, situation, Date.now());
}

function toldOf(chat: Chat, item: Item): Told {
  const room = chat.view.rooms.get(item.room)?.room;
  return { room: item.room, roomName: room?.name ?? item.room, isDirect: room?.kind === 'direct', item };
}

function useTelling(show: (words: readonly Word[]) => void): void {
  const chat = useChat();
  useEffect(() => {
    let waiting: Told[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      timer = undefined;
      // It may have been looked at meanwhile.
      const still = waiting.map((one) => ({ one, how: tellingOf(chat, one.item) }));
      waiting = [];
      const by = (how: string): readonly Word[] => wordsFor(still.filter((one) => one.how === how).map(({ one }) => one));
      show(by('page'));
      for (const word of by('system').slice(0, CARDS_MAX)) void showSystem(word).catch(() => undefined);
    };
    const stop = chat.on('message', (item) => {
      if (tellingOf(chat, item) === 'none') return;
      waiting.push(toldOf(chat, item));
      timer ??= setTimeout(tell, TOGETHER_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [chat, show]);
}

export function Notifier() {
  const [cards, setCards] = useState<readonly Card[]>([]);
  const no = useRef(0);
  const show = useRef((words: readonly Word[]) => {
    if (words.length === 0) return;
    const fresh = words.map((word) => ({ ...word, no: ++no.current }));
    const rooms = new Set(words.map(({ room }) => room));
    setCards((now) => [...now.filter(({ room }) => !rooms.has(room)), ...fresh].slice(-CARDS_MAX));
  }).current;
  useTelling(show);
  const isQuiet = useUi((ui) => ui.wishes.isQuiet);
  // What is looked at needs no word any more.
  const open = useView((view) => view.open);
  useEffect(() => setCards((now) => (now.some(({ room }) => room === open) ? now.filter(({ room }) => room !== open) : now)), [open]);
  const close = (card: Card): void => setCards((now) => now.filter((one) => one !== card));
  if (isQuiet || cards.length === 0) return <section className={styles['place']} aria-label="New elsewhere" />;
  return (
    <section className={styles['place']} aria-label="New elsewhere">
      {cards.map((card) => (
        <CardBox key={card.no} card={card} close={() => close(card)} />
      ))}
    </section>
  );
}

/** Goes by itself, but not while somebody points at it or has the focus in it. */
function CardBox({ card, close }: { readonly card: Card; readonly close: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  const end = useRef(close);
  end.current = close;
  useEffect(() => {
    const timer = setInterval(() => {
      if (!box.current?.matches(':hover, :focus-within')) end.current();
    }, CARD_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <div ref={box} className={styles['card']} role="status">
      <a href={roomHash(card.room, card.id)} onClick={close} dir="auto">
        <b>{card.title}</b>
        <span>{card.body}</span>
      </a>
      <IconButton icon="close" size={16} label={`Close: ${card.title}`} onClick={close} />
    </div>
  );
}

/** The session of the page: nobody's yet, being opened, somebody's, or with another page. */

import { type As, type Chat, connect, indexedDbStorage, memoryStorage, RefusedError, type Storage } from 'skein/client';
import { onTaken, takeSession } from './tabs.ts';
import { uiStore } from './ui-store.ts';

export type Session =
  | { readonly state: 'opening' }
  /** `why`: what ended the last one, in words. */
  | { readonly state: 'nobody'; readonly why: string | null }
  | { readonly state: 'chat'; readonly chat: Chat }
  | { readonly state: 'elsewhere' };

let session: Session = { state: 'opening' };
const listeners = new Set<() => void>();
let stopListening: () => void = () => undefined;

function become(next: Session): void {
  session = next;
  for (const listener of [...listeners]) listener();
}

export const sessionStore = {
  now: (): Session => session,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};

/** A browser may refuse its storage: then the session lives as long as the page. */
async function storage(): Promise<Storage> {
  return indexedDbStorage('skein').catch(() => memoryStorage());
}

/** Goes on as whoever was here before, or says that nobody was. */
export async function resume(): Promise<void> {
  become({ state: 'opening' });
  await takeSession();
  try {
    await open('resume');
  } catch (error) {
    if (!(error instanceof RefusedError)) console.error(error);
    become({ state: 'nobody', why: null });
  }
}

/** Rejects with a RefusedError, whose words are for people, where nobody is let in. */
export async function enter(as: As): Promise<void> {
  const isSame = as === 'resume';
  if (!isSame) uiStore.dispatch({ type: 'forget' });
  await open(as);
}

async function open(as: As): Promise<void> {
  const place = await storage();
  const chat = await connect({ urls: [location.origin], as, storage: place }).catch(async (error: unknown) => {
    await place.close();
    throw error;
  });
  // Whoever comes anew is told why they were not let in; whoever comes again reads meanwhile what is kept.
  if (as !== 'resume') {
    await chat.ready.catch(async (error: unknown) => {
      await chat.logout();
      throw error;
    });
  }
  stopListening();
  stopListening = onTaken(async () => {
    become({ state: 'elsewhere' });
    await chat.close();
  });
  chat.on('connection', (connection) => {
    if (connection.state === 'over' && connection.type !== 'closed' && session.state === 'chat' && session.chat === chat)
      void ended(chat, connection.why);
  });
  become({ state: 'chat', chat });
  const { connection } = chat.view;
  if (connection.state === 'over') void ended(chat, connection.why);
}

async function ended(chat: Chat, why: string): Promise<void> {
  stopListening();
  become({ state: 'nobody', why });
  await chat.close();
}

export async function logOut(): Promise<void> {
  if (session.state !== 'chat') return;
  const { chat } = session;
  stopListening();
  become({ state: 'nobody', why: null });
  uiStore.dispatch({ type: 'forget' });
  await chat.logout();
}

/**
 * One page has the session at a time: the storage of a client belongs to it alone (docs/client.md). A page that is opened asks the others to leave it; each closes its
 * client, says so, and offers to take the session back. Works without HTTPS, where browsers have no locks.
 */

const CHANNEL = 'skein/tabs';
/** Whoever has the session says at once that it leaves, in ms; and has left after so long. */
const HEAR_MS = 120;
const LEAVE_MS = 2000;

type Word = 'give' | 'leaving' | 'left';

/** Resolves when no other page has the session. */
export async function takeSession(): Promise<void> {
  const channel = new BroadcastChannel(CHANNEL);
  await new Promise<void>((resolve) => {
    let timer = setTimeout(resolve, HEAR_MS);
    channel.onmessage = ({ data }: MessageEvent<Word>) => {
      if (data === 'give') return;
      clearTimeout(timer);
      if (data === 'left') resolve();
      else timer = setTimeout(resolve, LEAVE_MS);
    };
    channel.postMessage('give' satisfies Word);
  });
  channel.close();
}

/** Calls `leave` when another page takes the session. Returns how to stop listening. */
export function onTaken(leave: () => Promise<void>): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = async ({ data }: MessageEvent<Word>) => {
    if (data !== 'give') return;
    channel.postMessage('leaving' satisfies Word);
    await leave().catch(() => undefined);
    channel.postMessage('left' satisfies Word);
    channel.close();
  };
  return () => channel.close();
}

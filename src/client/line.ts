/** The connection of a client: carries texts to a node and back, and tells once when it ends. */

import type { Platform, Socket } from './platform.ts';

const OPEN = 1;

/** The address of a node's socket. */
export function socketUrl(url: string): string {
  return `${url.replace(/^http/, 'ws')}/api/v1/socket`;
}

export class Line {
  readonly no: number;
  readonly #socket: Socket | null;
  readonly #queue: string[] = [];
  #ended = false;

  constructor(platform: Platform, no: number, url: string, heard: (text: string) => void, ended: (why: string) => void) {
    this.no = no;
    const end = (why: string): void => {
      if (this.#ended) return;
      this.#ended = true;
      ended(why);
    };
    try {
      this.#socket = platform.socket(socketUrl(url));
    } catch {
      this.#socket = null;
      platform.timer(0, () => end('the address is none'));
      return;
    }
    this.#socket.onmessage = ({ data }) => {
      if (!this.#ended && typeof data === 'string') heard(data);
    };
    this.#socket.onerror = () => end('the connection failed');
    this.#socket.onclose = ({ reason }) => end(reason || 'the connection ended');
  }

  send(text: string): void {
    if (this.#ended || !this.#socket) return;
    if (this.#socket.readyState === OPEN) this.#socket.send(text);
    else this.#queue.push(text);
  }

  /** Nothing is heard of it any more. */
  close(): void {
    this.#ended = true;
    try {
      this.#socket?.close();
    } catch {
      // It was closed already.
    }
  }
}

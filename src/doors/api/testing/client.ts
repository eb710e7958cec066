/** A plain WebSocket client of the API door, for tests: keys of its own, requests by number, and everything it was told. */

import { WebSocket } from 'ws';
import type { Answers, Event, FromDoor, Hello, Opened, Reply, Request } from '../../../api/protocol.ts';
import { signGrant } from '../../../core/kinds/guest.ts';
import type { KeyPair } from '../../../core/suite.ts';
import { makeSuite, systemRandom } from '../../../lib/crypto.ts';

const suite = makeSuite();

export class ApiClient {
  readonly url: string;
  readonly socket: WebSocket;
  readonly key: KeyPair;
  readonly told: FromDoor[] = [];
  hello!: Hello;
  at: Record<string, number> = {};
  closed: Promise<number>;
  #asks = 0;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  readonly #hearing = new Set<() => void>();

  private constructor(url: string, socket: WebSocket, key: KeyPair) {
    this.url = url;
    this.socket = socket;
    socket.setMaxListeners(0);
    this.key = key;
    this.closed = new Promise((resolve) => socket.on('close', (code) => resolve(code)));
    socket.on('message', (data: Buffer) => this.#take(JSON.parse(data.toString()) as FromDoor));
    socket.on('error', () => undefined);
  }

  /** Connects to `http://HOST:PORT`; resolves at the hello. */
  static async connect(
    url: string,
    key = suite.keyPair(systemRandom().bytes(32)),
    headers: Record<string, string> = {},
  ): Promise<ApiClient> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/v1/socket`, { headers });
    const client = new ApiClient(url, socket, key);
    await client.until(() => client.hello !== undefined);
    return client;
  }

  #take(one: FromDoor): void {
    this.told.push(one);
    if (one.type === 'hello') this.hello = one;
    else if (one.type === 'turn') Object.assign(this.at, one.at);
    else if ('ask' in one) this.#waiting.get(one.ask)?.(one);
    for (const hear of this.#hearing) hear();
  }

  get events(): Event[] {
    return this.told.flatMap((one) => (one.type === 'turn' ? one.events : []));
  }

  /** Texts of messages that were told live. */
  get texts(): (string | null)[] {
    return this.events.flatMap((one) => (one.type === 'message' ? one.message.text : []));
  }

  /** Waits until something is so. */
  async until(isSo: () => boolean, ms = 10_000): Promise<void> {
    if (isSo()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#hearing.delete(hear);
        reject(new Error(`it was never so; told last: ${JSON.stringify(this.told.slice(-3))}`));
      }, ms);
      const hear = (): void => {
        if (!isSo()) return;
        clearTimeout(timer);
        this.#hearing.delete(hear);
        resolve();
      };
      this.#hearing.add(hear);
      this.socket.once('close', () => {
        clearTimeout(timer);
        this.#hearing.delete(hear);
        if (isSo()) resolve();
        else reject(new Error('the connection was closed'));
      });
    });
  }

  reply(request: Request): Promise<Reply> {
    const ask = ++this.#asks;
    return new Promise((resolve, reject) => {
      this.#waiting.set(ask, resolve);
      this.socket.once('close', () => reject(new Error('the connection was closed')));
      this.socket.send(JSON.stringify({ ask, ...request }));
    });
  }

  /** Asks, and throws what was refused. */
  async ask<D extends Request['do']>(request: Extract<Request, { do: D }>): Promise<D extends keyof Answers ? Answers[D] : null> {
    const reply = await this.reply(request);
    if (reply.type !== 'ok') throw new Error(reply.type === 'refused' ? `${reply.refused.type}: ${reply.refused.words}` : 'unknown');
    return reply.value as never;
  }

  granted(feed = this.hello.feed) {
    const grant = signGrant(this.key, this.hello.network.id, this.hello.node.id, feed);
    return { key: this.key.publicKey, grant: Buffer.from(grant).toString('hex') };
  }

  async guest(name: string): Promise<Opened> {
    const opened = await this.ask<'guest'>({ do: 'guest', name, ...this.granted() });
    Object.assign(this.at, opened.at);
    return opened;
  }

  close(): void {
    this.socket.close();
  }
}

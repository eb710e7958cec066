/** A client without a socket: what it sends goes straight into the door, and what it is sent is kept as lines. */

import { utf8 } from '../../../lib/bytes.ts';
import { IrcDoor } from '../door.ts';
import type { Line } from '../line.ts';
import type { Chunk, Output, Session } from '../session.ts';
import { FakeNode, hashing } from './fake-node.ts';

const decoder = new TextDecoder();

export class FakeClient implements Output {
  readonly session: Session;
  readonly #door: IrcDoor;
  /** Every write as it came. */
  writes: (readonly Chunk[])[] = [];
  #taken = 0;
  isEnded = false;
  isFull = false;
  isHeldUp = false;
  /** How often it asked too much. */
  heldBack = 0;

  constructor(door: IrcDoor, source = '') {
    this.#door = door;
    this.session = door.connect(this, source);
  }

  write(chunks: readonly Chunk[]): boolean {
    this.writes.push(chunks);
    return !this.isFull;
  }

  end(last: Line): void {
    this.writes.push([last]);
    this.isEnded = true;
  }

  isSlow(): boolean {
    return this.isHeldUp;
  }

  holdBack(): void {
    this.heldBack++;
  }

  say(...lines: string[]): void {
    for (const line of lines) this.#door.receive(this.session, utf8(`${line}\r\n`));
  }

  sayBytes(bytes: Uint8Array): void {
    this.#door.receive(this.session, bytes);
  }

  /** Lines that came since the last call, without their CRLF. */
  heard(): string[] {
    let text = '';
    for (const write of this.writes.slice(this.#taken)) {
      for (const chunk of write) text += typeof chunk === 'string' ? chunk : decoder.decode(chunk);
    }
    this.#taken = this.writes.length;
    return text.split('\r\n').slice(0, -1);
  }
}

/** The same bytes always. */
export const random = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => 17 * (i + 1));

/** A node, its door, and clients that are already let in. */
export function setUp(): { node: FakeNode; door: IrcDoor; enter: (name: string, caps?: string, ...rooms: string[]) => FakeClient } {
  const node = new FakeNode();
  const door = new IrcDoor({ port: node, hashing, guests: true, random });
  const enter = (name: string, caps = '', ...rooms: string[]): FakeClient => {
    const client = new FakeClient(door);
    if (caps) client.say(`CAP REQ :${caps}`, 'CAP END');
    client.say(`NICK ${name}`, `USER ${name} 0 * :${name}`);
    node.turn();
    for (const room of rooms) client.say(`JOIN ${room}`);
    node.turn();
    client.heard();
    return client;
  };
  return { node, door, enter };
}

/** Lets promises that are kept be seen. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A client that logged in to an account, and has had what waited for it. */
export async function login(node: FakeNode, door: IrcDoor, name: string, password: string, caps = ''): Promise<FakeClient> {
  const client = await loggingIn(node, door, name, password, caps);
  client.heard();
  return client;
}

/** The same, with everything it was sent still to be heard. */
export async function loggingIn(node: FakeNode, door: IrcDoor, name: string, password: string, caps = ''): Promise<FakeClient> {
  const client = new FakeClient(door);
  if (caps) client.say(`CAP REQ :${caps}`);
  client.say(`PASS :${name}:${password}`, `NICK ${name}`, 'USER a 0 * :A', 'CAP END');
  await settle();
  node.turn();
  for (let i = 0; i < 5; i++) await settle();
  node.turn();
  return client;
}

/** Numerics and words that came, without their parameters. */
export const codes = (lines: readonly string[]): string[] =>
  lines.map(
    (line) =>
      / (\d{3}|FAIL \S+ \S+|AUTHENTICATE|ERROR|NICK|QUIT|JOIN|PART|REGISTER \S+) /.exec(` ${line.replace(/^@\S+ /, '')}`)?.[1] ?? line,
  );

/** The real IRC door at a house of a town, over the port that doors have at a node; clients write down what they are sent when they are sent it. */

import { hash } from 'node:crypto';
import type { AuthorId, RoomId } from '../../src/core/ids.ts';
import type { Command, SessionNo } from '../../src/core/port.ts';
import { IrcDoor } from '../../src/doors/irc/door.ts';
import type { Line } from '../../src/doors/irc/line.ts';
import type { Chunk } from '../../src/doors/irc/session.ts';
import { FakeClient } from '../../src/doors/irc/testing/client.ts';
import { EnginePort } from '../../src/node/engine-port.ts';
import type { House, Town } from './town.ts';

/** A planted fault: everybody may read everything. */
export class TownPort extends EnginePort {
  readonly #house: House;
  readonly #blind: boolean;

  constructor(house: House, blind = false) {
    super(house.engine, house.store, `node${house.index}`);
    this.#house = house;
    this.#blind = blind;
  }

  command(session: SessionNo, token: number, command: Command): void {
    this.engine.command(session, token, command, this.#house.now());
    this.#house.schedule();
  }

  /** A hash takes the place of Argon2id, as in a town. */
  async derive(password: string, kdf: Uint8Array | null): Promise<Uint8Array | null> {
    return kdf && hash('sha256', password, 'buffer');
  }

  override mayRead(author: AuthorId | null, room: RoomId): boolean {
    return this.#blind || super.mayRead(author, room);
  }
}

export class TownDoor {
  readonly house: House;
  readonly port: TownPort;
  readonly door: IrcDoor;

  constructor(house: House, blind = false) {
    this.house = house;
    this.port = new TownPort(house, blind);
    const { town } = house;
    this.door = new IrcDoor({ port: this.port, hashing: town.suite, guests: true, random: (count) => town.random.bytes(count) });
  }
}

/** A client that shows each line to somebody when it is sent. */
export class WatchedClient extends FakeClient {
  readonly at: TownDoor;
  readonly #watch: (client: WatchedClient, line: string) => void;

  constructor(at: TownDoor, watch: (client: WatchedClient, line: string) => void) {
    super(at.door);
    this.at = at;
    this.#watch = watch;
  }

  get author(): AuthorId | null {
    return this.session.author;
  }

  override write(chunks: readonly Chunk[]): boolean {
    const taken = super.write(chunks);
    for (const line of this.heard()) this.#watch(this, line);
    return taken;
  }

  override end(last: Line): void {
    super.end(last);
    for (const line of this.heard()) this.#watch(this, line);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Lets everything that is under way come to its end, commits and reads alike. */
export async function rest(town: Town): Promise<void> {
  for (let i = 0; i < 6; i++) {
    town.run();
    await turn();
  }
}

/** Logs in to an account whose password is its name. */
export async function logIn(client: WatchedClient, name: string, caps: string): Promise<void> {
  if (caps) client.say(`CAP REQ :${caps}`);
  client.say(`PASS :${name}:${name}`, `NICK ${name}`, `USER ${name} 0 * :${name}`, 'CAP END');
  await rest(client.at.house.town);
}

/** The API door at a house of a town, and clients that write down what they are told when they are told it. */

import type { Bye, Cursor, Event, FromDoor, Hello, Opened, Request } from '../../src/api/protocol.ts';
import type { AuthorId } from '../../src/core/ids.ts';
import { signGrant } from '../../src/core/kinds/guest.ts';
import { issueKeyCertificate, writeKeyChain } from '../../src/core/kinds/proof.ts';
import type { KeyPair } from '../../src/core/suite.ts';
import type { AdminPort } from '../../src/doors/api/admin.ts';
import { carryOut } from '../../src/doors/api/asking.ts';
import { ApiDoor } from '../../src/doors/api/door.ts';
import type { Output, Reader } from '../../src/doors/api/reader.ts';
import { readAsk, replyText } from '../../src/doors/api/socket.ts';
import { toHex } from '../../src/lib/bytes.ts';
import { Writer } from '../../src/lib/codec.ts';
import type { Mesh } from '../../src/node/mesh.ts';
import { rest, TownPort } from './door.ts';
import { testMesh } from './mesh.ts';
import type { House } from './town.ts';

export class TownApi {
  readonly house: House;
  readonly port: TownPort;
  readonly door: ApiDoor;
  readonly mesh: Mesh;

  constructor(house: House, blind = false) {
    this.house = house;
    this.port = new TownPort(house, blind);
    const accounts = { key: () => ({ retryMs: 1 }), own: () => null, write: async () => ({ refused: '' }) };
    const now = () => house.town.nowMs;
    this.mesh = testMesh(this.port, now);
    this.door = new ApiDoor({ port: this.port, hashing: house.town.suite, guests: true, accounts, mesh: this.mesh, admin: NO_ADMIN, now });
  }
}

/** There is nothing to administer in a town. */
const NO_ADMIN: AdminPort = {
  accounts: () => ({ accounts: [], next: null }),
  invitePeople: async () => ({ refused: '' }),
  inviteNode: async () => ({ refused: '' }),
  revoke: async () => ({ refused: '' }),
};

export class ApiWatcher implements Output {
  readonly at: TownApi;
  readonly key: KeyPair;
  readonly reader: Reader;
  readonly told: FromDoor[] = [];
  readonly cursor: Record<string, number> = {};
  isEnded = false;
  #asks = 0;
  readonly #watch: (client: ApiWatcher, frame: string) => void;

  constructor(at: TownApi, watch: (client: ApiWatcher, frame: string) => void = () => undefined, key?: KeyPair) {
    const { suite, random } = at.house.town;
    this.at = at;
    this.#watch = watch;
    this.key = key ?? suite.keyPair(random.bytes(32));
    this.reader = at.door.connect(this, '');
  }

  get author(): AuthorId | null {
    return this.reader.author;
  }

  get events(): Event[] {
    return this.told.flatMap((one) => (one.type === 'turn' ? one.events : []));
  }

  send(frame: string | Uint8Array): boolean {
    const text = typeof frame === 'string' ? frame : Buffer.from(frame).toString();
    const one = JSON.parse(text) as FromDoor;
    this.told.push(one);
    if (one.type === 'turn') Object.assign(this.cursor, one.at);
    if (one.type === 'ok' && (one.value as Opened | null)?.at) Object.assign(this.cursor, (one.value as Opened).at);
    if (this.reader) this.#watch(this, text);
    return true;
  }

  end(bye: Bye): void {
    this.isEnded = true;
    this.send(JSON.stringify(bye));
  }

  /** Asks, and waits for nothing; the number of the request. */
  ask(request: Request): number {
    const ask = ++this.#asks;
    const read = readAsk(JSON.stringify({ ask, ...request }));
    if (!read || 'outcome' in read) throw new Error(`no request: ${JSON.stringify([request, read])}`);
    void carryOut(this.at.door, this.reader, read.asked).then((outcome) => this.at.door.reply(this.reader, replyText(ask, outcome)));
    return ask;
  }

  value(ask: number): unknown {
    const reply = this.told.find((one) => 'ask' in one && one.ask === ask);
    if (reply?.type !== 'ok') throw new Error(JSON.stringify(reply));
    return reply.value;
  }

  get granted() {
    const { hello, key } = this;
    const grant = toHex(signGrant(key, hello.network.id, hello.node.id, this.at.port.grantFeed()));
    return { key: key.publicKey, grant };
  }

  get hello(): Hello {
    return this.told[0] as Hello;
  }

  /** A session of an account whose password is its name. */
  async logIn(name: string): Promise<void> {
    const { suite, network } = this.at.house.town;
    const author = this.at.port.accountNamed(name)!;
    const root = suite.keyPair((await this.at.port.derive(name, new Uint8Array(0)))!);
    const certificate = issueKeyCertificate(root, network, author, { key: this.key.publicKey, kind: 'session', may: 'speak', until: 0 });
    const chain = toHex(writeKeyChain(new Writer(), [certificate], root.publicKey).done());
    this.ask({ do: 'account', author, chain, ...this.granted });
    await rest(this.at.house.town);
  }

  get beyond(): Cursor {
    return this.cursor as Cursor;
  }
}

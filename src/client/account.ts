/** What a client does with its own account: signed here with the key that the password makes, and handed in. No node sees the password. */

import type { OwnAccount } from '../api/protocol.ts';
import { APP_PASSWORD_BYTES, appPasswordSeed, formatAppPassword } from '../core/app-password.ts';
import { encodeKdf, newKdf, SALT_BYTES } from '../core/kdf.ts';
import { PASSWORD_WORDS, passwordFault } from '../core/password.ts';
import { Pen } from '../core/pen.ts';
import type { KeyPair } from '../core/suite.ts';
import { checkLabel } from '../core/text.ts';
import { fromHex, toHex } from '../lib/bytes.ts';
import { RefusedError } from './chat.ts';
import type { Identity } from './identity.ts';
import { certify, derive, submit } from './password.ts';
import type { Platform } from './platform.ts';

/** An app password as it is shown once, and the key by which it is known from then on. */
export interface AppPassword {
  readonly token: string;
  /** 32 bytes in hex. */
  readonly key: string;
}

/** Where a monitoring system sends its payloads. Whoever has the address may post there. */
export interface Webhook extends AppPassword {
  readonly url: string;
}

const WRONG = new RefusedError({ type: 'wrong password', words: 'That is not the password: nothing was changed.' });
const BAD_LABEL = new RefusedError({ type: 'bad text', words: 'A label is 1 to 32 letters, without controls.' });

/** An account, at hand: its facts, its key, and a pen to write with. */
class Hand {
  readonly platform: Platform;
  readonly urls: readonly string[];
  readonly own: OwnAccount;
  readonly key: KeyPair;
  readonly pen: Pen;

  private constructor(platform: Platform, urls: readonly string[], own: OwnAccount, key: KeyPair) {
    this.platform = platform;
    this.urls = urls;
    this.own = own;
    this.key = key;
    this.pen = new Pen(platform.suite, platform.random, own, platform.wallMs());
  }

  static async of(platform: Platform, urls: readonly string[], own: OwnAccount, password: string): Promise<Hand> {
    const key = await derive(platform, password, fromHex(own.kdf));
    if (key.publicKey !== own.key) throw WRONG;
    return new Hand(platform, urls, own, key);
  }

  get subject() {
    const { author, cut } = this.own;
    return { author, cut: Object.entries(cut) as [keyof typeof cut, number][] };
  }

  write(op: string): Promise<void> {
    return submit(this.platform, this.urls, [op]);
  }
}

/** Makes an app password; `label`: what it is for, as lists show it, and every node can read; empty for nothing. */
export async function makeAppPassword(
  platform: Platform,
  urls: readonly string[],
  own: OwnAccount,
  password: string,
  label: string,
): Promise<AppPassword> {
  const called = label === '' ? '' : checkLabel(label);
  if (called === null) throw BAD_LABEL;
  const hand = await Hand.of(platform, urls, own, password);
  const bytes = platform.random.bytes(APP_PASSWORD_BYTES);
  const { publicKey } = platform.suite.keyPair(appPasswordSeed(platform.suite, bytes));
  await hand.write(hand.pen.device(hand.key, own.author, publicKey, called));
  return { token: formatAppPassword(bytes), key: publicKey };
}

/** Ends app passwords and other devices by their keys; what they began is logged out. */
export async function endDevices(
  platform: Platform,
  urls: readonly string[],
  own: OwnAccount,
  password: string,
  keys: readonly string[],
): Promise<void> {
  const hand = await Hand.of(platform, urls, own, password);
  await hand.write(hand.pen.logout(hand.key, hand.subject, keys));
}

/** Ends all sessions and app passwords; who asks goes on with the identity that comes back. `before` is called right before it is handed in. */
export async function endEverything(
  platform: Platform,
  urls: readonly string[],
  own: OwnAccount,
  password: string,
  before: () => void,
): Promise<Identity> {
  const hand = await Hand.of(platform, urls, own, password);
  before();
  await hand.write(hand.pen.logout(hand.key, hand.subject, []));
  return certify(platform, hand.key, own);
}

/** The account is no more; with `erase` all it wrote is erased, too. */
export async function deleteOwn(
  platform: Platform,
  urls: readonly string[],
  own: OwnAccount,
  password: string,
  erase: boolean,
): Promise<void> {
  const hand = await Hand.of(platform, urls, own, password);
  await hand.write(hand.pen.deletion({ author: own.author, key: hand.key }, hand.subject, erase));
}

/** The key that a new password makes for an account, in hex, with how it is made. `name`: whose, as it must not be in it. */
export async function keyFor(platform: Platform, name: string, password: string): Promise<{ readonly key: string; readonly kdf: string }> {
  const fault = passwordFault(password, name);
  if (fault) throw new RefusedError({ type: 'bad password', words: PASSWORD_WORDS[fault] });
  const kdf = encodeKdf(newKdf(platform.random.bytes(SALT_BYTES)));
  return { key: (await derive(platform, password, kdf)).publicKey, kdf: toHex(kdf) };
}

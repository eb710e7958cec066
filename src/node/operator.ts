/**
 * What the command line does with accounts: it asks for facts, signs ops in its own process, and hands them in here. So the node sees neither a password nor a key
 * made from one. Only ops of accounts, roles, names and sessions are taken. They are read as the fold reads them before they are written, and answered once they
 * are durable and folded: whether each counts, or in words why not.
 *
 * Whoever may use the control socket runs the node, but is not therefore an owner: what needs a right needs an owner's key, or the network's root key.
 */

import { NO_INVITE } from '../core/admission.ts';
import type { Entry } from '../core/entry.ts';
import type { AuthorId, NetworkId, RoomId } from '../core/ids.ts';
import { formatInvitationToken, INVITATION_TOKEN_BYTES, invitationId } from '../core/invitation-token.ts';
import * as account from '../core/kinds/account.ts';
import { endBody } from '../core/kinds/end.ts';
import type { AnyKind, Reading } from '../core/kinds/kind.ts';
import { role } from '../core/kinds/moderation.ts';
import { inviteBody } from '../core/kinds/network.ts';
import { settle } from '../core/kinds/owner.ts';
import type { LawBody, Proof } from '../core/law/body.ts';
import { KIND, type Op, readHead } from '../core/op.ts';
import type { Void } from '../core/state.ts';
import type { Suite } from '../core/suite.ts';
import { fromHex } from '../lib/bytes.ts';
import { DecodeError, decoding, Reader } from '../lib/codec.ts';
import type { Random } from '../lib/prng.ts';
import type { NodeLoop } from './loop.ts';
import { PeopleFacts } from './people-facts.ts';
import { checkInvitation, INVITATION_WORDS, invitationFault } from './people-invitations.ts';

/** What is taken, and how it is read. */
const KINDS: ReadonlyMap<number, AnyKind> = new Map<number, AnyKind>([
  [KIND.account, account.account],
  [KIND.device, account.device],
  [KIND.session, account.session],
  [KIND.rekey, account.rekey],
  [KIND.logout, account.logout],
  [KIND.deletion, account.deletion],
  [KIND.role, role],
  [KIND.settle, settle],
]);

/** Ops of one write, and writes that wait for their turn. */
const OPS_MAX = 8;
const WAITING_MAX = 64;
const NOTHING = 'No other op of it was written.';

/** Why an op that was written is void, in words. */
const VOID_WORDS: Readonly<Record<Void, string>> = {
  'unknown kind': 'this node does not know what was asked: it may be of another version',
  'wrong feed': 'this node does not know what was asked: it may be of another version',
  'beyond time': 'the clock of this machine is wrong by many years: set it',
  'not granted': 'the key does not speak for the account: its password was changed, or the node started anew, meanwhile; try again',
  'bad body': 'this node could not read what was asked: it may be of another version',
  withheld: 'the account, or this node, was cut off meanwhile',
  'not allowed': 'whoever asks is no owner, and may not do this',
  muted: 'whoever asks is muted',
  archived: 'the room is archived',
  'no target': 'what it is about is not known here yet: try again in a moment',
  undone: 'it was undone meanwhile',
};

/** Nothing was written: why, and what to do. */
export class OperatorError extends Error {
  override name = 'OperatorError';
}

export interface OperatorOptions {
  readonly loop: NodeLoop;
  readonly suite: Suite;
  readonly network: NetworkId;
  readonly random: Random;
  /** In ms since 1970. */
  readonly now: () => number;
}

/** An op that was read. */
interface Read {
  readonly op: Op;
  readonly body: unknown;
}

export class Operator {
  readonly #o: OperatorOptions;
  readonly facts: PeopleFacts;
  /** The last write, over or not. */
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(options: OperatorOptions) {
    this.#o = options;
    this.facts = new PeopleFacts(options.loop, options.network, options.now);
  }

  /** Writes ops, each in hex. Resolves when they are durable, with why each is void (null where it counts). Throws an OperatorError where nothing was written. */
  async write(ops: readonly string[]): Promise<(string | null)[]> {
    if (ops.length === 0 || ops.length > OPS_MAX) throw new OperatorError(`a write has 1 to ${OPS_MAX} ops`);
    return this.writeOps(ops.map(decodeOp));
  }

  /** The same, for ops that were decoded. One write after the other: what one takes, the next finds taken. */
  writeOps(ops: readonly Op[]): Promise<(string | null)[]> {
    if (this.#waiting >= WAITING_MAX) throw new OperatorError('the node is busy: nothing was done; try again in a moment');
    this.#waiting++;
    const done = this.#turn.then(() => this.#writeNow(ops)).finally(() => this.#waiting--);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #writeNow(ops: readonly Op[]): Promise<(string | null)[]> {
    const read = ops.map((op) => this.#read(op));
    this.#check(read);
    const outcome = await this.#submit([...ops, ...this.#ends(read)]);
    return outcome.slice(0, ops.length).map((fault) => fault && VOID_WORDS[fault]);
  }

  async #submit(ops: readonly Op[]): Promise<readonly (Void | null)[]> {
    const { loop } = this.#o;
    const { replica, members } = loop.engine;
    if (!replica.writable) throw new OperatorError('the node cannot write now (its disk is full, or fails): nothing was done');
    if (replica.chain.length === 0 || members.isOut) throw new OperatorError('the node is no member of the network: nothing was done');
    const outcome = new Promise<readonly (Void | null)[] | null>((resolve) => loop.engine.submit(ops, resolve));
    void loop.settled();
    const folded = await outcome;
    if (!folded) throw new OperatorError('the disk failed while it was written: look whether it was done, and try again');
    return folded;
  }

  /** An op as the fold will read it: its body, and the signatures in it. */
  #read(op: Op): Read {
    const { head } = op;
    const kind = KINDS.get(head.kind);
    if (!kind || head.payloadHash !== null) throw new OperatorError(`an op of kind ${head.kind} is none of accounts. ${NOTHING}`);
    if (head.after > this.facts.nowKey()) throw new OperatorError(`an op claims to come after the present. ${NOTHING}`);
    const info = this.#o.loop.engine.desk.grantInfo;
    const place = { key: this.facts.nowKey(), feed: info.feed, seq: 1, index: 0 };
    // Kinds ask the entry for its network alone.
    const reading: Reading = { entry: { network: this.#o.network } as Entry, feed: info, head, place, payload: null };
    const body = decoding(() => kind.read(this.#o.suite, reading));
    if (body instanceof Error) throw new OperatorError(`${VOID_WORDS['bad body']}. ${NOTHING}`);
    if (typeof body === 'string') throw new OperatorError(`${VOID_WORDS[body as Void]}. ${NOTHING}`);
    return { op, body };
  }

  /** What the law would make void is not written; and who registers, and under which names, the law does not ask. */
  #check(read: readonly Read[]): void {
    const byOwner = read.some((one) => this.#isOwners(one));
    for (const one of read) {
      const { body } = one;
      const fault = this.#rightFault(one);
      if (fault) throw new OperatorError(`${VOID_WORDS[fault]}: nothing was done`);
      if (this.#orphans(one)) throw new OperatorError('there would be no owner left: make another one first; nothing was done');
      if (!isLaw(body) || (body.law !== 'account' && body.law !== 'settle')) continue;
      const taken = this.facts.nameFault(body.name, body.law === 'settle' ? body.subject : null);
      if (taken) throw new OperatorError(taken);
      if (body.law !== 'account' || byOwner) continue;
      const policy = this.#registrationFault(body.invite);
      if (policy) throw new OperatorError(policy);
    }
  }

  /** Whether it takes the network's last owner away; the root key's word may. */
  #orphans({ op: { head }, body }: Read): boolean {
    if (!isLaw(body) || ('sealed' in body && body.sealed)) return false;
    const ends = body.law === 'deletion' || (body.law === 'role' && head.room === '' && body.role !== 'owner');
    return ends && this.#o.loop.engine.rights.owners().join() === body.subject;
  }

  /** Why an op has no right to what it says, as the law is now. */
  #rightFault({ op: { head }, body }: Read): Void | null {
    const { proof } = body as { readonly proof?: Proof | null };
    if (isLaw(body) && (body.law === 'account' || ('sealed' in body && body.sealed))) return null;
    if (proof) return this.#speaks(head.author, proof) ? null : 'not granted';
    if (isLaw(body) && body.law === 'settle' && body.subject === head.author) return null;
    const power = this.#o.loop.engine.rights.power(head.author, head.room as RoomId | '');
    return power >= (head.room === '' ? 4 : 3) ? null : 'not allowed';
  }

  #registrationFault(invite: string): string | null {
    const { loop, now } = this.#o;
    const policy = this.facts.registration();
    if (policy === 'open') return null;
    if (policy === 'closed') return 'registration is closed: an owner makes accounts, with `skein account create NAME --as OWNER`';
    if (invite === NO_INVITE) return 'an account needs an invitation: whoever runs a node prints one with `skein account invite`';
    const fault = invitationFault(loop.state, invite, now());
    return fault && INVITATION_WORDS[fault];
  }

  /** Whether an op is an owner's: their session, or the root key's word. */
  #isOwners({ op, body }: Read): boolean {
    if (isLaw(body)) return 'sealed' in body && body.sealed;
    const { proof } = body as { readonly proof: Proof };
    const { author } = op.head;
    return op.head.kind === KIND.session && this.#o.loop.engine.rights.power(author, '') === 4 && this.#speaks(author, proof);
  }

  #speaks(author: AuthorId, proof: Proof): boolean {
    return this.#o.loop.engine.desk.speakFor(author, proof.keys);
  }

  /** A session that is opened for a word ends with it, unless its account has others here. */
  #ends(read: readonly Read[]): Op[] {
    const { engine } = this.#o.loop;
    const feed = engine.desk.grantFeed;
    const authors = read.filter(({ op }) => op.head.kind === KIND.session).map(({ op }) => op.head.author);
    const over = [...new Set(authors)].filter((author) => !engine.sessions.isOwn(author));
    return over.map((author) => engine.desk.ownOp(KIND.end, endBody(author, feed, ''), { wallMs: this.#o.now() }));
  }

  /** The id of the invitation that a token is for. Throws an OperatorError where nobody can register by it now. */
  invitationOf(token: string): string {
    const { loop, suite, now } = this.#o;
    const checked = checkInvitation(loop.state, suite, token, now());
    if ('fault' in checked) throw new OperatorError(INVITATION_WORDS[checked.fault]);
    return checked.id;
  }

  /** A new invitation's token, printed; it stands once the promise is kept. `forMs`: how long it is good. */
  async invite(uses: number, forMs: number): Promise<string> {
    const { loop, suite, random, now } = this.#o;
    if (this.facts.registration() === 'closed') throw new OperatorError('registration is closed, so nobody could use an invitation');
    const token = random.bytes(INVITATION_TOKEN_BYTES);
    const body = inviteBody(invitationId(suite, token), uses, Math.floor(now() + forMs));
    await this.#submit([loop.engine.desk.ownOp(KIND.invite, body, { wallMs: now() })]);
    return formatInvitationToken(suite, token);
  }
}

/** An op of governance from its head in hex. Throws an OperatorError. */
export function decodeOp(hex: string): Op {
  const head = decoding(() => {
    const reader = new Reader(bytesOf(hex));
    const one = readHead(reader);
    reader.finish();
    return one;
  });
  if (head instanceof Error) throw new OperatorError(`the node cannot read an op: it may be of another version. ${NOTHING}`);
  return { head, payload: null };
}

function bytesOf(hex: string): Uint8Array {
  if (typeof hex !== 'string' || hex.length % 2 === 1 || !/^[0-9a-f]*$/.test(hex)) throw new DecodeError('not hexadecimal');
  return fromHex(hex);
}

function isLaw(body: unknown): body is LawBody {
  return typeof body === 'object' && body !== null && 'law' in body;
}

/** What owners do over the API and operators at the command line: invitations, nodes cut off, the list of accounts. */

import type { AdminAnswers, WireAccount } from '../api/admin.ts';
import { hlcMs } from '../core/hlc.ts';
import type { NodeId } from '../core/ids.ts';
import type { Sanction } from '../core/port.ts';
import { foldName, lineFault, REASON_LENGTH_MAX } from '../core/text.ts';
import type { AdminPort, NotDone } from '../doors/api/admin.ts';
import { Buckets } from '../lib/buckets.ts';
import { compareText } from '../lib/bytes.ts';
import type { Identity } from './directory.ts';
import { formatInvitation } from './invitation.ts';
import type { NodeLoop } from './loop.ts';
import { type Operator, OperatorError } from './operator.ts';

/** Invitations are for ever in the log: so many at once, then one a minute. */
const INVITES = { burst: 30, rate: 1, perMs: 60_000, keysMax: 1 } as const;

export interface AdminOptions {
  readonly loop: NodeLoop;
  readonly operator: Operator;
  readonly identity: Pick<Identity, 'network' | 'networkKey'>;
  /** In ms since 1970. */
  readonly now: () => number;
}

export class Admin implements AdminPort {
  readonly #o: AdminOptions;
  readonly #invites = new Buckets(INVITES);

  constructor(options: AdminOptions) {
    this.#o = options;
  }

  accounts(named: string, next: string | null, limit: number): AdminAnswers['accounts'] {
    const { state } = this.#o.loop;
    const wanted = foldName(named);
    const all = [...state.accounts.values()]
      .filter(({ isDeleted, name }) => !isDeleted && foldName(name).includes(wanted))
      .map(({ author, name }) => ({ author, key: `${foldName(name)} ${author}` }))
      .filter(({ key }) => next === null || compareText(key, next) > 0)
      .sort((a, b) => compareText(a.key, b.key));
    const page = all.slice(0, limit);
    const sanctions = this.#o.loop.sanctions('');
    return {
      accounts: page.map(({ author }) => this.#account(author, sanctions)),
      next: page.length < all.length ? page.at(-1)!.key : null,
    };
  }

  #account(author: WireAccount['author'], sanctions: readonly Sanction[]): WireAccount {
    const { loop } = this.#o;
    const { engine, state } = loop;
    const [made] = engine.law.verdicts.table(`account ${author}`);
    const sanction = sanctions.findLast(({ person, does }) => person === author && does !== 'kick');
    const role = loop.roles('').get(author);
    return {
      author,
      name: state.accounts.get(author)!.name,
      role: role === undefined || role === 'none' ? null : role,
      present: loop.isPresent(author),
      madeMs: made ? hlcMs(made.place.key) : 0,
      sessions: engine.people.sessionsOf(author),
      devices: loop.devices(author).filter(({ kind }) => kind === 'device').length,
      sanction: sanction
        ? { does: sanction.does as 'ban' | 'mute', id: sanction.id, untilMs: sanction.untilMs, reason: sanction.reason }
        : null,
    };
  }

  async invitePeople(uses: number, forMs: number): Promise<AdminAnswers['invite people'] | NotDone> {
    return this.#invite(forMs, async (expiresMs) => ({ token: await this.#o.operator.invite(uses, forMs), expiresMs }));
  }

  async inviteNode(uses: number, forMs: number): Promise<AdminAnswers['invite node'] | NotDone> {
    return this.#invite(forMs, async (expiresMs) => ({
      line: await nodeInvitation(this.#o.loop, this.#o.identity, uses, expiresMs),
      expiresMs,
    }));
  }

  async #invite<T>(forMs: number, make: (expiresMs: number) => Promise<T>): Promise<T | NotDone> {
    const { now } = this.#o;
    const retryMs = this.#invites.take('', 1, now());
    if (retryMs > 0) return { refused: 'Too many invitations in too short a time: wait a moment.', retryMs };
    return done(() => make(Math.floor(now() + forMs)));
  }

  async revoke(node: NodeId, reason: string): Promise<NotDone | null> {
    const { loop } = this.#o;
    return done(async () => {
      if (lineFault(reason, REASON_LENGTH_MAX))
        throw new OperatorError(`The reason has to be one line of at most ${REASON_LENGTH_MAX} letters.`);
      if (node === loop.node.id) throw new OperatorError('A node cannot revoke itself: be served by another one, and do it there.');
      if (!loop.state.nodes.has(node)) throw new OperatorError('There is no such node.');
      if (!(await loop.revoke(node, reason))) throw new OperatorError('The node was revoked already.');
      return null;
    });
  }
}

async function done<T>(does: () => Promise<T>): Promise<T | NotDone> {
  try {
    return await does();
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { refused: error.message };
  }
}

/** A line by which so many nodes may join. */
export async function nodeInvitation(
  loop: NodeLoop,
  { network, networkKey }: Pick<Identity, 'network' | 'networkKey'>,
  uses: number,
  expiresMs: number,
): Promise<string> {
  const addresses = loop.addresses();
  if (addresses.length === 0) throw new OperatorError('this node does not listen for others (--mesh off), so nobody could join through it');
  const token = await loop.invite(uses, expiresMs);
  return formatInvitation({ network, networkName: loop.networkName(), networkKey, token, addresses });
}

/**
 * Membership of nodes: the network founded, newcomers let in by their invitations, nodes cut off by a member's word or by the proof that they write two
 * histories; and what follows from that for replication.
 */

import { type Chain, issueCertificate } from '../core/admission.ts';
import { capsOf, revokedNodes } from '../core/caps.ts';
import type { Folder } from '../core/fold.ts';
import type { ForkProof } from '../core/fork-proof.ts';
import type { AuthorId, FeedId, NetworkId, NodeId } from '../core/ids.ts';
import { admitBody, inviteBody, networkBody } from '../core/kinds/network.ts';
import { forkBody, revokeBody } from '../core/kinds/owner.ts';
import { KIND } from '../core/op.ts';
import type { KeyPair, Suite } from '../core/suite.ts';
import type { Vector } from '../core/vector.ts';
import { fromHex } from '../lib/bytes.ts';
import type { Random } from '../lib/prng.ts';
import type { Effect, Now } from '../sync/effects.ts';
import type { Replica } from '../sync/replica.ts';
import { INVITE_TAG } from '../wire/frame.ts';

export interface MembersOptions {
  readonly suite: Suite;
  readonly network: NetworkId;
  readonly key: KeyPair;
  readonly random: Random;
  readonly folder: Folder;
  readonly author: AuthorId;
  /** Writes an op of the node's own; its client id is made by the caller. */
  readonly write: (kind: number, bodyOf: (client: string) => Uint8Array) => void;
}

export class Members {
  readonly #o: MembersOptions;
  #replica: Replica | null = null;
  /** What replication was told of last. */
  #told = '';
  readonly #lost = new Set<string>();
  readonly #proved = new Set<string>();
  /** Proofs in the law that replication was told of. */
  #toldProofs = 0;
  /** Whether this node itself was cut off. */
  isOut = false;

  constructor(options: MembersOptions) {
    this.#o = options;
  }

  attach(replica: Replica): void {
    this.#replica = replica;
  }

  /** Writes the settings of a new network: the first words of the first node. */
  found(root: KeyPair, name: string, registration: string): void {
    this.#o.write(KIND.network, () => networkBody(root, this.#o.network, name, registration));
  }

  /** Writes an invitation; its token is to be told to nobody but the one who asked. */
  invite(uses: number, expiresMs: number): Uint8Array {
    const token = this.#o.random.bytes(32);
    this.#o.write(KIND.invite, () => inviteBody(this.#o.suite.name(INVITE_TAG, token), uses, expiresMs));
    return token;
  }

  /** Lets a newcomer in by the token of its invitation, or says why not. */
  admit(token: Uint8Array, node: NodeId, name: string, now: Now): Chain | { reason: string } {
    const { suite, key, network, folder } = this.#o;
    const { state } = folder;
    if (this.revocation(key.publicKey as NodeId) !== null) return { reason: 'the node that you reached was revoked' };
    if (this.revocation(node) !== null) return { reason: 'this node was revoked' };
    const id = suite.name(INVITE_TAG, token);
    const invite = state.invites.get(id);
    if (!invite) return { reason: 'the invitation is unknown here: it is of another network, or this node has not heard of it yet' };
    if (now.wallMs > invite.expiresMs) return { reason: 'the invitation has expired: ask for a new one' };
    const used = state.redeemed.get(id) ?? new Set();
    if (used.size >= invite.uses && !used.has(node)) return { reason: 'the invitation was used up: ask for a new one' };
    state.redeemed.set(id, used.add(node));
    const body = { network, node, name, invite: id, atMs: Math.floor(now.wallMs) };
    const chain = [issueCertificate(key, body), ...this.#replica!.chain];
    this.#o.write(KIND.admit, () => admitBody(chain));
    return chain;
  }

  /** Cuts a node off: what it wrote beyond what is held here shows nowhere. Whether it is a member. */
  revoke(node: NodeId, reason: string): boolean {
    const { network, author, folder } = this.#o;
    if (!folder.state.nodes.has(node) || this.revocation(node) !== null) return false;
    const cut = this.#heldOf(node);
    this.#o.write(KIND.revoke, (client) =>
      revokeBody(null, network, { kind: KIND.revoke, author, client: client as never, room: '' }, node, reason, cut),
    );
    return true;
  }

  /** A node signed two entries for one place: the proof is written for everybody, and revokes it. */
  prove(proof: ForkProof): void {
    const { node, feed, seq } = proof;
    const key = `${node} ${feed} ${seq}`;
    if (this.#o.folder.law.proofs.some((known) => known.feed === feed && known.seq <= seq) || this.#proved.has(key)) return;
    this.#proved.add(key);
    const cut = this.#heldOf(node);
    this.#o.write(KIND.fork, () => forkBody(proof, cut));
  }

  nameOf(node: NodeId): string {
    return this.#o.folder.state.nodes.get(node)?.name ?? node.slice(0, 8);
  }

  #heldOf(node: NodeId): Vector {
    const held: Vector = new Map();
    for (const [feed, seq] of this.#replica!.log.durable) if (this.#replica!.log.infos.get(feed)?.node === node) held.set(feed, seq);
    return held;
  }

  /** Why a node is a member no more; null where it is one. */
  revocation(node: NodeId): string | null {
    return revokedNodes(this.#o.folder).get(node) ?? null;
  }

  /** Tells replication what the law has become. */
  govern(now: Now): Effect[] {
    const revoked = revokedNodes(this.#o.folder);
    const caps = revoked.size > 0 ? capsOf(this.#o.folder) : new Map<FeedId, number>();
    const before = this.#told || '[]';
    const told = JSON.stringify([...revoked.keys(), ...caps].sort());
    if (told !== this.#told && (revoked.size > 0 || this.#told !== '')) this.#replica!.govern(revoked, caps, now);
    if (revoked.size > 0 || this.#told !== '') this.#told = told;
    this.#replica!.proved(this.#o.folder.law.proofs.slice(this.#toldProofs));
    this.#toldProofs = this.#o.folder.law.proofs.length;
    this.#giveUp(now);
    return told === before ? [] : this.#warnings(revoked);
  }

  #warnings(revoked: ReadonlyMap<NodeId, string>): Effect[] {
    const self = this.#o.key.publicKey as NodeId;
    this.isOut = revoked.has(self);
    const own = this.isOut
      ? `this node was revoked (${revoked.get(self)}): it serves nobody any more; start a new one with an invitation`
      : '';
    const others = [...revoked].filter(([node]) => node !== self).map(([node, reason]) => `${this.nameOf(node)} (${reason})`);
    const warning = others.length > 0 ? `revoked: ${others.join(', ')}` : '';
    return [
      { type: 'warn', about: 'revoked self', warning: own },
      { type: 'warn', about: 'revoked', warning },
    ];
  }

  #giveUp(now: Now): void {
    for (const [feed, hashes] of this.#o.folder.state.lost) {
      for (const [seq, hash] of hashes) {
        if (this.#lost.has(`${feed}/${seq}`)) continue;
        this.#lost.add(`${feed}/${seq}`);
        this.#replica!.lose(feed, seq, fromHex(hash), now);
      }
    }
  }
}

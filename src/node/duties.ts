/** What a node writes of its own accord: what is past its time is erased, and law is covered by checkpoints. */

import { FEED_KIND } from '../core/feed.ts';
import type { Folder } from '../core/fold.ts';
import type { NetworkId, NodeId, RoomId } from '../core/ids.ts';
import { retainBody } from '../core/kinds/erase.ts';
import { checkpointBody } from '../core/kinds/owner.ts';
import { KIND, NO_BYTES, type Op } from '../core/op.ts';
import type { Change } from '../core/state.ts';
import type { KeyPair } from '../core/suite.ts';
import type { ReadonlyVector, Vector } from '../core/vector.ts';
import type { Random } from '../lib/prng.ts';
import type { Now } from '../sync/effects.ts';
import type { Log } from '../sync/log.ts';
import { CHECKPOINT_PACE, CheckpointDuty, type CheckpointPace, ownerHere, type Sealer } from './checkpoint-duty.ts';
import type { Desk } from './desk.ts';
import { clocksOf, RetentionDuty } from './retention-duty.ts';

export interface DutyOptions {
  readonly network: NetworkId;
  readonly self: NodeId;
  readonly folder: Folder;
  readonly desk: Desk;
  readonly log: Log;
  readonly random: Random;
  /** The network's root key while it is here; asked for when it is to seal. */
  readonly root: () => KeyPair | null;
  /** Null: no checkpoints are written. */
  readonly checkpoints: CheckpointPace | null;
}

export class Duties {
  readonly #o: DutyOptions;
  readonly #retention: RetentionDuty;
  readonly #checkpoints: CheckpointDuty;

  constructor(options: DutyOptions) {
    this.#o = options;
    const { folder, random, checkpoints } = options;
    this.#retention = new RetentionDuty(folder.state, random);
    this.#checkpoints = new CheckpointDuty(folder.law, random, checkpoints ?? CHECKPOINT_PACE);
  }

  /** Something was folded. */
  note(change: Change, now: Now): void {
    if (change.type === 'message') this.#retention.note(change.message.room, change.message.place);
    if (this.#o.checkpoints && change.type === 'law' && change.op.body.law === 'checkpoint') this.#checkpoints.noteCheckpoint(now.monoMs);
  }

  /** The node writes in new feeds: what it wrote may be lost. */
  again(): void {
    this.#checkpoints.again();
  }

  /** Writes what is due, where the node can write. */
  tick(now: Now): void {
    this.#erase(now);
    if (this.#o.checkpoints) this.#cover(now);
  }

  #erase({ monoMs }: Now): void {
    const { desk, log, folder, self } = this.#o;
    const held = (): Vector => new Map([...log.durable].filter(([feed]) => log.infos.get(feed)?.kind !== FEED_KIND.governance));
    const lastKey = (room: RoomId): number => desk.lastKey(room);
    const clocks = clocksOf(folder, self, desk.grantFeed, desk.nowKey);
    const tell = (): void => this.#write(desk.ownOp(KIND.news, NO_BYTES, { wallMs: 0 }));
    for (const { room, before, cut } of this.#retention.due(monoMs, clocks, lastKey, held, tell))
      this.#write(desk.ownOp(KIND.retain, retainBody(before, cut), { wallMs: 0 }, room));
  }

  #cover(now: Now): void {
    const { log } = this.#o;
    const due = this.#checkpoints.due(now.monoMs, () => this.#sealer(), log.durable, log.infos);
    for (const vector of due?.vectors ?? []) this.#write(this.#checkpoint(due!.by, vector, now));
  }

  /** An owner's session, or else the root key. */
  #sealer(): Sealer | null {
    const { desk, folder } = this.#o;
    const owner = ownerHere(desk.sessions, (author) => folder.law.verdicts.power(author, '', null) === 4);
    if (owner !== null) return { owner };
    const root = this.#o.root();
    return root && { root };
  }

  #checkpoint(by: Sealer, vector: ReadonlyVector, now: Now): Op {
    const { desk, network } = this.#o;
    const { head } = desk.ownOp(KIND.checkpoint, NO_BYTES, now);
    const whole = 'owner' in by ? { ...head, author: by.owner } : head;
    const body = checkpointBody('root' in by ? by.root : null, network, whole, vector);
    return { head: { ...whole, body }, payload: null };
  }

  #write(op: Op): void {
    this.#o.log.write(0, [op], false);
  }
}

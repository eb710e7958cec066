/** The rooms that the client is in: joined by its user, left, and joined anew at a node that has not heard of it. */

import type { Opened, Request, WireRoom } from '../api/protocol.ts';
import type { RoomId } from '../core/ids.ts';
import type { Host } from './host.ts';
import type { Posting } from './posting.ts';
import type { Resume } from './resume.ts';

/** What was joined so short a time ago may not be known at the next node, in ms. */
const JOINED_MS = 60_000;

export class Membership {
  readonly #host: Host;
  readonly #resume: Resume;
  readonly #posting: Posting;
  readonly #joined = new Map<RoomId, number>();

  constructor(host: Host, resume: Resume, posting: Posting) {
    this.#host = host;
    this.#resume = resume;
    this.#posting = posting;
  }

  /** The rooms it is in, as far as it was told. */
  mine(): RoomId[] {
    return [...this.#host.state.rooms.values()].filter(({ room }) => room.joined && room.kind !== 'direct').map(({ room }) => room.id);
  }

  /**
   * Rooms that the client was in, and that the node does not count it in: it left them elsewhere or was put out; or the node has not heard of its joining. A guest has
   * no elsewhere.
   */
  compare(mine: readonly RoomId[], { account, rooms }: Opened): void {
    for (const room of mine) {
      if (rooms.some(({ id, joined }) => id === room && joined)) continue;
      const justJoined = this.#host.now.monoMs - (this.#joined.get(room) ?? Number.NEGATIVE_INFINITY) < JOINED_MS;
      if (!account || justJoined || this.#host.isBehind) this.join(room);
      else this.#forget(room);
    }
  }

  joinedAt(room: RoomId): void {
    this.#joined.set(room, this.#host.now.monoMs);
  }

  /** Joins a room, not because its user says so now. */
  join(room: RoomId): void {
    this.#host.ask({ do: 'join', room }, (ending) => {
      if (ending.type === 'ok') this.#joinedRoom((ending.value as { room: WireRoom }).room);
      else if (ending.type === 'refused' && ending.refused.retryMs === undefined && !this.#posting.hasFor(room)) this.#forget(room);
    });
  }

  /** What follows from a request of the user's that was done. */
  followed(request: Request, value: unknown): void {
    if (request.do === 'join' || request.do === 'make private room') {
      const { room } = value as { room: WireRoom };
      this.joinedAt(room.id);
      this.#joinedRoom(room);
    } else if (request.do === 'part') this.#forget(request.room);
  }

  #joinedRoom(room: WireRoom): void {
    this.#host.reduce({ type: 'room', room });
    this.#resume.join(room.id);
    this.#host.touched(room.id);
  }

  #forget(room: RoomId): void {
    this.#resume.forget(room, true);
    this.#host.reduce({ type: 'forget room', room });
    this.#host.touched(room);
  }
}

/** What the law means for the sessions here: rooms they are put out of, sessions that are over, and whether this node's people are judged by law it has yet to name. */

import type { Folder } from '../core/fold.ts';
import type { AuthorId, FeedId, RoomId } from '../core/ids.ts';
import { isPrivateRoomId } from '../core/kinds/room.ts';
import type { LawOp } from '../core/law/body.ts';
import type { Change } from '../core/state.ts';
import type { Desk } from './desk.ts';
import type { Session } from './sessions.ts';

/** A session that the law has ended. */
export interface Ending {
  readonly session: Session;
  readonly reason: string;
}

export class Aftermath {
  readonly #desk: Desk;
  readonly #folder: Folder;
  #hasNews = false;
  /** People whose sessions may be over. */
  readonly #doubted = new Set<AuthorId>();

  constructor(desk: Desk, folder: Folder) {
    this.#desk = desk;
    this.#folder = folder;
  }

  /** Takes a change that an entry of this feed made. */
  note(change: Change, feed: FeedId): void {
    const isOwn = feed === this.#desk.grantFeed;
    switch (change.type) {
      case 'join':
      case 'part':
        if (!isOwn) this.#desk.sessions.move(change.author, change.room, change.type === 'join');
        return;
      case 'account':
        this.#doubted.add(change.author);
        return this.#desk.names.refresh();
      case 'refolded':
        this.#hasNews ||= !isOwn;
        this.#doubtAll();
        return this.#desk.names.refresh();
      case 'room':
        // Its founder owns it, and belongs to it where it is private.
        this.#hasNews ||= !isOwn;
        return;
      case 'law':
        // On a checkpoint nobody's right rests.
        this.#hasNews ||= !isOwn && change.op.body.law !== 'checkpoint';
        return this.#enacted(change.op);
      default:
        return;
    }
  }

  #doubtAll(): void {
    for (const author of this.#desk.sessions.authors()) this.#doubted.add(author);
  }

  #enacted({ body, head }: LawOp): void {
    if (body.law === 'settle') this.#desk.names.refresh();
    if (body.law === 'revoke' || body.law === 'fork') return this.#doubtAll();
    if (!('subject' in body)) return;
    this.#doubted.add(body.subject);
    if (head.room === '') return;
    const room = head.room as RoomId;
    const isOut = body.law === 'kick' || body.law === 'ban' || (isPrivateRoomId(room) && !this.#desk.rights.isInside(body.subject, room));
    if (isOut) this.#desk.sessions.move(body.subject, room, false);
  }

  /** Whether law was heard of from elsewhere since this was asked last. What this node's people write is judged by the law that its governance feed names. */
  takeNews(): boolean {
    const hasNews = this.#hasNews;
    this.#hasNews = false;
    return hasNews;
  }

  /** The sessions that are over since this was asked last. */
  take(): Ending[] {
    const endings: Ending[] = [];
    for (const author of this.#doubted) {
      for (const session of this.#desk.sessions.of(author)) {
        if (session.isGranted && this.#isOver(author, session)) endings.push({ session, reason: this.#reasonOf(author) });
      }
    }
    this.#doubted.clear();
    return endings;
  }

  #isOver(author: AuthorId, { certified, publicKey }: Session): boolean {
    const { grantInfo, nowKey } = this.#desk;
    return this.#folder.law.verdicts.sessionFault(author, grantInfo, certified ? publicKey : null, nowKey) !== null;
  }

  #reasonOf(author: AuthorId): string {
    const { law, state } = this.#folder;
    const body = law.verdicts.silencedBy(author, '', this.#desk.nowKey)?.body;
    if (body?.law === 'ban') return body.reason === '' ? 'banned' : `banned: ${body.reason}`;
    return state.accounts.get(author)?.isDeleted ? 'the account was deleted' : 'logged out';
  }
}

/** What the node tells of, shown to those whom it concerns. */

import type { Notice } from '../../core/port.ts';
import { reported } from './chanserv.ts';
import { accountChanged, back, identified, join, part, quit, refolded, rename } from './comings.ts';
import type { IrcDoor } from './door.ts';
import { edited, message, reacted, redacted } from './live.ts';
import { roomChanged, topicSet } from './room-notices.ts';
import { sanctioned } from './sanctions.ts';
import { awayTold, typed } from './typing.ts';
import { reloadWishes, wished } from './wishes.ts';

/** What one turn brought. Of an account that a guest becomes in it nothing is shown before that: the two are one. */
export function takeNotices(door: IrcDoor, notices: readonly Notice[]): void {
  for (const notice of notices) if (notice.type === 'identified') door.becoming.add(notice.by);
  for (const notice of notices) takeNotice(door, notice);
  door.becoming.clear();
}

function takeNotice(door: IrcDoor, notice: Notice): void {
  switch (notice.type) {
    case 'repeated':
      if (!notice.showsAlone) return;
      return takeNotice(door, { type: 'message', message: notice.message });
    case 'message':
      return message(door, notice.message);
    case 'edit':
      return edited(door, notice.about);
    case 'reaction':
      return reacted(door, notice.about);
    case 'remove':
      return redacted(door, notice.target, notice.removal);
    case 'join':
      return join(door, notice.room, notice.author);
    case 'part':
      return part(door, notice.room, notice.author, notice.reason);
    case 'topic':
      return topicSet(door, notice.room, notice.author, notice.text);
    case 'room':
      return roomChanged(door, notice.room);
    case 'rename':
      return rename(door, notice.author, notice.name);
    case 'end':
      return quit(door, notice.author, notice.reason);
    case 'succeeded':
      return door.people.succeed(notice.author, notice.by);
    case 'identified':
      return identified(door, notice.author, notice.by);
    case 'gone':
      return quit(door, notice.author, `lost touch with ${door.port.state.nodes.get(notice.node)?.name ?? notice.node.slice(0, 8)}`);
    case 'guest':
    case 'back':
      return back(door, notice.author);
    case 'account':
      return accountChanged(door, notice.author);
    case 'law':
      return sanctioned(door, notice.op);
    case 'prefer':
      return wished(door, notice.wish);
    case 'report':
      return reported(door, notice.about);
    case 'refolded':
      reloadWishes(door);
      return refolded(door);
    case 'typing':
      return typed(door, notice);
    case 'away':
      return awayTold(door, notice);
    default:
      return;
  }
}

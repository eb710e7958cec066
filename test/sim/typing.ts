/** Clients say at times that they type, and record of whom they are told that they do. Of the fifth era: seeds of earlier ones draw nothing of it. */

import { directRoomId } from '../../src/core/ids.ts';
import type { Command, Notice } from '../../src/core/port.ts';
import type { Client } from './client.ts';
import type { World } from './world.ts';

const TYPE_SHARE = 0.3;
const DIRECT_SHARE = 0.2;
const STOP_SHARE = 0.2;

type Typing = Extract<Command, { type: 'typing' }>;

/** What a client says of its typing now; null for nothing. */
export function typingOf(world: World, client: Client): Typing | null {
  const dice = world.typingDice;
  if (!world.plan.types || dice.unit() > TYPE_SHARE) return null;
  const rooms = [...client.rooms];
  const room = rooms[dice.below(rooms.length)];
  const other = world.clients[dice.below(world.clients.length)]!;
  const on = dice.unit() > STOP_SHARE;
  const { index, author } = client;
  if (dice.unit() < DIRECT_SHARE) {
    if (other === client) return null;
    const direct = directRoomId(world.suite, author, other.author);
    world.event({ type: 'typed', atMs: world.timeline.nowMs, client: index, author, room: direct, on });
    return { type: 'typing', to: { author: other.author }, on };
  }
  if (!room) return null;
  world.event({ type: 'typed', atMs: world.timeline.nowMs, client: index, author, room, on });
  return { type: 'typing', to: { room }, on };
}

/** A door passes on what is for its client: of rooms that it is in, and of direct ones what is to it. */
export function toldOfTyping(world: World, client: Client, session: number, notice: Extract<Notice, { type: 'typing' }>): void {
  const { author, room, to, on } = notice;
  if (to === null ? !client.rooms.has(room) : to !== client.author) return;
  world.event({ type: 'told of typing', atMs: world.timeline.nowMs, client: client.index, session, author, room, on });
  if (author !== client.author) world.sometimes('somebody was told of typing');
}

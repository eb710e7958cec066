/** Commands that are a request each, and nothing more. */

import type { AdminAnswers } from '../api/admin.ts';
import type { WireMesh } from '../api/mesh.ts';
import type { Answers, OwnAccount, PageAt, Request, WireMessage, WirePlace, WireRole, WireRoom } from '../api/protocol.ts';
import type { AuthorId, MessageId, NodeId, RoomId } from '../core/ids.ts';
import type { Chat } from './chat.ts';

/** Messages of a page, where nothing else is asked for. */
export const PAGE = 100;

export abstract class Commands {
  abstract ask(request: Request): Promise<unknown>;

  async tell(request: Request): Promise<void> {
    await this.ask(request);
  }

  async get<D extends keyof Answers>(request: Extract<Request, { readonly do: D }>): Promise<Answers[D]> {
    return (await this.ask(request)) as Answers[D];
  }

  edit(room: RoomId, target: MessageId, text: string): Promise<void> {
    return this.tell({ do: 'edit', room, target, text });
  }

  remove(room: RoomId, target: MessageId, reason = ''): Promise<void> {
    return this.tell({ do: 'remove', room, target, reason });
  }

  react(room: RoomId, target: MessageId, emoji: string, on = true): Promise<void> {
    return this.tell({ do: 'react', room, target, emoji, on });
  }

  pin(room: RoomId, target: MessageId, on = true): Promise<void> {
    return this.tell({ do: 'pin', room, target, on });
  }

  report(room: RoomId, target: MessageId, reason: string): Promise<void> {
    return this.tell({ do: 'report', room, target, reason });
  }

  // Rooms

  async join(room: string): Promise<WireRoom> {
    return (await this.get({ do: 'join', room })).room;
  }

  part(room: RoomId): Promise<void> {
    return this.tell({ do: 'part', room });
  }

  topic(room: RoomId, text: string): Promise<void> {
    return this.tell({ do: 'topic', room, text });
  }

  async makePrivateRoom(name: string): Promise<WireRoom> {
    return (await this.get({ do: 'make private room', name })).room;
  }

  setRoom(settings: Omit<Extract<Request, { do: 'set room' }>, 'do'>): Promise<void> {
    return this.tell({ do: 'set room', ...settings });
  }

  invite(room: RoomId, person: AuthorId): Promise<void> {
    return this.tell({ do: 'invite', room, person });
  }

  async around(room: RoomId, id: MessageId, limit = PAGE): Promise<readonly WireMessage[]> {
    return (await this.get({ do: 'around', room, id, limit })).messages;
  }

  page(room: RoomId, at: PageAt = {}, limit = PAGE): Promise<Answers['page']> {
    return this.get({ do: 'page', room, ...at, limit });
  }

  pins(room: RoomId, before?: WirePlace, limit = PAGE): Promise<Answers['pins']> {
    return this.get({ do: 'pins', room, ...(before && { before }), limit });
  }

  edits(room: RoomId, id: MessageId, before?: WirePlace, limit = PAGE): Promise<Answers['edits']> {
    return this.get({ do: 'edits', room, id, ...(before && { before }), limit });
  }

  async holders(room: RoomId, ids: readonly MessageId[]): Promise<Answers['holders']['holders']> {
    return (await this.get({ do: 'holders', room, ids })).holders;
  }

  search({ limit = PAGE, ...asked }: Parameters<Chat['search']>[0]): Promise<Answers['search']> {
    return this.get({ do: 'search', ...asked, limit });
  }

  directory(after?: RoomId, limit = PAGE): Promise<Answers['directory']> {
    return this.get({ do: 'directory', ...(after && { after }), limit });
  }

  moderationLog(room: RoomId | '', before?: WirePlace, limit = PAGE): Promise<Answers['moderation log']> {
    return this.get({ do: 'moderation log', room, ...(before && { before }), limit });
  }

  reports(room: RoomId | '', before?: WirePlace, limit = PAGE): Promise<Answers['reports']> {
    return this.get({ do: 'reports', room, ...(before && { before }), limit });
  }

  ownAccount(): Promise<OwnAccount> {
    return this.get({ do: 'own account' });
  }

  sanctions(room: RoomId | ''): Promise<Answers['sanctions']> {
    return this.get({ do: 'sanctions', room });
  }

  // For owners of the network

  accounts({ limit = PAGE, ...asked }: Parameters<Chat['accounts']>[0] = {}): Promise<AdminAnswers['accounts']> {
    return this.get({ do: 'accounts', ...asked, limit });
  }

  invitePeople(uses: number, forSeconds: number): Promise<AdminAnswers['invite people']> {
    return this.get({ do: 'invite people', uses, forSeconds });
  }

  inviteNode(uses: number, forSeconds: number): Promise<AdminAnswers['invite node']> {
    return this.get({ do: 'invite node', uses, forSeconds });
  }

  revokeNode(node: NodeId, reason: string): Promise<void> {
    return this.tell({ do: 'revoke node', node, reason });
  }

  deleteAccountOf(person: AuthorId, erase: boolean): Promise<void> {
    return this.tell({ do: 'delete account', person, erase });
  }

  settleName(person: AuthorId, name: string): Promise<void> {
    return this.tell({ do: 'settle name', person, name });
  }

  mesh(): Promise<WireMesh> {
    return this.get({ do: 'mesh' });
  }

  away(text: string): Promise<void> {
    return this.tell({ do: 'away', text });
  }

  rename(name: string): Promise<void> {
    return this.tell({ do: 'rename', name });
  }

  prefer(about: { readonly room: RoomId } | { readonly person: AuthorId }, on: boolean): Promise<void> {
    return this.tell({ do: 'prefer', ...about, on });
  }

  role(room: RoomId | '', person: AuthorId, role: WireRole): Promise<void> {
    return this.tell({ do: 'role', room, person, role });
  }

  kick(room: RoomId, person: AuthorId, reason: string): Promise<void> {
    return this.tell({ do: 'kick', room, person, reason });
  }

  ban(room: RoomId | '', person: AuthorId, forSeconds: number, reason: string): Promise<void> {
    return this.tell({ do: 'ban', room, person, forSeconds, reason });
  }

  mute(room: RoomId | '', person: AuthorId, forSeconds: number, reason: string): Promise<void> {
    return this.tell({ do: 'mute', room, person, forSeconds, reason });
  }

  undo(target: MessageId): Promise<void> {
    return this.tell({ do: 'undo', target });
  }
}

/** The client library, in browsers. */

import type { Chat } from './chat.ts';
import { type ConnectOptions, connectOn } from './connect.ts';
import { browserPlatform } from './platform-browser.ts';

export type { WireAccount, WireSanction } from '../api/admin.ts';
export type { WireMesh, WireMeshEvent, WireMeshLink, WireMeshNode } from '../api/mesh.ts';
export type { Acknowledged, WireMessage, WireNode, WirePerson, WireRoom } from '../api/protocol.ts';
export type { AppPassword, Webhook } from './account.ts';
export { type As, type Chat, type ChatEvents, type Posting, RefusedError, UnknownError, type Where } from './chat.ts';
export type { ConnectOptions } from './connect.ts';
export { LIMITS, type Limits } from './limits.ts';
export { memoryStorage, type Storage } from './storage.ts';
export { indexedDbStorage } from './storage-indexeddb.ts';
export type { Connection, Delivery, Item, RoomView, View } from './view.ts';

export function connect(options: ConnectOptions): Promise<Chat> {
  return connectOn(options.platform ?? browserPlatform(), options);
}

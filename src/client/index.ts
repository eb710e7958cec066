/** The client library, on Node. In a browser: browser.ts. How to use it: docs/client.md. */

import type { Chat } from './chat.ts';
import { type ConnectOptions, connectOn } from './connect.ts';
import type { Platform } from './platform.ts';
import { nodePlatform } from './platform-node.ts';

export type { WireAccount, WireSanction } from '../api/admin.ts';
export type { WireMesh, WireMeshEvent, WireMeshLink, WireMeshNode } from '../api/mesh.ts';
export type { Acknowledged, WireMessage, WireNode, WirePerson, WireRoom } from '../api/protocol.ts';
export type { AppPassword, Webhook } from './account.ts';
export { type As, type Chat, type ChatEvents, type Posting, RefusedError, UnknownError, type Where } from './chat.ts';
export type { ConnectOptions } from './connect.ts';
export { LIMITS, type Limits } from './limits.ts';
export { memoryStorage, type Storage } from './storage.ts';
export { fileStorage, StorageInUseError } from './storage-files.ts';
export type { Connection, Delivery, Item, RoomView, View } from './view.ts';

/** One for all clients of a process: its pool of random numbers alone has 16 KB. */
const shared: Platform[] = [];

export function connect(options: ConnectOptions): Promise<Chat> {
  if (shared.length === 0) shared.push(nodePlatform());
  return connectOn(options.platform ?? shared[0]!, options);
}

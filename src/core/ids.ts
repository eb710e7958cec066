/**
 * The names of things in the log: byte strings, held in memory as lower-case hexadecimal texts so that they can be keys of maps, and branded
 * so that one is never taken for another. Their order by code unit is the order of their bytes.
 */

import { Writer } from '../lib/codec.ts';
import type { Hashing } from './suite.ts';

/** 16 bytes: the hash of the network's root key. */
export type NetworkId = string & { readonly __id: 'network' };
/** 32 bytes: the node's Ed25519 public key. */
export type NodeId = string & { readonly __id: 'node' };
/** 16 bytes: the hash of node, incarnation and kind. */
export type FeedId = string & { readonly __id: 'feed' };
/** 16 bytes: the hash of the author's public key, or of an imported nick. */
export type AuthorId = string & { readonly __id: 'author' };
/** 16 bytes: a UUIDv7 made by the client (RFC 9562), or a hash of the content where it was imported. */
export type ClientId = string & { readonly __id: 'client' };
/** 32 bytes: client id, then author id. In this order, messages of one time lie together in an index. */
export type MessageId = string & { readonly __id: 'message' };
/** `#name` (normalised) for a public room, `@` and 32 hexadecimal digits for a direct room, `!` and 32 for a private one. */
export type RoomId = string & { readonly __id: 'room' };

export const NETWORK_ID_BYTES = 16;
export const NODE_ID_BYTES = 32;
export const FEED_ID_BYTES = 16;
export const AUTHOR_ID_BYTES = 16;
export const CLIENT_ID_BYTES = 16;
/** A person's public key, Ed25519. */
export const KEY_BYTES = 32;

/** The identity of a message: whoever submits the pair again, in however many entries, submits the same message. */
export function messageId(author: AuthorId, client: ClientId): MessageId {
  return (client + author) as MessageId;
}

export function authorOf(id: MessageId): AuthorId {
  return id.slice(2 * CLIENT_ID_BYTES) as AuthorId;
}

export function clientOf(id: MessageId): ClientId {
  return id.slice(0, 2 * CLIENT_ID_BYTES) as ClientId;
}

/** The network that a root key stands for. */
export function networkId(hashing: Hashing, rootKey: NodeId): NetworkId {
  return hashing.name('skein/network/1', new Writer().hex(rootKey).view()) as NetworkId;
}

/** The author that a session's, account's or node's public key (32 bytes as hexadecimal text) stands for. */
export function authorId(hashing: Hashing, publicKey: string): AuthorId {
  return hashing.name('skein/author/1', new Writer().hex(publicKey).view()) as AuthorId;
}

/** The stand-in for a nick in an imported log. Never the id of a key: the tag differs. */
export function standInId(hashing: Hashing, nick: string): AuthorId {
  return hashing.name('skein/stand-in/1', new Writer().text(nick).view()) as AuthorId;
}

/** The direct room of two people: the same on every node, so that both sides of a partition open the same one. */
export function directRoomId(hashing: Hashing, one: AuthorId, other: AuthorId): RoomId {
  const [low, high] = one < other ? [one, other] : [other, one];
  return `@${hashing.name('skein/direct/1', new Writer().hex(low!).hex(high!).view())}` as RoomId;
}

const DIGITS = /^[0-9a-f]+$/;

/** Whether a text is the hexadecimal form of so many bytes. */
export function isHexOf(text: string, bytes: number): boolean {
  return text.length === 2 * bytes && DIGITS.test(text);
}

/** Requests about what hangs on messages: pins, what was said before an edit, on which nodes they are. */

import type { WirePin, WireText } from '../../../api/protocol.ts';
import { hlcMs } from '../../../core/hlc.ts';
import { decodeMessage } from '../../../core/message.ts';
import type { Pin } from '../../../core/port.ts';
import type { Version } from '../../../core/resolve.ts';
import type { Asking } from '../asking.ts';
import type { ApiDoor } from '../door.ts';
import { NO_MESSAGE, NO_ROOM, ok } from '../refusals.ts';
import { personName, placeOf, wireMessage, wirePlace } from '../render.ts';

export const pins: Asking<'pins'> = async ({ port }, { no }, { room, before, limit }) => {
  const page = await port.pins(no, room, before ? placeOf(before) : null, limit);
  return page ? ok({ pins: page.pins.map((pin) => wirePin(port, pin)), next: page.next && wirePlace(page.next) }) : NO_ROOM;
};

function wirePin({ state }: ApiDoor['port'], { about, message }: Pin): WirePin {
  const by = { by: about.author, byName: personName(state, about.author) };
  return { message: wireMessage(state, message), ...by, place: wirePlace(about.place), atMs: hlcMs(about.place.key) };
}

export const edits: Asking<'edits'> = async ({ port }, { no }, { room, id, before, limit }) => {
  const page = await port.versions(no, room, id, before ? placeOf(before) : null, limit);
  return page ? ok({ texts: page.versions.map(wireText), more: page.more }) : NO_MESSAGE;
};

function wireText({ place, payload }: Version): WireText {
  return { place: wirePlace(place), atMs: hlcMs(place.key), ...decodeMessage(payload) };
}

export const holders: Asking<'holders'> = async ({ port }, { no }, { room, ids }) => {
  const found = await port.holders(no, room, ids);
  return found ? ok({ holders: Object.fromEntries(found) }) : NO_ROOM;
};

/** Who did what to whom, when, why, until when, and who took it back: out of the law as it is in force, so it is the same at every node. */

import type { Folder } from '../core/fold.ts';
import { hlcMs } from '../core/hlc.ts';
import { authorOf, type MessageId, type RoomId } from '../core/ids.ts';
import type { LawOp } from '../core/law/body.ts';
import { comparePlaces, type Place } from '../core/order.ts';
import { ACTS_LIMIT_MAX, type Act } from '../core/port.ts';
import { isoTime } from '../lib/time.ts';

type Governed = Pick<Folder, 'state' | 'law'>;
type What = Pick<Act, 'does' | 'person' | 'untilMs' | 'reason' | 'what' | 'target'>;

const NOTHING = { person: null, untilMs: null, reason: '', what: '', target: null } as const;

/** Newest first, of those that sort before a place. */
export function moderationLog(folder: Governed, room: RoomId | '', before: Place | null, limit: number): Act[] {
  const acts = [...lawActs(folder, room), ...(room === '' ? [] : [...removals(folder, room), ...retentions(folder, room)])];
  const asked = acts.filter(({ place }) => before === null || comparePlaces(place, before) < 0);
  return asked.sort((a, b) => comparePlaces(b.place, a.place)).slice(0, Math.max(0, Math.min(limit, ACTS_LIMIT_MAX)));
}

function lawActs({ law }: Governed, room: RoomId | ''): Act[] {
  return law.ops.flatMap((op) => {
    if (op.head.room !== room || law.voidOf(op) !== null) return [];
    const what = whatOf(op);
    if (!what) return [];
    const { head, place, id } = op;
    const [undo] = law.verdicts.table(`undo ${id}`);
    return [{ id, place, room, by: head.author, atMs: hlcMs(place.key), undoneBy: undo?.head.author ?? null, ...what }];
  });
}

/** What an op of law is to moderators; null where it is no act of theirs. */
function whatOf({ body, head }: LawOp): What | null {
  switch (body.law) {
    case 'role':
      return { ...NOTHING, person: body.subject, does: 'role', what: body.role };
    case 'kick':
      return { ...NOTHING, person: body.subject, does: 'kick', reason: body.reason };
    case 'ban':
    case 'mute':
      return {
        ...NOTHING,
        person: body.subject,
        does: body.law,
        reason: body.reason,
        untilMs: body.until === 0 ? null : hlcMs(body.until),
      };
    case 'invitation':
      return { ...NOTHING, person: body.subject, does: 'invitation' };
    case 'undo':
      return { ...NOTHING, does: 'undo', target: head.target as MessageId };
    case 'settings':
      return { ...NOTHING, does: 'settings', what: settingsWords(body.settings) };
    case 'revoke':
      return { ...NOTHING, does: 'revoke', what: body.node, reason: body.reason };
    case 'settle':
      return body.subject === head.author ? null : { ...NOTHING, person: body.subject, does: 'rename', what: body.name };
    case 'rekey':
      return body.subject === head.author ? null : { ...NOTHING, person: body.subject, does: 'reset' };
    case 'deletion':
      return body.subject === head.author ? null : { ...NOTHING, person: body.subject, does: 'delete account' };
    default:
      return null;
  }
}

function settingsWords({
  archived,
  slowSeconds,
  retentionSeconds,
}: {
  archived: boolean;
  slowSeconds: number;
  retentionSeconds: number;
}): string {
  return `archived ${archived ? 'yes' : 'no'}, slow ${slowSeconds} s, kept ${retentionSeconds === 0 ? 'for ever' : `${retentionSeconds} s`}`;
}

/** Messages that others than their authors removed. */
function removals({ state }: Governed, room: RoomId): Act[] {
  return [...state.removals].flatMap(([target, all]) => {
    const one = all.find((removal) => removal.room === room);
    const person = authorOf(target);
    if (!one || one.by === person) return [];
    const { op: id, at: place, by, reason } = one;
    return [{ ...NOTHING, id, place, does: 'remove', room, by, person, atMs: hlcMs(place.key), reason, target, undoneBy: null }];
  });
}

/** An owner erased what was older; nodes that do what the settings say do it for nobody. */
function retentions({ state }: Governed, room: RoomId): Act[] {
  const byPeople = (state.retentions.get(room) ?? []).filter(({ by }) => state.accounts.has(by));
  return byPeople.map(({ op: id, at: place, by, before }) => {
    const what = `what was written before ${isoTime(hlcMs(before))}`;
    return { ...NOTHING, id, place, does: 'retain', room, by, atMs: hlcMs(place.key), what, undoneBy: null };
  });
}

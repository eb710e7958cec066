/** The verdict over what clients wrote down: the promises, each with what breaks it. Pure. */

import type { RecordingClient, Sent, Shown } from './recording-client.ts';

export interface Record {
  readonly nick: string;
  readonly sent: readonly Sent[];
  /** In the order of its coming. */
  readonly shown: readonly Shown[];
  /** As the node that served it at the end gave it, in history order. */
  readonly history: readonly Shown[];
}

export interface Verdict {
  readonly promise: string;
  readonly broken: readonly string[];
  readonly detail: string;
}

export function recordOf({ nick, sent, shown, history }: RecordingClient): Record {
  return { nick, sent, shown, history };
}

const quote = (text: string): string => `“${text.slice(0, 40)}”`;

/** Judges the records of clients that were all in one room from the first message to the last. */
export function judge(records: readonly Record[]): Verdict[] {
  const echoed = records.flatMap(({ nick, sent }) => sent.filter(({ id }) => id !== null).map((one) => ({ nick, ...one })));
  return [noLoss(records, echoed), noDuplicate(records), noPhantom(records), senderOrder(records), sameHistory(records)];
}

function noLoss(records: readonly Record[], echoed: readonly (Sent & { nick: string })[]): Verdict {
  const broken: string[] = [];
  for (const { nick, shown, history } of records) {
    for (const list of [shown, history]) {
      const ids = new Set(list.map(({ id }) => id));
      for (const one of echoed)
        if (!ids.has(one.id!)) broken.push(`${nick} was never shown ${quote(one.text)} of ${one.nick}, held by ${one.held}`);
    }
  }
  return {
    promise: 'nothing acknowledged is lost',
    broken,
    detail: `${echoed.length} echoed messages, each looked for in ${records.length} clients`,
  };
}

/** By id; and by text too, as every message of a client has a text of its own. */
function noDuplicate(records: readonly Record[]): Verdict {
  const broken: string[] = [];
  let seen = 0;
  for (const { nick, shown, history } of records) {
    seen += shown.length;
    for (const list of [shown, history]) {
      const keys = new Set<string>();
      for (const { id, nick: author, text } of list) {
        for (const key of [id, `${author} ${text}`]) {
          if (keys.has(key)) broken.push(`${nick} was shown ${quote(text)} of ${author} twice`);
          keys.add(key);
        }
      }
    }
  }
  return { promise: 'nothing shows twice', broken, detail: `${seen} messages shown` };
}

function noPhantom(records: readonly Record[]): Verdict {
  const sent = new Set(records.flatMap(({ nick, sent: own }) => own.map(({ text }) => `${nick} ${text}`)));
  const broken = records.flatMap(({ nick, shown }) =>
    shown
      .filter((one) => !sent.has(`${one.nick} ${one.text}`))
      .map((one) => `${nick} was shown ${quote(one.text)}, which ${one.nick} never sent`),
  );
  return { promise: 'nothing shows that nobody sent', broken, detail: `${sent.size} messages sent` };
}

function senderOrder(records: readonly Record[]): Verdict {
  const order = new Map<string, number>();
  for (const { nick, sent } of records) for (const [i, { text }] of sent.entries()) order.set(`${nick} ${text}`, i);
  const broken: string[] = [];
  for (const { nick, history } of records) {
    const last = new Map<string, number>();
    for (const one of history) {
      const at = order.get(`${one.nick} ${one.text}`) ?? -1;
      if (at < (last.get(one.nick) ?? -1)) broken.push(`${nick} was shown ${quote(one.text)} of ${one.nick} out of order`);
      last.set(one.nick, Math.max(at, last.get(one.nick) ?? -1));
    }
  }
  return { promise: 'everybody’s messages keep their order', broken, detail: `${records.length} senders` };
}

/** All clients were shown the same messages under the same ids, and read the same history in the same order. */
function sameHistory(records: readonly Record[]): Verdict {
  const [first, ...rest] = records;
  const broken = rest.flatMap((other) => [
    ...differences('was shown', first!, other, 'shown'),
    ...differences('read', first!, other, 'history'),
  ]);
  for (const other of rest) {
    if (orderOf(other) !== orderOf(first!)) broken.push(`${other.nick} read another order than ${first!.nick}`);
  }
  return { promise: 'everybody has the same history', broken, detail: `${records[0]?.history.length ?? 0} messages each` };
}

function orderOf({ history }: Record): string {
  return history.map(({ id }) => id).join();
}

/** What one of two was shown and the other was not. */
function differences(verb: string, a: Record, b: Record, list: 'shown' | 'history'): string[] {
  const only = (one: Record, other: Record): string[] => {
    const ids = new Set(other[list].map(({ id }) => id));
    return one[list]
      .filter(({ id }) => !ids.has(id))
      .map(({ nick, text }) => `${one.nick} ${verb} ${quote(text)} of ${nick}, and ${other.nick} did not`);
  };
  return [...only(a, b), ...only(b, a)];
}

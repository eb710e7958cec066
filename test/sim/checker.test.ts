import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HLC_PER_MS } from '../../src/core/hlc.ts';
import type { AuthorId, MessageId, RoomId } from '../../src/core/ids.ts';
import { CHECKS, judge } from './checker.ts';
import type { Dump, Event, RunRecord, Seen } from './record.ts';
import { runSeed } from './run.ts';
import type { Of } from './verdict.ts';

const PLAN = {
  nodes: 3,
  clients: 3,
  push: true,
  unsafeMs: 4000,
  hostile: 0,
  citizens: 0,
  types: true,
  faults: ['client drop', 'kill'],
} as const;
const { record } = runSeed({ seed: 3, plan: PLAN });

const of = <T extends Event['type']>(type: T): Of<T>[] => record.events.filter((event): event is Of<T> => event.type === type);
const acknowledged = new Set(of('ok').map(({ id }) => id));
const messages = record.dumps[0]!.messages;

/** The place of the next acknowledged one by the same sender in the same room. */
function next(at: number): number {
  const { author, room } = messages[at]!;
  return messages.findIndex((one, i) => i > at && acknowledged.has(one.id) && one.author === author && one.room === room);
}

/** Messages of rooms that somebody read to the end, and was shown by the node they were at then. */
const last = new Map(of('failover').map(({ client, to }) => [client, to]));
const shown = of('recv').filter(({ client, from }) => from === last.get(client));
const viewed = new Set(
  of('read').flatMap(({ client, view, rooms }) =>
    shown.flatMap(({ client: to, message: { id, room } }) => (to === client && rooms.includes(room) && view.includes(id) ? [id] : [])),
  ),
);
const at = messages.findIndex(({ id }, i) => acknowledged.has(id) && viewed.has(id) && next(i) > 0);
const some = messages[at]!.id;
const other = (id: MessageId): MessageId => id.replace(/^../, 'ff') as MessageId;

const flagged = (changed: RunRecord): string[] => [...new Set(judge(changed).map(({ check }) => check))];
const withEvents = (change: (event: Event) => readonly Event[]): RunRecord => ({ ...record, events: record.events.flatMap(change) });
const adding = (...more: Event[]): RunRecord => ({ ...record, events: [...record.events, ...more] });

/** A change to every dump, as if all nodes had it. */
function changed(change: (messages: Dump['messages']) => Dump['messages']): RunRecord {
  return { ...record, dumps: record.dumps.map((dump) => ({ ...dump, messages: change(dump.messages) })) };
}

/** As if an op had withheld the message, or erased its text. */
const withheld = { withheld: new Map([[some, { room: messages[at]!.room, by: 'an op' }]]), touched: new Set([some]) };
const erased = { erased: new Map([[some, 'an op']]), blanked: new Set([some]) };
const ruled = (run: RunRecord, effects: Partial<RunRecord['effects']>): RunRecord => ({ ...run, effects: { ...run.effects, ...effects } });
const emptied = (isOnDisk = false): RunRecord => {
  const { dumps } = changed((list) => list.map((one) => (one.id === some ? { ...one, text: '' } : one)));
  return isOnDisk ? { ...record, dumps } : { ...record, dumps: dumps.map(withoutPayload) };
};
const withoutPayload = (dump: Dump): Dump => ({
  ...dump,
  whole: new Set([...dump.whole].filter((id) => id !== some)),
  blank: new Set([...dump.blank, some]),
});

/** A change to one client's first message from the stream. */
function firstShown(change: (event: Of<'recv'>) => readonly Event[]): RunRecord {
  const first = of('recv').find(({ live }) => live);
  return withEvents((event) => (event === first ? change(first) : [event]));
}

/** A change to the acknowledgement of a message. */
function ok(change: (event: Of<'ok'>) => readonly Event[]): RunRecord {
  return withEvents((event) => (event.type === 'ok' && event.id === some ? change(event) : [event]));
}

/** Every mutation, by what it does to a good history, with the check that must tell. */
const MUTATIONS: Readonly<Record<string, readonly [string, () => RunRecord]>> = {
  'deleted everywhere': ['no acknowledged loss', () => changed((list) => list.filter(({ id }) => id !== some))],
  'deleted at one node': [
    'convergence',
    () => ({
      ...record,
      dumps: record.dumps.map((dump, i) => (i === 0 ? { ...dump, messages: messages.filter(({ id }) => id !== some) } : dump)),
    }),
  ],
  'shown and deleted': ['never vanishes', () => changed((list) => list.filter(({ id }) => id !== some))],
  'gone from a view': [
    'never vanishes',
    () => withEvents((event) => (event.type === 'read' ? [{ ...event, view: event.view.filter((id) => id !== some) }] : [event])),
  ],
  'gone from a page': [
    'never vanishes',
    () => {
      const shown = of('recv')[0]!;
      return adding({ type: 'page', atMs: 1e6, client: 0, from: shown.from, room: shown.message.room, ids: [] });
    },
  ],
  'never shown': [
    'misses nothing',
    () => ({ ...withEvents((event) => (event.type === 'read' ? [{ ...event, view: event.view.filter((id) => id !== some) }] : [event])) }),
  ],
  'doubled in the dumps': ['no duplicate', () => changed((list) => [...list.slice(0, at), list[at]!, ...list.slice(at)])],
  'doubled in a view': [
    'no duplicate',
    () => withEvents((event) => (event.type === 'read' ? [{ ...event, view: [...event.view, ...event.view.slice(0, 1)] }] : [event])),
  ],
  'doubled in a stream': ['no duplicate', () => adding({ type: 'shown twice', atMs: 1e6, client: 0, id: some })],
  'doubled in a page': [
    'no duplicate',
    () => adding({ type: 'page', atMs: 1e6, client: 0, from: 77, room: messages[at]!.room, ids: [some, some] }),
  ],
  'altered in the dumps': ['no phantom', () => changed((list) => list.map((one) => (one.id === some ? { ...one, text: 'other' } : one)))],
  'attributed to somebody else': [
    'no phantom',
    () => changed((list) => list.map((one) => (one.id === some ? { ...one, author: 'ab'.repeat(16) as AuthorId } : one))),
  ],
  'moved to another room': [
    'no phantom',
    () => changed((list) => list.map((one) => (one.id === some ? { ...one, room: '#elsewhere' as Seen['room'] } : one))),
  ],
  'invented in the dumps': ['no phantom', () => changed((list) => [...list, { ...messages[at]!, id: other(some) }])],
  'invented in a stream': [
    'no phantom',
    () => firstShown((event) => [{ ...event, message: { ...event.message, id: other(event.message.id) } }]),
  ],
  'altered in a stream': ['no phantom', () => firstShown((event) => [{ ...event, message: { ...event.message, text: 'other' } }])],
  'shown though refused': [
    'no phantom',
    () => adding({ type: 'refused', atMs: 1e6, client: 0, id: some, reason: 'no such person', final: true }),
  ],
  'withheld, and on a node': ['withheld', () => ruled(record, { ...withheld })],
  'withheld, and in a view': [
    'withheld',
    () =>
      ruled(
        changed((list) => list.filter(({ id }) => id !== some)),
        withheld,
      ),
  ],
  'erased, and with its text': ['withheld', () => ruled(record, erased)],
  'without its text for no reason': ['no phantom', emptied],
  'shown to a stranger': [
    'no leaking',
    () => firstShown((event) => [{ ...event, message: { ...event.message, room: `@${'ab'.repeat(16)}` as Seen['room'] } }]),
  ],
  'came before what its writer had held': [
    'causal order',
    () => ({ ...record, early: [{ machine: 0, feed: messages[at]!.place.feed, seq: 1 }] }),
  ],
  'another vector': [
    'convergence',
    () => ({ ...record, dumps: record.dumps.map((dump, i) => (i === 0 ? { ...dump, vector: new Map() } : dump)) }),
  ],
  'another export': [
    'convergence',
    () => ({ ...record, dumps: record.dumps.map((dump, i) => (i === 0 ? { ...dump, canonical: dump.canonical.slice(1) } : dump)) }),
  ],
  'another reference': ['convergence', () => ({ ...record, reference: record.reference.slice(1) })],
  'no node lives': ['verdict', () => ({ ...record, dumps: [] })],
  'slow healing': ['healing time', () => ({ ...record, healedMs: 2500 })],
  'never healed': ['healing time', () => ({ ...record, healedMs: null })],
  'slow to catch up': ['healing time', () => ({ ...record, caughtUpMs: 2500, bytesMissing: 400_000 })],
  'never caught up': ['healing time', () => ({ ...record, caughtUpMs: null })],
  'more holders told than there are': ['honest acks', () => ok((event) => [{ ...event, held: 3, nodes: 1, holders: [0], had: [] }])],
  'held by nobody': ['honest acks', () => ok((event) => [{ ...event, held: 0, nodes: 0, holders: [], had: [] }])],
  'answered twice': ['honest acks', () => adding({ type: 'answered twice', atMs: 1e6, client: 0 })],
  'a have that is not so': [
    'honest acks',
    () => adding({ type: 'false have', atMs: 1e6, by: 0, holder: 1, feed: messages[at]!.place.feed, told: 9, held: 8 }),
  ],
  'a holder that started without it': ['honest acks', () => adding({ type: 'broken ack', atMs: 1e6, machine: 0, id: some })],
  'never answered': ['availability', () => ok(() => [])],
  'answered late': ['availability', () => ok((event) => [{ ...event, atMs: event.atMs + 60_000 }])],
  'refused for no reason': [
    'availability',
    () => adding({ type: 'refused', atMs: 1e6, client: 0, id: other(some), reason: 'bad after', final: false }),
  ],
  'erased and on a disk': ['erasure', () => ruled(emptied(true), erased)],
  'missing on a disk': ['erasure', () => ({ ...record, dumps: record.dumps.map((dump, i) => (i === 0 ? withoutPayload(dump) : dump)) })],
  'a process that died': ['contained', () => adding({ type: 'died', atMs: 1e6, machine: 0, error: 'a bug' })],
  'a queue without an end': ['contained', () => adding({ type: 'beyond limit', atMs: 1e6, machine: 0, what: 'waiting entries' })],
  'a claim that was backdated': ['claims', () => adding({ type: 'claim taken', atMs: 1e6, what: '#room0' })],
  'typing of somebody who did not': [
    'typing',
    () =>
      adding({
        type: 'told of typing',
        atMs: 1e6,
        client: 0,
        session: 99,
        author: messages[at]!.author,
        room: '#never' as RoomId,
        on: true,
      }),
  ],
  'typing told twice': [
    'typing',
    () => withEvents((event) => (event.type === 'told of typing' && event.on ? [event, ...Array(99).fill(event)] : [event])),
  ],
  'typing of others': [
    'typing leaks',
    () =>
      adding({
        type: 'told of typing',
        atMs: 1e6,
        client: 0,
        session: 1,
        author: messages[at]!.author,
        room: '@other' as RoomId,
        on: false,
      }),
  ],
  'somebody honest named': [
    'names nobody',
    () => adding({ type: 'named', atMs: 1e6, machine: 0, named: record.dumps[0]!.node, isHonest: true }),
  ],
  'no client told its view': ['verdict', () => withEvents((event) => (event.type === 'read' ? [] : [event]))],
  'nothing was sent': ['verdict', () => withEvents((event) => (event.type === 'send' ? [] : [event]))],
  'never healed at all': ['verdict', () => withEvents((event) => (event.type === 'heal' ? [] : [event]))],
};

describe('checker', () => {
  it('[SM7] finds nothing in a good history', () => assert.deepEqual(judge(record), []));

  for (const [name, [check, mutate]] of Object.entries(MUTATIONS))
    it(`[SM7] tells: ${name}`, () =>
      assert.ok(flagged(mutate()).includes(check), `${check} says nothing: ${flagged(mutate()).join(', ')}`));

  it('[SM7] tells two of one sender swapped, wherever they are', () => {
    const pairs = messages.flatMap(({ id }, i) => (acknowledged.has(id) && next(i) > 0 ? [[i, next(i)] as const] : [])).slice(0, 12);
    const found = pairs.map(([one, two]) =>
      flagged(changed((list) => list.map((message, i) => list[i === one ? two : i === two ? one : i] ?? message))),
    );
    assert.ok(pairs.length > 3 && found.every((checks) => checks.includes('sender order')), found.join('; '));
    assert.ok(
      found.some((checks) => checks.includes('causal order')),
      found.join('; '),
    );
  });

  it('[SM7] tells two of one sender that were shown the wrong way round, and whose places say so', () => {
    const streams = of('recv').filter(({ live }) => live);
    const first = streams.find((one) => streams.some((later) => isNext(one, later)))!;
    const second = streams.find((later) => isNext(first, later))!;
    const swap = (event: Event): Event =>
      event === first
        ? { ...event, message: { ...second.message, place: first.message.place } }
        : event === second
          ? { ...event, message: { ...first.message, place: second.message.place } }
          : event;
    const only = new Set<Event>([first, second]);
    const events = record.events.filter((event) => (event.type !== 'recv' && event.type !== 'moved') || only.has(event)).map(swap);
    assert.ok(flagged({ ...record, events }).includes('sender order'));
  });

  it('[SM7] forgives what a lost disk excuses, and nothing else', () => {
    const holders = of('ok').find(({ id }) => id === some)!.holders;
    const gone = changed((list) => list.filter(({ id }) => id !== some));
    const lost: Event[] = holders.map((machine) => ({ type: 'forgot', atMs: 1e6, machine, ids: [some] }));
    assert.ok(!flagged({ ...gone, events: [...gone.events, ...lost] }).includes('no acknowledged loss'));
    assert.ok(flagged({ ...gone, events: [...gone.events, ...lost.slice(1)] }).includes('no acknowledged loss'));
    const before: Event[] = holders.map((machine) => ({ type: 'forgot', atMs: 0, machine, ids: [some] }));
    assert.ok(flagged({ ...gone, events: [...before, ...gone.events] }).includes('no acknowledged loss'));
  });

  it('[SM7] forgives what an op withholds or erases, and nothing else', () => {
    const gone = changed((list) => list.filter(({ id }) => id !== some));
    const unseen = gone.events.map((event) => (event.type === 'read' ? { ...event, view: event.view.filter((id) => id !== some) } : event));
    assert.deepEqual(flagged(ruled({ ...gone, events: unseen }, withheld)), []);
    assert.ok(flagged(ruled({ ...gone, events: unseen }, { touched: withheld.touched })).includes('no acknowledged loss'));
    assert.ok(flagged(ruled({ ...record, events: unseen }, { touched: withheld.touched })).includes('never vanishes'));
    assert.deepEqual(flagged(ruled(emptied(), erased)), []);
    assert.ok(flagged(ruled(emptied(true), { blanked: erased.blanked })).includes('no phantom'));
    assert.deepEqual(flagged(ruled(emptied(), { blanked: erased.blanked })), [], 'no disk has it any more');
  });

  it('[SM7] lets the hostile speak in their own names, and in no other', () => {
    const mallory = 'cd'.repeat(16) as AuthorId;
    const theirs = changed((list) => [...list, { ...messages[at]!, id: other(some), author: mallory }]);
    assert.ok(flagged(theirs).includes('no phantom'));
    assert.ok(!flagged({ ...theirs, hostileAuthors: new Set([mallory]) }).includes('no phantom'));
  });

  it('[SM7] has answers stand behind what was shown, but for what a hostile member dates hours ahead', () => {
    const send = of('send').find(({ id }) => id === some)!;
    const mallory = 'cd'.repeat(16) as AuthorId;
    const shown = (aheadMs: number): RunRecord => {
      const place = { ...messages[at]!.place, key: messages[at]!.place.key + aheadMs * HLC_PER_MS };
      const message = { ...messages[at]!, id: other(some), author: mallory, place };
      const recv: Event = { type: 'recv', atMs: send.atMs, client: send.client, message, from: 0, session: 1, live: true };
      const theirs = changed((list) => [...list, message]);
      return {
        ...theirs,
        hostileAuthors: new Set([mallory]),
        events: record.events.flatMap((event) => (event === send ? [recv, event] : [event])),
      };
    };
    assert.ok(flagged(shown(3_600_000)).includes('causal order'));
    assert.ok(!flagged(shown(3 * 3_600_000)).includes('causal order'));
    assert.ok(flagged({ ...shown(3 * 3_600_000), hostileAuthors: new Set() }).includes('causal order'));
  });

  it('[SM7] has a mutation for every check', () => {
    const tested = new Set(['sender order', ...Object.values(MUTATIONS).map(([check]) => check)]);
    assert.deepEqual(
      Object.keys(CHECKS).filter((check) => !tested.has(check)),
      [],
    );
  });
});

/** Whether the one was shown before the other to the same client in the same session, by the same sender in the same room. */
function isNext(one: Of<'recv'>, later: Of<'recv'>): boolean {
  const isSame = one.client === later.client && one.session === later.session && one.message.author === later.message.author;
  return (
    isSame &&
    one.message.room === later.message.room &&
    one.message.id !== later.message.id &&
    record.events.indexOf(one) < record.events.indexOf(later)
  );
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FeedWriter, network, suite } from '../../../test/fixture/writer.ts';
import type { Entry } from '../entry.ts';
import { FEED_KIND } from '../feed.ts';
import { makeFolder } from '../fold.ts';
import type { AuthorId, FeedId, RoomId } from '../ids.ts';
import { kickBody, roleBody } from '../kinds/moderation.ts';
import { checkpointBody } from '../kinds/owner.ts';
import { settingsBody, textBody } from '../kinds/room.ts';
import { type Head, KIND, type Op } from '../op.ts';
import { Pasts } from '../past.ts';
import { type LawOp, UNCOVERED } from './body.ts';
import { Coverage } from './coverage.ts';

const root = suite.keyPair(new Uint8Array(32).fill(9));
const ROOM = '#r' as RoomId;
const GOVERNANCE = FEED_KIND.governance;
type Deps = ReadonlyMap<FeedId, number>;

const feedOf = (writer: FeedWriter): FeedId => writer.info(GOVERNANCE).feed;
const upTo = (...of: readonly (readonly [FeedWriter, number])[]): Deps => new Map(of.map(([writer, seq]) => [feedOf(writer), seq]));

/** An op whose body signs its head. */
function signed(writer: FeedWriter, fields: Partial<Head> & Pick<Head, 'kind'>, body: (head: Head) => Uint8Array): Op {
  const head = writer.head(fields);
  return { head: { ...head, body: body(head) }, payload: null };
}

function owner(writer: FeedWriter, subject: AuthorId = writer.author): Op {
  return signed(writer, { kind: KIND.role }, (head) => roleBody(root, network, head, subject, 'owner'));
}

function checkpoint(writer: FeedWriter, vector: Deps): Op {
  return signed(writer, { kind: KIND.checkpoint }, (head) => checkpointBody(null, network, head, vector));
}

function found(writer: FeedWriter, name = '#r'): Op {
  return { head: writer.head({ kind: KIND.room, room: ROOM, body: textBody(name) }), payload: null };
}

function set(writer: FeedWriter, description: string): Op {
  const body = settingsBody({ description, archived: false, slowSeconds: 0, retentionSeconds: 0, name: '' });
  return { head: writer.head({ kind: KIND.settings, room: ROOM, body }), payload: null };
}

/** The owner and an honest member; the member takes a name and makes a room, and a checkpoint of the owner covers that. */
function covered() {
  const [olga, ann] = [new FeedWriter(61, 5000), new FeedWriter(62, 1000)];
  const first = [olga.arrive('olga'), olga.entry(GOVERNANCE, [owner(olga)])];
  const claims = [ann.register('bob'), ann.entry(GOVERNANCE, [found(ann)])];
  const sealed = olga.entry(GOVERNANCE, [checkpoint(olga, upTo([ann, 2]))], upTo([ann, 2]));
  return { olga, ann, before: [...first, ...claims], sealed };
}

describe('checkpoints', () => {
  it('[FO15] whoever takes a name or makes a room behind a checkpoint comes second, whatever their clock says and in any order of arrival', () => {
    const { ann, before, sealed } = covered();
    // A clock of long before, in feeds that rest on nothing.
    const mallory = new FeedWriter(63, 1);
    const backdated = [mallory.register('bob'), mallory.entry(GOVERNANCE, [found(mallory, '#R')])];
    const facts = (entries: readonly Entry[]) => {
      const folder = makeFolder(suite);
      for (const entry of entries) folder.fold(entry);
      const { state, law } = folder;
      const names = [ann, mallory].map(({ author }) => state.accounts.get(author)?.name);
      return [...names, law.verdicts.founder(ROOM, null) === ann.author ? 'ann' : 'mallory', state.rooms.get(ROOM)?.name?.value];
    };
    assert.deepEqual(facts([...before, ...backdated]), ['bob~2', 'bob', 'mallory', '#R'], 'without a checkpoint');
    for (const entries of [
      [...before, sealed, ...backdated],
      [...before, ...backdated, sealed],
      [...backdated, ...before, sealed],
    ])
      assert.deepEqual(facts(entries), ['bob', 'bob~2', 'ann', '#r']);
  });

  it('[FO19] who makes a room that a checkpoint covers for somebody else has no role in it, though they rest on nothing that says so', () => {
    const { ann, before, sealed } = covered();
    const mallory = new FeedWriter(68, 1);
    const owns = signed(mallory, { kind: KIND.role, room: ROOM }, (head) => roleBody(null, network, head, mallory.author, 'owner'));
    const kick = { head: mallory.head({ kind: KIND.kick, room: ROOM, body: kickBody(ann.author, '') }), payload: null };
    const lies = [mallory.arrive('mallory'), mallory.entry(GOVERNANCE, [found(mallory)]), mallory.entry(GOVERNANCE, [owns, kick])];
    for (const entries of [
      [...before, sealed, ...lies],
      [...before, ...lies, sealed],
      [...lies, ...before, sealed],
    ]) {
      const folder = makeFolder(suite);
      for (const entry of entries) folder.fold(entry);
      const { law } = folder;
      const theirs = law.ops.filter(({ head }) => head.author === mallory.author).map((op) => law.voidOf(op));
      assert.deepEqual(theirs, ['not allowed', 'not allowed', 'not allowed']);
      assert.deepEqual([law.verdicts.power(ann.author, ROOM, null), law.verdicts.power(mallory.author, ROOM, null)], [3, 0]);
    }
  });

  it('[FO16] a room is set to what the last word in the order of law says, which is what its time is judged by', () => {
    const { olga, ann, before } = covered();
    const folder = makeFolder(suite);
    const shown = () => folder.state.rooms.get(ROOM)?.settings?.value.description;
    // Two nodes that have not heard of each other's word.
    const here = ann.entry(GOVERNANCE, [set(ann, 'here')], new Map(), 9000);
    const there = olga.entry(GOVERNANCE, [set(olga, 'there')], upTo([ann, 2]), 8000);
    for (const entry of [...before, here, there]) folder.fold(entry);
    assert.equal(shown(), 'here');
    folder.fold(olga.entry(GOVERNANCE, [checkpoint(olga, upTo([ann, 3]))], upTo([ann, 3])));
    // It covers the one that is later by its clock, and not the other.
    assert.equal(shown(), 'there');
  });

  it('[FO17] a checkpoint covers what it names and all that this rests on, and is void where its issuer did not hold that', () => {
    const { olga, ann, before } = covered();
    const cid = new FeedWriter(64, 2000);
    const folder = makeFolder(suite);
    const arrived = cid.arrive('cid');
    const made = cid.entry(GOVERNANCE, [found(cid)], upTo([ann, 2]));
    for (const entry of [...before, arrived, made]) folder.fold(entry);
    const says = (vector: Deps, deps: Deps) => [...folder.fold(olga.entry(GOVERNANCE, [checkpoint(olga, vector)], deps)).voids.values()];
    assert.deepEqual(says(upTo([cid, 2]), new Map()), ['not allowed'], 'not held');
    assert.equal(folder.law.coveredUpTo(feedOf(ann)), 0);
    assert.deepEqual(says(upTo([cid, 2]), upTo([cid, 2])), []);
    assert.deepEqual(
      [ann, cid, olga].map((writer) => folder.law.coveredUpTo(feedOf(writer))),
      [2, 2, 0],
    );
    const uncovered = folder.law.uncovered().map(({ body }) => body.law);
    assert.deepEqual(uncovered, ['role']);
  });

  it('[FO17] of a forked feed a checkpoint covers what counts', () => {
    const [bob, ann] = [new FeedWriter(92), new FeedWriter(93)];
    const entries = [1, 2, 3].map(() => bob.entry(GOVERNANCE, []));
    const word = ann.entry(GOVERNANCE, [], upTo([bob, 3]));
    const pasts = new Pasts();
    for (const entry of [...entries, word]) pasts.add(entry);
    const coverage = new Coverage(pasts);
    coverage.cover(upTo([ann, 1]));
    assert.deepEqual([coverage.upTo(feedOf(bob)), coverage.rank(feedOf(bob), 3), coverage.rank(feedOf(bob), 4)], [3, 0, UNCOVERED]);
    assert.equal(pasts.fork(feedOf(bob), 1), true);
    coverage.clear();
    coverage.cover(upTo([ann, 1]));
    assert.deepEqual([coverage.upTo(feedOf(bob)), coverage.upTo(feedOf(ann))], [1, 1]);
  });

  it('[FO18] a checkpoint that changes no order folds nothing anew and judges nothing again; one that does folds anew', () => {
    const { olga, before, sealed } = covered();
    const folder = makeFolder(suite);
    const types = (entry: Entry) => folder.fold(entry).changes.map(({ type }) => type);
    for (const entry of before) folder.fold(entry);
    const { verdicts } = folder.law;
    assert.deepEqual(types(sealed), ['law']);
    // It came behind nothing about the same thing, though the owner's role had a smaller key.
    const own = olga.entry(GOVERNANCE, [checkpoint(olga, upTo([olga, 3]))]);
    assert.deepEqual(types(own), ['law']);
    assert.equal(folder.law.verdicts, verdicts, 'nothing was judged again');
    assert.deepEqual(
      folder.law.ops.map(({ rank }: LawOp) => (rank === UNCOVERED ? -1 : rank)),
      [0, 0, 1, 1, -1],
    );
    const [mallory, cid] = [new FeedWriter(66, 1), new FeedWriter(67, 9000)];
    for (const entry of [mallory.register('cid'), cid.register('cid')]) folder.fold(entry);
    const name = () => folder.state.accounts.get(cid.author)?.name;
    assert.equal(name(), 'cid~2');
    // It covers the later claim of two to one name: that comes first now.
    const crossing = olga.entry(GOVERNANCE, [checkpoint(olga, upTo([cid, 1]))], upTo([cid, 1]));
    assert.deepEqual([types(crossing)[0], name()], ['refolded', 'cid']);
  });
});

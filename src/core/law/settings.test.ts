import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FeedWriter, network, root, suite } from '../../../test/fixture/writer.ts';
import type { Entry } from '../entry.ts';
import { FEED_KIND } from '../feed.ts';
import { type Folder, makeFolder } from '../fold.ts';
import { HLC_PER_MS } from '../hlc.ts';
import { type AuthorId, authorId, type FeedId, messageId, type RoomId } from '../ids.ts';
import { pinBody, reactionBody } from '../kinds/about.ts';
import { retainBody } from '../kinds/erase.ts';
import { banBody, roleBody } from '../kinds/moderation.ts';
import { settingsBody, textBody } from '../kinds/room.ts';
import { type Head, KIND, type Op } from '../op.ts';
import type { Void } from '../state.ts';

const ROOM = '#r' as RoomId;
const GOVERNANCE = FEED_KIND.governance;
const SETTINGS = { description: '', archived: false, slowSeconds: 0, retentionSeconds: 0, name: '' };

function plain(writer: FeedWriter, fields: Partial<Head> & Pick<Head, 'kind'>): Op {
  return { head: writer.head(fields), payload: null };
}

function settings(writer: FeedWriter, changed: Partial<typeof SETTINGS>): Op {
  return plain(writer, { kind: KIND.settings, room: ROOM, body: settingsBody({ ...SETTINGS, ...changed }) });
}

/** The network's root key makes somebody an owner. */
function owner(writer: FeedWriter): Op {
  const head = writer.head({ kind: KIND.role });
  return { head: { ...head, body: roleBody(root, network, head, writer.author, 'owner') }, payload: null };
}

function ownerOf(room: RoomId, writer: FeedWriter, subject: AuthorId): Op {
  const head = writer.head({ kind: KIND.role, room });
  return { head: { ...head, body: roleBody(null, network, head, subject, 'owner') }, payload: null };
}

const feedOf = (writer: FeedWriter): FeedId => writer.info(GOVERNANCE).feed;

/** Folds entries one after the other; the voids of the last. */
function fold(folder: Folder, ...entries: Entry[]): Void[] {
  let last: Void[] = [];
  for (const entry of entries) last = [...folder.fold(entry).voids.values()];
  return last;
}

/** Two guests at two nodes; ann made the room. */
function begin(hlc = 1000) {
  const [ann, bob] = [new FeedWriter(21, hlc), new FeedWriter(22, hlc)];
  const folder = makeFolder(suite);
  fold(
    folder,
    ann.arrive('ann'),
    ann.entry(GOVERNANCE, [plain(ann, { kind: KIND.room, room: ROOM, body: textBody('#r') })]),
    bob.arrive('bob'),
  );
  const heard = (seq: number) => new Map([[feedOf(ann), seq]]);
  return { ann, bob, folder, heard };
}

describe('what a room is set to', () => {
  it('[FO14] what knew that its room was archived does not count; what did not, and what knows that it is not any more, does', () => {
    const { ann, bob, folder, heard } = begin();
    const before = bob.post(['not heard of it yet']);
    const [target] = before.heads;
    assert.deepEqual(fold(folder, ann.entry(GOVERNANCE, [settings(ann, { archived: true })]), before), []);
    const topic = plain(bob, { kind: KIND.topic, room: ROOM, body: textBody('x') });
    assert.deepEqual(fold(folder, bob.entry(GOVERNANCE, [topic], heard(3))), ['archived']);
    const to = { room: ROOM, target: messageId(target!.author, target!.client) };
    const about = [
      plain(bob, { kind: KIND.reaction, ...to, body: reactionBody('!', true) }),
      plain(ann, { kind: KIND.pin, ...to, body: pinBody(true) }),
    ];
    assert.deepEqual(fold(folder, bob.entry(FEED_KIND.content, [bob.message('x'), about[0]!])), ['archived', 'archived']);
    assert.deepEqual(
      fold(folder, ann.entry(FEED_KIND.content, [ann.message('mine'), about[1]!])),
      ['archived', 'archived'],
      'an owner neither',
    );
    assert.deepEqual(fold(folder, bob.entry(FEED_KIND.content, [bob.message('elsewhere', '#s')])), []);
    fold(folder, ann.entry(GOVERNANCE, [settings(ann, { archived: false })]));
    assert.deepEqual(fold(folder, bob.post(['x'])), ['archived'], 'does not know yet');
    assert.deepEqual(fold(folder, bob.entry(GOVERNANCE, [], heard(4)), bob.post(['x'])), []);
  });

  it('[FO14] where a cut withholds the word that archived a room, what was said there is told of, whoever said it', () => {
    const { ann, bob, folder, heard } = begin();
    const mod = new FeedWriter(23);
    fold(folder, mod.arrive('mod'), ann.entry(GOVERNANCE, [owner(ann)]));
    fold(folder, ann.entry(GOVERNANCE, [ownerOf(ROOM, ann, mod.author)]));
    assert.deepEqual(fold(folder, mod.entry(GOVERNANCE, [settings(mod, { archived: true })], heard(4))), []);
    fold(folder, bob.entry(GOVERNANCE, [], new Map([[feedOf(mod), 2]])));
    const post = bob.post(['in the archive?']);
    assert.deepEqual(fold(folder, post), ['archived']);
    const cut = new Map([[feedOf(mod), 1]]);
    const { changes } = folder.fold(ann.entry(GOVERNANCE, [plain(ann, { kind: KIND.ban, body: banBody(mod.author, 0, '', cut) })]));
    assert.deepEqual(changes[0], { type: 'refolded', from: new Map([[post.feed, 1]]) });
    assert.deepEqual(fold(folder, post), []);
  });

  it('[FO13] a node erases by age only as far as another node’s clock bears it out', () => {
    const DAY = 86_400_000 * HLC_PER_MS;
    const { ann, bob, folder, heard } = begin(DAY);
    const age = 60_000 * HLC_PER_MS;
    const posted = ann.post(['young']);
    const isErased = () => folder.isErased(posted.heads[0]!, { key: posted.hlc, feed: posted.feed, seq: 1, index: 0 });
    fold(folder, ann.entry(GOVERNANCE, [settings(ann, { retentionSeconds: 60 })]), posted);
    const retain = (by: FeedWriter, before: number, hlc: number, deps = heard(3)) => {
      const author = authorId(suite, by.key.publicKey);
      const body = retainBody(before, new Map([[posted.feed, 1]]));
      return by.entry(GOVERNANCE, [plain(by, { kind: KIND.retain, author, room: ROOM, body })], deps, hlc);
    };
    const before = posted.hlc + 1;
    // Bob's clock is a year ahead.
    const far = 365 * DAY;
    assert.deepEqual(fold(folder, retain(bob, before, far)), ['not allowed']);
    // He may erase what ann's own clock lets him, though she said no such thing.
    assert.deepEqual(fold(folder, retain(bob, before - age, far + 1)), []);
    assert.equal(isErased(), false);
    // Ann's clock goes on: it is time by hers and by his.
    const later = posted.hlc + 1 + age;
    assert.deepEqual(fold(folder, retain(ann, before + 1, later, new Map([[feedOf(bob), 3]]))), ['not allowed'], 'by nobody’s but his');
    assert.deepEqual(fold(folder, retain(bob, before, far + 2, heard(4))), []);
    assert.equal(isErased(), true);
  });

  it('[FO13] where no other node is known, its own clock counts', () => {
    const DAY = 86_400_000 * HLC_PER_MS;
    const ann = new FeedWriter(21, DAY);
    const author = authorId(suite, ann.key.publicKey);
    const folder = makeFolder(suite);
    fold(folder, ann.arrive('ann'), ann.entry(GOVERNANCE, [plain(ann, { kind: KIND.room, room: ROOM, body: textBody('#r') })]));
    const posted = ann.post(['old']);
    fold(folder, ann.entry(GOVERNANCE, [settings(ann, { retentionSeconds: 60 })]), posted);
    const body = retainBody(posted.hlc + 1, new Map([[posted.feed, 1]]));
    const op = () => plain(ann, { kind: KIND.retain, author, room: ROOM, body });
    assert.deepEqual(fold(folder, ann.entry(GOVERNANCE, [op()])), ['not allowed']);
    assert.deepEqual(fold(folder, ann.entry(GOVERNANCE, [op()], new Map(), posted.hlc + 1 + 60_000 * HLC_PER_MS)), []);
  });
});

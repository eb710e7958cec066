import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FeedWriter, network, suite } from '../../../test/fixture/writer.ts';
import { canonicalHead } from '../canonical.ts';
import { capsOf, revokedNodes } from '../caps.ts';
import { type Entry, NO_TIP, readEntry, sealEntry } from '../entry.ts';
import { FEED_KIND } from '../feed.ts';
import { type Folder, makeFolder } from '../fold.ts';
import { proveFork } from '../fork-proof.ts';
import { type AuthorId, authorId, type FeedId, type MessageId, messageId, type NodeId, type RoomId } from '../ids.ts';
import { pinBody, reactionBody } from '../kinds/about.ts';
import { deletionBody, logoutBody, newAccountBody, rekeyBody, sessionBody } from '../kinds/account.ts';
import { removeBody, retainBody } from '../kinds/erase.ts';
import { banBody, invitationBody, kickBody, muteBody, roleBody } from '../kinds/moderation.ts';
import { checkpointBody, forkBody, revokeBody, settleBody } from '../kinds/owner.ts';
import { issueKeyCertificate } from '../kinds/proof.ts';
import { textBody } from '../kinds/room.ts';
import { type Head, KIND, NO_BYTES, type Op } from '../op.ts';
import { Pasts } from '../past.ts';
import { resolve } from '../resolve.ts';
import type { About, Message, Void } from '../state.ts';
import type { KeyPair } from '../suite.ts';

const root = suite.keyPair(new Uint8Array(32).fill(9));
const ROOM = '#r' as RoomId;
const GOVERNANCE = FEED_KIND.governance;
type Fields = Partial<Head> & Pick<Head, 'kind'>;

function plain(writer: FeedWriter, fields: Fields): Op {
  return { head: writer.head(fields), payload: null };
}

/** An op whose body signs its head. */
function signed(writer: FeedWriter, fields: Fields, body: (head: Head) => Uint8Array): Op {
  const head = writer.head(fields);
  return { head: { ...head, body: body(head) }, payload: null };
}

function owner(writer: FeedWriter, subject = writer.author): Op {
  return signed(writer, { kind: KIND.role }, (head) => roleBody(root, network, head, subject, 'owner'));
}

function role(writer: FeedWriter, subject: AuthorId, given: 'moderator' | 'owner' | 'none', room: RoomId | '' = ROOM): Op {
  return signed(writer, { kind: KIND.role, room }, (head) => roleBody(null, network, head, subject, given));
}

function revoke(writer: FeedWriter, whom: FeedWriter, cut: ReadonlyMap<FeedId, number>): Op {
  const node = whom.info(GOVERNANCE).node;
  const author = authorId(suite, writer.key.publicKey);
  return signed(writer, { kind: KIND.revoke, author }, (head) => revokeBody(null, network, head, node, 'stolen', cut));
}

const idOf = ({ head }: Op): MessageId => messageId(head.author, head.client);
const feedOf = (writer: FeedWriter): FeedId => writer.info(GOVERNANCE).feed;

/** Folds entries one after the other; the voids of the last. */
function fold(folder: Folder, ...entries: Entry[]): Void[] {
  let last: Void[] = [];
  for (const entry of entries) last = [...folder.fold(entry).voids.values()];
  return last;
}

/** Two guests at two nodes; ann made the room. */
function begin(annHlc = 1000, bobHlc = 1000) {
  const [ann, bob] = [new FeedWriter(21, annHlc), new FeedWriter(22, bobHlc)];
  const folder = makeFolder(suite);
  const made = [ann.arrive('ann'), ann.entry(GOVERNANCE, [plain(ann, { kind: KIND.room, room: ROOM, body: textBody('#r') })])];
  const first = bob.arrive('bob');
  fold(folder, ...made, first);
  const heard = (seq: number) => new Map([[feedOf(ann), seq]]);
  return { ann, bob, folder, heard, entries: [...made, first] };
}

describe('law', () => {
  it('[FO3] the root key makes owners, founders own their rooms, moderators act where they are made so and not against owners', () => {
    const { ann, bob, folder, heard } = begin();
    const kick = (by: FeedWriter, whom: FeedWriter, room: string) =>
      plain(by, { kind: KIND.kick, room: room as RoomId, body: kickBody(whom.author, '') });
    const says = (by: FeedWriter, op: Op, deps = new Map<FeedId, number>()) => fold(folder, by.entry(GOVERNANCE, [op], deps));
    assert.deepEqual(says(bob, kick(bob, ann, ROOM)), ['not allowed']);
    assert.deepEqual(says(ann, role(ann, bob.author, 'moderator')), []);
    assert.deepEqual(says(bob, kick(bob, bob, ROOM)), ['not allowed'], 'not known to it');
    assert.deepEqual(says(bob, kick(bob, bob, ROOM), heard(3)), []);
    assert.deepEqual(says(bob, kick(bob, ann, ROOM)), ['not allowed'], 'the owner');
    assert.deepEqual(says(bob, kick(bob, ann, '#other')), ['not allowed']);
    assert.deepEqual(says(bob, role(bob, bob.author, 'owner', '')), ['not allowed']);
    const forged = signed(bob, { kind: KIND.role }, (head) => roleBody(bob.key, network, head, bob.author, 'owner'));
    assert.deepEqual(says(bob, forged), ['not granted']);
    const { head } = owner(bob);
    assert.deepEqual(says(bob, plain(bob, { kind: KIND.role, body: head.body })), ['not granted'], 'the seal of another op');
    assert.deepEqual(says(bob, owner(bob)), []);
    assert.deepEqual(says(bob, kick(bob, ann, ROOM)), []);
  });

  it('[FO4] a mute silences what knew of it, and nothing else; undone, what knows of that is heard', () => {
    const { ann, bob, folder, heard } = begin();
    const mute = plain(ann, { kind: KIND.mute, room: ROOM, body: muteBody(bob.author, 0, 'hush') });
    const before = bob.post(['not heard of it yet']);
    assert.deepEqual(fold(folder, ann.entry(GOVERNANCE, [mute]), before), []);
    assert.deepEqual(fold(folder, bob.entry(GOVERNANCE, [], heard(3)), bob.post(['x'])), ['muted']);
    assert.deepEqual(fold(folder, bob.entry(FEED_KIND.content, [bob.message('elsewhere', '#s')])), []);
    fold(folder, ann.entry(GOVERNANCE, [plain(ann, { kind: KIND.undo, room: ROOM, target: idOf(mute) })]));
    assert.deepEqual(fold(folder, bob.post(['x'])), ['muted'], 'does not know yet');
    assert.deepEqual(fold(folder, bob.entry(GOVERNANCE, [], heard(4)), bob.post(['x'])), []);
  });

  it('[FO5, P12] a ban withholds what is beyond its cut, whatever its clock says, until it is undone or expires', () => {
    const { ann, bob, folder } = begin();
    fold(folder, ann.entry(GOVERNANCE, [owner(ann)]));
    const content = bob.info(FEED_KIND.content).feed;
    const [known, unknown] = [bob.post(['known']), bob.post(['unknown'], new Map(), 2000)];
    fold(folder, known, unknown);
    const cut = new Map([
      [feedOf(bob), 1],
      [content, 1],
    ]);
    const ban = plain(ann, { kind: KIND.ban, body: banBody(bob.author, 0, 'spam', cut) });
    const { changes } = folder.fold(ann.entry(GOVERNANCE, [ban]));
    assert.deepEqual(changes[0], { type: 'refolded', from: new Map([[content, 2]]) });
    assert.deepEqual(fold(folder, known), []);
    assert.deepEqual(fold(folder, unknown), ['withheld']);
    const backdated = bob.entry(FEED_KIND.content, [bob.message('backdated')], new Map(), 2001);
    assert.deepEqual(fold(folder, backdated), ['withheld']);
    const undone = folder.fold(ann.entry(GOVERNANCE, [plain(ann, { kind: KIND.undo, target: idOf(ban) })]));
    assert.equal(undone.changes[0]?.type, 'refolded');
    assert.deepEqual(fold(folder, unknown), []);
    fold(folder, ann.entry(GOVERNANCE, [plain(ann, { kind: KIND.ban, body: banBody(bob.author, 2001, 'for now', cut) })]));
    assert.deepEqual(fold(folder, unknown), ['withheld']);
    assert.deepEqual(fold(folder, backdated), [], 'after it expired');
  });

  it('[FO5] what rests on a grant beyond a cut is withheld, and told of, also where the cut names that and not the grant', () => {
    const { ann, bob, folder } = begin();
    const post = bob.post(['resting on the grant']);
    fold(folder, ann.entry(GOVERNANCE, [owner(ann)]), post);
    const cut = new Map([[post.feed, 1]]);
    const { changes } = folder.fold(ann.entry(GOVERNANCE, [plain(ann, { kind: KIND.ban, body: banBody(bob.author, 0, '', cut) })]));
    assert.deepEqual(changes[0], { type: 'refolded', from: new Map([[post.feed, 1]]) });
    assert.deepEqual(fold(folder, post), ['withheld']);
  });

  it('[FO5] whoever was muted by an op that a cut withholds is heard, and what they wrote is told of', () => {
    const { ann, bob, folder, heard } = begin();
    const mod = new FeedWriter(23);
    fold(folder, mod.arrive('mod'), ann.entry(GOVERNANCE, [owner(ann)]));
    fold(folder, ann.entry(GOVERNANCE, [role(ann, mod.author, 'moderator')]));
    const mute = plain(mod, { kind: KIND.mute, room: ROOM, body: muteBody(bob.author, 0, 'hush') });
    assert.deepEqual(fold(folder, mod.entry(GOVERNANCE, [mute], heard(4))), []);
    assert.deepEqual(fold(folder, bob.entry(GOVERNANCE, [], new Map([[feedOf(mod), 2]]))), []);
    const post = bob.post(['hush?']);
    assert.deepEqual(fold(folder, post), ['muted']);
    const cut = new Map([[feedOf(mod), 1]]);
    const { changes } = folder.fold(ann.entry(GOVERNANCE, [plain(ann, { kind: KIND.ban, body: banBody(mod.author, 0, '', cut) })]));
    assert.deepEqual(changes[0], { type: 'refolded', from: new Map([[post.feed, 1]]) });
  });

  it('[FO5] a cut that reaches nothing folded refolds nothing', () => {
    const { ann, bob, folder } = begin();
    fold(folder, ann.entry(GOVERNANCE, [owner(ann)]));
    const cut = new Map([[feedOf(bob), 1]]);
    const { changes } = folder.fold(ann.entry(GOVERNANCE, [plain(ann, { kind: KIND.ban, body: banBody(bob.author, 0, '', cut) })]));
    assert.deepEqual(
      changes.map(({ type }) => type),
      ['law'],
    );
    assert.deepEqual(fold(folder, bob.post(['x'])), ['withheld']);
  });

  it('[FO6] of two nodes that revoke each other the first in the order of law holds, in either order of arrival, unless a checkpoint covers the other', () => {
    for (const [annHlc, bobHlc] of [
      [1000, 9000],
      [9000, 1000],
    ] as const) {
      for (const covered of [false, true]) {
        const { ann, bob, entries } = begin(annHlc, bobHlc);
        const byAnn = ann.entry(GOVERNANCE, [revoke(ann, bob, new Map([[feedOf(bob), 1]]))]);
        const byBob = bob.entry(GOVERNANCE, [revoke(bob, ann, new Map([[feedOf(ann), 2]]))]);
        const vector = new Map([[feedOf(ann), 3]]);
        const sealed = signed(ann, { kind: KIND.checkpoint }, (head) => checkpointBody(root, network, head, vector));
        const checkpoint = ann.entry(GOVERNANCE, [sealed]);
        const annHolds = covered || annHlc < bobHlc;
        for (const order of [
          [byAnn, byBob],
          [byBob, byAnn],
        ]) {
          const folder = makeFolder(suite);
          fold(folder, ...entries, ...order);
          if (covered) fold(folder, checkpoint);
          const inForce = folder.law.ops.filter((op) => op.body.law === 'revoke' && folder.law.voidOf(op) === null);
          const author = authorId(suite, (annHolds ? ann : bob).key.publicKey);
          assert.deepEqual(
            inForce.map((op) => op.head.author),
            [author],
          );
        }
      }
    }
  });

  it('[FO5] whoever cuts off what their own power rests on has cut nothing', () => {
    const { ann, bob, folder, heard } = begin();
    fold(folder, ann.entry(GOVERNANCE, [owner(ann)]), ann.entry(GOVERNANCE, [role(ann, bob.author, 'owner', '')]));
    const node = ann.info(GOVERNANCE).node;
    const op = signed(bob, { kind: KIND.revoke }, (head) => revokeBody(null, network, head, node, '', new Map()));
    assert.deepEqual(fold(folder, bob.entry(GOVERNANCE, [op], heard(4))), ['withheld']);
    assert.equal(folder.law.verdicts.power(bob.author, '', null), 4);
  });
});

/** An account's first entries at a node: itself, and a session there. */
function account(writer: FeedWriter, name: string, key: KeyPair): { author: AuthorId; session: Op; made: Op; sessionKey: KeyPair } {
  const author = authorId(suite, key.publicKey);
  const made = signed(writer, { kind: KIND.account, author }, (head) => newAccountBody(key, network, head, name, NO_BYTES));
  const sessionKey = suite.keyPair(suite.sha256(Buffer.from(`${name}${key.publicKey}${writer.author}`)));
  const certificate = issueKeyCertificate(key, network, author, { key: sessionKey.publicKey, kind: 'session', may: 'all', until: 0 });
  const { node, feed } = writer.info(GOVERNANCE);
  const body = sessionBody(sessionKey, [certificate], key.publicKey, network, node as NodeId, feed);
  return { author, made, session: plain(writer, { kind: KIND.session, author, body }), sessionKey };
}

describe('accounts', () => {
  const keys = [1, 2, 3].map((n) => suite.keyPair(new Uint8Array(32).fill(40 + n)));

  it('[FO7] the first account of a name keeps it, an owner settles it, and a deleted one is free', () => {
    const ann = new FeedWriter(31);
    const folder = makeFolder(suite);
    const [one, two, three] = ['Cid', 'cid', 'CID'].map((name, i) => account(ann, name, keys[i]!));
    const names = () => [one, two, three].map((each) => folder.state.accounts.get(each!.author)?.name);
    fold(folder, ann.arrive(), ann.entry(GOVERNANCE, [owner(ann), one!.made, two!.made, three!.made]));
    assert.deepEqual(names(), ['Cid', 'cid~2', 'CID~3']);
    const settle = signed(ann, { kind: KIND.settle }, (head) => settleBody(null, network, head, three!.author, 'cid'));
    fold(folder, ann.entry(GOVERNANCE, [settle]));
    assert.deepEqual(names(), ['Cid~2', 'cid~3', 'cid']);
    const gone = signed(ann, { kind: KIND.deletion }, (head) =>
      deletionBody(null, network, head, three!.author, false, new Map([[feedOf(ann), 3]])),
    );
    fold(folder, ann.entry(GOVERNANCE, [gone]));
    assert.deepEqual(names(), ['Cid', 'cid~2', '']);
    assert.deepEqual(fold(folder, ann.entry(GOVERNANCE, [account(ann, 'a~b', keys[0]!).made])), ['bad body']);
  });

  it('[FO5] an account speaks by its sessions; a logout and a change of key end them at the cut', () => {
    const ann = new FeedWriter(32);
    const folder = makeFolder(suite);
    const cid = account(ann, 'cid', keys[0]!);
    const post = () => ann.entry(FEED_KIND.content, [ann.message('x', ROOM, { author: cid.author })]);
    assert.deepEqual(fold(folder, ann.arrive(), ann.entry(GOVERNANCE, [cid.session])), ['not granted'], 'no account yet');
    const held = (seq: number) =>
      new Map([
        [feedOf(ann), seq],
        [ann.info(FEED_KIND.content).feed, 1],
      ]);
    fold(folder, ann.entry(GOVERNANCE, [cid.made, cid.session]));
    const before = post();
    assert.deepEqual(fold(folder, before), []);
    const signer = { key: keys[0]!, chain: [], root: keys[0]!.publicKey };
    const logout = signed(ann, { kind: KIND.logout, author: cid.author }, (head) =>
      logoutBody(signer, network, head, [cid.sessionKey.publicKey], held(3)),
    );
    assert.deepEqual(fold(folder, ann.entry(GOVERNANCE, [logout]), post()), ['withheld']);
    assert.deepEqual(fold(folder, before), []);
    const to = { subject: cid.author, key: keys[1]!.publicKey, kdf: NO_BYTES, cut: held(4) };
    const rekey = signed(ann, { kind: KIND.rekey, author: cid.author }, (head) => rekeyBody({ signer }, network, head, to));
    const stale = signed(ann, { kind: KIND.rekey, author: cid.author }, (head) =>
      rekeyBody({ signer }, network, head, { ...to, key: keys[2]!.publicKey }),
    );
    assert.deepEqual(fold(folder, ann.entry(GOVERNANCE, [rekey, stale])), ['withheld'], 'the former key says nothing more');
    assert.deepEqual(fold(folder, post()), ['withheld']);
    const { node, feed } = ann.info(GOVERNANCE);
    const certificate = issueKeyCertificate(keys[1]!, network, cid.author, {
      key: cid.sessionKey.publicKey,
      kind: 'session',
      may: 'speak',
      until: 0,
    });
    const body = sessionBody(cid.sessionKey, [certificate], keys[1]!.publicKey, network, node, feed);
    assert.deepEqual(
      fold(folder, ann.entry(GOVERNANCE, [plain(ann, { kind: KIND.session, author: cid.author, body })])),
      ['withheld'],
      'a session that was logged out',
    );
    const fresh = suite.keyPair(new Uint8Array(32).fill(77));
    const again = issueKeyCertificate(keys[1]!, network, cid.author, { key: fresh.publicKey, kind: 'session', may: 'speak', until: 0 });
    const granted = sessionBody(fresh, [again], keys[1]!.publicKey, network, node, feed);
    fold(folder, ann.entry(GOVERNANCE, [plain(ann, { kind: KIND.session, author: cid.author, body: granted })]));
    assert.deepEqual(fold(folder, post()), []);
  });
});

describe('an account that deletes itself by a key, with a cut that does not name the change that made it so', () => {
  const [before, after, fresh] = [45, 46, 47].map((n) => suite.keyPair(new Uint8Array(32).fill(n))) as [KeyPair, KeyPair, KeyPair];

  it('[FO5] has cut nothing: the change of key stands, and what was said after it shows', () => {
    const ann = new FeedWriter(33);
    const folder = makeFolder(suite);
    const { author, made } = account(ann, 'cid', before);
    const cut = new Map([[feedOf(ann), 2]]);
    const by = (key: KeyPair) => ({ key, chain: [], root: key.publicKey });
    const rekey = signed(ann, { kind: KIND.rekey, author }, (head) =>
      rekeyBody({ signer: by(before) }, network, head, { subject: author, key: after.publicKey, kdf: NO_BYTES, cut }),
    );
    const { node, feed } = ann.info(GOVERNANCE);
    const certificate = issueKeyCertificate(after, network, author, { key: fresh.publicKey, kind: 'session', may: 'all', until: 0 });
    const body = sessionBody(fresh, [certificate], after.publicKey, network, node, feed);
    const session = plain(ann, { kind: KIND.session, author, body });
    fold(folder, ann.arrive(), ann.entry(GOVERNANCE, [made]), ann.entry(GOVERNANCE, [rekey]), ann.entry(GOVERNANCE, [session]));
    const said = ann.entry(FEED_KIND.content, [ann.message('said after it', ROOM, { author })]);
    assert.deepEqual(fold(folder, said), []);
    const deletion = signed(ann, { kind: KIND.deletion, author }, (head) => deletionBody(by(after), network, head, author, false, cut));
    assert.deepEqual(fold(folder, ann.entry(GOVERNANCE, [deletion])), ['withheld']);
    assert.equal(folder.law.voidOf(folder.law.ops.find((op) => op.body.law === 'rekey')!), null);
    assert.deepEqual(fold(folder, said), []);
  });
});

describe('what hangs on messages', () => {
  it('[FO8] edits by the author, reactions by anybody, pins by moderators, removal by either; each behind its target', () => {
    const { ann, bob, folder, heard } = begin();
    const target = bob.message('first');
    const posted = bob.entry(FEED_KIND.content, [target], heard(2), 5000);
    const abouts: About[] = [];
    const say = (by: FeedWriter, fields: Fields, hlc: number, text?: string): Void[] => {
      const op = text === undefined ? plain(by, fields) : by.message(text, ROOM, fields);
      const whole = { ...op, head: { ...op.head, room: ROOM, target: idOf(target) } };
      const { changes, voids } = folder.fold(by.entry(FEED_KIND.content, [whole], new Map(), hlc));
      for (const change of changes) if ('about' in change) abouts.push(change.about);
      return [...voids.values()];
    };
    const [change] = folder.fold(posted).changes;
    const { message } = change as { message: Message };
    const shown = () => resolve(folder, message, abouts);
    say(ann, { kind: KIND.edit }, 4000, 'before it');
    say(ann, { kind: KIND.edit }, 5001, 'not hers');
    assert.equal(shown().edited, false);
    say(bob, { kind: KIND.edit }, 5002, 'second');
    say(bob, { kind: KIND.edit }, 5003, 'third');
    assert.match(Buffer.from(shown().payload!).toString(), /third$/);
    say(ann, { kind: KIND.reaction, body: reactionBody('+', true) }, 5004);
    say(bob, { kind: KIND.reaction, body: reactionBody('+', true) }, 5005);
    say(bob, { kind: KIND.reaction, body: reactionBody('+', false) }, 5006);
    assert.deepEqual([...shown().reactions], [['+', [ann.author]]]);
    assert.deepEqual(say(bob, { kind: KIND.pin, body: pinBody(true) }, 5007), ['not allowed']);
    assert.deepEqual(say(ann, { kind: KIND.pin, body: pinBody(true) }, 5008), []);
    assert.equal(shown().pinned, true);
    const remove = plain(ann, { kind: KIND.remove, room: ROOM, target: idOf(target), body: removeBody('off topic') });
    assert.equal(folder.isErased(target.head, message.place), false);
    fold(folder, ann.entry(GOVERNANCE, [remove]));
    assert.deepEqual([shown().payload, shown().removed], [null, { by: ann.author, op: idOf(remove) }]);
    assert.equal(folder.isErased(target.head, message.place), true);
    assert.equal(folder.isErased({ ...target.head, room: '#s' as RoomId }, message.place), false);
  });

  it('[FO9] a private room is for those who were invited, until they are kicked', () => {
    const { ann, bob, folder, heard } = begin();
    const secret = `!${'ab'.repeat(16)}` as RoomId;
    const post = () => fold(folder, bob.entry(FEED_KIND.content, [bob.message('x', secret)]));
    fold(folder, ann.entry(GOVERNANCE, [plain(ann, { kind: KIND.privateRoom, room: secret, body: textBody('den') })]));
    assert.deepEqual(fold(folder, bob.entry(GOVERNANCE, [], heard(3))), []);
    assert.deepEqual(post(), ['not allowed']);
    fold(folder, ann.entry(GOVERNANCE, [plain(ann, { kind: KIND.invitation, room: secret, body: invitationBody(bob.author) })]));
    assert.deepEqual(post(), ['not allowed'], 'not known to it');
    fold(folder, bob.entry(GOVERNANCE, [], heard(4)));
    assert.deepEqual(post(), []);
    fold(
      folder,
      ann.entry(GOVERNANCE, [plain(ann, { kind: KIND.kick, room: secret, body: kickBody(bob.author, '') })]),
      bob.entry(GOVERNANCE, [], heard(5)),
    );
    assert.deepEqual(post(), ['not allowed']);
  });

  it('[FO10] what cannot be read changes nothing, and retention erases what its issuer held', () => {
    const { ann, bob, folder } = begin();
    const state = () => [...canonicalHead(folder, new Map())].join('\n');
    const before = state();
    for (let kind = 1; kind < 32; kind++) {
      const body = Uint8Array.from([0xff, 0xff, 1, 2, kind]);
      const { voids } = folder.fold(ann.entry(GOVERNANCE, [plain(ann, { kind, room: ROOM, target: idOf(bob.message('x')), body })]));
      if (kind !== KIND.join) assert.equal(voids.size, 1, `kind ${kind}`);
      if (kind !== KIND.join) assert.equal(state(), before, `kind ${kind}`);
      else fold(folder, ann.entry(GOVERNANCE, [plain(ann, { kind: KIND.part, room: ROOM, body: textBody('') })]));
    }
    const posted = bob.post(['old']);
    const place = { key: posted.hlc, feed: posted.feed, seq: 1, index: 0 };
    const retain = (before: number, seq: number) =>
      plain(ann, { kind: KIND.retain, room: ROOM, body: retainBody(before, new Map([[posted.feed, seq]])) });
    fold(folder, posted, ann.entry(GOVERNANCE, [retain(posted.hlc, 1)]));
    assert.equal(folder.isErased(posted.heads[0]!, place), false);
    fold(folder, ann.entry(GOVERNANCE, [retain(posted.hlc + 1, 1)]));
    assert.equal(folder.isErased(posted.heads[0]!, place), true);
    assert.equal(folder.isErased(posted.heads[0]!, { ...place, seq: 2 }), false);
  });

  it('[FO11] two signed entries for one place revoke their node from there on, and nothing less does', () => {
    const { ann, bob, folder } = begin();
    const info = bob.info(GOVERNANCE);
    const entry = bob.entry(GOVERNANCE, []);
    const draft = {
      network,
      feed: info.feed,
      tip: { ...NO_TIP, seq: 1, hash: entry.prevHash },
      hlc: entry.hlc + 5,
      governance: 0,
      deps: new Map(),
      header: null,
      ops: [],
    };
    const author = authorId(suite, ann.key.publicKey);
    const body = (one: Entry, twin: Entry) => forkBody(proveFork(info, [one, twin]), new Map([[info.feed, 2]]));
    const proof = (bytes: Uint8Array) => plain(ann, { kind: KIND.fork, author, body: bytes });
    const says = (bytes: Uint8Array) => fold(folder, ann.entry(GOVERNANCE, [proof(bytes)]));
    const twin = sealEntry(suite, bob.key, draft);
    assert.deepEqual(fold(folder, entry), []);
    assert.deepEqual(says(body(entry, entry)), ['bad body']);
    assert.deepEqual(says(body(entry, sealEntry(suite, ann.key, draft))), ['not granted']);
    const elsewhere = sealEntry(suite, bob.key, { ...draft, tip: { ...draft.tip, hash: entry.hash } });
    assert.deepEqual(says(body(entry, elsewhere)), ['not granted']);
    const later = sealEntry(suite, bob.key, { ...draft, tip: { ...draft.tip, seq: 2 } });
    assert.deepEqual(says(body(entry, later)), ['not granted']);
    // Bytes of node, kind, incarnation and number come before the hashes; the first of the two summaries begins with the 32 of its own.
    const good = body(entry, twin);
    for (let at = 50; at < 50 + 32 + 2 * 96; at += 7) assert.deepEqual(says(good.with(at, good[at]! ^ 1)), ['not granted'], `byte ${at}`);
    assert.deepEqual(says(good), []);
    assert.deepEqual(fold(folder, bob.post(['x'])), ['withheld']);
  });

  it('[FO11] entries of 60 KB are proved in 300 bytes', () => {
    const { ann, bob, folder } = begin();
    const info = bob.info(GOVERNANCE);
    const large = (filler: number): Op[] => [0, 1, 2, 3].map(() => plain(bob, { kind: 1000, body: new Uint8Array(15_000).fill(filler) }));
    const entry = bob.entry(GOVERNANCE, large(1));
    const { network: of, feed, governance, deps, header } = entry;
    const tip = { seq: entry.seq - 1, hash: entry.prevHash, hlc: entry.hlc - 1 };
    const twin = sealEntry(suite, bob.key, { network: of, feed, tip, hlc: entry.hlc, governance, deps, header, ops: large(2) });
    assert.ok(Math.min(entry.bytes.length, twin.bytes.length) > 60_000);
    assert.equal(readEntry(suite, twin.bytes, twin.payloads).seq, entry.seq);
    const body = forkBody(proveFork(info, [entry, twin]), new Map([[feed, entry.seq]]));
    assert.ok(body.length < 400, `${body.length} bytes`);
    fold(folder, entry);
    const author = authorId(suite, ann.key.publicKey);
    assert.deepEqual(fold(folder, ann.entry(GOVERNANCE, [plain(ann, { kind: KIND.fork, author, body })])), []);
    assert.deepEqual([...revokedNodes(folder).keys()], [info.node]);
    assert.deepEqual(fold(folder, bob.post(['x'])), ['withheld']);
  });

  it('[FO11] what rests on the one branch or the other has one place in the order of law, once the fork is proved', () => {
    const bob = new FeedWriter(90);
    const first = bob.entry(GOVERNANCE, []);
    const { feed, network: of, governance, deps } = first;
    const tip = { seq: 1, hash: first.hash, hlc: first.hlc };
    const branch = (hlc: number): Entry =>
      sealEntry(suite, bob.key, { network: of, feed, tip, hlc, governance, deps, header: null, ops: [] });
    const answer = new FeedWriter(91).entry(GOVERNANCE, [], new Map([[feed, 2]]));
    const [one, other] = [2000, 9000].map((hlc) => {
      const pasts = new Pasts();
      for (const entry of [first, branch(hlc), answer]) pasts.add(entry);
      return pasts;
    });
    const key = (pasts: Pasts | undefined): number => pasts!.key(answer.feed, 1);
    assert.notEqual(key(one), key(other));
    for (const pasts of [one, other]) assert.equal(pasts!.fork(feed, 1), true);
    assert.equal(key(one), key(other));
    assert.ok(key(one) > one!.key(feed, 1));
    assert.equal(one!.fork(feed, 1), false);
  });

  it('[FO11] where a forked feed ends the proof says, and not what its bearer held of it', () => {
    const { ann, bob, folder } = begin();
    const info = bob.info(GOVERNANCE);
    const [kept, entry] = [bob.entry(GOVERNANCE, []), bob.entry(GOVERNANCE, [])];
    const { feed, seq, prevHash, hlc, governance, deps } = entry;
    const tip = { seq: seq - 1, hash: prevHash, hlc: hlc - 1 };
    const twin = sealEntry(suite, bob.key, { network, feed, tip, hlc: hlc + 1, governance, deps, header: null, ops: [] });
    for (const one of [kept, entry]) fold(folder, one);
    const body = forkBody(proveFork(info, [entry, twin]), new Map());
    const author = authorId(suite, ann.key.publicKey);
    fold(folder, ann.entry(GOVERNANCE, [plain(ann, { kind: KIND.fork, author, body })]));
    assert.equal(capsOf(folder).get(feed), seq - 1);
    assert.deepEqual(
      folder.law.proofs.map((proof) => [proof.feed, proof.seq]),
      [[feed, seq]],
    );
  });
});

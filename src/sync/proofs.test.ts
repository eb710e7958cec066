import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FeedWriter, network, suite } from '../../test/fixture/writer.ts';
import { type Entry, sealEntry } from '../core/entry.ts';
import { FEED_KIND } from '../core/feed.ts';
import { type ForkProof, proveFork } from '../core/fork-proof.ts';
import type { FeedId } from '../core/ids.ts';
import { fairly } from '../lib/fairly.ts';
import { decodeFrame, type Frame, PROOFS_MAX } from '../wire/frame.ts';
import { ALLOWANCE, type Allowance, Budgets } from './budgets.ts';
import type { Effect } from './effects.ts';
import { AWAITED_AGAIN_MS, AWAITED_MS, UNWRITTEN_MS, UNWRITTEN_MS_MAX } from './limits.ts';
import { SyncLink } from './link.ts';
import { Links } from './links.ts';
import { Log } from './log.ts';
import { Missing } from './missing.ts';
import type { ReplicaOptions } from './options.ts';
import { Proofs } from './proofs.ts';

const GOVERNANCE = FEED_KIND.governance;
const now = (monoMs: number) => ({ wallMs: 0, monoMs });

/** A node as far as proofs go, with one link. */
function node(kept: Uint8Array | null = null, allowance: Allowance = ALLOWANCE) {
  const log = new Log(suite, network, new FeedWriter(60).key, { feeds: [] });
  const links = new Links(network, () => undefined);
  const link = new SyncLink(1, 'ab'.repeat(32) as never, 'x', true, 0);
  link.phase = 'open';
  links.all.set(1, link);
  const missing = new Missing(links.all, (feed) => log.heldSeq(feed));
  const options = { suite, network, loaded: { feeds: [], proofs: kept } } as unknown as ReplicaOptions;
  const proofs = new Proofs(options, links, log, missing, new Budgets(allowance));
  const effects = (): Effect[] => links.takeEffects();
  const said = (): (Frame | Error)[] => effects().flatMap((effect) => (effect.type === 'send' ? [decodeFrame(network, effect.bytes)] : []));
  const take = (...entries: readonly Entry[]): void => {
    for (const entry of entries) assert.equal(log.offer(entry), 'staged');
    commit();
  };
  const commit = (): string[] => {
    const batch = log.nextBatch(1)?.map(({ feed, seq }) => `${feed} ${seq}`) ?? [];
    if (batch.length > 0) log.committed(1);
    return batch;
  };
  return { log, link, missing, proofs, effects, said, take, commit };
}

/** A member that forks its governance at its entry `at`, of which it writes `length`; what it says on that branch; and an honest word that rests on it. */
function forked(seed: number, at = 2, length = 3) {
  const member = new FeedWriter(seed);
  const entries = Array.from({ length }, () => member.entry(GOVERNANCE, []));
  const { feed, seq, prevHash, hlc, governance, deps, header } = entries[at - 1]!;
  const tip = { seq: seq - 1, hash: prevHash, hlc: hlc - 1 };
  const twin = sealEntry(suite, member.key, { network, feed, tip, hlc: hlc + 9, governance, deps, header, ops: [] });
  const said = member.post(['behind the fork']);
  const word = new FeedWriter(seed + 1000).entry(GOVERNANCE, [], new Map([[feed, length]]));
  return { feed, entries, twin, said, word, proof: proveFork(member.info(GOVERNANCE), [entries[at - 1]!, twin]) };
}

const nameOf = ({ feed, seq }: Entry): string => `${feed} ${seq}`;
const bytesOf = (proof: ForkProof): Uint8Array[] => [proof.bytes];

describe('proofs', () => {
  it('[FK2] who waits for a branch that nobody serves any more asks, is shown the proof, and waits no more', () => {
    const { feed, entries, word, said, proof } = forked(61);
    const [one, other] = [node(), node()];
    one.take(entries[0]!);
    for (const entry of [word, said]) assert.equal(one.log.offer(entry), 'waiting');
    one.proofs.tick(now(0));
    one.proofs.tick(now(AWAITED_MS - 1));
    assert.deepEqual(one.said(), []);
    one.proofs.tick(now(AWAITED_MS + 100));
    assert.deepEqual(one.said(), [{ type: 'awaited', feeds: [feed] }]);
    one.proofs.tick(now(AWAITED_MS + AWAITED_AGAIN_MS));
    assert.deepEqual(one.said(), []);
    other.proofs.asked(other.link, [feed]);
    assert.deepEqual(other.said(), []);
    other.proofs.written([proof]);
    other.proofs.asked(other.link, [feed, feed]);
    const [answer] = other.said();
    assert.ok(answer && 'proofs' in answer);
    assert.deepEqual(answer.proofs, bytesOf(proof));
    one.proofs.learn(one.link, answer.proofs, now(1000));
    assert.deepEqual(one.commit().sort(), [nameOf(word), nameOf(said)].sort());
    one.proofs.tick(now(5000));
    assert.deepEqual(one.said(), []);
    one.proofs.asked(one.link, [feed]);
    assert.equal(one.said().length, 1);
  });

  it('[FK2] who was helped asks at once about what is waited for now', () => {
    const [first, second] = [forked(62), forked(63)];
    const { proofs, link, log, take, said, commit } = node();
    take(first.entries[0]!, second.entries[0]!);
    const deps = new Map([...first.word.deps]);
    const writer = new FeedWriter(64);
    const one = writer.entry(GOVERNANCE, [], deps);
    const two = writer.entry(GOVERNANCE, [], new Map(second.word.deps));
    assert.deepEqual([log.offer(one), log.offer(two)], ['waiting', 'waiting']);
    proofs.learn(link, bytesOf(first.proof), now(0));
    assert.deepEqual(said(), [{ type: 'awaited', feeds: [second.feed] }]);
    proofs.learn(link, bytesOf(second.proof), now(0));
    assert.deepEqual([said(), commit()], [[], [nameOf(one), nameOf(two)]]);
  });

  it('[FK3] behind a fork that is proved nothing more is taken; what is held counts until the law has it; the proof that ends a feed soonest counts', () => {
    const { feed, entries, word, twin } = forked(65, 3, 6);
    const later = forked(65, 5, 6);
    const { log, take, proofs, link, commit } = node();
    take(...entries.slice(0, 4));
    assert.equal(log.offer(word), 'waiting');
    proofs.learn(link, bytesOf(later.proof), now(0));
    assert.deepEqual(commit(), [nameOf(word)]);
    assert.equal(log.durable.get(feed), 4);
    assert.equal(log.offer(entries[4]!), 'withheld');
    proofs.written([forked(65, 3, 6).proof]);
    assert.deepEqual([log.endOf(feed), log.durable.get(feed), log.heldSeq(feed)], [2, 4, Number.MAX_SAFE_INTEGER]);
    proofs.written([later.proof]);
    log.cap(new Map([[feed, 2]]));
    assert.deepEqual([log.endOf(feed), log.durable.get(feed)], [2, 2]);
    assert.equal(twin.seq, 3);
  });

  it('[FK3] the first entry of a feed that was forked there is waited for, and counts', () => {
    const { feed, entries, word, proof } = forked(66, 1, 3);
    const { log, proofs, link, take, commit } = node();
    const other = new FeedWriter(66, 5000).arrive();
    take(other);
    assert.equal(log.offer(word), 'waiting');
    proofs.written([proof]);
    assert.deepEqual([log.endOf(feed), commit()], [1, [nameOf(word)]]);
    proofs.learn(link, bytesOf(proof), now(0));
    assert.equal(log.offer(entries[1]!), 'withheld');
    assert.equal(log.durable.get(feed), 1);
  });

  it('[FK4] taken is what is waited for, of members, against their budget; a proof that is none costs the link', () => {
    const { entries, word, proof, feed } = forked(67);
    const tight = { ...ALLOWANCE, feedsBurst: 1, feedsPerS: 1 };
    const { log, take, proofs, link, said, commit } = node(null, tight);
    proofs.learn(link, bytesOf(proof), now(0));
    assert.equal(log.endOf(feed), Number.MAX_SAFE_INTEGER);
    assert.equal(log.offer(word), 'waiting');
    proofs.learn(link, bytesOf(proof), now(0));
    assert.equal(log.endOf(feed), Number.MAX_SAFE_INTEGER, 'nobody knows yet that its node is a member');
    take(entries[0]!);
    const second = forked(67, 3, 3);
    proofs.learn(link, bytesOf(second.proof), now(0));
    assert.equal(log.endOf(feed), 2);
    assert.deepEqual(commit(), []);
    proofs.learn(link, bytesOf(proof), now(0));
    assert.equal(log.endOf(feed), 2, 'one feed a second');
    proofs.learn(link, bytesOf(proof), now(1001));
    assert.deepEqual([log.endOf(feed), commit()], [1, [nameOf(word)]]);
    said();
    const other = forked(68);
    take(other.entries[0]!);
    assert.equal(log.offer(other.word), 'waiting');
    proofs.learn(link, [other.proof.bytes.with(100, other.proof.bytes[100]! ^ 1)], now(5000));
    assert.deepEqual([link.phase, log.endOf(other.feed)], ['closing', Number.MAX_SAFE_INTEGER]);
  });

  it('[FK4] a member whose entries wait for a thousand feeds that there are not hides nobody else’s', () => {
    const wants = Array.from({ length: 1000 }, (_, i): [string, number] => ['flood', i]);
    const asked = fairly(PROOFS_MAX, [...wants, ['ann', -1], ['bob', -2], ['ann', -3]]);
    assert.equal(asked.size, PROOFS_MAX);
    assert.ok([-1, -2, -3].every((want) => asked.has(want)));
    assert.equal(fairly(PROOFS_MAX, [...wants.slice(0, 3), ['ann', 1]]).size, 3);
  });

  it('[FK5] what was learned beside the log is kept with what rests on it, and brought into the law where nobody else does', () => {
    const { feed, entries, word, proof } = forked(71);
    const { log, take, proofs, link, effects } = node();
    take(entries[0]!);
    assert.deepEqual([log.offer(word), proofs.toKeep()], ['waiting', null]);
    proofs.learn(link, bytesOf(proof), now(0));
    const kept = proofs.toKeep();
    assert.ok(kept);
    assert.equal(proofs.toKeep(), null);
    proofs.settled(false);
    assert.deepEqual(proofs.toKeep(), kept);
    proofs.settled(true);
    assert.equal(proofs.toKeep(), null);
    effects();
    const forks = (): Effect[] => effects().filter(({ type }) => type === 'fork');
    proofs.tick(now(UNWRITTEN_MS - 1));
    assert.deepEqual(forks(), []);
    proofs.tick(now(UNWRITTEN_MS));
    assert.deepEqual(forks(), [{ type: 'fork', proof }]);
    proofs.tick(now(UNWRITTEN_MS_MAX * 2));
    assert.deepEqual(forks(), []);

    const again = node(kept);
    again.take(entries[0]!, word);
    again.missing.note(again.link, 'cd'.repeat(16) as FeedId, 3, 0);
    for (const atMs of [0, UNWRITTEN_MS, UNWRITTEN_MS_MAX - 1]) again.proofs.tick(now(atMs));
    assert.equal(again.effects().filter(({ type }) => type === 'fork').length, 0, 'others hold more, it may be among that');
    again.proofs.tick(now(UNWRITTEN_MS_MAX));
    assert.equal(again.effects().filter(({ type }) => type === 'fork').length, 1);

    const lawful = node(kept);
    lawful.proofs.written([proof]);
    for (const atMs of [0, UNWRITTEN_MS_MAX]) lawful.proofs.tick(now(atMs));
    assert.equal(lawful.effects().filter(({ type }) => type === 'fork').length, 0);
    assert.equal(lawful.log.endOf(feed), 1);
  });
});

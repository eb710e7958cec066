import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Hello } from '../api/protocol.ts';
import { seededRandom } from '../lib/prng.ts';
import { Addresses } from './addresses.ts';
import { LIMITS } from './limits.ts';
import type { Link } from './link.ts';
import { Patience } from './patience.ts';
import { Requests } from './requests.ts';

const URLS = ['http://a:1', 'http://b:1'];
const { answerMs, helloMs } = LIMITS;

function waiting(urls = URLS) {
  const addresses = new Addresses(urls, LIMITS, seededRandom(1));
  const requests = new Requests();
  const link: Link = { no: 1, url: urls[0]!, sinceMs: 0, requests, hello: null, heardMs: 0, isOpen: false, isPaused: false };
  const patience = new Patience(LIMITS, addresses);
  /** Looks whenever it asks to be told the time, each time so much too late; when and why the node is left. */
  const left = (lateMs: number): readonly [number, string] | null => {
    for (let i = 0; i < 20; i++) {
      const atMs = patience.wakeMs(link);
      if (atMs === null) return null;
      const why = patience.verdict(link, atMs + lateMs);
      if (why !== null) return [atMs + lateMs, why];
    }
    return null;
  };
  const ask = (): void => {
    link.hello = {} as Hello;
    requests.ask({ do: 'ping' }, () => undefined);
    requests.flush(0);
  };
  return { addresses, link, patience, left, ask };
}

describe('how long a node is waited for', () => {
  it('[CB7] a node that says nothing is left after its time and a moment', () => {
    const [atMs, why] = waiting().left(0)!;
    assert.ok(atMs >= helloMs && atMs <= helloMs + 100, `${atMs}`);
    assert.equal(why, 'the node did not say a word');
    const asked = waiting();
    asked.ask();
    const [answeredMs] = asked.left(0)!;
    assert.ok(answeredMs >= answerMs && answeredMs <= answerMs + 100, `${answeredMs}`);
  });

  it('[CB7] where many come at once, a node is given longer to open a session, as long as they spread; a session that is open is not', () => {
    const crowd = waiting();
    crowd.addresses.spreadMs = 10_000;
    assert.ok(crowd.left(0)![0] >= helloMs + 3 * 10_000);
    const open = waiting();
    open.addresses.spreadMs = 10_000;
    open.ask();
    open.link.isOpen = true;
    assert.ok(open.left(0)![0] <= answerMs + 100);
  });

  it('[CB7] a node that talks of other things is given its time twice, and no more', () => {
    const { link, patience, ask } = waiting();
    ask();
    let nowMs = 0;
    for (; nowMs < 60_000; nowMs += 25) {
      link.heardMs = nowMs;
      if (patience.verdict(link, nowMs) !== null) break;
    }
    assert.ok(nowMs >= 2 * answerMs && nowMs <= 2 * answerMs + 200, `${nowMs}`);
  });

  it('[CB7] a machine that is late itself blames no node for it, but not for ever', () => {
    const [atMs] = waiting().left(3000)!;
    assert.ok(atMs > 4 * helloMs, `${atMs}`);
    const { patience, link, left } = waiting();
    patience.slow();
    link.hello = {} as Hello;
    assert.equal(patience.verdict(link, 1000), null);
    assert.equal(patience.verdict(link, 9000), null, 'the moment came late: nobody knows how slow it is');
    assert.equal(left(0), null);
    patience.slow();
    assert.equal(patience.verdict(link, 10_000), null);
    assert.equal(patience.verdict(link, 10_050), 'the node is slow');
  });

  it('[CB7] each time-out in a row doubles the time', () => {
    const { patience, link, left } = waiting();
    const first = left(0)![0];
    patience.anew();
    link.sinceMs = first;
    assert.ok(left(0)![0] - first >= 2 * helloMs);
    patience.served();
    link.sinceMs = 100_000;
    assert.ok(left(0)![0] - 100_000 <= helloMs + 100);
  });
});

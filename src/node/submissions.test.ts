import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FeedWriter } from '../../test/fixture/writer.ts';
import { type Outcome, Submissions } from './submissions.ts';

describe('submissions', () => {
  it('[AC26] each op of a write is told of apart, and a write whose fate nobody knows as a whole', () => {
    const writer = new FeedWriter(60);
    const [one, two, other] = [writer.message('1'), writer.message('2'), writer.message('3')];
    const told: Outcome[] = [];
    const submissions = new Submissions();
    const tell = (outcome: Outcome): void => void told.push(outcome);
    submissions.add(1, [one, two], tell);
    submissions.add(2, [other], tell);
    submissions.folded(writer.entry(1, [other, two]), new Map([[1, 'not allowed']]));
    submissions.folded(writer.entry(1, [one]), new Map());
    submissions.settle(7, true);
    assert.deepEqual(told, []);
    submissions.settle(1, true);
    submissions.settle(1, true);
    submissions.settle(2, false);
    assert.deepEqual(told, [[null, 'not allowed'], null]);
  });
});

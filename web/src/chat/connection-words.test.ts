import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Connection } from '../../../src/client/view.ts';
import type { NodeId } from '../../../src/core/ids.ts';
import { connectionWords } from './connection-words.ts';

describe('the connection line', () => {
  const node = { id: 'aa' as NodeId, name: 'harbour' };
  const offline: Connection = { state: 'connecting', sinceMs: 0, tried: 2, why: 'refused' };

  it('[WB5] says nothing while all is well, or for a moment only; offline it says what still works', () => {
    assert.equal(connectionWords({ state: 'online', node, url: '', rttMs: 1 }, true), null);
    assert.equal(connectionWords(offline, false), null);
    assert.match(connectionWords(offline, true)!.words, /reading what is kept.*waits.*sent when/);
    assert.match(connectionWords({ state: 'catching up', node, url: '' }, true)!.words, /harbour/);
    assert.deepEqual(connectionWords({ state: 'over', type: 'banned', why: 'You are banned.' }, false), {
      kind: 'busy',
      words: 'You are banned.',
    });
  });
});

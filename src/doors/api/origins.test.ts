import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Origins } from './origins.ts';

describe('whose pages may use the API', () => {
  it('[AP31] pages of the other members, from where they say that they answer, for as long as they are members', () => {
    let members = ['http://192.168.1.6:7400', 'https://chat.example.org'];
    const origins = new Origins({ hosts: [], origins: [], members: () => members });
    const allows = (origin: string): boolean => origins.allowsOrigin(origin, '192.168.1.5:7400');
    assert.equal(allows('http://192.168.1.6:7400'), true);
    assert.equal(allows('https://chat.example.org'), true);
    for (const other of [
      'http://192.168.1.6',
      'https://192.168.1.6:7400',
      'http://192.168.1.60:7400',
      'http://chat.example.org',
      'https://example.org',
      'null',
      '',
    ])
      assert.equal(allows(other), false, other);
    members = ['not an address', 'http://192.168.1.6:7400'];
    assert.equal(allows('https://chat.example.org'), false, 'it was revoked');
    assert.equal(allows('http://192.168.1.6:7400'), true);
    assert.equal(new Origins({ hosts: [], origins: [] }).allowsOrigin('http://192.168.1.6:7400', '192.168.1.5:7400'), false);
  });
});

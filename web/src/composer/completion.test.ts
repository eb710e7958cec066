import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RoomView, View } from '../../../src/client/view.ts';
import { commandIn, messageIn } from './command-table.ts';
import { askedAt, candidatesFor, taken } from './completion.ts';
import { loadEmoji, withEmoji } from './emoji.ts';

const asked = (text: string): string => {
  const found = askedAt(text, text.length);
  return found ? `${found.kind} ${found.from} ${found.words}` : '';
};

const person = (author: string, name: string, present = true) => [author, { author, name, present, away: null }] as const;
const VIEW = {
  me: { author: 'me', name: 'mia' },
  people: new Map([person('me', 'mia'), person('a', 'Anna'), person('b', 'andrew'), person('c', 'anton', false), person('d', 'bob')]),
  rooms: new Map([
    ['#den', { room: { id: '#den', kind: 'public', name: '#den', topic: 'here' } }],
    ['#desk', { room: { id: '#desk', kind: 'public', name: '#desk', topic: '' } }],
    ['!x', { room: { id: '!x', kind: 'private', name: 'deep', topic: '' } }],
  ]),
} as unknown as View;
const ROOM = { timeline: [{ author: 'b' }, { author: 'a' }, { author: 'd' }], members: ['c'] } as unknown as RoomView;
const labels = (text: string): string[] => candidatesFor(askedAt(text, text.length)!, VIEW, ROOM, []).map(({ label }) => label);

describe('completion', () => {
  it('[WB31] knows what the word before the cursor asks for', () => {
    assert.equal(asked('hey @an'), 'person 4 an');
    assert.equal(asked('@'), 'person 0 ');
    assert.equal(asked('mail a@b'), '');
    assert.equal(asked('see #de'), 'room 4 de');
    assert.equal(asked('# '), '');
    assert.equal(asked('so :ta'), 'emoji 3 ta');
    assert.equal(asked('so :t'), '');
    assert.equal(asked('at 12:30'), '');
    assert.equal(asked('/jo'), 'command 0 jo');
    assert.equal(asked('/kick an'), 'person 6 an');
    assert.equal(asked('/join #d'), 'room 6 d');
    assert.equal(asked('`@an'), '');
    assert.equal(asked('```\n@an'), '');
  });

  it('[WB31] people who spoke last come first, then who is here, then all others; oneself never', () => {
    assert.deepEqual(labels('@an'), ['Anna', 'andrew', 'anton']);
    assert.deepEqual(labels('@'), ['bob', 'Anna', 'andrew', 'anton']);
    assert.deepEqual(labels('#de'), ['#den', '#desk']);
    assert.deepEqual(labels('/m'), ['/me waves', '/msg name text', '/mute name 10m reason']);
  });

  it('[WB31] puts the candidate in the place of the word, with one space behind', () => {
    const text = 'hey @an';
    const [first] = candidatesFor(askedAt(text, 7)!, VIEW, ROOM, []);
    assert.deepEqual(taken(text, 7, askedAt(text, 7)!, first!), { text: 'hey @Anna ', at: 10 });
    assert.deepEqual(taken('hey @an you', 7, askedAt(text, 7)!, first!), { text: 'hey @Anna you', at: 10 });
  });

  it('[WB31] emoji are found by name, and names of them become them outside of code', async () => {
    const emoji = await loadEmoji();
    const found = candidatesFor(askedAt(':tad', 4)!, VIEW, ROOM, emoji);
    assert.deepEqual([found[0]!.text, found[0]!.about], ['🎉 ', ':tada:']);
    assert.equal(withEmoji('ship it :tada: `:tada:` :nothing_such:', emoji), 'ship it 🎉 `:tada:` :nothing_such:');
    assert.equal(withEmoji('```\n:tada:\n```', emoji), '```\n:tada:\n```');
  });

  it('[WB34] a command is one line after a slash; two slashes say one; a path is none', () => {
    assert.equal(commandIn('/me waves'), 'me');
    assert.equal(commandIn('/join'), 'join');
    assert.equal(commandIn('/usr/bin is full'), null);
    assert.equal(commandIn('/me\nwaves'), null);
    assert.equal(commandIn('//me'), null);
    assert.equal(messageIn('//me'), '/me');
    assert.equal(messageIn('// a comment'), '// a comment');
  });
});

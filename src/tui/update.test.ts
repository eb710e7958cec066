/** What keys do: conversations with the face. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Face } from '../../test/fixture/chat-face.ts';
import { authorOf, roomNamed, roomView, Talk, viewOf, workshop } from '../../test/fixture/chat-view.ts';
import type { RoomView, View } from '../client/view.ts';
import type { RoomId } from '../core/ids.ts';
import { rowText } from './cells.ts';
import { commandIn, messageIn, seconds } from './commands.ts';
import { render } from './render.ts';
import { suitable } from './theme.ts';

const OPS = '#ops' as RoomId;
const UP = '\x1b[A';
const CHOOSE = '\x1b[1;3A';

function withRoom(view: View, id: string, change: (room: RoomView) => RoomView): View {
  return { ...view, rooms: new Map([...view.rooms].map(([key, room]) => [key, key === id ? change(room) : room])) };
}

const face = (): Face => new Face(workshop(), '#ops');
const screen = ({ view, ui, env }: Face): string => render(view, ui, env).rows.map(rowText).join('\n');

describe('[TU5] the composer', () => {
  it('sends lines, in the open room, and keeps what was sent', () => {
    const one = face().keys('hello\r');
    assert.deepEqual(one.asked(), [{ type: 'post', to: '#ops', text: 'hello', style: 'text' }]);
    assert.deepEqual(one.keys('two\x1b\rlines\r').asked(), [{ type: 'post', to: '#ops', text: 'two\nlines', style: 'text' }]);
    assert.equal(one.keys('\x1bp').ui.editor.text, 'two\nlines');
    assert.equal(one.keys('\x1bp').ui.editor.text, 'hello');
    assert.equal(one.keys('\x1bn\x1bn').ui.editor.text, '');
    assert.deepEqual(one.keys('   \r').asked(), []);
  });
  it('takes a paste as text, whatever it holds', () => {
    const one = face().keys('\x1b[200~:quit\rand more\n\x1b[201~');
    assert.deepEqual(one.asked(), []);
    assert.equal(one.ui.editor.text, ':quit\nand more');
    assert.deepEqual(one.keys('\r').asked()[0]!.type, 'post', 'lines of several are no command');
  });
  it('edits as emacs does, letter by letter as people see them', () => {
    const typed = (keys: string): string => {
      const { text, at } = face().keys(keys).ui.editor;
      return `${text.slice(0, at)}|${text.slice(at)}`;
    };
    assert.equal(typed('one two\x01'), '|one two');
    assert.equal(typed('one two\x1bb'), 'one |two');
    assert.equal(typed('one two\x17'), 'one |');
    assert.equal(typed('one two\x17\x19\x19'), 'one twotwo|');
    assert.equal(typed('one\x01\x0b'), '|');
    assert.equal(typed('a👨‍👩‍👧‍👦\x7f'), 'a|');
    assert.equal(typed('ab\x14'), 'ba|');
    assert.equal(typed('one\x15\x1f'), 'one|');
    assert.equal(typed(`ab\x1b\rcd${UP}x`), 'abx|\ncd');
  });
  it('keeps what was begun in each room', () => {
    const one = face().keys('half a thou\x0elobby text');
    assert.equal(one.ui.room, '@11');
    assert.equal(one.keys('\x10').ui.editor.text, 'half a thou');
  });
  it('loses nothing that was typed before there was a room', () => {
    const one = new Face(viewOf([]), '').keys('early');
    one.ui = { ...one.ui, room: null };
    assert.equal(one.see(workshop()).ui.editor.text, 'early');
  });
  it('refuses what is too long, and keeps it', () => {
    const one = face();
    one.take({ type: 'paste', text: 'ü'.repeat(5000) }).keys('\r');
    assert.deepEqual(one.asked(), []);
    assert.match(one.ui.note!.text, /too long by 1808 bytes/);
    assert.equal(one.ui.editor.text.length, 5000);
  });
});

describe('[TU10] a chosen message', () => {
  it('is replied to, reacted to, pinned, copied', () => {
    const ops = workshop().rooms.get(OPS)!.timeline;
    const fourth = ops.at(-4)!;
    const chosen = CHOOSE.repeat(4);
    assert.deepEqual(face().keys(`${chosen}ryes\r`).asked(), [{ type: 'post', to: '#ops', text: 'yes', style: 'text', target: fourth.id }]);
    const react = { do: 'react', room: '#ops', target: fourth.id, on: true } as const;
    assert.deepEqual(face().keys(`${chosen}+:tada\t\r`).asked(), [{ type: 'ask', request: { ...react, emoji: '🎉' }, done: '' }]);
    assert.deepEqual(face().keys(`${chosen}1`).asked(), [{ type: 'ask', request: { ...react, emoji: '👍' }, done: '' }]);
    assert.deepEqual(face().keys(`${chosen}y`).asked(), [{ type: 'copy', text: fourth.id }]);
    assert.deepEqual(face().keys(`${chosen}c`).asked(), [{ type: 'copy', text: fourth.text }]);
    assert.equal(face().keys(`${chosen}p`).asked()[0]!.type, 'ask');
    assert.deepEqual(face().keys(`${chosen}e`).asked(), [], 'it is somebody else’s');
  });
  it('is removed, once that is confirmed', () => {
    const view = withRoom(workshop(), OPS, (room) => ({ ...room, timeline: room.timeline.slice(0, -1) }));
    const one = new Face(view, '#ops').keys(`${CHOOSE}x`);
    assert.deepEqual(one.asked(), []);
    assert.match(screen(one), /Remove “And down to 12 by now\.” for everybody\?/);
    assert.equal(one.keys('y').asked()[0]!.type, 'ask');
    assert.deepEqual(new Face(view, '#ops').keys(`${CHOOSE}xn`).asked(), []);
  });
  it('Up on an empty line edits the last of one’s own, and Esc gives back the draft', () => {
    const one = face().keys(UP);
    assert.equal(one.ui.editor.text, 'buy buy buy');
    assert.deepEqual(
      one
        .keys('!\r')
        .asked()
        .map(({ type }) => type),
      ['ask'],
    );
    assert.equal(face().keys(`${UP}\x1b[3~`).take({ type: 'key', key: 'escape' }).ui.editor.text, '');
  });
  it('[TU12] that was refused is sent again, or dropped', () => {
    const { id } = workshop().rooms.get(OPS)!.timeline.at(-1)!;
    assert.deepEqual(face().keys(`${CHOOSE}\r`).asked(), [{ type: 'retry', id }]);
    assert.deepEqual(face().keys(`${CHOOSE}d`).asked(), [{ type: 'discard', id }]);
  });
});

describe('[TU11] commands and completion', () => {
  it('a line is a command by its first sign; ::word says it', () => {
    assert.deepEqual([':q', '/join #a', ':p', ':) hi', ':tada: wow', '::q', '// x', 'a:b', '/usr/bin'].map(commandIn), [
      'q',
      'join',
      null,
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
    assert.equal(messageIn('::quit is a command'), ':quit is a command');
    assert.match(face().keys(':nonsense\r').ui.note!.text, /no command :nonsense/);
    assert.deepEqual(['10m', '2h', '7d', 'x'].map(seconds), [600, 7200, 604_800, null]);
  });
  it('asks what they mean', () => {
    const said = (line: string) => face().keys(`${line}\r`).asked();
    assert.deepEqual(said(':quit'), [{ type: 'quit' }]);
    assert.deepEqual(said(':q'), [{ type: 'quit' }]);
    assert.deepEqual(said('/join dev'), [{ type: 'ask', request: { do: 'join', room: '#dev' }, done: '' }]);
    assert.deepEqual(said(':topic new words'), [{ type: 'ask', request: { do: 'topic', room: '#ops', text: 'new words' }, done: '' }]);
    assert.deepEqual(said(':me waves'), [{ type: 'post', to: '#ops', text: 'waves', style: 'action' }]);
    assert.deepEqual(said(':msg ann hi there')[0], { type: 'post', to: { person: authorOf('ann') }, text: 'hi there', style: 'text' });
    assert.deepEqual(said(':search #lobby hello'), [{ type: 'search', words: 'hello', room: '#lobby' }]);
    assert.deepEqual(said(':ban dave 2h spam'), [
      {
        type: 'ask',
        request: { do: 'ban', room: '#ops', person: authorOf('dave'), forSeconds: 7200, reason: 'spam' },
        done: 'dave is banned here',
      },
    ]);
    assert.deepEqual(said(':undo dave'), [{ type: 'take back', room: '#ops', person: authorOf('dave'), name: 'dave' }]);
  });
  it('asks who somebody is, and goes on with the answer', () => {
    const one = face().keys(':kick eve\r');
    assert.deepEqual(one.asked(), [{ type: 'person', name: 'eve', line: ':kick eve' }]);
    one.take({ type: 'person', name: 'eve', person: null, line: ':kick eve' });
    assert.match(one.ui.note!.text, /nobody called eve/);
    const eve = { ...[...workshop().people.values()][0]!, author: authorOf('eve'), name: 'eve' };
    one.take({ type: 'person', name: 'eve', person: eve, line: ':kick eve' });
    assert.equal(one.asked()[0]!.type, 'ask');
  });
  it('Tab completes names, rooms, commands and emoji', () => {
    const tabbed = (keys: string): string => face().keys(keys).ui.editor.text;
    assert.equal(tabbed('an\t'), 'ann: ');
    assert.equal(tabbed('hi @ca\t'), 'hi @carol ');
    assert.equal(tabbed('see #lo\t'), 'see #lobby ');
    assert.equal(tabbed(':jo\t'), ':join ');
    assert.equal(tabbed('/kick da\t'), '/kick dave ');
    assert.equal(tabbed('yes :tad\t'), 'yes 🎉');
    assert.equal(tabbed('yes :smi\t\t'), 'yes 😃');
    assert.equal(tabbed('yes :smi\t\t\x1b[Z'), 'yes 😄');
    assert.equal(face().keys('yes :smi\t').take({ type: 'key', key: 'escape' }).ui.editor.text, 'yes :smi');
    assert.deepEqual(face().keys('well :tada:\r').asked(), [{ type: 'post', to: '#ops', text: 'well 🎉', style: 'text' }]);
  });
});

describe('[TU9] secrets', () => {
  it('are asked for, and are nowhere but in what is asked of the library', () => {
    const one = face().keys(':login ann\rseven quiet\x17otters');
    assert.doesNotMatch(screen(one), /seven|otters/);
    one.keys('\r');
    assert.deepEqual(one.asked(), [{ type: 'as', as: { account: 'ann', password: 'seven otters' } }]);
    assert.doesNotMatch(JSON.stringify({ ...one.ui, scroll: 0 }), /seven|otters|quiet/);
    one.keys(':register\rone pass\rother\r');
    assert.deepEqual(one.asked(), []);
    assert.match(one.ui.note!.text, /not the same/);
    one.keys(':register\rone pass\rone pass\r\r');
    assert.deepEqual(one.asked(), [{ type: 'as', as: { register: 'bob', password: 'one pass' } }]);
    one.keys(':passwd\rnow\rnext\rnext\r');
    assert.deepEqual(one.asked(), [{ type: 'passwd', now: 'now', next: 'next' }]);
  });
});

describe('[TU13] what waits, and the bell', () => {
  it('rings where the reader is named, unless the room is quiet or the bell is off', () => {
    const named = (view: View): View =>
      withRoom(view, '#lobby', (room) => ({ ...room, unread: room.unread + 1, mentions: room.mentions + 1 }));
    const view = workshop();
    assert.deepEqual(new Face(view, '#ops').see(named(view)).asked(), [{ type: 'bell' }]);
    assert.deepEqual(new Face(view, '#ops').keys(':bell off\r').see(named(view)).asked(), []);
    const quiet = { ...view, muted: new Set(['#lobby' as RoomId]) };
    assert.deepEqual(new Face(quiet, '#ops').see(named(quiet)).asked(), []);
  });
  it('goes to rooms by number, in turn, by name, and where something waits', () => {
    const to = (keys: string): string | null => face().keys(keys).ui.room;
    assert.equal(to('\x1b2'), '#lobby');
    assert.equal(to('\x10'), '#lobby');
    assert.equal(to('\x0blob\r'), '#lobby');
    assert.equal(to('\x1ba'), '#a-room-with-a-very-long-name');
    assert.equal(to('\x1b2\x1b0'), '#ops');
    assert.equal(face().take({ type: 'press', row: 2, column: 4 }).ui.room, '#lobby');
  });
  it('counts nothing as read while the window is not looked at', () => {
    assert.deepEqual(face().keys('\x1b[O').asked(), [{ type: 'open', room: null }]);
    assert.deepEqual(face().keys('\x1b[O\x1b[I').asked().at(-1), { type: 'open', room: '#ops' });
  });
  it('a room that is gone gives way to another', () => {
    const one = face();
    const rooms = new Map([...one.view.rooms].filter(([id]) => id !== OPS));
    one.see({ ...one.view, rooms });
    assert.equal(one.ui.room, '#a-room-with-a-very-long-name');
  });
});

describe('[TU14] themes', () => {
  it('follow NO_COLOR, what the terminal can, and its ground', () => {
    assert.equal(suitable({ NO_COLOR: '1', TERM: 'xterm-256color' }, null), 'mono');
    assert.equal(suitable({ TERM: 'xterm-256color' }, true), 'light');
    assert.equal(suitable({ TERM: 'xterm-256color' }, null), 'dark');
    assert.equal(suitable({ TERM: 'xterm-256color', COLORFGBG: '0;15' }, null), 'light');
    assert.equal(suitable({ TERM: 'linux' }, null), 'basic');
  });
});

describe('[TU6] a reader who scrolled back', () => {
  const long = (length: number, from = 0): View => {
    const talk = new Talk(OPS);
    for (let i = 0; i < length; i++) talk.say(i % 3 === 0 ? 'ann' : 'carol', `message ${i} ${'word '.repeat(i % 40)}`);
    return viewOf([roomView(roomNamed('#ops'), talk.items.slice(from), { isWhole: from === 0 })]);
  };
  const lines = (one: Face): string[] =>
    render(one.view, one.ui, one.env)
      .rows.slice(1, 20)
      .map((row) => rowText(row).slice(20));

  it('stays where they are while something arrives, late or before', () => {
    const one = new Face(long(300, 100), '#ops').keys('\x1b[5~\x1b[5~');
    const before = lines(one);
    one.see(long(320, 100));
    assert.deepEqual(lines(one), before);
    one.see(long(320, 50));
    assert.deepEqual(lines(one), before);
    assert.match(screen(one), /newer \(End\)/);
    assert.doesNotMatch(screen(one.keys('\x1b[F')), /newer/);
  });
  it('asks for what is before in time, and once at the very beginning no more', () => {
    const one = new Face(long(300, 250), '#ops').keys('\x1b[5~'.repeat(40));
    assert.ok(one.effects.some(({ type }) => type === 'older'));
    one.see(long(300));
    one.effects.splice(0);
    one.keys('\x1b[5~'.repeat(200));
    assert.ok(one.effects.every(({ type }) => type !== 'older'));
    assert.match(screen(one), /This is where #ops begins/);
  });
  it('[TU7] sees each message once and in order, row by row, there and back', () => {
    const one = new Face(long(400), '#ops');
    const seen = (): number[] =>
      lines(one).flatMap((line) => (/message (\d+) /.exec(line) ? [Number(/message (\d+) /.exec(line)![1])] : []));
    const all: number[] = seen().reverse();
    for (let step = 0; step < 6000 && all.at(-1) !== 0; step++) {
      one.keys('\x1b[1;2A');
      const [first] = seen();
      if (first !== undefined && first !== all.at(-1)) all.push(first);
    }
    assert.deepEqual(
      all,
      Array.from({ length: 400 }, (_, i) => 399 - i),
    );
    for (let step = 0; step < 6000 && one.ui.scroll.size > 0; step++) one.keys('\x1b[1;2B');
    assert.equal(seen().at(-1), 399);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MessageId, RoomId } from '../../../src/core/ids.ts';
import { draftOf, makeUi, NO_DRAFT, reduceUi, type Ui, type UiAction } from './ui.ts';

const den = '#den' as RoomId;
const ops = '#ops' as RoomId;
const id = 'ab' as MessageId;
const after = (...actions: UiAction[]): Ui => actions.reduce(reduceUi, makeUi());

describe('what the web app itself remembers', () => {
  it('[WB3] each room keeps its draft, with what it is about, until it is sent', () => {
    const ui = after(
      { type: 'write', room: den, text: 'half a' },
      { type: 'write', room: ops, text: 'another' },
      { type: 'about', room: den, about: { kind: 'reply', id } },
    );
    assert.deepEqual(draftOf(ui, den), { text: 'half a', about: { kind: 'reply', id } });
    assert.deepEqual(draftOf(ui, ops), { text: 'another', about: null });
    const sent = reduceUi(ui, { type: 'sent', room: den });
    assert.equal(draftOf(sent, den), NO_DRAFT);
    assert.equal(draftOf(sent, ops), draftOf(ui, ops));
    assert.equal(after({ type: 'write', room: den, text: 'x' }, { type: 'write', room: den, text: '' }).drafts.size, 0);
  });

  it('[WB3] an edit begins with the text as it is', () => {
    const ui = after({ type: 'about', room: den, about: { kind: 'edit', id }, text: 'as it was' });
    assert.deepEqual(draftOf(ui, den), { text: 'as it was', about: { kind: 'edit', id } });
    assert.equal(draftOf(reduceUi(ui, { type: 'about', room: den, about: null, text: '' }), den), NO_DRAFT);
  });

  it('[WB3] a panel opens and the same again closes it; moving on closes a thread and the drawer, not the members', () => {
    const members = { type: 'panel', panel: { kind: 'members' } } as const;
    const thread = { type: 'panel', panel: { kind: 'thread', id } } as const;
    assert.deepEqual(after(members).panel, { kind: 'members' });
    assert.equal(after(members, members).panel, null);
    assert.deepEqual(after(members, thread).panel, { kind: 'thread', id });
    assert.equal(after(thread, { type: 'moved' }).panel, null);
    const open = after(members, { type: 'drawer', on: true }, { type: 'moved' });
    assert.deepEqual([open.panel, open.hasDrawer], [{ kind: 'members' }, false]);
  });

  it('[WB3] whoever comes next finds nothing of whoever was there, but the theme and how close things stand', () => {
    const ui = after(
      { type: 'theme', theme: 'dark' },
      { type: 'density', density: 'compact' },
      { type: 'write', room: den, text: 'private' },
      { type: 'forget' },
    );
    assert.deepEqual(ui, makeUi({ theme: 'dark', density: 'compact' }));
  });

  it('[WB3] the same words twice are two notices', () => {
    const ui = after({ type: 'notice', kind: 'bad', words: 'no' });
    assert.notEqual(reduceUi(ui, { type: 'notice', kind: 'bad', words: 'no' }).notice!.no, ui.notice!.no);
    assert.equal(reduceUi(ui, { type: 'hush' }).notice, null);
  });
});

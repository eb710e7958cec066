/** People beside what they say: who is there, who they are, direct messages, what moderators do, and word of what comes, as people use it. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Chat, connect } from '../../src/client/index.ts';
import type { RoomId } from '../../src/core/ids.ts';
import type { NodeProcess } from '../../src/demo/processes.ts';
import { type Visitor, WebScene } from './scene.ts';

const OPEN = { registration: 'open' };
const DEN = '#den' as RoomId;
const PASSWORD = 'brass-kettle-under-rain';

type Test = { after(end: () => unknown): void };

async function somebody(t: Test, node: NodeProcess, name: string, room: string, isAccount = false): Promise<Chat> {
  const chat = await connect({ urls: [node.http], as: isAccount ? { register: name, password: PASSWORD } : { guest: name } });
  t.after(() => chat.close());
  await chat.ready;
  await chat.join(room);
  return chat;
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let i = 0; i < 300 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(holds(), what);
}

const sideLink = (one: Visitor, name: string) => one.page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name });

describe('people in the web app', () => {
  it('[WB64, WB65, WB74] who is in a room, by role; who somebody is and which node serves them; a direct message; blocked and not', async (t) => {
    const scene = new WebScene(t);
    const [a, b] = await scene.nodes(['harbour', 'lighthouse'], OPEN);
    const ann = await scene.visitor();
    await ann.register(a!, 'ann', '#den');
    const bob = await somebody(t, b!, 'bob', '#den', true);
    const cat = await somebody(t, b!, 'cat', '#den');
    await cat.away('tea, back soon');
    await cat.post(DEN, 'I am cat');
    await ann.sees('I am cat');
    await ann.page.getByRole('button', { name: /people$/ }).click();
    const people = ann.panel('People');
    await people.getByRole('region', { name: 'Owners' }).getByRole('button', { name: 'ann' }).waitFor();
    await people.getByRole('region', { name: 'People' }).getByRole('button', { name: 'bob' }).waitFor();
    await people.getByText('guest, tea, back soon').waitFor();
    await people.getByLabel('Find somebody').fill('CA');
    await people.getByRole('button', { name: 'bob' }).waitFor({ state: 'detached' });
    await people.getByLabel('Find somebody').press('ArrowDown');
    await ann.page.keyboard.press('Enter');
    const person = ann.panel('Person');
    await person.getByRole('heading', { name: 'cat' }).waitFor();
    await person.getByText('A guest: the name is theirs while they are here').waitFor();
    await person.getByText('away: tea, back soon').waitFor();
    await person.getByText('lighthouse').waitFor();
    await person.getByText('Roles are for accounts').waitFor();
    await ann.assertAccessible('a person');
    await person.getByRole('button', { name: 'Message' }).click();
    await ann.page.getByRole('heading', { name: 'cat', level: 1 }).waitFor();
    await ann.say('between us');
    await until('the direct message came', () =>
      [...cat.view.rooms.values()].some(({ timeline }) => timeline.at(-1)?.text === 'between us'),
    );
    const direct = [...cat.view.rooms.values()].find(({ room }) => room.kind === 'direct')!.room.id;
    await sideLink(ann, 'den').click();
    await cat.post(direct, 'just for you');
    await ann.page.getByRole('link', { name: /cat.*for you/ }).waitFor();
    // From the name above a message to who that is; blocked, nothing of theirs shows.
    await ann.message('I am cat').getByRole('button', { name: 'cat', exact: true }).click();
    await person.getByRole('button', { name: 'Block', exact: true }).click();
    await person.getByText('You blocked cat').waitFor();
    await ann.message('I am cat').waitFor({ state: 'detached' });
    assert.equal(await sideLink(ann, 'cat').count(), 0);
    await person.getByRole('button', { name: 'Unblock' }).click();
    await ann.sees('I am cat');
    // By name, of somebody who is nowhere near.
    await ann.page.getByRole('button', { name: 'Message somebody' }).click();
    await ann.dialog.getByLabel('Name').fill('nobody');
    await ann.dialog.getByRole('button', { name: 'Write' }).click();
    await ann.dialog.getByText('There is nobody called nobody here').waitFor();
    await ann.assertAccessible('finding somebody');
    await ann.dialog.getByLabel('Name').fill('bob');
    await ann.dialog.getByRole('button', { name: 'Write' }).click();
    await ann.page.getByRole('heading', { name: 'bob', level: 1 }).waitFor();
    assert.equal(bob.view.connection.state, 'online');
    ann.assertQuiet();
  });

  it('[WB65] who moderates kicks, mutes and bans with a reason and for a time, takes it back, and gives roles', async (t) => {
    const scene = new WebScene(t);
    const [a] = await scene.nodes(['harbour'], OPEN);
    const ann = await scene.visitor();
    await ann.register(a!, 'ann', '#den');
    const bob = await somebody(t, a!, 'bob', '#den', true);
    await bob.post(DEN, 'I am bob');
    await ann.message('I am bob').getByRole('button', { name: 'bob', exact: true }).click();
    const person = ann.panel('Person');
    await person.getByRole('button', { name: 'Mute…' }).click();
    await ann.dialog.getByText('They go on reading and can say nothing.').waitFor();
    await ann.dialog.getByLabel('For how long').selectOption('10 minutes');
    await ann.dialog.getByLabel('Reason').fill('too loud');
    await ann.assertAccessible('muting somebody');
    await ann.dialog.getByRole('button', { name: 'Mute', exact: true }).click();
    await person.getByText(/^Muted by ann, until .*: too loud$/).waitFor();
    await assert.rejects(bob.post(DEN, 'may I'), /You are muted until .*: too loud/);
    await person.getByRole('button', { name: 'Take it back' }).click();
    await person.getByText(/^Muted by/).waitFor({ state: 'detached' });
    await bob.post(DEN, 'I may');
    await person.getByRole('button', { name: 'Kick…' }).click();
    await ann.dialog.getByLabel('Reason').fill('out, please');
    await ann.dialog.getByRole('button', { name: 'Kick', exact: true }).click();
    await until('bob is out', () => bob.view.rooms.get(DEN)?.room.joined !== true);
    await bob.join('#den');
    await person.getByLabel('In #den').selectOption({ label: 'Moderator: kicks, mutes, bans, pins' });
    await until('bob moderates', () => bob.view.rooms.get(DEN)?.room.power === 2);
    await person.getByLabel('In #den').selectOption({ label: 'None' });
    await until('bob does not', () => (bob.view.rooms.get(DEN)?.room.power ?? 9) < 2);
    await person.getByRole('button', { name: 'Ban…' }).click();
    await ann.dialog.getByLabel('For how long').selectOption('until it is taken back');
    await ann.dialog.getByRole('button', { name: 'Ban', exact: true }).click();
    await person.getByText(/^Banned by ann$/).waitFor();
    await assert.rejects(bob.join('#den'), /You are banned/);
    ann.assertQuiet();
  });

  it('[WB66, WB67] word of what comes elsewhere goes where it is wished: cards, the title, the system; none while one looks, or is not to be disturbed; a screen reader hears of the open room', async (t) => {
    const scene = new WebScene(t);
    const [a] = await scene.nodes(['harbour'], OPEN);
    const bob = await somebody(t, a!, 'bob', '#den');
    await bob.join('#ops');
    const OPS = '#ops' as RoomId;
    const ann = await scene.visitor();
    await ann.page.addInitScript(RECORDED_NOTIFICATIONS);
    await ann.register(a!, 'ann', '#ops');
    await ann.join('#den');
    const cards = ann.page.getByRole('region', { name: 'New elsewhere' }).getByRole('link');
    const heard = ann.page.getByRole('status', { name: 'New messages' });
    await bob.post(DEN, 'ann: seen at once');
    await ann.sees('seen at once');
    await heard.getByText('bob: ann: seen at once').waitFor();
    for (let i = 1; i < 6; i++) await bob.post(DEN, `burst ${i}`);
    await heard.getByText('5 new messages in #den').waitFor();
    await bob.post(OPS, 'nothing for anybody');
    await ann.page.getByRole('link', { name: /ops.*1 unread/ }).waitFor();
    assert.match(await ann.page.title(), /^• /);
    assert.equal(await ann.page.locator('link[rel="icon"]').getAttribute('href'), '/icon-unread.svg');
    assert.equal(await cards.count(), 0);
    await bob.post(OPS, 'ann: look here');
    await cards.getByText('bob in #ops').waitFor();
    await cards.getByText('ann: look here').waitFor();
    assert.match(await ann.page.title(), /^\(1\) /);
    await ann.assertAccessible('a card');
    await cards.first().click();
    await ann.page.getByRole('heading', { name: 'ops', level: 1 }).waitFor();
    await ann.sees('look here');
    assert.equal(await cards.count(), 0);
    // The system is asked after a press alone, and used while the page is not seen.
    assert.deepEqual(await ann.page.evaluate('globalThis.asked'), 0);
    await ann.open(a!, '#/settings');
    await ann.page.getByRole('button', { name: 'Allow notifications' }).click();
    await ann.page.getByText('The browser may show them.').waitFor();
    assert.deepEqual(await ann.page.evaluate('globalThis.asked'), 1);
    await ann.assertAccessible('settings of notifications');
    await ann.page.evaluate(HIDE);
    await bob.post(OPS, 'ann: and here');
    await ann.holds('globalThis.shown.length === 1');
    assert.deepEqual(await ann.page.evaluate('globalThis.shown[0]'), ['bob in #ops', 'ann: and here']);
    await ann.page.evaluate(SHOW);
    // Quiet: nothing pops up, and it is counted.
    await ann.page.getByRole('button', { name: 'Do not disturb' }).click();
    await bob.post(OPS, 'ann: thrice');
    await ann.page.getByRole('link', { name: /ops.*2 for you/ }).waitFor();
    assert.equal(await cards.count(), 0);
    await ann.page.getByRole('button', { name: 'Do not disturb' }).click();
    // Every message of a room; then nothing.
    await sideLink(ann, 'den').click();
    await sideLink(ann, 'ops').click();
    await ann.page.getByRole('button', { name: 'About this room' }).click();
    await ann.panel('This room').getByLabel('Tell me of').selectOption('Every message');
    await sideLink(ann, 'den').click();
    await bob.post(OPS, 'for everybody');
    await cards.getByText('for everybody').waitFor();
    await sideLink(ann, 'ops').click();
    await ann.panel('This room').getByLabel('Tell me of').selectOption('Nothing');
    await ann.panel('This room').getByText('Muted: nothing of it counts').waitFor();
    await until('muted at every session', () => true);
    await sideLink(ann, 'den').click();
    await bob.post(OPS, 'ann: unheard');
    await bob.post(DEN, 'the last one');
    await ann.sees('the last one');
    assert.equal(await cards.count(), 0);
    assert.equal(await ann.page.title(), await ann.page.getByRole('heading', { level: 1 }).first().innerText());
    ann.assertQuiet();
  });
});

/** Headless browsers have no notifications: these keep what they are asked for. */
const RECORDED_NOTIFICATIONS = `
  globalThis.asked = 0;
  globalThis.shown = [];
  globalThis.Notification = class {
    static permission = sessionStorage.getItem('permission') ?? 'default';
    static async requestPermission() {
      globalThis.asked++;
      sessionStorage.setItem('permission', 'granted');
      return (this.permission = 'granted');
    }
    constructor(title, { body }) { globalThis.shown.push([title, body]); }
    close() {}
  };`;
const HIDE = `Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true }); document.dispatchEvent(new Event('visibilitychange'));`;
const SHOW = `delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'));`;

/** What stands beside the timeline, and the dialogs about rooms, as people use them. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Chat, connect } from '../../src/client/index.ts';
import type { RoomId } from '../../src/core/ids.ts';
import type { NodeProcess } from '../../src/demo/processes.ts';
import { WebScene } from './scene.ts';

const OPEN = { registration: 'open' };
const DEN = '#den' as RoomId;

/** Somebody without a browser. */
async function guest(t: { after(end: () => unknown): void }, node: NodeProcess, name: string, room: RoomId): Promise<Chat> {
  const chat = await connect({ urls: [node.http], as: { guest: name } });
  t.after(() => chat.close());
  await chat.ready;
  await chat.join(room);
  return chat;
}

describe('beside the timeline', () => {
  it('[WB60] search finds in the room and everywhere, of somebody, between days; hits are marked, arrows go through them, Enter goes to the message', async (t) => {
    const scene = new WebScene(t);
    const [a] = await scene.nodes(['harbour']);
    const bob = await guest(t, a!, 'bob', DEN);
    await bob.join('#ops');
    const first = await bob.post(DEN, 'the kettle sings <b>loud</b>');
    for (let i = 0; i < 30; i++) await bob.post(DEN, `line ${i}`);
    await bob.post('#ops' as RoomId, 'a Kettle here too');
    const ann = await scene.visitor();
    await ann.enterAsGuest(a!, 'ann', '#den');
    await ann.say('no kettles of mine');
    await ann.sees('no kettles');
    await ann.page.keyboard.press('Control+Shift+F');
    const panel = ann.panel('Search');
    const words = panel.getByLabel('Words');
    await words.fill('kettle');
    const found = panel.getByRole('list', { name: 'What was found' }).getByRole('link');
    await panel.getByText('1 found, the newest first.').waitFor();
    assert.equal(await found.locator('mark').innerText(), 'kettle');
    assert.match(await found.innerText(), /sings <b>loud<\/b>/);
    await ann.assertAccessible('search');
    await panel.getByLabel('Where').selectOption('all');
    await panel.getByText('2 found, the newest first.').waitFor();
    await words.fill('kettle*');
    await panel.getByText('3 found, the newest first.').waitFor();
    await panel.getByText('Of whom, and when').click();
    await panel.getByLabel('Of whom').fill('ANN');
    await panel.getByText('1 found, the newest first.').waitFor();
    await panel.getByLabel('Of whom').fill('nobody-at-all');
    await panel.getByText('There is nobody called nobody-at-all.').waitFor();
    await panel.getByLabel('Of whom').fill('bob');
    await panel.getByText('2 found, the newest first.').waitFor();
    await panel.getByLabel('Until').fill('2020-02-01');
    await panel.getByText('Nothing was found.').waitFor();
    await panel.getByLabel('Until').fill('');
    await panel.getByText('2 found, the newest first.').waitFor();
    await words.press('ArrowDown');
    await ann.page.keyboard.press('ArrowDown');
    assert.match(await ann.page.evaluate('document.activeElement.textContent'), /sings/);
    await ann.page.keyboard.press('Enter');
    await ann.page.waitForURL((url) => url.hash.includes(first.id));
    await ann.sees('the kettle sings');
    await ann.page.keyboard.press('Escape');
    ann.assertQuiet();
  });

  it('[WB61] pins show what is pinned, newest first, follow what is pinned, lead to it, and are taken off by who moderates', async (t) => {
    const scene = new WebScene(t);
    const [a] = await scene.nodes(['harbour'], OPEN);
    const bob = await guest(t, a!, 'bob', DEN);
    const ann = await scene.visitor();
    await ann.register(a!, 'ann', '#den');
    const [kind, short] = [await bob.post(DEN, 'be kind'), await bob.post(DEN, 'be short')];
    await ann.page.getByRole('button', { name: 'Pinned', exact: true }).click();
    const panel = ann.panel('Pinned');
    await panel.getByText('Nothing is pinned here').waitFor();
    await bob.pin(DEN, kind.id);
    await panel.getByText('be kind').waitFor();
    await bob.pin(DEN, short.id);
    const pins = panel.getByRole('link');
    await pins.filter({ hasText: 'be short' }).waitFor();
    assert.deepEqual(
      (await pins.allInnerTexts()).map((text) => /be \w+/.exec(text)?.[0]),
      ['be short', 'be kind'],
    );
    assert.equal(await panel.getByRole('button', { name: /Take off/ }).count(), 0);
    await ann.assertAccessible('the pins');
    await pins.last().click();
    await ann.page.waitForURL((url) => url.hash.includes(kind.id));
    const { author } = (await bob.person('ann'))!;
    await bob.role(DEN, author, 'moderator');
    await panel
      .getByRole('button', { name: /Take off/ })
      .first()
      .click();
    await pins.filter({ hasText: 'be short' }).waitFor({ state: 'detached' });
    assert.equal((await bob.pins(DEN)).pins.length, 1);
    ann.assertQuiet();
  });

  it('[WB62] the directory finds rooms by name and topic, says how many are there, and goes in; what is not there is made', async (t) => {
    const scene = new WebScene(t);
    const [a] = await scene.nodes(['harbour'], OPEN);
    const bob = await guest(t, a!, 'bob', DEN);
    await bob.topic(DEN, 'Lighthouses and foghorns');
    await bob.join('#kitchen');
    const ann = await scene.visitor();
    await ann.register(a!, 'ann', '#hall');
    await ann.page.getByRole('button', { name: 'Join or make a room' }).click();
    const rooms = ann.dialog.getByRole('list', { name: 'Rooms of this network' }).getByRole('button');
    await rooms.nth(2).waitFor();
    assert.match((await rooms.filter({ hasText: 'hall' }).innerText()).replace(/\s+/g, ' '), /hall joined, 1 person/);
    await ann.assertAccessible('the directory');
    await ann.dialog.getByLabel('Name').fill('foghorn');
    await rooms.filter({ hasText: 'kitchen' }).waitFor({ state: 'detached' });
    assert.match((await rooms.innerText()).replace(/\s+/g, ' '), /den Lighthouses and foghorns 1 person/);
    await ann.dialog.getByText('There is no #foghorn yet').waitFor();
    await ann.dialog.getByLabel('Name').press('ArrowDown');
    await ann.page.keyboard.press('Enter');
    await ann.page.getByRole('heading', { name: 'den', level: 1 }).waitFor();
    await ann.page.getByRole('button', { name: 'Join or make a room' }).click();
    await ann.dialog.getByRole('button', { name: 'Make a room…' }).click();
    await ann.dialog.getByLabel('Name').fill('two words');
    await ann.dialog.getByRole('button', { name: 'Make the room' }).click();
    await ann.dialog.getByText('It has a character that cannot be in it.').waitFor();
    await ann.dialog.getByLabel('Name').fill('cellar');
    await ann.dialog.getByRole('radio', { name: 'Private' }).check();
    await ann.dialog.getByText('whoever runs a node of this network can read this one').waitFor();
    await ann.assertAccessible('making a room');
    await ann.dialog.getByRole('button', { name: 'Make the private room' }).click();
    await ann.page.getByRole('heading', { name: 'cellar', level: 1 }).waitFor();
    assert.equal(
      (await bob.directory()).rooms.some(({ name }) => name.includes('cellar')),
      false,
    );
    ann.assertQuiet();
  });

  it('[WB63] an owner sets topic, description, pause and time of a room, with what it does in words; who is invited comes in; leaving says what it means', async (t) => {
    const scene = new WebScene(t);
    const [a] = await scene.nodes(['harbour'], OPEN);
    const ann = await scene.visitor();
    await ann.register(a!, 'ann', '#den');
    const bob = await guest(t, a!, 'bob', DEN);
    await ann.page.getByRole('button', { name: 'About this room' }).click();
    const panel = ann.panel('This room');
    await panel.getByLabel('Topic').fill('What burns');
    await panel.getByRole('button', { name: 'Set the topic' }).click();
    await until(() => bob.view.rooms.get(DEN)?.room.topic === 'What burns');
    await panel.getByLabel('What it is for').fill('For those who keep the fire');
    await panel.getByLabel('Pause between two messages').selectOption('30 seconds');
    await panel.getByLabel('Messages are kept').selectOption('30 days');
    await panel.getByText('What is older than 30 days is erased for good, on every node, also what was said until now.').waitFor();
    await ann.assertAccessible('the room');
    // Without a word that one is sure nothing is set.
    await panel.getByRole('button', { name: 'Set the room' }).click();
    await panel.getByLabel('Erase it, I am sure').check();
    assert.equal(bob.view.rooms.get(DEN)?.room.retentionSeconds, 0);
    await panel.getByRole('button', { name: 'Set the room' }).click();
    await until(() => bob.view.rooms.get(DEN)?.room.retentionSeconds === 30 * 86_400);
    const { description, slowSeconds } = bob.view.rooms.get(DEN)!.room;
    assert.deepEqual([description, slowSeconds], ['For those who keep the fire', 30]);
    await panel.getByLabel('Archived').check();
    await panel.getByRole('button', { name: 'Set the room' }).click();
    await until(() => bob.view.rooms.get(DEN)?.room.archived === true);
    await panel.getByText('Archived: it is read, and nothing is added.').waitFor();
    await panel.getByRole('button', { name: 'Leave #den' }).click();
    await ann.dialog.getByText('You can come back whenever you want').waitFor();
    await ann.dialog.getByRole('button', { name: 'Leave', exact: true }).click();
    await ann.page.getByRole('heading', { name: 'Choose a room' }).waitFor();
    assert.equal(await ann.page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'den' }).count(), 0);
    ann.assertQuiet();
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(holds());
}

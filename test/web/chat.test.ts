/** The web app as people use it, at real nodes, in a real browser. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { WebScene } from './scene.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

describe('the web app', () => {
  it('[WB1] two people in two browsers at two nodes chat; each sees on how many nodes their messages are', async (t) => {
    const scene = new WebScene(t);
    const [a, b] = await scene.nodes(['harbour', 'lighthouse']);
    const ann = await scene.visitor();
    const bob = await scene.visitor();
    await ann.enterAsGuest(a!, 'ann', '#den');
    await bob.enterAsGuest(b!, 'bob', '#den');
    await ann.say('hello from the harbour');
    await bob.sees('hello from the harbour');
    await bob.say('and **back**\nin two lines');
    await ann.sees('back');
    assert.equal(await ann.message('back').locator('strong').innerText(), 'back');
    await ann.message('hello from').getByLabel('On 2 of 2 nodes').waitFor();
    assert.equal(await ann.page.getByRole('article').count(), 2);
    for (const one of [ann, bob]) one.assertQuiet();
  });

  it('[WB1] goes on at another node when its own dies: the draft stays, and the message comes once', async (t) => {
    const scene = new WebScene(t);
    const [a, b] = await scene.nodes(['harbour', 'lighthouse', 'mill']);
    const ann = await scene.visitor();
    const bob = await scene.visitor();
    await ann.enterAsGuest(a!, 'ann', '#den');
    await bob.enterAsGuest(b!, 'bob', '#den');
    await ann.say('before');
    await bob.sees('before');
    await ann.composer.fill('half a thou');
    await a!.kill();
    await ann.composer.press('End');
    await ann.composer.pressSequentially('ght');
    await ann.page.getByText(/serves you now/).waitFor();
    assert.equal(await ann.composer.inputValue(), 'half a thought');
    await ann.composer.press('Enter');
    await bob.sees('half a thought');
    await bob.say('still here');
    await ann.sees('still here');
    for (const one of [ann, bob]) {
      assert.equal(await one.page.getByRole('article').count(), 3);
      one.assertQuiet();
    }
  });

  it('[WB10] comes back as who one was, in the room of the address, with the draft', async (t) => {
    const scene = new WebScene(t);
    const [a] = await scene.nodes(['harbour']);
    const ann = await scene.visitor();
    await ann.enterAsGuest(a!, 'ann', '#den');
    await ann.say('said before');
    await ann.sees('said before');
    await ann.message('said before').getByLabel('On 1 node').waitFor();
    await ann.composer.fill('not sent yet');
    await ann.page.reload();
    await ann.sees('said before');
    assert.equal(await ann.composer.inputValue(), 'not sent yet');
    assert.equal(await ann.page.getByRole('heading', { name: 'den' }).count(), 1);
    await ann.page.goto('about:blank');
    await a!.kill();
  });

  it('[WB11] a second tab takes the session, the first one offers to take it back', async (t) => {
    const scene = new WebScene(t);
    const [a] = await scene.nodes(['harbour']);
    const ann = await scene.visitor();
    await ann.enterAsGuest(a!, 'ann', '#den');
    await ann.say('one');
    await ann.sees('one');
    const second = await ann.context.newPage();
    await second.goto(`${a!.http}/#/room/%23den`);
    await second.getByRole('article').filter({ hasText: 'one' }).waitFor();
    await ann.page.getByRole('heading', { name: 'Skein is open in another tab' }).waitFor();
    await ann.page.getByRole('button', { name: 'Use it here' }).click();
    await ann.sees('one');
    await second.getByRole('heading', { name: 'Skein is open in another tab' }).waitFor();
    ann.assertQuiet();
  });

  it('[WB12] the setup link makes the owner, names the network, and is out of the address at once; the account then logs in elsewhere', async (t) => {
    const scene = new WebScene(t);
    const [a, b] = await scene.nodes(['harbour', 'lighthouse']);
    const ann = await scene.visitor();
    const link = execFileSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', MAIN, 'account', 'setup', '--data', a!.directory],
      {
        encoding: 'utf8',
      },
    ).trim();
    const beganMs = performance.now();
    await ann.page.goto(link);
    await ann.page.getByLabel('Name of the network').fill('Harbour people');
    assert.equal(new URL(ann.page.url()).hash, '#/setup');
    await ann.page.getByLabel('Your name').fill('ann');
    await ann.page.getByLabel('Password').fill('brass-kettle-under-rain');
    await ann.assertAccessible('the setup page');
    await ann.page.getByRole('button', { name: 'Begin' }).click();
    await ann.page.getByRole('heading', { name: 'Harbour people' }).waitFor();
    await ann.join('#den');
    await ann.say('first words');
    await ann.message('first words').getByLabel('On 2 of 2 nodes').waitFor();
    assert.ok(performance.now() - beganMs < 60_000);
    const again = await scene.visitor();
    await again.open(b!);
    await again.page.getByRole('heading', { name: 'Harbour people' }).waitFor();
    await again.page.getByLabel('Name', { exact: true }).fill('ann');
    await again.page.getByLabel('Password').fill('brass-kettle-under-rain');
    await again.page.getByRole('button', { name: 'Log in' }).click();
    await again.page.getByRole('link', { name: 'den' }).click();
    await again.sees('first words');
    for (const one of [ann, again]) one.assertQuiet();
  });

  it('[WB13] axe finds nothing in any view, in each of the themes, narrow and wide', async (t) => {
    const scene = new WebScene(t);
    const [a] = await scene.nodes(['harbour']);
    const bob = await scene.visitor();
    await bob.enterAsGuest(a!, 'bob', '#den');
    for (const viewport of [
      { width: 1280, height: 800 },
      { width: 320, height: 640 },
    ]) {
      const ann = await scene.visitor({ viewport });
      await ann.open(a!);
      await ann.page.getByRole('tab', { name: 'As a guest' }).waitFor();
      await ann.assertAccessible('signing in');
      await ann.enterAsGuest(a!, `ann${viewport.width}`, '#den');
      await ann.say('see `code` and https://example.org');
      await bob.say(`ann${viewport.width}: a **word**, > quoted`);
      await ann.sees('a word');
      await ann.assertAccessible(`a room at ${viewport.width}`);
      await ann.page.getByRole('button', { name: /people$/ }).click();
      await ann.page.getByRole('complementary', { name: 'People' }).getByText('bob').waitFor();
      await ann.assertAccessible(`the members at ${viewport.width}`);
      await ann.page.getByRole('button', { name: 'Close' }).click();
      for (const page of ['network', 'settings', 'admin']) {
        await ann.open(a!, `#/${page}`);
        await ann.page.getByRole('main').waitFor();
        await ann.assertAccessible(`${page} at ${viewport.width}`);
      }
      await ann.open(a!, '#/settings');
      for (const theme of ['Light', 'Dark', 'High contrast']) {
        await ann.page.getByRole('radio', { name: theme }).click();
        await ann.open(a!, '#/room/%23den');
        await ann.sees('a word');
        await ann.assertAccessible(`a room, ${theme}, at ${viewport.width}`);
        await ann.open(a!, '#/settings');
        await ann.assertAccessible(`settings, ${theme}, at ${viewport.width}`);
      }
      ann.assertQuiet();
      await ann.context.close();
    }
  });
});

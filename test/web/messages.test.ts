/** Messages as people use them: where they are gone to, and what is done with them. At real nodes, in a real browser. */

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type Chat, connect } from '../../src/client/index.ts';
import type { RoomId } from '../../src/core/ids.ts';
import type { NodeProcess } from '../../src/demo/processes.ts';
import { type Visitor, WebScene } from './scene.ts';

const DEN = '#den' as RoomId;
const LINES = 400;

async function talker(t: TestContext, node: NodeProcess, name: string): Promise<Chat> {
  const chat = await connect({ urls: [node.http], as: { guest: name } });
  t.after(() => chat.close());
  await chat.ready;
  await chat.join(DEN);
  return chat;
}

/** How far below the upper edge of the timeline a message is drawn, in px; null: it is not drawn, or out of sight. */
function topOf(visitor: Visitor, text: string): Promise<number | null> {
  return visitor.page.evaluate((wanted) => {
    const box = document.querySelector('[data-part="messages"]');
    if (!box) return null;
    const edge = box.getBoundingClientRect();
    const row = [...box.querySelectorAll('[data-message]')].find((one) => one.textContent!.includes(wanted));
    const at = row?.getBoundingClientRect();
    return at && at.bottom > edge.top && at.top < edge.bottom ? Math.round(at.top - edge.top) : null;
  }, text);
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const endMs = performance.now() + 20_000; performance.now() < endMs; ) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`it did not come to be: ${what}`);
}

describe('messages', () => {
  it('[WB20, WB21, WB22, WB23] jumps to an answered message, a link, a date, and back; and nothing moves under the reader', async (t) => {
    const scene = new WebScene(t);
    const [node] = await scene.nodes(['harbour']);
    const bot = await talker(t, node!, 'bot');
    for (let i = 0; i < LINES; i++) void bot.post(DEN, `line ${i.toString().padStart(3, '0')}`);
    const first = bot.lastPosted;
    assert.ok(first);
    const fifth = (): string => bot.view.rooms.get(DEN)!.timeline[5]!.id;
    await until('all is said', async () => bot.view.rooms.get(DEN)!.timeline.every(({ delivery }) => delivery?.state === 'held'));
    await bot.post(DEN, 'an answer to the fifth', { target: fifth() as typeof first });

    const ann = await scene.visitor();
    await ann.enterAsGuest(node!, 'ann', '#den');
    await ann.sees('an answer to the fifth');
    // The answer shows what it answers, which is far from loaded; pressed, it leads there.
    const quote = ann.message('an answer to the fifth').getByRole('link', { name: /line 005/ });
    await quote.waitFor();
    assert.equal(await ann.message('line 300').count(), 0);
    await quote.click();
    await until('line 005 shows', async () => (await topOf(ann, 'line 005')) !== null);
    await ann.page.getByText(/This is where #?den begins/).waitFor();
    // From there on it goes forward to the end, each message once.
    const newest = ann.page.getByRole('button', { name: /^To the newest message/ });
    await newest.waitFor();
    const seen = new Set<string>();
    await ann.page.getByRole('region', { name: /What was said/ }).hover();
    await until('the end shows', async () => {
      await ann.page.mouse.wheel(0, 600);
      const texts = await ann.page.getByRole('article').allInnerTexts();
      for (const text of texts) for (const [line] of text.matchAll(/line \d{3}/g)) seen.add(line);
      return texts.some((text) => text.includes('an answer to the fifth'));
    });
    assert.equal(seen.size, LINES);

    // What comes while one reads elsewhere moves nothing, and is counted.
    await ann.page.mouse.wheel(0, -3000);
    await until('it scrolled', async () => (await newest.count()) === 1);
    const [line] = await ann.page
      .getByRole('article')
      .filter({ hasText: /line \d{3}/ })
      .nth(12)
      .innerText()
      .then((text) => /line \d{3}/.exec(text)!);
    await ann.page.waitForTimeout(300);
    const top = await topOf(ann, line);
    await bot.post(DEN, 'one more');
    await bot.post(DEN, 'and another');
    await ann.page.getByRole('button', { name: 'To the newest message: 2 new messages' }).waitFor();
    assert.equal(await topOf(ann, line), top);
    await newest.click();
    await until('the newest shows', async () => (await topOf(ann, 'and another')) !== null);

    // A link to a message, opened anew.
    const link = `${node!.http}/#/room/%23den/${encodeURIComponent(bot.view.rooms.get(DEN)!.timeline[120]!.id)}`;
    await ann.page.goto('about:blank');
    await ann.page.goto(link);
    await until('line 120 shows', async () => (await topOf(ann, 'line 120')) !== null);
    const loaded = await topOf(ann, 'line 120');
    await ann.page.getByRole('region', { name: /What was said/ }).hover();
    await until('what is before shows', async () => {
      await ann.page.mouse.wheel(0, -500);
      return (await topOf(ann, 'line 040')) !== null;
    });
    await newest.click();
    await until('the newest shows again', async () => (await topOf(ann, 'and another')) !== null);
    assert.equal(new URL(ann.page.url()).hash, '#/room/%23den');
    assert.ok(loaded! > 100, 'it is in the middle');

    // A date.
    await ann.page.mouse.wheel(0, -3000);
    await ann.page.getByRole('button', { name: /go to a date/ }).click();
    await ann.assertAccessible('going to a date');
    await ann.page.getByRole('button', { name: 'The very beginning' }).click();
    await until('line 000 shows', async () => (await topOf(ann, 'line 000')) !== null);
    ann.assertQuiet();
  });

  it('[WB21] begins where one has read to; where that is not loaded it tells how much there is, and leads there', async (t) => {
    const scene = new WebScene(t);
    const [node] = await scene.nodes(['harbour'], { registration: 'open' });
    const ann = await scene.visitor();
    await ann.register(node!, 'ann', '#den');
    const bot = await talker(t, node!, 'bot');
    await bot.post(DEN, 'read before');
    await ann.sees('read before');
    await ann.join('#other');
    // The mark of what was read is said after a moment.
    await ann.page.waitForTimeout(2500);
    for (let i = 0; i < 230; i++) void bot.post(DEN, `news ${i.toString().padStart(3, '0')}`);
    await until('all is said', async () => bot.view.rooms.get(DEN)!.timeline.every(({ delivery }) => delivery?.state !== 'waiting'));
    await ann.page.getByRole('link', { name: /den.*230/ }).click();
    await until('the first of them shows', async () => (await topOf(ann, 'news 000')) !== null);
    assert.equal(await ann.page.getByRole('button', { name: /to the first/ }).count(), 0);

    const again = await scene.visitor();
    await again.open(node!);
    await again.page.getByLabel('Name', { exact: true }).fill('ann');
    await again.page.getByLabel('Password').fill('brass-kettle-under-rain');
    await ann.page.goto('about:blank');
    for (let i = 230; i < 460; i++) void bot.post(DEN, `news ${i.toString().padStart(3, '0')}`);
    await until('all is said', async () => bot.view.rooms.get(DEN)!.timeline.every(({ delivery }) => delivery?.state !== 'waiting'));
    await again.page.getByRole('button', { name: 'Log in' }).click();
    await again.page.getByRole('link', { name: /den.*230/ }).click();
    await again.sees('news 459');
    assert.equal(await topOf(again, 'news 230'), null);
    await again.page.getByRole('button', { name: '230 new messages: to the first' }).click();
    await until('the first of them shows', async () => (await topOf(again, 'news 230')) !== null);
    await again.page.getByText('New', { exact: true }).waitFor();
    assert.equal(await again.page.getByRole('button', { name: /to the first/ }).count(), 0);
    for (const one of [ann, again]) one.assertQuiet();
  });

  it('[WB24, WB25, WB26] a message can be answered, reacted to, edited, pinned and deleted, by mouse and by keyboard, and a deletion be taken back', async (t) => {
    const scene = new WebScene(t);
    const [node] = await scene.nodes(['harbour']);
    const ann = await scene.visitor({ permissions: ['clipboard-read', 'clipboard-write'] });
    await ann.enterAsGuest(node!, 'ann', '#den');
    const bot = await talker(t, node!, 'bot');
    await bot.post(DEN, 'shall we?');
    await ann.say('a tpyo');
    await ann.sees('a tpyo');
    const { page } = ann;

    // By mouse: the menu of the other button, the tools, the picker.
    await ann.message('shall we?').click({ button: 'right' });
    const menu = page.getByRole('menu');
    await menu.getByRole('menuitem', { name: 'Copy link' }).waitFor();
    assert.equal(await menu.getByRole('menuitem', { name: 'Edit' }).count(), 0, 'it is not hers');
    await ann.assertAccessible('the menu of a message');
    await menu.getByRole('menuitem', { name: 'Copy link' }).click();
    await page.getByText('The link is copied.').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const [shall] = bot.view.rooms.get(DEN)!.timeline;
    assert.equal(copied, `${node!.http}/#/room/%23den/${encodeURIComponent(shall!.id)}`);
    await ann.message('shall we?').hover();
    await ann.message('shall we?').getByRole('button', { name: 'React' }).click();
    await page.getByRole('combobox', { name: 'Emoji' }).fill('tada');
    await page.getByRole('option', { name: 'party popper' }).waitFor();
    await ann.assertAccessible('the emoji picker');
    await page.keyboard.press('Enter');
    await ann
      .message('shall we?')
      .getByRole('button', { name: /^🎉, 1: ann/ })
      .waitFor();
    await until('the bot has it', async () => Object.keys(bot.view.rooms.get(DEN)!.timeline[0]!.reactions ?? {}).includes('🎉'));
    await ann.message('shall we?').getByRole('button', { name: /^🎉/ }).click();
    await until('it is taken back', async () => (await ann.message('shall we?').getByRole('button', { name: /^🎉/ }).count()) === 0);

    await ann.message('shall we?').click({ button: 'right' });
    await menu.getByRole('menuitem', { name: 'Pin' }).click();
    await ann.message('shall we?').getByText('pinned').waitFor();

    // By keyboard alone: to the message, edit it, see what it said.
    await page.getByRole('region', { name: /What was said/ }).focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('e');
    assert.equal(await ann.composer.inputValue(), 'a tpyo');
    await ann.composer.fill('a typo');
    await page.keyboard.press('Enter');
    await ann.sees('a typo');
    await ann.message('a typo').getByRole('button', { name: 'edited' }).click();
    const former = page.getByRole('dialog', { name: 'What it said' });
    await former.getByText('a tpyo').waitFor();
    await former.getByText(/at first$/).waitFor();
    await ann.assertAccessible('former texts');
    await page.keyboard.press('Escape');

    // An answer, which shows what it answers.
    await page.getByRole('region', { name: /What was said/ }).focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('r');
    await ann.say('we shall');
    await ann.message('we shall').getByRole('link', { name: 'Answer to bot shall we?' }).waitFor();

    // Deleted and taken back; deleted for good.
    const remove = async (): Promise<void> => {
      await ann.message('a typo').hover();
      await ann.message('a typo').getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
    };
    await remove();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.waitForTimeout(300);
    await ann.message('a typo').hover();
    await remove();
    await page.mouse.move(5, 5);
    await ann.message('Removed by ann').waitFor();
    await until('the bot sees it gone', async () => bot.view.rooms.get(DEN)!.timeline.some(({ text }) => text === null));
    assert.equal(bot.view.rooms.get(DEN)!.timeline.filter(({ text }) => text === null).length, 1);
    ann.assertQuiet();
  });
});

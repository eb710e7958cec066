/** The web app without a mouse, and on a small page. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connect } from '../../src/client/index.ts';
import type { RoomId } from '../../src/core/ids.ts';
import { type Visitor, WebScene } from './scene.ts';

const DEN = '#den' as RoomId;

/** What has the focus: what it is, and whether that is seen. */
const FOCUSED = `(() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  // The composer is framed as a whole.
  const frame = one.matches('main textarea') ? one.closest('[class*="_composer_"]') : null;
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  const hasFrame = frame ? getComputedStyle(frame).boxShadow !== 'none' : outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  const { width, height, top, left } = one.getBoundingClientRect();
  const name = one.getAttribute('aria-label') ?? one.textContent?.trim().slice(0, 40);
  const isSeen = hasFrame && width > 0 && height > 0 && top > -height && left > -width;
  return { name: one.tagName.toLowerCase() + ' ' + name, isSeen };
})()`;

interface Focused {
  readonly name: string;
  readonly isSeen: boolean;
}

/** Goes through the whole page by Tab, once round. */
async function walk({ page }: Visitor, max = 80): Promise<Focused[]> {
  const seen: Focused[] = [];
  // From the beginning of the page.
  await page.evaluate('document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute("tabindex")');
  for (let i = 0; i < max; i++) {
    await page.keyboard.press('Tab');
    const one = (await page.evaluate(FOCUSED)) as Focused | null;
    if (one === null || (seen.length > 3 && one.name === seen[0]!.name)) break;
    seen.push(one);
  }
  return seen;
}

/** Things to press or fill in that are smaller than so many px, but for links within a text, which may be. */
const SMALL = (least: number): string => `[...document.querySelectorAll('button, a[href], input, select, textarea, [role=option]')]
  .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !one.closest('p, article a'))
  .map((one) => ({ one, box: one.getBoundingClientRect() }))
  .filter(({ box }) => box.width > 0 && box.top >= 0 && (box.width < ${least} || box.height < ${least}))
  .map(({ one, box }) => (one.getAttribute('aria-label') ?? one.textContent) + ' ' + Math.round(box.width) + 'x' + Math.round(box.height))`;

describe('without a mouse', () => {
  it('[WB68, WB69, WB70] comes in, finds a room, writes, goes through rooms, searches, reads the sheet, and logs out by keys alone; what has the focus is always seen', async (t) => {
    const scene = new WebScene(t);
    const [a] = await scene.nodes(['harbour']);
    const bob = await connect({ urls: [a!.http], as: { guest: 'bob' } });
    t.after(() => bob.close());
    await bob.ready;
    for (const room of ['#attic', '#den', '#ops']) await bob.join(room);
    const ann = await scene.visitor();
    const { keyboard } = ann.page;
    await ann.open(a!);
    const tab = ann.page.getByRole('tab', { name: 'As a guest' });
    await tab.waitFor();
    await tab.focus();
    await keyboard.press('Enter');
    await keyboard.press('Tab');
    await keyboard.type('ann');
    await keyboard.press('Enter');
    await ann.page.getByRole('heading', { name: 'Choose a room' }).waitFor();
    // Keys come behind the first view, with the words for screen readers.
    await ann.page.getByRole('status', { name: 'New messages' }).waitFor({ state: 'attached' });
    const palette = ann.page.getByRole('combobox', { name: 'Room, person or command' });
    for (const room of ['attic', 'den', 'ops']) {
      await keyboard.press('Control+k');
      await palette.waitFor();
      await keyboard.type('join a');
      await keyboard.press('Enter');
      await ann.dialog.getByLabel('Name').waitFor();
      await ann.dialog.getByLabel('Name').focus();
      await keyboard.type(room);
      await keyboard.press('ArrowDown');
      await keyboard.press('Enter');
      await ann.page.getByRole('heading', { name: room, level: 1 }).waitFor();
    }
    await keyboard.press('Control+k');
    await palette.waitFor();
    await ann.assertAccessible('the palette');
    await keyboard.type('den');
    await keyboard.press('Enter');
    await ann.page.getByRole('heading', { name: 'den', level: 1 }).waitFor();
    await ann.composer.waitFor();
    await keyboard.type('typed at once');
    await keyboard.press('Enter');
    await ann.sees('typed at once');
    // Rooms: the next one, round and round; the next in which something waits.
    await keyboard.press('Alt+ArrowDown');
    await ann.page.getByRole('heading', { name: 'ops', level: 1 }).waitFor();
    await keyboard.press('Alt+ArrowDown');
    await ann.page.getByRole('heading', { name: 'attic', level: 1 }).waitFor();
    await bob.post(DEN, 'waits');
    await ann.page.getByRole('link', { name: /den.*1 unread/ }).waitFor();
    await keyboard.press('Alt+Shift+ArrowUp');
    await ann.page.getByRole('heading', { name: 'den', level: 1 }).waitFor();
    await ann.sees('waits');
    // Parts of the page, and the arrows in the list of rooms, which is one stop of Tab.
    await ann.page.evaluate('document.activeElement.blur()');
    await keyboard.press('F6');
    assert.match(((await ann.page.evaluate(FOCUSED)) as Focused).name, /^a .*den/);
    await keyboard.press('ArrowUp');
    assert.match(((await ann.page.evaluate(FOCUSED)) as Focused).name, /^a .*attic/);
    await keyboard.press('End');
    assert.match(((await ann.page.evaluate(FOCUSED)) as Focused).name, /^a .*ops/);
    await keyboard.press('Enter');
    await ann.page.getByRole('heading', { name: 'ops', level: 1 }).waitFor();
    await keyboard.press('Control+Shift+F');
    await ann.panel('Search').getByLabel('Words').waitFor();
    await ann.holds(`document.activeElement.type === 'search'`);
    await keyboard.press('Escape');
    await ann.panel('Search').waitFor({ state: 'detached' });
    // The sheet, from anywhere; the sign alone only where no text has the focus, and where it is wished for.
    await ann.composer.focus();
    await keyboard.type('?');
    assert.equal(await ann.composer.inputValue(), '?');
    await keyboard.press('Control+/');
    await ann.dialog.getByRole('heading', { name: 'Keyboard' }).waitFor();
    await ann.assertAccessible('the sheet of keys');
    await ann.dialog.getByRole('checkbox').focus();
    await keyboard.press('Space');
    await keyboard.press('Escape');
    await ann.dialog.waitFor({ state: 'detached' });
    await ann.page.evaluate('document.activeElement.blur()');
    await keyboard.press('?');
    assert.equal(await ann.dialog.count(), 0);
    await ann.page.evaluate('document.activeElement.blur()');
    const stops = await walk(ann);
    assert.deepEqual(
      stops.filter(({ isSeen }) => !isSeen),
      [],
    );
    const names = stops.map(({ name }) => name).join('\n');
    for (const wanted of [
      'Skip to writing',
      'Join or make a room',
      'Do not disturb',
      'Settings',
      'Search',
      'About this room',
      'Message to',
    ])
      assert.ok(names.includes(wanted), `${wanted} is not reached: ${names}`);
    assert.equal(stops.filter(({ name }) => /^a .*(attic|den|ops)/.test(name)).length, 1, names);
    assert.equal(stops[0]!.name, 'button Skip to writing');
    await keyboard.press('Control+k');
    await palette.waitFor();
    await keyboard.type('log out');
    await keyboard.press('Enter');
    await tab.waitFor();
    ann.assertQuiet();
  });

  it('[WB70] at 320 px the rooms are a drawer, panels and dialogs fill the page, nothing is wider than it, and fingers find what they press', async (t) => {
    const scene = new WebScene(t);
    const [a] = await scene.nodes(['harbour']);
    const ann = await scene.visitor({ viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true });
    await ann.enterAsGuest(a!, 'ann', '#den');
    await ann.say('a line that is long enough to go on in a second one, and https://example.org/a/very/long/address/without/any/space');
    await ann.sees('a line');
    const fits = async (what: string): Promise<void> => {
      assert.equal(await ann.page.evaluate('document.documentElement.scrollWidth'), 320, `${what} is wider than the page`);
      assert.deepEqual(await ann.page.evaluate(SMALL(24)), [], what);
    };
    await fits('a room');
    for (const [button, panel] of [
      ['Search', 'Search'],
      ['Pinned', 'Pinned'],
      ['1 people', 'People'],
      ['About this room', 'This room'],
    ] as const) {
      await ann.page.getByRole('button', { name: button, exact: true }).tap();
      const box = (await ann.panel(panel).boundingBox())!;
      assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, 320, 568], panel);
      await ann.panel(panel).getByRole('status').or(ann.panel(panel).locator('label, li')).first().waitFor({ state: 'attached' });
      await fits(panel);
      await ann.assertAccessible(`${panel} at 320 px`);
      await ann.panel(panel).getByRole('button', { name: 'Close' }).tap();
    }
    await ann.page.getByRole('button', { name: 'Rooms', exact: true }).tap();
    await sideLink(ann, 'den').waitFor();
    await ann.page.getByRole('button', { name: 'Message somebody' }).tap();
    await ann.dialog.getByLabel('Name').waitFor();
    await fits('finding somebody');
    await ann.page.keyboard.press('Escape');
    await ann.page.getByRole('button', { name: 'Rooms', exact: true }).tap();
    await ann.page.getByRole('button', { name: 'Close the rooms' }).tap({ position: { x: 310, y: 300 } });
    await sideLink(ann, 'den').waitFor({ state: 'hidden' });
    ann.assertQuiet();
  });
});

const sideLink = (one: Visitor, name: string) => one.page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name });

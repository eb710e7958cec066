/** The timeline as a reader meets it: what comes before, behind or between moves nothing that they look at. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Chat, connect } from '../../src/client/index.ts';
import type { RoomId } from '../../src/core/ids.ts';
import { type NodeProcess, until } from '../../src/demo/processes.ts';
import { cabledNetwork, heal, split } from '../real/cable.ts';
import { Scene } from '../real/faults.ts';
import { type Visitor, WebScene } from './scene.ts';

const DEN = '#den' as RoomId;
/** What a reader may be moved by, in px: browsers put rows at fractions of one. */
const MOVED_PX_MAX = 2;

/** Texts of different heights. */
const textOf = (i: number): string => `message ${i} ${'and some more words '.repeat(i % 7)}${i % 5 === 0 ? '\n- a\n- b\n- c' : ''}`;

async function writer(node: NodeProcess, name: string): Promise<Chat> {
  const chat = await connect({ urls: [node.http], as: { guest: name } });
  await chat.ready;
  await chat.join(DEN);
  return chat;
}

async function write(chat: Chat, from: number, to: number): Promise<void> {
  const posts = [];
  for (let i = from; i < to; i++) posts.push(chat.post(DEN, textOf(i)));
  await Promise.all(posts);
}

const SCROLLER = 'section[aria-label^="What was said"]';

/** The message in the middle of the page, and where its upper edge is. */
function middle({ page }: Visitor): Promise<{ id: string; top: number }> {
  return page.evaluate((selector) => {
    const box = document.querySelector(selector)!.getBoundingClientRect();
    const y = box.top + box.height / 2;
    const rows = [...document.querySelectorAll<HTMLElement>('[data-message]')].map((row) => ({ row, at: row.getBoundingClientRect() }));
    const { row, at } = rows.find((one) => one.at.top <= y && one.at.bottom >= y)!;
    return { id: row.dataset['message']!, top: at.top };
  }, SCROLLER);
}

function topOf({ page }: Visitor, id: string): Promise<number> {
  return page.evaluate((one) => document.querySelector(`[data-message="${one}"]`)?.getBoundingClientRect().top ?? Number.NaN, id);
}

/** Waits until nothing moves any more. */
async function rest({ page }: Visitor): Promise<void> {
  const place = (): Promise<string> =>
    page.evaluate((one) => `${document.querySelector(one)!.scrollTop} ${document.querySelector(one)!.scrollHeight}`, SCROLLER);
  for (let before = '', now = await place(); before !== now; before = now, now = await place()) await page.waitForTimeout(400);
}

/** Scrolls by the wheel, as a person does, and waits until the page rests. */
async function wheel(visitor: Visitor, byPx: number): Promise<void> {
  await visitor.page.locator(SCROLLER).hover();
  await visitor.page.mouse.wheel(0, byPx);
  await rest(visitor);
}

const heightOf = ({ page }: Visitor): Promise<number> => page.evaluate((one) => document.querySelector(one)!.scrollHeight, SCROLLER);

async function assertStays(visitor: Visitor, what: string, happen: () => Promise<unknown>): Promise<void> {
  const before = await middle(visitor);
  await happen();
  await rest(visitor);
  const moved = Math.abs((await topOf(visitor, before.id)) - before.top);
  assert.ok(moved <= MOVED_PX_MAX, `${what} moved the reader by ${moved} px`);
}

describe('the timeline', () => {
  it('[WB7] opens at its end, loads what is before while one scrolls up, and moves nothing by that, nor by what comes behind', async (t) => {
    const scene = new WebScene(t);
    const [a] = await scene.nodes(['harbour']);
    const bob = await writer(a!, 'bob');
    t.after(() => bob.close());
    await write(bob, 0, 400);
    const ann = await scene.visitor();
    await ann.enterAsGuest(a!, 'ann', '#den');
    await ann.sees('message 399');
    const isAtEnd = (): Promise<boolean> =>
      ann.page.evaluate((one) => {
        const box = document.querySelector(one)!;
        return box.scrollHeight - box.scrollTop - box.clientHeight < 5;
      }, SCROLLER);
    await until('it is at its end', isAtEnd);
    await bob.post(DEN, 'the next one');
    await ann.sees('the next one');
    await until('it is at its end', isAtEnd);
    await rest(ann);
    await wheel(ann, -900);
    await assertStays(ann, 'a message at the end', async () => {
      await bob.post(DEN, 'one that is not seen');
      await ann.page.waitForTimeout(300);
    });
    const height = await heightOf(ann);
    for (let i = 0; i < 60 && (await ann.message('message 0').count()) === 0; i++) await wheel(ann, -1500);
    await ann.sees('message 0');
    assert.ok((await heightOf(ann)) > height);
    await ann.page.getByRole('button', { name: 'To the newest message' }).click();
    await ann.sees('one that is not seen');
    ann.assertQuiet();
  });

  it('[WB7] a page of what is before moves nothing', async (t) => {
    const scene = new WebScene(t);
    const [a] = await scene.nodes(['harbour']);
    const bob = await writer(a!, 'bob');
    t.after(() => bob.close());
    await write(bob, 0, 300);
    const ann = await scene.visitor();
    await ann.enterAsGuest(a!, 'ann', '#den');
    await ann.sees('message 299');
    await rest(ann);
    const height = await heightOf(ann);
    await wheel(ann, -2600);
    await assertStays(ann, 'a page of what is before', async () => {
      await until('more is there', async () => (await heightOf(ann)) > height);
    });
  });

  it('[WB7] what arrives late, after a partition, stands in its place with a mark, and moves nothing', async (t) => {
    const cabled = new Scene(t);
    const scene = new WebScene(t);
    const [a, b] = await cabledNetwork(cabled, ['harbour', 'lighthouse']);
    const bob = await writer(a!, 'bob');
    const cleo = await writer(b!, 'cleo');
    cabled.undo(() => Promise.all([bob.close(), cleo.close()]));
    await write(bob, 0, 10);
    await split([a!], [b!]);
    await cleo.post(DEN, 'said on the other side');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await write(bob, 10, 56);
    const ann = await scene.visitor();
    await ann.enterAsGuest(a!, 'ann', '#den');
    await ann.sees('message 55');
    await rest(ann);
    await wheel(ann, -600);
    await assertStays(ann, 'a late message', async () => {
      heal([a!, b!]);
      await until('it arrived', () => bob.view.rooms.get(DEN)!.timeline.some(({ text }) => text === 'said on the other side'), 30_000);
    });
    await wheel(ann, -4000);
    await ann.message('said on the other side').getByText('arrived after a partition').waitFor();
    ann.assertQuiet();
  });
});

/** What people set for themselves, as they do it: their name, how things look, their password, whom they block. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connect } from '../../src/client/index.ts';
import { until } from '../../src/demo/processes.ts';
import { type Visitor, WebScene } from './scene.ts';

const PASSWORD = 'brass-kettle-under-rain';
const NEXT = 'seven-quiet-lanterns';

async function logIn({ page }: Visitor, name: string, password: string): Promise<void> {
  await page.getByRole('tab', { name: 'Log in' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
}

const notice = ({ page }: Visitor, words: string | RegExp) => page.getByRole('status').filter({ hasText: words }).waitFor();

describe('the settings', () => {
  it('[WB50, WB51] another name, a closer look, another password', async (t) => {
    const scene = new WebScene(t);
    const [a] = await scene.nodes(['harbour'], { registration: 'open' });
    const ann = await scene.visitor();
    const { page } = ann;
    await ann.open(a!);
    await page.getByRole('tab', { name: 'New account' }).click();
    await page.getByLabel('Name', { exact: true }).fill('ann');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await ann.join('#den');
    await ann.say('mine');
    await ann.message('mine').getByLabel('On 1 node').waitFor();

    await ann.open(a!, '#/settings');
    await page.getByRole('form', { name: 'Change your name' }).getByLabel('Name').fill('anna');
    await page.getByRole('button', { name: 'Change the name' }).click();
    await notice(ann, 'You are anna now.');
    await page.getByRole('radio', { name: /^Compact/ }).click();
    assert.equal(await page.evaluate('document.documentElement.dataset.density'), 'compact');

    await page.reload();
    await page.getByRole('radio', { name: /^Compact/, checked: true }).waitFor();
    assert.equal(await page.evaluate('document.documentElement.dataset.density'), 'compact');
    await ann.assertAccessible('the settings of an account');

    // Another password; the old one is of no use any more.
    const change = page.getByRole('form', { name: 'Change the password' });
    await change.getByLabel('Password as it is now').fill(PASSWORD);
    await change.getByLabel('New password').fill(NEXT);
    await change.getByRole('button').click();
    await notice(ann, 'Your password is changed');

    const phone = await scene.visitor({ viewport: { width: 320, height: 640 } });
    await phone.open(a!);
    await logIn(phone, 'anna', PASSWORD);
    await phone.page.getByRole('alert').filter({ hasText: 'wrong' }).waitFor();
    await logIn(phone, 'anna', NEXT);
    await phone.page.locator('[href="#/settings"]').waitFor({ state: 'attached' });
    await phone.open(a!, '#/settings');
    await phone.page.getByRole('heading', { name: 'Password' }).waitFor();
    await phone.assertAccessible('the settings at 320 px');
    for (const one of [ann, phone]) one.assertQuiet();
  });

  it('[WB52] whom one blocks one reads again by the settings', async (t) => {
    const scene = new WebScene(t);
    const [a] = await scene.nodes(['harbour'], { registration: 'open' });
    const bob = await connect({ urls: [a!.http], as: { guest: 'bob' } });
    const ann = await connect({ urls: [a!.http], as: { register: 'ann', password: PASSWORD } });
    t.after(() => Promise.all([bob.close(), ann.close()]));
    await Promise.all([bob.ready, ann.ready]);
    await ann.prefer({ person: bob.view.me!.author }, true);
    const visitor = await scene.visitor();
    await visitor.open(a!);
    await logIn(visitor, 'ann', PASSWORD);
    await visitor.page.locator('[href="#/settings"]').waitFor();
    await visitor.open(a!, '#/settings');
    await visitor.page.getByRole('heading', { name: 'People you block' }).waitFor();
    await visitor.page.getByRole('button', { name: /^Read .* again$/ }).click();
    await visitor.page.getByText(/^Nobody\. Whom you block/).waitFor();
    await until('nobody is blocked', () => ann.view.blocked.size === 0);
    visitor.assertQuiet();
  });
});

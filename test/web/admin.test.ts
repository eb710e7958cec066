/** Administration as owners do it, in a real browser at real nodes. */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { connect } from '../../src/client/index.ts';
import type { RoomId } from '../../src/core/ids.ts';
import { WebScene } from './scene.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const ROOM = '#den' as RoomId;

describe('the administration', () => {
  it('[WB53, WB54] a report: looked at, removed, its author muted for a while with a reason, and that taken back', async (t) => {
    const scene = new WebScene(t);
    const [a] = await scene.nodes(['harbour']);
    const args = ['--disable-warning=ExperimentalWarning', MAIN, 'account', 'setup', '--data', a!.directory];
    const link = execFileSync(process.execPath, args, { encoding: 'utf8' }).trim();
    const ann = await scene.visitor();
    const { page } = ann;
    await page.goto(link);
    await page.getByLabel('Name of the network').fill('Harbour');
    await page.getByLabel('Your name').fill('ann');
    await page.getByLabel('Password').fill('brass-kettle-under-rain');
    await page.getByRole('button', { name: 'Begin' }).click();
    await ann.join('#den');

    const [eve, bob] = await Promise.all(
      ['eve', 'bob'].map(async (guest) => {
        const chat = await connect({ urls: [a!.http], as: { guest } });
        t.after(() => chat.close());
        await chat.ready;
        await chat.join('#den');
        return chat;
      }),
    );
    const { id } = await eve!.post(ROOM, 'buy my watches');
    await bob!.report(ROOM, id, 'advertising');

    await ann.open(a!, '#/admin');
    const report = page.getByRole('list', { name: 'Reports' }).getByRole('listitem');
    await report.getByText('buy my watches').waitFor();
    await report.getByText('“advertising”').waitFor();
    await ann.assertAccessible('the reports');
    await report.getByRole('button', { name: 'Mute eve…' }).click();
    await report.getByLabel('For').selectOption('an hour');
    await report.getByLabel('Reason').fill('no advertising here');
    await report.getByRole('button', { name: 'Mute eve', exact: true }).click();
    await page.getByText('eve is muted.').waitFor();
    await report.getByRole('button', { name: 'Remove the message' }).click();
    await page.getByText('The message is removed.').waitFor();

    await page.getByRole('tab', { name: 'In force, and log' }).click();
    const held = page.getByRole('list', { name: 'In force' });
    await held.getByText('ann muted eve').waitFor();
    await held.getByText('“no advertising here”').waitFor();
    await ann.assertAccessible('the moderation log');
    await held.getByRole('button', { name: 'Take back: ann muted eve' }).click();
    await page.getByText('Nobody is banned or muted in the network.').waitFor();
    await page.getByRole('list', { name: 'Moderation log' }).getByText('taken back').waitFor();

    const guest = await scene.visitor({ viewport: { width: 320, height: 640 } });
    await guest.enterAsGuest(a!, 'cem', '#den');
    await guest.open(a!, '#/admin');
    await guest.page.getByText('What is here is for the owners and moderators').waitFor();
    for (const one of [ann, guest]) one.assertQuiet();
  });
});

/** The composer as people use it, at a real node, in a real browser. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connect } from '../../src/client/index.ts';
import type { RoomId } from '../../src/core/ids.ts';
import { until } from '../../src/demo/processes.ts';
import { WebScene } from './scene.ts';

const DEN = '#den' as RoomId;
const CODE = Array.from({ length: 12 }, (_, i) => `let line${i} = ${i};`).join('\n');

describe('the composer', () => {
  it('[WB30, WB31, WB32, WB33, WB34] writes, completes, shows how it will look, cuts what is long, edits, runs commands, and says why one cannot write', async (t) => {
    const scene = new WebScene(t);
    const [node] = await scene.nodes(['harbour']);
    const bob = await connect({ urls: [node!.http], as: { guest: 'bob' } });
    t.after(() => bob.close());
    await bob.join(DEN);
    const ann = await scene.visitor({ permissions: ['clipboard-read', 'clipboard-write'] });
    await ann.enterAsGuest(node!, 'ann', '#den');
    await bob.post(DEN, 'hello');
    await ann.sees('hello');
    const { page, composer } = ann;
    const said = (): (string | null)[] => bob.view.rooms.get(DEN)!.timeline.map(({ text }) => text);
    const hears = (text: string): Promise<void> => until(`bob hears ${text}`, () => said().includes(text));

    // Completion: a person, an emoji, by keys alone.
    await composer.pressSequentially('thanks @b');
    const list = page.getByRole('listbox', { name: 'People' });
    await list.getByRole('option', { name: /^bob/ }).waitFor();
    await ann.assertAccessible('the completion of people');
    await page.keyboard.press('Tab');
    assert.equal(await composer.inputValue(), 'thanks @bob ');
    await composer.pressSequentially(':tad');
    await page.getByRole('option', { name: /:tada:/ }).waitFor();
    await page.keyboard.press('Enter');
    assert.equal(await composer.inputValue(), 'thanks @bob 🎉 ');
    await until('bob sees that she writes', () => bob.view.rooms.get(DEN)!.typing.length === 1);
    await page.keyboard.press('Enter');
    await hears('thanks @bob 🎉');

    // How it will look; what keys put around what is chosen; names of emoji that were written out.
    await composer.fill('a word');
    await composer.press('ControlOrMeta+a');
    await composer.press('ControlOrMeta+b');
    assert.equal(await composer.inputValue(), '**a word**');
    await page.getByRole('button', { name: 'How it will look' }).click();
    const preview = page.getByRole('region', { name: 'How it will look' });
    assert.equal(await preview.locator('strong').innerText(), 'a word');
    await ann.assertAccessible('the preview');
    await composer.press('End');
    await composer.pressSequentially(' :rocket:');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await hears('**a word** 🚀');
    await preview.waitFor({ state: 'detached' });

    // The picker.
    await page.getByRole('button', { name: 'Emoji', exact: true }).click();
    await page.getByRole('combobox', { name: 'Emoji' }).fill('sailboat');
    await page.getByRole('option', { name: 'sailboat' }).waitFor();
    await page.keyboard.press('Enter');
    await until('it is in the field', async () => (await composer.inputValue()) === '⛵');

    // Arrow up edits the last one, Escape leaves it.
    await composer.fill('');
    await composer.press('ArrowUp');
    assert.equal(await composer.inputValue(), '**a word** 🚀');
    await page.keyboard.press('Escape');
    assert.equal(await composer.inputValue(), '');

    // A paste of many lines is offered as code; what is too long goes as several messages.
    await page.evaluate((text) => navigator.clipboard.writeText(text), CODE);
    await composer.press('ControlOrMeta+v');
    await page.getByText('12 lines were pasted.').waitFor();
    await ann.assertAccessible('the offer to make it code');
    await page.getByRole('button', { name: 'Make it code' }).click();
    assert.equal(await composer.inputValue(), `\`\`\`\n${CODE}\n\`\`\`\n`);
    await page.keyboard.press('Enter');
    await hears(`\`\`\`\n${CODE}\n\`\`\``);
    const long = Array.from({ length: 300 }, (_, i) => `sentence ${i} of a text that is long`).join('\n');
    await composer.fill(long);
    await page.getByText(/bytes: too long for one message/).waitFor();
    await page.waitForTimeout(700);
    assert.equal(await page.getByRole('button', { name: /^To the newest/ }).count(), 0, 'a field that grows moves nobody from the end');
    await page.keyboard.press('Enter');
    assert.equal(await composer.inputValue(), long, 'Enter sends nothing that is too long');
    await page.getByRole('button', { name: 'Send as 2 messages' }).click();
    await until('both are there', () => said().filter((text) => text?.startsWith('sentence')).length === 2);
    assert.equal(
      said()
        .filter((text) => text?.startsWith('sentence'))
        .join('\n'),
      long,
    );

    // Commands: completed, run, or told what is wrong with them, and then the text stays.
    await composer.pressSequentially('/m');
    await page.getByRole('option', { name: /^\/me/ }).waitFor();
    await page.keyboard.press('Enter');
    await composer.pressSequentially('waves');
    await page.keyboard.press('Enter');
    await until('it is an action', () => bob.view.rooms.get(DEN)!.timeline.at(-1)!.style === 'action');
    await ann.say('/nothing here');
    await page.getByText(/There is no command \/nothing/).waitFor();
    assert.equal(await composer.inputValue(), '/nothing here');
    await ann.say('//me is how one says it');
    await hears('/me is how one says it');
    await ann.say('/topic what the den is for');
    await until('it has the topic', () => bob.view.rooms.get(DEN)!.room.topic === 'what the den is for');

    // A reload keeps the draft.
    await composer.fill('kept for later');
    await page.waitForTimeout(600);
    await page.reload();
    await until('the draft is back', async () => (await composer.inputValue()) === 'kept for later');

    // A slow room says how long one waits, an archived one that nothing can be said.
    const settings = { room: DEN, description: '', name: '', retentionSeconds: 0 };
    await bob.setRoom({ ...settings, slowSeconds: 600, archived: false });
    await page.getByText(/Slow mode: one message in 600 s/).waitFor();
    assert.ok(await page.getByRole('button', { name: 'Send' }).isDisabled());
    await composer.press('Enter');
    assert.equal(await composer.inputValue(), 'kept for later');
    await ann.assertAccessible('a slow room');
    await bob.setRoom({ ...settings, slowSeconds: 0, archived: true });
    await page.getByText(/This room is archived/).waitFor();
    assert.equal(await composer.count(), 0);
    await bob.setRoom({ ...settings, slowSeconds: 0, archived: false });
    await until('the draft is back', async () => (await composer.inputValue()) === 'kept for later');
    ann.assertQuiet();
  });
});

/** The views that are pictured, in the order in which one person comes to them. */

import type { NodeProcess } from '../../src/demo/processes.ts';
import type { Visitor } from './scene.ts';

export interface Shot {
  readonly name: string;
  readonly show: (visitor: Visitor, nodes: readonly NodeProcess[]) => Promise<void>;
}

/** What the visitor says, in each round something else. */
const SAID = ['I can be there at ten, too', 'and I have the keys of the rack', 'found the old inventory as well', 'see you then'];
const said = new Set<string>();

export const SHOTS: readonly Shot[] = [
  {
    name: 'sign-in',
    async show(visitor, [node]) {
      await visitor.open(node!);
      await visitor.page.getByRole('tab', { name: 'As a guest' }).waitFor();
    },
  },
  {
    name: 'directory',
    async show(visitor, [node]) {
      await visitor.enterAsGuest(node!, 'dev', '#ubuntu');
      await visitor.join('#ops');
      await visitor.page.goto(`${node!.http}/#/`);
      await visitor.page.getByRole('button', { name: 'Join or make a room' }).filter({ visible: true }).last().click();
      await visitor.page.getByRole('dialog').getByText('Support for Ubuntu').waitFor();
    },
  },
  {
    name: 'room',
    async show(visitor, [node]) {
      await visitor.page.keyboard.press('Escape');
      await visitor.open(node!, '#/room/%23ops');
      await visitor.sees('old');
      const text = SAID.find((one) => !said.has(one)) ?? SAID[0]!;
      said.add(text);
      await visitor.say(text);
      await visitor.message(text).getByLabel('On 3 of 3 nodes').first().waitFor();
      await visitor.page.getByText('sha256sum').first().waitFor();
    },
  },
  {
    name: 'members',
    async show(visitor, [node]) {
      await visitor.open(node!, '#/room/%23ubuntu');
      await visitor.page.getByRole('article').first().waitFor();
      await visitor.page.getByRole('button', { name: /people$/ }).click();
      await visitor.page.getByRole('complementary', { name: 'People' }).getByRole('button').nth(3).waitFor();
    },
  },
  {
    name: 'about',
    async show(visitor) {
      await visitor.page.getByRole('complementary').getByRole('button', { name: 'Close' }).click();
      await visitor.page.getByRole('button', { name: 'About this room' }).click();
      await visitor.page.getByRole('complementary', { name: 'This room' }).getByLabel('Tell me of').waitFor();
    },
  },
  {
    name: 'search',
    async show(visitor) {
      await visitor.page.getByRole('complementary').getByRole('button', { name: 'Close' }).click();
      await visitor.page.getByRole('button', { name: 'Search', exact: true }).click();
      await visitor.page.getByRole('complementary', { name: 'Search' }).getByLabel('Words').fill('install');
      await visitor.page.locator('mark').first().waitFor();
    },
  },
  {
    name: 'palette',
    async show(visitor) {
      await visitor.page.getByRole('complementary').getByRole('button', { name: 'Close' }).click();
      await visitor.page.keyboard.press('Control+k');
      await visitor.page.getByRole('combobox', { name: 'Room, person or command' }).fill('m');
    },
  },
  {
    name: 'settings',
    async show(visitor, [node]) {
      await visitor.page.keyboard.press('Escape');
      await visitor.open(node!, '#/settings');
      await visitor.page.getByRole('radio', { name: 'High contrast' }).waitFor();
    },
  },
  {
    name: 'network',
    async show(visitor, [node]) {
      await visitor.open(node!, '#/network');
      await visitor.page.getByText('serves you').waitFor();
    },
  },
];

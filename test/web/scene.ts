/** What the tests of the web app share: nodes, people in browsers at them, and what every page has to hold. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { TestContext } from 'node:test';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { NodeGroup, type NodeProcess } from '../../src/demo/processes.ts';
import { launchBrowser } from './browser.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** How long a page waits for what it is to show, in ms. */
const SHOW_MS = 15_000;

/** Somebody at a browser of their own. */
export class Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of the page, words of its policy among them. A failed connection is none: that is what is tested. */
  readonly errors: string[] = [];
  /** Where the page sent requests to, but for the nodes. */
  readonly strangers: string[] = [];

  constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    page.setDefaultTimeout(SHOW_MS);
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/net::ERR_|WebSocket connection|status of 4\d\d/.test(message.text()))
        this.errors.push(message.text());
    });
    page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (/^(https?|wss?):$/.test(protocol) && hostname !== '127.0.0.1' && hostname !== 'localhost') this.strangers.push(request.url());
    });
  }

  async open(node: Pick<NodeProcess, 'http'>, hash = ''): Promise<void> {
    await this.page.goto(`${node.http}/${hash}`);
  }

  /** Comes in as a guest and goes to a room. */
  async enterAsGuest(node: Pick<NodeProcess, 'http'>, name: string, room: string): Promise<void> {
    await this.open(node);
    await this.page.getByRole('tab', { name: 'As a guest' }).click();
    await this.page.getByLabel('Name', { exact: true }).fill(name);
    await this.page.getByRole('button', { name: 'Come in' }).click();
    await this.join(room);
  }

  /** Makes an account, where registration is open, and goes to a room. */
  async register(node: Pick<NodeProcess, 'http'>, name: string, room: string): Promise<void> {
    await this.open(node);
    await this.page.getByRole('tab', { name: 'New account' }).click();
    await this.page.getByLabel('Name', { exact: true }).fill(name);
    await this.page.getByLabel('Password').fill('brass-kettle-under-rain');
    await this.page.getByRole('button', { name: 'Make the account' }).click();
    await this.join(room);
  }

  async join(room: string): Promise<void> {
    const rooms = this.page.getByRole('button', { name: 'Rooms', exact: true });
    if ((await rooms.isVisible()) && (await this.composer.isVisible())) await rooms.click();
    await this.page.getByRole('button', { name: 'Join or make a room' }).filter({ visible: true }).first().click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(room);
    await dialog.getByRole('button', { name: 'Join', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await this.composer.waitFor();
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: /^Message to/ });
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /** What stands beside the timeline. */
  panel(name: string): Locator {
    return this.page.getByRole('complementary', { name });
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  /** The messages that are drawn and have this text in them. */
  message(text: string): Locator {
    return this.page.getByRole('article').filter({ hasText: text });
  }

  sees(text: string): Promise<void> {
    return this.message(text).first().waitFor();
  }

  /** Waits until an expression is true in the page. Its policy does not let pages evaluate texts, so it is asked again and again. */
  async holds(expression: string): Promise<void> {
    const endMs = performance.now() + SHOW_MS;
    while (!(await this.page.evaluate(expression))) {
      assert.ok(performance.now() < endMs, `${expression} does not become true`);
      await this.page.waitForTimeout(50);
    }
  }

  /** Holds the page against WCAG 2.2 AA as far as axe can tell; `what`: which view it is. */
  async assertAccessible(what: string): Promise<void> {
    // The policy of the page lets no script in, so it goes in beside it.
    await this.page.evaluate(AXE_TEXT.value);
    const faults = (await this.page.evaluate(RUN_AXE)) as { id: string; nodes: { html: string; failureSummary: string }[] }[];
    const words = faults.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`).join('\n')}`,
    );
    assert.deepEqual(words, [], `axe finds faults in ${what}`);
  }

  assertQuiet(): void {
    assert.deepEqual(this.errors, [], 'the page has errors');
    assert.deepEqual(this.strangers, [], 'the page asked somebody else than the nodes');
  }
}

/** Left out: what popups put at both ends to keep the focus in, which nobody ever stands on, as it goes on at once. */
const RUN_AXE = `axe.run({ exclude: ['[data-base-ui-focus-guard]'] }, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((found) =>
  found.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) })))`;

/** Read when it is needed first. */
const AXE_TEXT = {
  get value(): string {
    return readFileSync(AXE, 'utf8');
  },
};

/** Nodes and browsers of one test, taken down with it however it ends. */
export class WebScene {
  readonly #test: TestContext;
  #browser: Promise<Browser> | null = null;

  constructor(test: TestContext) {
    this.#test = test;
  }

  async nodes(names: readonly string[], config: Readonly<Record<string, unknown>> = {}): Promise<NodeProcess[]> {
    const group = new NodeGroup();
    this.#test.after(() => group.remove());
    return group.network(names, config);
  }

  async visitor(options: BrowserContextOptions = {}): Promise<Visitor> {
    if (!this.#browser) {
      this.#browser = launchBrowser();
      this.#test.after(async () => (await this.#browser!).close());
    }
    const context = await (await this.#browser).newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options });
    return new Visitor(context, await context.newPage());
  }
}

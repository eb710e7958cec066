/**
 * A script is put into every field that somebody else can fill. It never runs, nothing of it is loaded, and no page's policy even has to stop it: markup is letters long before
 * that. Names of people, which doors hold to letters, are changed on their way to the page: a node modified to lie can put there what it wants.
 */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { type Chat, connect } from '../../src/client/index.ts';
import type { AuthorId, RoomId } from '../../src/core/ids.ts';
import type { NodeProcess } from '../../src/demo/processes.ts';
import { type Visitor, WebScene } from './scene.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const PASSWORD = 'brass-kettle-under-rain';
const DEN = '#den' as RoomId;
const IMAGE = '<img src=x onerror=canary()>';
/** As a room may be called. */
const ROOM = '#<img/src=x/onerror=canary()>' as RoomId;

/** Where what is loaded would ask: a server on this machine, which the policy of the page does not allow, and which counts. */
async function trap(t: TestContext): Promise<{ url: string; readonly hits: string[] }> {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, hits };
}

/** What a message may be, in all forms of Markdown. */
function forms(url: string): string[] {
  return [
    IMAGE,
    `<script>canary()</script><script src="${url}/a.js"></script>`,
    `<svg onload=canary()><animate onbegin=canary() attributeName=x></svg>`,
    `<iframe src="${url}/frame"></iframe><iframe srcdoc="<script>parent.canary()</script>"></iframe>`,
    `<style>@import url(${url}/a.css); * { background: url(${url}/bg) }</style><link rel=prefetch href=${url}/p><meta http-equiv=refresh content="0;${url}/m">`,
    `<form action="${url}/f"><button autofocus onfocus=canary()>x</button></form><video src=${url}/v autoplay></video>`,
    `![shown](${url}/image.png) and ![again][ref]\n\n[ref]: ${url}/reference.png "t"`,
    '[press](javascript:canary()) [press](JaVaScRiPt:canary()) [press](java\tscript:canary()) [press](&#106;avascript:canary())',
    '[data](data:text/html,<script>canary()</script>) [vb](vbscript:canary()) [file](file:///etc/passwd) [blob](blob:x)',
    '<javascript:canary()> javascript:canary() data:text/html,<script>canary()</script>',
    '[ref]\n\n[ref]: javascript:canary() "canary"',
    `[quoted](https://example.org/" onmouseover="canary()) <https://example.org/"onmouseover="canary()>`,
    `\`${IMAGE}\` and **${IMAGE}** ~~${IMAGE}~~ *${IMAGE}*`,
    `\`\`\`html\n${IMAGE}\n<script>canary()</script>\n\`\`\``,
    `\`\`\`"><img/src=x/onerror=canary()>\n${IMAGE}\n\`\`\``,
    `> ${IMAGE}\n> [x](javascript:canary())`,
    `# ${IMAGE}\n\n- ${IMAGE}\n\n1. ${IMAGE}`,
    `| ${IMAGE} | [x](javascript:canary()) |\n|---|---|\n| ${IMAGE} | ![x](${url}/cell.png) |`,
    `&lt;img src=x onerror=canary()&gt; \u202e${IMAGE}`,
    `ann: ${IMAGE} https://example.org/<img/src=x/onerror=canary()>`,
    `{{constructor.constructor('canary()')()}} \${canary()} javascript\u200b:canary()`,
  ];
}

/** In the page from its first moment: what counts. */
const WATCH = `
  globalThis.ran = 0;
  globalThis.canary = () => { globalThis.ran++; };
  globalThis.violations = [];
  document.addEventListener('securitypolicyviolation', (event) => globalThis.violations.push(event.violatedDirective + ' ' + event.blockedURI));`;

/** Everything in the page that could run or load, and is not the app's own. */
const ALIVE = `[
  ...[...document.querySelectorAll('script, link, img, iframe, object, embed, video, audio, source, base, meta[http-equiv], form[action], style')]
    .filter((one) => { const from = one.src || one.href; return !(from && new URL(from).origin === location.origin && !from.includes('canary') && !from.endsWith('/x')); })
    .map((one) => one.outerHTML),
  ...[...document.querySelectorAll('*')].flatMap((one) => [...one.attributes].filter(({ name }) => name.startsWith('on')).map(({ name }) => one.tagName + ' ' + name)),
  ...[...document.querySelectorAll('a[href]')].map((one) => one.getAttribute('href')).filter((href) => !/^(#|https?:|mailto:)/.test(href)),
  ...[...document.querySelectorAll('a[href^="http"]')].filter((one) => !/noopener/.test(one.rel) || !/noreferrer/.test(one.rel)).map((one) => one.outerHTML),
]`;

async function watched(scene: WebScene): Promise<Visitor> {
  const one = await scene.visitor();
  await one.page.addInitScript(WATCH);
  one.page.on('dialog', (dialog) => {
    one.errors.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  // A node that lies: of these people the names are what no door takes.
  await one.page.routeWebSocket(/\/api\/v1\/socket$/, (socket) => {
    const node = socket.connectToServer();
    socket.onMessage((text) => node.send(text));
    node.onMessage((text) =>
      socket.send(
        String(text)
          .replaceAll('"name":"eve"', `"name":${JSON.stringify(IMAGE)}`)
          .replaceAll('"byName":"eve"', `"byName":${JSON.stringify(IMAGE)}`),
      ),
    );
  });
  return one;
}

async function assertDead(one: Visitor, where: string): Promise<void> {
  assert.deepEqual(await one.page.evaluate(ALIVE), [], where);
  assert.equal(await one.page.evaluate('globalThis.ran'), 0, where);
  assert.deepEqual(await one.page.evaluate('globalThis.violations'), [], where);
}

async function account(t: TestContext, node: NodeProcess, name: string, rooms: readonly string[]): Promise<Chat> {
  const chat = await connect({ urls: [node.http], as: { register: name, password: PASSWORD } });
  t.after(() => chat.close());
  await chat.ready;
  for (const room of rooms) await chat.join(room);
  return chat;
}

function appPassword(node: NodeProcess, name: string): string {
  const args = [
    '--disable-warning=ExperimentalWarning',
    MAIN,
    'account',
    'app-password',
    'add',
    name,
    '--label',
    '<b>hook</b>',
    '--data',
    node.directory,
  ];
  const said = execFileSync(process.execPath, args, { encoding: 'utf8', input: `${PASSWORD}\n` });
  return /skein-[\w-]+/.exec(said)![0];
}

describe('a canary', () => {
  it('[WB73] in every field that somebody else can fill never runs and never loads anything', async (t) => {
    const scene = new WebScene(t);
    const { url, hits } = await trap(t);
    const [a] = await scene.nodes([IMAGE], { registration: 'open', network: IMAGE });
    const eve = await account(t, a!, 'eve', [DEN, ROOM]);
    const settings = { archived: false, slowSeconds: 0, retentionSeconds: 0, name: '' };
    for (const room of [DEN, ROOM]) {
      await eve.topic(room, `${IMAGE} [x](javascript:canary())`);
      await eve.setRoom({ room, description: `<script>canary()</script>${IMAGE}`, ...settings });
    }
    await eve.away(IMAGE);
    const ann = await watched(scene);
    const requests: string[] = [];
    ann.page.on('request', (request) => requests.push(request.url()));
    await ann.register(a!, 'ann', '#den');
    const me = (await eve.person('ann'))!.author;
    const kept = [];
    for (const text of forms(url)) kept.push(await eve.post(DEN, text));
    await eve.post(DEN, IMAGE, { style: 'action' });
    await eve.post(DEN, IMAGE, { style: 'notice' });
    await eve.post(DEN, `answers ${IMAGE}`, { target: kept[0]!.id });
    for (const { id } of kept.slice(0, 3)) await eve.pin(DEN, id);
    await eve.edit(DEN, kept[1]!.id, `edited ${IMAGE}`);
    await eve.react(DEN, kept[2]!.id, '<img/src=x/onerror=canary()>');
    const hook = await fetch(`${a!.http}/api/v1/hooks/den/${appPassword(a!, 'eve')}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        text: `hook ${IMAGE} <javascript:canary()|press>`,
        attachments: [{ title: IMAGE, title_link: 'javascript:canary()', image_url: `${url}/hook.png` }],
      }),
    });
    assert.equal(hook.status, 200);
    await ann.sees('hook');
    await ann.page.getByText(IMAGE).first().waitFor();
    await assertDead(ann, 'the room');
    // All that was said is drawn once, from the end to the beginning.
    for (let i = 0; i < 12; i++) {
      await ann.page.mouse.move(600, 400);
      await ann.page.mouse.wheel(0, -500);
      await ann.page.waitForTimeout(60);
      await assertDead(ann, `the room, scrolled ${i} times`);
    }
    await around(ann);
    await moderated(ann, eve, me);
    await elsewhere(ann, eve, a!);
    assert.deepEqual(hits, [], 'somebody loaded something');
    const foreign = requests.filter((one) => !one.startsWith(`${a!.http}/`) && !one.startsWith('data:') && !one.startsWith('blob:'));
    assert.deepEqual(foreign, []);
    assert.deepEqual(
      requests.filter((one) => !/^\/($|#|assets\/|icon|api\/|manifest|sw|favicon)/.test(new URL(one).pathname)),
      [],
      'the page asked its node for what somebody wrote',
    );
    ann.assertQuiet();
    // What watches does see: the same text as markup.
    await ann.page.evaluate((markup) => document.body.insertAdjacentHTML('beforeend', markup), IMAGE);
    await ann.holds('globalThis.violations.length > 0');
    assert.equal(((await ann.page.evaluate(ALIVE)) as string[]).length, 2);
  });
});

/** The panels and dialogs. */
async function around(ann: Visitor): Promise<void> {
  const open = async (button: string | RegExp, panel: string): Promise<void> => {
    await ann.page.getByRole('banner').or(ann.page.locator('main > header')).getByRole('button', { name: button }).first().click();
    await ann.panel(panel).waitFor();
  };
  await open('Search', 'Search');
  await ann.panel('Search').getByLabel('Words').fill('canary');
  await ann.panel('Search').locator('mark').first().waitFor();
  await assertDead(ann, 'what was found');
  await open('Pinned', 'Pinned');
  await ann.panel('Pinned').getByText('edited').waitFor();
  await assertDead(ann, 'the pins');
  await open(/people$/, 'People');
  await ann.panel('People').getByRole('button').filter({ hasText: IMAGE }).first().click();
  await ann.panel('Person').getByText(`away: ${IMAGE}`).waitFor();
  await assertDead(ann, 'a person');
  await open('About this room', 'This room');
  await ann.panel('This room').getByText('<script>canary()</script>').waitFor();
  await assertDead(ann, 'about the room');
  await ann.page.getByRole('button', { name: 'Join or make a room' }).click();
  await ann.dialog.getByText('<img/src=x/onerror=canary()>').first().waitFor();
  await assertDead(ann, 'the directory');
  await ann.dialog.getByRole('button').filter({ hasText: '<img/src=x' }).first().click();
  await ann.page.getByRole('heading', { name: '<img/src=x/onerror=canary()>', level: 1 }).waitFor();
  await assertDead(ann, 'a room of that name');
  await ann.page.keyboard.press('Control+k');
  await ann.page.getByRole('combobox', { name: 'Room, person or command' }).fill('canary');
  await ann.dialog.getByRole('option').first().waitFor();
  await assertDead(ann, 'the palette');
  await ann.page.keyboard.press('Escape');
  await ann.page.getByRole('button', { name: 'Message somebody' }).click();
  await ann.dialog.getByText(IMAGE).first().waitFor();
  await assertDead(ann, 'finding somebody');
  await ann.page.keyboard.press('Escape');
}

/** Reasons: of a mute that hits, of a kick, and of sanctions in force. */
async function moderated(ann: Visitor, eve: Chat, me: AuthorId): Promise<void> {
  await eve.mute(DEN, me, 600, IMAGE);
  await ann.open({ http: new URL(ann.page.url()).origin }, '#/room/%23den');
  await ann.say('may I');
  const toNewest = ann.page.getByRole('button', { name: /newest/ });
  if (await toNewest.isVisible()) await toNewest.click();
  await ann.page
    .getByText(/You are muted until/)
    .first()
    .waitFor();
  await ann.page.getByText(IMAGE).first().waitFor();
  await assertDead(ann, 'a refusal with its reason');
  await eve.kick(DEN, me, IMAGE);
  await ann.page.getByRole('heading', { name: 'You are not in this room' }).waitFor();
  await assertDead(ann, 'thrown out');
}

/** Direct messages, cards, an invitation, and the pages. */
async function elsewhere(ann: Visitor, eve: Chat, node: NodeProcess): Promise<void> {
  const me = (await eve.person('ann'))!.author;
  await eve.post({ person: me }, `ann: ${IMAGE}`);
  await ann.page.getByRole('region', { name: 'New elsewhere' }).getByRole('link').first().waitFor();
  await assertDead(ann, 'a card');
  const hidden = await eve.makePrivateRoom('<img/src=x/onerror=canary()>');
  await eve.invite(hidden.id, me);
  for (const page of ['#/network', '#/settings', '#/admin', '#/']) {
    await ann.open(node, page);
    await ann.page.getByRole('main').waitFor();
    await ann.page.waitForTimeout(300);
    await assertDead(ann, page);
  }
}

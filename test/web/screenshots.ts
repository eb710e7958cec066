/**
 * `npm run screenshots [PART]`: the web app's views into docs/screens/web-*.png, narrow and wide, light and dark; with PART only those whose names hold it. The
 * conversation is one of the real logs in ../shared/data.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { NodeGroup } from '../../src/demo/processes.ts';
import { launchBrowser } from './browser.ts';
import { populate } from './conversation.ts';
import { Visitor } from './scene.ts';
import { SHOTS } from './shots.ts';

const PLACE = join(import.meta.dirname, '..', '..', 'docs', 'screens');
const SIZES = { wide: { width: 1360, height: 850 }, narrow: { width: 390, height: 780 } } as const;

const [part = ''] = process.argv.slice(2);
mkdirSync(PLACE, { recursive: true });
const group = new NodeGroup();
const browser = await launchBrowser();
try {
  const nodes = await group.network(['harbour', 'lighthouse', 'mill']);
  await populate(nodes);
  for (const [size, viewport] of Object.entries(SIZES))
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ viewport, colorScheme, locale: 'en-GB', deviceScaleFactor: 1 });
      const visitor = new Visitor(context, await context.newPage());
      for (const { name, show } of SHOTS) {
        const file = `web-${name}-${size}-${colorScheme}.png`;
        await show(visitor, nodes);
        if (!file.includes(part)) continue;
        await visitor.page.screenshot({ path: join(PLACE, file), animations: 'disabled', caret: 'hide' });
        console.log(`docs/screens/${file}`);
      }
      await context.close();
    }
} finally {
  await browser.close();
  await group.remove();
}
process.exit(0);

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import codegen from 'openapi-typescript-codegen';
import { apiScene } from '../../../../test/people/api-scene.ts';
import { openApi } from './openapi.ts';

const root = join(import.meta.dirname, '../../../..');
const directory = mkdtempSync(join(tmpdir(), 'skein-openapi-'));
after(() => rmSync(directory, { recursive: true }));

type Paths = Record<string, Record<string, { operationId: string }>>;

describe('the OpenAPI document', () => {
  it('[AP18] is valid, is what the node serves, and has every route that there is and no other', async () => {
    const document = openApi('0.0.0');
    const { valid, errors } = await new Validator().validate(structuredClone(document) as Record<string, unknown>);
    assert.ok(valid, JSON.stringify(errors));
    const { url, routes } = await apiScene();
    assert.deepEqual(await (await fetch(`${url}/api/v1/openapi.json`)).json(), JSON.parse(JSON.stringify(document)));
    const told = Object.entries(document['paths'] as Paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
    const served = routes.filter((route) => / \/api\/v1\//.test(route) && !/^(HEAD|OPTIONS) /.test(route));
    assert.deepEqual([...told].sort(), [...new Set(served)].sort());
    const ids = Object.values(document['paths'] as Paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    assert.equal(new Set(ids).size, ids.length);
  });

  it('[AP18] a client that is generated from it compiles and works', async () => {
    const scene = await apiScene();
    const { token } = await scene.bot('bot');
    const file = join(directory, 'openapi.json');
    writeFileSync(file, JSON.stringify(openApi('0.0.0')));
    await codegen.generate({ input: file, output: join(directory, 'client'), httpClient: 'fetch', useOptions: true });
    writeFileSync(join(directory, 'package.json'), '{"type":"commonjs"}');
    const compile = [
      '--ignoreConfig',
      '--strict',
      '--target',
      'es2022',
      '--module',
      'nodenext',
      '--lib',
      'es2022,dom',
      '--types',
      '',
      '--outDir',
    ];
    const tsc = spawnSync(join(root, 'node_modules/.bin/tsc'), [...compile, join(directory, 'js'), join(directory, 'client/index.ts')]);
    assert.equal(tsc.status, 0, String(tsc.stdout));
    writeFileSync(join(directory, 'js/package.json'), '{"type":"commonjs"}');
    const client = createRequire(import.meta.url)(join(directory, 'js/index.js'));
    Object.assign(client.OpenAPI, { BASE: scene.url, TOKEN: token });
    const { held } = await client.MessagesService.postRoomsRoomMessages({ room: 'ops', requestBody: { text: 'from a generated client' } });
    assert.equal(held, 1);
    const { messages } = await client.MessagesService.getRoomsRoomMessages({ room: 'ops', limit: 10 });
    assert.deepEqual(
      messages.map(({ text }: { text: string }) => text),
      ['from a generated client'],
    );
  });

  it('[AP19] the examples of docs/api.md work as they stand', async () => {
    const scene = await apiScene();
    const { token } = await scene.bot('bot');
    const blocks = [...readFileSync(join(root, 'docs/api.md'), 'utf8').matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block!);
    const hasCurl = spawnSync('curl', ['--version']).status === 0;
    let ran = 0;
    for (const block of blocks.filter((one) => one.includes('curl'))) {
      const env = { ...process.env, NODE: scene.url, TOKEN: token };
      const shell = hasCurl ? block : `${CURL}\n${block}`;
      const { status, stdout, stderr } = await run(shell, env);
      assert.equal(status, 0, `${block}\n${stdout}${stderr}`);
      ran++;
    }
    assert.ok(ran >= 4, String(ran));
    assert.ok(scene.node.store.messages().length >= 2);
  });
});

/** Where there is no curl, one of as much as the examples use. */
const CURL = `curl() { "${process.execPath}" "${join(import.meta.dirname, '../testing/curl.ts')}" "$@"; }`;

function run(shell: string, env: NodeJS.ProcessEnv): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn('sh', ['-ec', shell], { env });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data) => (stdout += data));
    child.stderr.on('data', (data) => (stderr += data));
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

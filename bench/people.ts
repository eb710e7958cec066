/** What people who mean ill cost the others: one account that sends as fast as it can, and a thousand wrong passwords for the owner's account. */

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { NodeGroup, type NodeProcess, until, untilEqual } from '../src/demo/processes.ts';
import { account, Caller } from '../test/real/caller.ts';

const PASSWORD = 'seven-quiet-lanterns';
/** Others who talk, each from an address of their own: their buckets are not shared. */
const OTHERS = 20;
/** How often each of them says something, in ms: within what one person may. */
const EVERY_MS = 600;
/** Turns without the flood and with it, and how long each is, in ms. */
const TURNS = 4;
const TURN_MS = 10_000;
const GUESSES = 1000;
/** What status tells of the loop is clear of the start after that, in ms. */
const CLEAR_MS = 62_000;
const LONG_MS = 120_000;

interface Other {
  readonly caller: Caller;
  readonly sentMs: Map<string, number>;
}

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? Number.NaN;
const ms = (value: number): string => `${value.toFixed(1)} ms`;
const wait = (forMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, forMs));

async function newcomer(node: NodeProcess, name: string, from: string): Promise<Caller> {
  const caller = new Caller(node, from);
  caller.say('CAP REQ :echo-message message-tags batch draft/chathistory', `NICK ${name}`, `USER ${name} 0 * :${name}`, 'CAP END');
  await caller.next(/ 422 /);
  await caller.service(`REGISTER ${PASSWORD}`, /is your account now/);
  return caller;
}

function helper(job: object) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'people-client.ts'), JSON.stringify(job)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const told = text(child.stdout!).then((json) => JSON.parse(json) as Record<string, number | string>);
  return { end: () => child.stdin!.end(), told };
}

/** Everybody says something in turn for a while; how long the echoes took. */
async function talk(others: readonly Other[], forMs: number): Promise<number[]> {
  const took: number[] = [];
  const endMs = performance.now() + forMs;
  let no = 0;
  for (let turn = 0; performance.now() < endMs; turn++) {
    const { caller, sentMs } = others[turn % others.length]!;
    const words = `${caller.lines.length} ${no++} ${Math.random()}`;
    sentMs.set(words, performance.now());
    caller.say(`PRIVMSG #talk :${words}`);
    await wait(EVERY_MS / others.length);
  }
  await until('all is echoed', () => others.every(({ sentMs }) => sentMs.size === 0), LONG_MS);
  for (const other of others) took.push(...echoes.get(other.caller)!.splice(0));
  return took;
}

const echoes = new Map<Caller, number[]>();

function listen({ caller, sentMs }: Other): void {
  echoes.set(caller, []);
  caller.heardLine = (line) => {
    const words = / PRIVMSG #talk :?(.*)$/.exec(line)?.[1] ?? '';
    const atMs = sentMs.get(words);
    if (atMs === undefined) return;
    sentMs.delete(words);
    echoes.get(caller)!.push(performance.now() - atMs);
  };
}

async function floods(): Promise<object> {
  const group = new NodeGroup();
  const config = { registration: 'open', floods: 'on' };
  try {
    const nodes = await group.network(['a', 'b', 'c'], config);
    await untilEqual(nodes, LONG_MS);
    const [a] = nodes as [NodeProcess];
    const flooder = await newcomer(a, 'flooder', '127.0.2.1');
    await flooder.leave();
    const others: Other[] = [];
    for (let i = 0; i < OTHERS; i++) {
      const other = { caller: await newcomer(a, `other${i}`, `127.0.1.${i + 1}`), sentMs: new Map<string, number>() };
      await other.caller.ask('JOIN #talk', / 366 /);
      listen(other);
      others.push(other);
    }
    await talk(others, TURN_MS / 2);
    const job = { does: 'flood', port: a.irc!.port, from: '127.0.2.1', name: 'flooder', password: PASSWORD };
    const [quiet, flooded]: [number[], number[]] = [[], []];
    const floods: Record<string, number | string>[] = [];
    for (let turn = 0; turn < TURNS; turn++) {
      quiet.push(...(await talk(others, TURN_MS)));
      const { end, told } = helper(job);
      await wait(2000);
      flooded.push(...(await talk(others, TURN_MS)));
      end();
      floods.push(await told);
      await wait(1000);
    }
    const sum = (key: string): number => floods.reduce((total, one) => total + Number(one[key]), 0);
    const cut = floods.find((one) => one['cut'] !== '')?.['cut'];
    if (cut !== undefined) throw new Error(`the node cut the flood off: ${cut}`);
    if (sum('refused') === 0) throw new Error('nothing was refused: there was no flood');
    const row = {
      ...{ quiet: { p50: quantile(quiet, 0.5), p99: quantile(quiet, 0.99), count: quiet.length } },
      ...{ flooded: { p50: quantile(flooded, 0.5), p99: quantile(flooded, 0.99), count: flooded.length } },
      ...{ ratio: quantile(flooded, 0.99) / quantile(quiet, 0.99), sent: sum('sent'), refused: sum('refused'), taken: sum('echoed') },
      words: floods[0]!['words'],
    };
    console.log(`  one account as fast as it can: ${row.sent} sent, ${row.taken} taken, ${row.refused} refused: ${row.words}`);
    console.log(`  echoes of ${OTHERS} others without it: p50 ${ms(row.quiet.p50)}, p99 ${ms(row.quiet.p99)} of ${row.quiet.count}`);
    console.log(
      `  meanwhile: p50 ${ms(row.flooded.p50)}, p99 ${ms(row.flooded.p99)} of ${row.flooded.count}; p99 ratio ${row.ratio.toFixed(2)}`,
    );
    return row;
  } finally {
    await group.remove();
  }
}

/** How long it takes the owner to log in, in ms. */
async function login(node: NodeProcess): Promise<number> {
  const caller = new Caller(node, '127.0.0.2');
  const begunMs = performance.now();
  caller.say('CAP REQ :sasl', 'NICK olga', 'USER olga 0 * :olga', 'AUTHENTICATE PLAIN');
  await caller.next(/AUTHENTICATE \+|AUTHENTICATE :\+/);
  caller.say(`AUTHENTICATE ${Buffer.from(`\0olga\0${PASSWORD}`).toString('base64')}`);
  const answer = await caller.next(/ 90[34] /);
  const tookMs = performance.now() - begunMs;
  if (!answer.includes(' 903 ')) throw new Error(`the owner was not let in: ${answer}`);
  caller.say('CAP END');
  await caller.next(/ 422 /);
  await caller.leave();
  return tookMs;
}

async function logins(node: NodeProcess, count: number): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < count; i++) {
    took.push(await login(node));
    await wait(300);
  }
  return took;
}

async function guesses(): Promise<object> {
  const group = new NodeGroup();
  try {
    const [node] = (await group.network(['a'], { floods: 'on' })) as [NodeProcess];
    const begunMs = performance.now();
    await account(node, [PASSWORD], 'create', 'olga', '--role', 'owner');
    const alone = await logins(node, 10);
    await wait(Math.max(0, CLEAR_MS - (performance.now() - begunMs)));
    const before = (await node.status()).loop;
    const attack = helper({ does: 'guess', port: node.irc!.port, from: '127.0.0.1', name: 'olga', tries: GUESSES, connections: 50 });
    const meanwhile = await logins(node, 10);
    attack.end();
    const told = await attack.told;
    const tried = Number(told['wrong']) + Number(told['waits']);
    if (tried < GUESSES) throw new Error(`not all was tried: ${JSON.stringify(told)}`);
    const { loop } = await node.status();
    console.log(`  ${tried} wrong passwords from one address in ${told['ms']} ms: ${told['wrong']} hashed, ${told['waits']} told to wait`);
    console.log(`  the owner logs in from another address: ${ms(quantile(alone, 0.5))} (at most ${ms(quantile(alone, 1))}) before,`);
    console.log(`    ${ms(quantile(meanwhile, 0.5))} (at most ${ms(quantile(meanwhile, 1))}) meanwhile, ${meanwhile.length} of 10 let in`);
    console.log(
      `  the node's loop was late by ${loop.p99Ms} ms (p99), ${loop.maxMs} ms at most; before by ${before.p99Ms} and ${before.maxMs} ms`,
    );
    return { told, alone, meanwhile, loop, before };
  } finally {
    await group.remove();
  }
}

export async function people(results: string): Promise<void> {
  const [load] = loadavg();
  console.log(`  load ${load!.toFixed(1)}`);
  const rows = { load, guesses: await guesses(), floods: await floods() };
  writeFileSync(join(results, 'people.json'), JSON.stringify(rows, null, 2));
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SessionNo } from '../../core/port.ts';
import { Gate } from './gate.ts';
import { AT_WORK_MAX, WAIT_MS } from './limits.ts';
import { Reader } from './reader.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function people() {
  const told: string[] = [];
  const inside: string[] = [];
  const gate = new Gate();
  const come = (name: string, source: string): Reader => {
    const output = { send: (text: string | Uint8Array) => told.push(`${name} ${text}`) > 0, end: () => undefined };
    const reader = new Reader(1 as SessionNo, output, source);
    void Promise.resolve(gate.enter(reader, 0)).then((isLetIn) => void inside.push(isLetIn ? name : `not ${name}`));
    return reader;
  };
  return { gate, told, inside, come };
}

describe('sessions that wait to be opened', () => {
  it('[AP32] so many are opened at a time; the others are told that they wait, and come in turns by where they come from', async () => {
    const { gate, told, inside, come } = people();
    for (let i = 0; i < AT_WORK_MAX; i++) come(`first${i}`, 'a');
    await turn();
    assert.equal(inside.length, AT_WORK_MAX);
    assert.deepEqual(told, []);
    for (const [name, source] of [
      ['a1', 'a'],
      ['a2', 'a'],
      ['a3', 'a'],
      ['b1', 'b'],
      ['c1', 'c'],
    ] as const)
      come(name, source);
    await turn();
    assert.equal(inside.length, AT_WORK_MAX);
    assert.deepEqual(
      told,
      ['a1', 'a2', 'a3', 'b1', 'c1'].map((name) => `${name} {"type":"wait","ms":${WAIT_MS}}`),
    );
    for (let i = 0; i < 5; i++) gate.ended();
    await turn();
    assert.deepEqual(inside.slice(AT_WORK_MAX), ['a1', 'b1', 'c1', 'a2', 'a3']);
    assert.equal(gate.waiting, 0);
  });

  it('[AP32] nobody is let in while there is enough to read, and whoever went away meanwhile takes nobody’s place', async () => {
    const { gate, inside, come } = people();
    for (let i = 0; i < AT_WORK_MAX; i++) gate.begun();
    const gone = come('gone', 'a');
    come('there', 'a');
    gone.state = 'closed';
    await turn();
    assert.deepEqual(inside, []);
    gate.ended();
    await turn();
    assert.deepEqual(inside, ['not gone', 'there']);
    // What is being read counts on: there is room for as many as ended.
    come('next', 'a');
    await turn();
    assert.equal(inside.length, 2);
    gate.ended();
    await turn();
    assert.deepEqual(inside.slice(2), ['next']);
  });

  it('[AP32] whoever waits long is told again before the time is over', () => {
    const { gate, told, come } = people();
    for (let i = 0; i < AT_WORK_MAX; i++) gate.begun();
    come('one', 'a');
    gate.sweep(WAIT_MS / 2 - 1);
    assert.equal(told.length, 1);
    gate.sweep(WAIT_MS / 2);
    gate.sweep(WAIT_MS / 2 + 1);
    assert.equal(told.length, 2);
  });
});

/** Sessions that break at a real node: each ends alone. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { type NodeProcess, until } from '../../src/demo/processes.ts';
import { seededRandom } from '../../src/lib/prng.ts';
import { deliveryTimes, inWords, judged, type Person, quantile, Scene, SEED } from './faults.ts';

const HELLO = 'NICK evil\r\nUSER evil 0 * :evil\r\n';

/** Sends bytes on a connection of their own; the answer so far grows in what is given back. */
async function opened(node: NodeProcess, bytes: Uint8Array | string): Promise<{ socket: Socket; heard: () => string }> {
  const socket = connect(node.irc!);
  socket.on('error', () => undefined);
  let heard = '';
  socket.on('data', (data) => {
    heard = (heard + data).slice(-100_000);
  });
  await once(socket, 'connect');
  socket.write(bytes);
  return { socket, heard: () => heard };
}

/** Each attack ends with its socket gone, or with the word that is waited for. */
const ATTACKS: Readonly<Record<string, (node: NodeProcess) => Promise<void>>> = {
  async 'random bytes'(node) {
    const { socket } = await opened(node, seededRandom(SEED).bytes(300_000));
    socket.end();
    await once(socket, 'close');
  },
  async 'random bytes after a greeting'(node) {
    const { socket, heard } = await opened(node, HELLO);
    await until('it is greeted', () => heard().includes(' 376 ') || heard().includes(' 422 '));
    socket.write(seededRandom(SEED + 1).bytes(300_000));
    socket.end();
    await once(socket, 'close');
  },
  async 'half a line and a reset'(node) {
    const { socket } = await opened(node, `${HELLO}JOIN #r\r\nPRIVMSG #r :never fin`);
    await until('it is on its way', () => socket.writableLength === 0);
    socket.resetAndDestroy();
  },
  async 'a line of 4 MB'(node) {
    const { socket, heard } = await opened(node, `${HELLO}PRIVMSG #r :`);
    socket.write(Buffer.alloc(4 << 20, 'x'));
    socket.write('\r\nPING after\r\n');
    await until('it is told, or cut', () => socket.destroyed || /417|PONG/.test(heard()));
    socket.destroy();
  },
  async 'broken UTF-8'(node) {
    const { socket, heard } = await opened(node, HELLO);
    socket.write(
      Buffer.concat([
        Buffer.from('PRIVMSG #r :'),
        Buffer.from([0xc3, 0x28, 0xff, 0xfe, 0xed, 0xa0, 0x80]),
        Buffer.from('\r\nPING after\r\n'),
      ]),
    );
    await until('it is answered', () => socket.destroyed || heard().includes('PONG'));
    socket.destroy();
  },
  async 'NULs and bare carriage returns'(node) {
    const { socket, heard } = await opened(
      node,
      `${HELLO}PRIVMSG #r :a\0b\r\n\0\0\0\r\n\r\r\rPRIVMSG #r :c\rQUIT\r\nJOIN #\0\r\nPING after\r\n`,
    );
    await until('it is answered', () => socket.destroyed || heard().includes('PONG'));
    socket.destroy();
  },
  async '10,000 short lines at once'(node) {
    const { socket, heard } = await opened(node, HELLO);
    socket.write('PING x\r\nNOSUCH\r\nPRIVMSG #nowhere :x\r\n\r\n'.repeat(2500));
    socket.write('PING last\r\n');
    await until('it is answered, or cut', () => socket.destroyed || heard().includes('last'));
    socket.destroy();
  },
  async 'questions without reading the answers'(node) {
    const { socket } = await opened(node, `${HELLO}JOIN #r\r\n`);
    socket.pause();
    socket.write('CHATHISTORY LATEST #r * 100\r\nNAMES #r\r\nLIST\r\nWHO #r\r\n'.repeat(5000));
    await until('it is cut, or all was taken', () => socket.destroyed || socket.writableLength === 0);
    socket.resetAndDestroy();
  },
  async '300 connections that open and vanish'(node) {
    const all = await Promise.all(Array.from({ length: 300 }, (_, i) => opened(node, i % 2 ? HELLO.replaceAll('evil', `evil${i}`) : '')));
    for (const { socket } of all) socket.resetAndDestroy();
  },
};

describe('sessions that break', () => {
  it('[RP9, P10] a session that breaks ends alone: others at the same node chat on without a gap', async (t) => {
    t.diagnostic(`seed ${SEED}`);
    const scene = new Scene(t);
    const [a] = (await scene.group().network(['a'])) as [NodeProcess];
    const { pid } = a;
    const people = await scene.peopleAt([a, a]);
    const [ann, bo] = people as [Person, Person];
    const talk = scene.talk(people, 5);
    for (const [name, attack] of Object.entries(ATTACKS)) {
      const fromMs = performance.now();
      await attack(a);
      const before = ann.echoed;
      await until('there is talk after it', () => ann.echoed >= before + 20);
      const times = [...ann.echoTimes(fromMs), ...bo.echoTimes(fromMs), ...deliveryTimes(ann, bo, fromMs).filter(Number.isFinite)];
      t.diagnostic(inWords(name, times));
      assert.ok(quantile(times, 1) < 1000, `${name}: nobody waits for a second`);
    }
    talk.end();
    assert.equal(a.pid, pid);
    await judged(people);
    assert.deepEqual([ann.client.failovers.length, bo.client.failovers.length, ann.client.repeats, bo.client.repeats], [0, 0, 0, 0]);
  });
});

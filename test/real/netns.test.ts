/** Three nodes on hosts of their own, on one Ethernet, one of whose cables is pulled out and put back. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type NodeProcess, until, untilEqual } from '../../src/demo/processes.ts';
import { exportsWithHashes, judged, type Person, Scene, settled, sha256, untilLinked, untilLinkIs } from './faults.ts';
import { Ethernet, type NetHost, whyNoHosts } from './netns.ts';

describe('hosts', { skip: whyNoHosts() }, () => {
  it('[RP11] three hosts on an Ethernet join by invitation; with one cable out both sides go on, and with it back they hold the same', async (t) => {
    const scene = new Scene(t);
    const net = new Ethernet();
    scene.undo(() => net.remove());
    const group = scene.group();
    const hosts = [net.host(), net.host(), net.host()] as [NetHost, NetHost, NetHost];
    const nodes: NodeProcess[] = [];
    for (const [i, host] of hosts.entries()) {
      const node = group.add('abc'[i]!);
      const join = i === 0 ? [] : ['--join', await nodes[0]!.invite()];
      await node.start(
        ['--mesh', `${host.address}:0`, '--irc', `${host.door}:0`, '--http', 'off', '--guests', 'on', '--floods', 'off', ...join],
        host.wrap,
      );
      nodes.push(node);
    }
    const [a, , c] = nodes as [NodeProcess, NodeProcess, NodeProcess];
    await untilLinked(nodes, { a: 'bc', b: 'ac', c: 'ab' });
    const people = await scene.peopleAt(nodes);
    const carl = people[2] as Person;
    const talk = scene.talk(people, 15);
    await until('all are echoed', () => people.every(({ echoed }) => echoed >= 20));
    await until('three copies are counted', () => people.every(({ client }) => client.sent.some(({ held }) => held === 3)));
    hosts[2].unplug();
    const cutMs = performance.now();
    await untilLinkIs('suspect', a, 'c');
    await until('both sides go on', () => people.every((person) => person.echoTimes(cutMs + 2000).length >= 20));
    const alone = carl.client.sent.findLast(({ id }) => id !== null)!;
    assert.deepEqual([alone.held, alone.wanted], [1, 1]);
    assert.ok(!people[0]!.shownMs.has(alone.text), 'nothing goes through the cable');
    hosts[2].plugIn();
    const healMs = performance.now();
    await until('a is shown what c said alone', () => people[0]!.shownMs.has(alone.text));
    talk.end();
    await settled(people);
    t.diagnostic(`cut for ${(healMs - cutMs).toFixed()} ms; healed ${(people[0]!.shownMs.get(alone.text)! - healMs).toFixed()} ms after`);
    await judged(people);
    await untilLinked(nodes, { a: 'bc', b: 'ac', c: 'ab' });
    await untilEqual(nodes);
    const { exports, hashes } = await exportsWithHashes([a, c]);
    assert.deepEqual(exports.map(sha256), hashes);
    assert.equal(new Set(hashes).size, 1);
  });
});

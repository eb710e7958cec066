import assert from 'node:assert/strict';
import { it } from 'node:test';
import { dayOf, readIrcLog, readJsonExport } from './chat-log.ts';

const DAY = Date.UTC(2016, 11, 19);
const at = (lines: readonly { atMs: number }[]): string[] => lines.map(({ atMs }) => new Date(atMs).toISOString().slice(8, 16));

it('[CL1] times of an IRC log: a step back of under 12 hours adds 12 hours, a larger one a day', () => {
  const log = (...times: string[]) => readIrcLog(times.map((time) => `[${time}] <ann> hi`).join('\n'), '#r', DAY).lines;
  assert.deepEqual(at(log('10:00', '10:00', '11:59')), ['19T10:00', '19T10:00', '19T11:59']);
  assert.deepEqual(at(log('11:59', '01:00')), ['19T11:59', '19T13:00']);
  assert.deepEqual(at(log('23:50', '00:10')), ['19T23:50', '20T00:10']);
  assert.deepEqual(at(log('23:50', '00:10', '00:20')), ['19T23:50', '20T00:10', '20T00:20']);
});

it('[CL2] blank and === lines are skipped, equal lines are counted, actions are known, a byte order mark is no text', () => {
  const text = '\uFEFF[01:00] <ann> hi\n[01:00] <ann> hi\n=== bo has joined\n\n[01:01] * bo waves\n[01:02] <ann>  \n';
  const { lines, skipped } = readIrcLog(text, '#R', DAY);
  assert.deepEqual(
    lines.map(({ room, nick, style, text, n }) => [room, nick, style, text, n]),
    [
      ['#r', 'ann', 'text', 'hi', 0],
      ['#r', 'ann', 'text', 'hi', 1],
      ['#r', 'bo', 'action', 'waves', 0],
    ],
  );
  assert.equal(skipped, 2);
  assert.equal(dayOf('2016-12-19_20.log'), DAY);
  assert.equal(dayOf('chat.log'), null);
});

it('[CL3] a JSON export is read back; lines that are no messages of public rooms are skipped', () => {
  const line = { type: 'message', room: '#r', name: 'ann', at: '2016-12-19T01:00:00.000Z', text: 'hi', style: 'notice' };
  const { lines, skipped } = readJsonExport(`${JSON.stringify(line)}\nnot json\n${JSON.stringify({ ...line, room: '@00' })}\nnull\n`);
  assert.deepEqual(lines, [{ room: '#r', atMs: DAY + 3_600_000, nick: 'ann', style: 'notice', text: 'hi', n: 0 }]);
  assert.equal(skipped, 3);
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apiScene } from '../../../../test/people/api-scene.ts';
import { decodeMessage } from '../../../core/message.ts';

/** What Alertmanager's Slack receiver sends. */
const SLACK = {
  channel: '#ops',
  username: 'Alertmanager',
  attachments: [
    {
      title: '[FIRING:1] DiskFull (db1)',
      title_link: 'http://alerts.example.org/#/alerts?receiver=ops',
      text: 'The disk of db1 is 97 % full &amp; filling.',
      fallback: '[FIRING:1] DiskFull',
      color: 'danger',
      fields: [{ title: 'severity', value: 'critical', short: true }],
    },
  ],
};
/** What Alertmanager's own webhook sends. */
const ALERTMANAGER = {
  version: '4',
  groupKey: '{}:{alertname="DiskFull"}',
  status: 'firing',
  receiver: 'skein',
  groupLabels: { alertname: 'DiskFull' },
  commonLabels: { alertname: 'DiskFull', severity: 'critical' },
  externalURL: 'http://alertmanager:9093',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'DiskFull', instance: 'db1:9100', severity: 'critical' },
      annotations: { summary: 'Disk almost full', description: '97 % of /var is used.' },
      startsAt: '2026-03-01T10:00:00Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus:9090/graph',
      fingerprint: 'c0ffee',
    },
    { status: 'resolved', labels: { alertname: 'DiskFull', instance: 'db2:9100' }, annotations: {} },
  ],
};
/** What Grafana's webhook contact point sends. */
const GRAFANA = {
  receiver: 'skein',
  status: 'firing',
  orgId: 1,
  alerts: [{ status: 'firing', labels: { alertname: 'High load' }, annotations: {}, valueString: '[ var=A value=9 ]' }],
  title: '[FIRING:1] High load',
  state: 'alerting',
  message: '**Firing**\n\nValue: A=9',
};

describe('webhooks', () => {
  it('[AP17] payloads of Slack’s, Alertmanager’s and Grafana’s shape become readable messages, and are answered ok', async () => {
    const scene = await apiScene();
    const { token } = await scene.bot('monitor');
    const hook = async (body: unknown, path = `/ops/${token}`, headers: Record<string, string> = {}) => {
      const all = { 'content-type': 'application/json', ...headers };
      const response = await fetch(`${scene.url}/api/v1/hooks${path}`, { method: 'POST', headers: all, body: JSON.stringify(body) });
      return [response.status, await response.text()];
    };
    const last = () => decodeMessage(scene.node.store.messages().at(-1)!.payload!).text;
    assert.deepEqual(await hook(SLACK), [200, 'ok']);
    assert.equal(
      last(),
      'Alertmanager: [FIRING:1] DiskFull (db1) (http://alerts.example.org/#/alerts?receiver=ops)\nThe disk of db1 is 97 % full & filling.\nseverity: critical',
    );
    assert.deepEqual(await hook(ALERTMANAGER), [200, 'ok']);
    assert.equal(
      last(),
      '[firing] DiskFull (critical): instance=db1:9100\nDisk almost full\n97 % of /var is used.\nhttp://prometheus:9090/graph\n[resolved] DiskFull: instance=db2:9100',
    );
    assert.deepEqual(await hook(GRAFANA, '/%23ops', { authorization: `Bearer ${token}` }), [200, 'ok']);
    assert.equal(last(), '[FIRING:1] High load\n**Firing**\n\nValue: A=9');
    assert.deepEqual(await hook({ text: 'See <https://example.org|the page>\u0007, <!here>' }), [200, 'ok']);
    assert.equal(last(), 'See the page (https://example.org), @here');
    assert.equal((await hook({ text: 'x'.repeat(9000) }))[0], 200);
    assert.equal(last().length, 4001);
    assert.equal((await hook({ more: 1 }))[0], 400);
    assert.equal((await hook({ text: 'x' }, '/ops/skein-wrong'))[0], 401);
    assert.equal((await hook({ text: 'x' }, '/ops'))[0], 401);
  });
});

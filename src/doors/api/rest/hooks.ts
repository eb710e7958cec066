/**
 * Incoming webhooks, as monitoring systems speak them: Slack's shape (`text`, `username`, `attachments`), and Alertmanager's own (`alerts`). What comes in becomes one
 * readable message of the account whose app password it came with.
 */

import { HOOK_LETTERS_MAX } from '../limits.ts';
import type { Schema } from '../schemas.ts';
import type { Route } from './route.ts';

type Json = Readonly<Record<string, unknown>>;

const lines = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n');
const said = (value: unknown): string => (typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '');
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : []);

/** Slack's links and escapes in plain words: `<https://x|here>` is `here (https://x)`. */
function plain(text: string): string {
  const linked = text.replace(/<((?:https?|mailto):[^|>\s]+)(?:\|([^>]*))?>/g, (_, url: string, name?: string) =>
    name ? `${name} (${url})` : url,
  );
  const named = linked
    .replace(/<!(channel|here|everyone)(?:\|[^>]*)?>/g, '@$1')
    .replace(/<[@#!]([^|>]*)(?:\|([^>]*))?>/g, (_, id: string, name?: string) => name || id);
  return named.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function fields(values: Json[]): string {
  return lines(...values.map(({ title, value }) => [said(title), plain(said(value))].filter((part) => part !== '').join(': ')));
}

function attachment(one: Json): string {
  const title = plain(said(one['title']));
  const link = said(one['title_link']);
  const head = title !== '' && link !== '' ? `${title} (${link})` : title || link;
  const body = lines(plain(said(one['pretext'])), head, plain(said(one['text'])), fields(listOf(one['fields'])));
  return body === '' ? plain(said(one['fallback'])) : body;
}

/** One alert of Alertmanager's, in a line. */
function alert({ status, labels, annotations, generatorURL }: Json): string {
  const [label, note] = [isJson(labels) ? labels : {}, isJson(annotations) ? annotations : {}];
  const name = said(label['alertname']) || 'alert';
  const rest = Object.entries(label).filter(([key]) => key !== 'alertname' && key !== 'severity');
  const about = rest.map(([key, value]) => `${key}=${said(value)}`).join(' ');
  const severity = said(label['severity']);
  const head = `[${said(status) || 'firing'}] ${name}${severity === '' ? '' : ` (${severity})`}${about === '' ? '' : `: ${about}`}`;
  return lines(head, said(note['summary']), said(note['description']), said(generatorURL));
}

/** The text of a payload; empty where it says nothing. */
export function hookText(body: Json): string {
  const alerts = listOf(body['alerts']);
  const slack = lines(plain(said(body['text'])), ...listOf(body['attachments']).map(attachment));
  // Grafana's own has alerts, a title and a message; the message says it all.
  const message = lines(said(body['title']), said(body['message']));
  const text = slack || (alerts.length > 0 && said(body['message']) === '' ? lines(...alerts.map(alert)) : message);
  const name = said(body['username']).slice(0, 64);
  const whole = name === '' || text === '' ? text : `${name}: ${text}`;
  return whole.length > HOOK_LETTERS_MAX ? `${whole.slice(0, HOOK_LETTERS_MAX).toWellFormed()}…` : whole;
}

/** What cannot stand in a message is left out. */
export function cleaned(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\t\n]/gu, '')
    .toWellFormed();
}

export const HOOK_BODY: Schema = {
  type: 'object',
  additionalProperties: true,
  properties: { text: { type: 'string' }, username: { type: 'string' }, attachments: { type: 'array' }, alerts: { type: 'array' } },
};

const hook = { method: 'POST', tag: 'hooks', body: HOOK_BODY, answer: { type: 'string', const: 'ok' } } as const;

/** Told of in the OpenAPI document; served in server.ts, as they answer in plain text. */
export const HOOKS: readonly Omit<Route, 'does'>[] = [
  { ...hook, path: '/hooks/{room}', summary: 'A Slack-compatible webhook, with the app password in the Authorization header' },
  {
    ...hook,
    path: '/hooks/{room}/{token}',
    free: true,
    summary: 'The same with the app password in the address, for what sends no headers',
  },
];

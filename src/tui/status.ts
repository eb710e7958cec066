/** The lowest row: the node, how well it is reached, what is not sent yet. Pure. */

import type { View } from '../client/view.ts';
import { type Look, type Row, type Size, span, spread } from './cells.ts';
import type { Env } from './env.ts';
import { cleanLine } from './text.ts';
import { unsent } from './ui.ts';

function connectionWords({ connection }: View, { glyphs }: Env): readonly [string, Look] {
  switch (connection.state) {
    case 'connecting': {
      const why = connection.why === '' ? '' : `: ${cleanLine(connection.why)}`;
      if (connection.tried === 0) return [`${glyphs.off} connecting${glyphs.more}`, 'bar busy'];
      return [`${glyphs.off} offline${why}, trying again`, 'bar bad'];
    }
    case 'catching up':
      return [`${glyphs.on} ${cleanLine(connection.node.name)} catching up${glyphs.more}`, 'bar busy'];
    case 'online':
      return [
        `${glyphs.on} ${cleanLine(connection.node.name)}${connection.rttMs === null ? '' : ` ${Math.round(connection.rttMs)} ms`}`,
        'bar good',
      ];
    case 'over':
      return [`${glyphs.off} the session is over: ${cleanLine(connection.why)}`, 'bar bad'];
  }
}

export function statusRow(view: View, { columns }: Size, env: Env): Row {
  const { connection, failovers, nodes } = view;
  const [words, look] = connectionWords(view, env);
  const waits = unsent(view);
  const parts: Row = [span(' ', 'bar'), span(words, look)];
  const isOnline = connection.state === 'online';
  const live = nodes.filter(({ state }) => state !== 'down').length;
  const more: Row = [
    ...(waits > 0 ? [span(` ${env.glyphs.dot} ${waits} unsent`, 'bar busy' as Look)] : []),
    ...(isOnline && nodes.length > 1
      ? [span(` ${env.glyphs.dot} ${live} of ${nodes.length} nodes`, (live < nodes.length ? 'bar busy' : 'bar') as Look)]
      : []),
    ...(isOnline && failovers > 0
      ? [span(` ${env.glyphs.dot} moved ${failovers === 1 ? 'once' : `${failovers} times`}`, 'bar' as Look)]
      : []),
  ];
  const me = view.me ? `${cleanLine(view.me.name)}${view.me.account ? '' : ' (guest)'} ` : '';
  const right = columns < 40 ? '' : columns < 76 ? ' F1 help ' : ` ${me}${env.glyphs.dot} F1 help `;
  return spread([...parts, ...more], [span(right, 'bar')], columns, 'bar');
}

/** Rows of several feeds in the order of history, each feed’s in that order already. */

import type { FeedId } from '../core/ids.ts';
import type { HistoryKey } from '../core/order.ts';
import { compareText } from '../lib/bytes.ts';

/** However it ends it lets go of all: an open read would hold the log as it is. */
export function* merged<Row extends { readonly key: HistoryKey }>(
  feeds: readonly { readonly id: FeedId; readonly rows: Generator<Row> }[],
): Generator<Row> {
  try {
    const next = feeds.flatMap(({ id, rows }) => {
      const { value } = rows.next();
      return value ? [{ id, rows, row: value as Row }] : [];
    });
    while (next.length > 0) {
      const first = next.reduce((a, b) => ((a.row.key - b.row.key || compareText(a.id, b.id)) <= 0 ? a : b));
      yield first.row;
      const { value } = first.rows.next();
      if (value) first.row = value as Row;
      else next.splice(next.indexOf(first), 1);
    }
  } finally {
    for (const { rows } of feeds) rows.return(undefined);
  }
}

/** The checks of what is gone from the disks: all that is erased by right, and nothing else. */

import type { Run } from './verdict.ts';

export function* erasure(run: Run): Iterable<string> {
  const { erased, erasing, blanked } = run.record.effects;
  for (const { dump } of run.dumps) {
    for (const id of dump.whole)
      if (erased.has(id) && !erasing.has(id))
        yield `${id} was erased by ${erased.get(id)}, and its payload is on the disk of ${dump.machine}`;
    for (const id of dump.blank)
      if (!blanked.has(id)) yield `the payload of ${id} is missing on the disk of ${dump.machine}, and nothing erased it`;
  }
}

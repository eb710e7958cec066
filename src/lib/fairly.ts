/** Choosing some of what several want, so that whoever wants much leaves room for the others. */

/** So many at most, of each owner's in turn. */
export function fairly<Owner, Want>(count: number, wants: Iterable<readonly [Owner, Want]>): Set<Want> {
  const byOwner = new Map<Owner, Set<Want>>();
  for (const [owner, want] of wants) {
    const all = byOwner.get(owner);
    if (all) all.add(want);
    else byOwner.set(owner, new Set([want]));
  }
  const taken = new Set<Want>();
  let turns = [...byOwner.values()].map((all) => [...all]);
  for (let i = 0; turns.length > 0 && taken.size < count; i++) {
    for (const all of turns) if (taken.size < count) taken.add(all[i]!);
    turns = turns.filter((all) => all.length > i + 1);
  }
  return taken;
}

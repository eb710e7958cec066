/** Checks of what goes around the log, and of what people are warned of. */

import type { Check } from './verdict.ts';

/** Nobody is told of typing by somebody who did not, nor in one session more often than they said so; a hostile member's own people may say what they like. */
export const typing: Check = function* (run) {
  const said = new Map<string, number>();
  const told = new Map<string, number>();
  for (const event of run.record.events) {
    if (event.type === 'typed' && event.on) said.set(`${event.author} ${event.room}`, (said.get(`${event.author} ${event.room}`) ?? 0) + 1);
    if (event.type !== 'told of typing' || !event.on || run.record.hostileAuthors.has(event.author)) continue;
    const of = `${event.author} ${event.room}`;
    const key = `${event.client} ${event.session} ${of}`;
    told.set(key, (told.get(key) ?? 0) + 1);
    if (told.get(key)! > (said.get(of) ?? 0))
      yield `client ${event.client} was told that ${event.author} types in ${event.room}, who did not`;
  }
};

/** People are told of a direct room's typing only where it is theirs. */
export const typingLeaks: Check = function* (run) {
  for (const { client, room } of run.of('told of typing'))
    if (room.startsWith('@') && !run.record.clients[client]?.direct.includes(room)) yield `client ${client} was told of typing in ${room}`;
};

/** No honest member is named to people as one that floods. */
export const namesNobody: Check = function* (run) {
  for (const { machine, named, isHonest } of run.of('named')) if (isHonest) yield `${machine} says that ${named} floods`;
};

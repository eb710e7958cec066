/** Commands about the live node, as they come over the control socket. */

import type { AuthorId, NodeId, RoomId } from '../core/ids.ts';
import { type ImportedLine, importedOp } from '../core/import.ts';
import { publicRoomId } from '../core/kinds/room.ts';
import { STYLES } from '../core/message.ts';
import type { Op } from '../core/op.ts';
import type { Place } from '../core/order.ts';
import { ACTS_LIMIT_MAX, type Act } from '../core/port.ts';
import { nameOf } from '../core/state.ts';
import type { Suite } from '../core/suite.ts';
import { checkRoomName, lineFault, REASON_LENGTH_MAX, textFault } from '../core/text.ts';
import { compareText } from '../lib/bytes.ts';
import type { Findings } from '../store/verify.ts';
import { nodeInvitation } from './admin.ts';
import type { ControlHandler, ControlRequest } from './control.ts';
import type { Identity } from './directory.ts';
import type { NodeLoop } from './loop.ts';
import type { LoopDelay } from './loop-delay.ts';
import type { Operator } from './operator.ts';
import type { Setup } from './setup.ts';
import { type Listening, type StateHashes, statusOf } from './status.ts';

/** One node of `skein nodes`. */
export interface Member {
  readonly id: string;
  readonly name: string;
  readonly state: 'self' | 'up' | 'suspect' | 'connecting' | 'down' | 'revoked';
  /** Why it was revoked. */
  readonly reason: string | null;
}

/** One line of `skein account log`: an act, with names. */
export type ActLine = Omit<Act, 'by' | 'person' | 'undoneBy' | 'place'> & {
  readonly by: string;
  readonly person: string | null;
  readonly undoneBy: string | null;
};

/** What `skein verify` tells. */
export interface Verified {
  /** Entries that are whole. */
  readonly entries: number;
  readonly damaged: number;
  /** Damaged ones that peers have sent again. */
  readonly mended: number;
  /** Why the log is of no use as it is; null where it is. */
  readonly corrupt: string | null;
}

export interface About {
  readonly loop: NodeLoop;
  readonly hashes: StateHashes;
  readonly listening: Listening;
  readonly identity: Identity;
  readonly startedAt: string;
  readonly version: string;
  readonly suite: Suite;
  /** Holds the whole log against its hashes. */
  readonly verify: () => Promise<Findings>;
  readonly operator: Operator;
  readonly setup: Setup;
  readonly delay: LoopDelay;
}

/** Messages of an import written before the next are read. */
const IMPORT_PART = 2000;
/** How long `verify` waits for peers to send what is damaged, and between two looks, in ms. */
const MEND_MS = 30_000;
const MEND_STEP_MS = 100;
const INVITE_USES_MAX = 1000;
const INVITE_MS_MAX = 366 * 86_400_000;

export function answerControl(about: About): ControlHandler {
  return async function* (request, lines) {
    switch (request.command) {
      case 'status':
        return statusOf(about);
      case 'where':
        return whereOf(about);
      case 'invite':
        return invite(about, request);
      case 'moderation log':
        return actLines(about.loop, request);
      case 'accounts':
        return about.operator.facts.list();
      case 'people':
        return about.operator.facts.of(namesOf(request));
      case 'check name':
        return about.operator.facts.nameFault(String(request['name'] ?? ''));
      case 'check invitation':
        return about.operator.invitationOf(String(request['token'] ?? ''));
      case 'write':
        return write(about, request);
      case 'invite people':
        return about.operator.invite(...usesOf(request));
      case 'nodes':
        return membersOf(about.loop);
      case 'revoke':
        return revoke(about, request);
      case 'verify':
        return yield* verify(about);
      case 'import':
        return yield* importLines(about, lines);
      default:
        throw new Error(`the node does not know the command ‘${request.command}’: it may be of another version`);
    }
  };
}

/** Where a node's API answers (or `off`), and of which network it is. */
export interface Where {
  readonly http: string;
  readonly node: string;
  readonly network: string;
}

function whereOf({ listening, loop, identity }: About): Where {
  return { http: listening.http, node: loop.node.name, network: identity.network };
}

/** How often and for how many ms an invitation is to be good. */
function usesOf(request: ControlRequest): [uses: number, forMs: number] {
  const uses = Number(request['uses']);
  const forMs = Number(request['forMs']);
  if (!Number.isInteger(uses) || uses < 1 || uses > INVITE_USES_MAX) throw new Error(`an invitation has 1 to ${INVITE_USES_MAX} uses`);
  if (!Number.isInteger(forMs) || forMs < 1000 || forMs > INVITE_MS_MAX)
    throw new Error('an invitation is good for one second to one year');
  return [uses, forMs];
}

/** Names that one question is about. */
const NAMES_MAX = 8;

function namesOf(request: ControlRequest): string[] {
  const names = textsOf(request['names']);
  if (names.length > NAMES_MAX) throw new Error(`one question is about at most ${NAMES_MAX} names`);
  return names;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** Writes ops that the command line signed; for each, why it is void. */
async function write({ operator, setup }: About, request: ControlRequest): Promise<(string | null)[]> {
  const faults = await operator.write(textsOf(request['ops']));
  // With the first owner the setup link is over.
  setup.token();
  return faults;
}

async function invite({ loop, identity }: About, request: ControlRequest): Promise<string> {
  const [uses, forMs] = usesOf(request);
  return nodeInvitation(loop, identity, uses, Date.now() + forMs);
}

/** All members in the order of their names. */
function membersOf(loop: NodeLoop): Member[] {
  const links = new Map([...loop.engine.replica.links.values()].map((link) => [link.node, link]));
  const stateOf = (id: NodeId, reason: string | null): Member['state'] => {
    const link = links.get(id);
    if (reason !== null) return 'revoked';
    if (id === loop.node.id) return 'self';
    return !link ? 'down' : link.phase !== 'open' ? 'connecting' : link.suspect ? 'suspect' : 'up';
  };
  const members = [...loop.state.nodes].map(([id, { name }]) => {
    const reason = loop.engine.members.revocation(id);
    return { id, name, state: stateOf(id, reason), reason };
  });
  return members.sort((a, b) => compareText(a.name + a.id, b.name + b.id));
}

async function revoke({ loop }: About, request: ControlRequest): Promise<Member> {
  const [wanted, reason] = [String(request['node'] ?? ''), String(request['reason'] ?? '')];
  if (lineFault(reason, REASON_LENGTH_MAX)) throw new Error(`the reason has to be one line of at most ${REASON_LENGTH_MAX} letters`);
  const found = membersOf(loop).filter(({ id, name }) => name === wanted || (wanted.length >= 8 && id.startsWith(wanted)));
  if (found.length === 0) throw new Error(`there is no node ‘${wanted}’: \`skein nodes\` lists them`);
  if (found.length > 1)
    throw new Error(`there are ${found.length} nodes ‘${wanted}’: name it by the beginning of its id (\`skein nodes\`)`);
  const [member] = found as [Member];
  if (member.state === 'self') throw new Error('a node cannot revoke itself: do it at another one');
  if (!(await loop.revoke(member.id as NodeId, reason))) throw new Error(`${member.name} was revoked already`);
  return member;
}

/** Checks the whole log, then waits until what was damaged is mended. */
async function* verify({ loop, verify: check }: About): AsyncGenerator<unknown, Verified> {
  const { entries, holes, corrupt } = await check();
  if (corrupt !== null) return { entries, damaged: holes.length, mended: 0, corrupt };
  const { replica } = loop.engine;
  for (let waited = 0; replica.holes > 0 && waited < MEND_MS; waited += MEND_STEP_MS) {
    yield replica.holes;
    await new Promise((resolve) => setTimeout(resolve, MEND_STEP_MS));
  }
  // More may have been found meanwhile.
  return { entries, damaged: holes.length, mended: Math.max(0, holes.length - replica.holes), corrupt };
}

async function* importLines({ loop, suite }: About, lines: AsyncIterator<string>): AsyncGenerator<unknown, unknown> {
  const before = { ...loop.imports };
  loop.openImport();
  let part: Op[] = [];
  let count = 0;
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    part.push(importedOp(suite, checkedLine(JSON.parse(line.value) as ImportedLine)));
    if (part.length < IMPORT_PART) continue;
    await loop.import(part);
    count += part.length;
    part = [];
    yield count;
  }
  if (part.length > 0) await loop.import(part);
  const repeated = loop.imports.repeated - before.repeated;
  return { imported: loop.imports.written - before.written - repeated, repeated };
}

/** A line as it may go into the log; throws for what the command that sent it should have left out. */
function checkedLine(line: ImportedLine): ImportedLine {
  const room = checkRoomName(line.room);
  const style = STYLES.find((one) => one === line.style);
  if ('fault' in room || !style || textFault(line.text) || !Number.isSafeInteger(line.atMs * 1024) || line.atMs <= 0)
    throw new Error('a line of the import is no message');
  return { room: publicRoomId(room.name), atMs: line.atMs, nick: line.nick.slice(0, 64), style, text: line.text, n: line.n };
}

/** The moderation log with names, newest first. */
function actLines(loop: NodeLoop, { room, limit }: ControlRequest): ActLine[] {
  const where = typeof room === 'string' ? (room as RoomId | '') : '';
  const nick = (author: AuthorId | null): string | null =>
    author === null ? null : nameOf(loop.state, { author, nick: null, place: null as never });
  const acts: Act[] = [];
  for (let before: Place | null = null; acts.length < Number(limit); before = acts.at(-1)!.place) {
    const page = loop.actsOf(where, before, ACTS_LIMIT_MAX);
    acts.push(...page);
    if (page.length < ACTS_LIMIT_MAX) break;
  }
  return acts.slice(0, Number(limit)).map(({ place: _, by, person, undoneBy, ...act }) => ({
    ...act,
    by: nick(by)!,
    person: nick(person),
    undoneBy: nick(undoneBy),
  }));
}

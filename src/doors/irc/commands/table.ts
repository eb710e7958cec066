/** Every command that the door knows. */

import { authenticate } from './authenticate.ts';
import { away } from './away.ts';
import { cap } from './cap.ts';
import { chathistory } from './chathistory.ts';
import type { IrcCommand } from './command.ts';
import { invite } from './invite.ts';
import { ison } from './ison.ts';
import { join } from './join.ts';
import { kick } from './kick.ts';
import { kline, unkline } from './kline.ts';
import { list } from './list.ts';
import { lusers } from './lusers.ts';
import { mode } from './mode.ts';
import { motd } from './motd.ts';
import { names } from './names.ts';
import { nick } from './nick.ts';
import { chanserv, nickserv } from './nickserv.ts';
import { part } from './part.ts';
import { pass } from './pass.ts';
import { ping } from './ping.ts';
import { pong } from './pong.ts';
import { privmsg } from './privmsg.ts';
import { quit } from './quit.ts';
import { redact } from './redact.ts';
import { register } from './register.ts';
import { search } from './search.ts';
import { silence } from './silence.ts';
import { tagmsg } from './tagmsg.ts';
import { topic } from './topic.ts';
import { user } from './user.ts';
import { userhost } from './userhost.ts';
import { verify } from './verify.ts';
import { version } from './version.ts';
import { who } from './who.ts';
import { whois } from './whois.ts';
import { whowas } from './whowas.ts';

export const COMMANDS: ReadonlyMap<string, IrcCommand> = new Map([
  ['AUTHENTICATE', authenticate],
  ['AWAY', away],
  ['CAP', cap],
  ['CHANSERV', chanserv],
  ['CHATHISTORY', chathistory],
  ['CS', chanserv],
  ['INVITE', invite],
  ['ISON', ison],
  ['JOIN', join],
  ['KICK', kick],
  ['KLINE', kline],
  ['LIST', list],
  ['LUSERS', lusers],
  ['MODE', mode],
  ['MOTD', motd],
  ['NAMES', names],
  ['NICK', nick],
  ['NICKSERV', nickserv],
  ['NOTICE', privmsg],
  ['NS', nickserv],
  ['PART', part],
  ['PASS', pass],
  ['PING', ping],
  ['PONG', pong],
  ['PRIVMSG', privmsg],
  ['QUIT', quit],
  ['REDACT', redact],
  ['REGISTER', register],
  ['SEARCH', search],
  ['SILENCE', silence],
  ['TAGMSG', tagmsg],
  ['TOPIC', topic],
  ['UNKLINE', unkline],
  ['USER', user],
  ['USERHOST', userhost],
  ['VERIFY', verify],
  ['VERSION', version],
  ['WHO', who],
  ['WHOIS', whois],
  ['WHOWAS', whowas],
]);

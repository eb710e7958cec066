/** TAGMSG: passed over, as CLIENTTAGDENY says that no client's tags are relayed. */

import type { IrcCommand } from './command.ts';

export const tagmsg: IrcCommand = { paramsMin: 0, run: () => undefined };

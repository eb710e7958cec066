/** PONG: a sign of life of the client; that anything came is enough. */

import type { IrcCommand } from './command.ts';

export const pong: IrcCommand = { paramsMin: 0, early: true, run: () => undefined };

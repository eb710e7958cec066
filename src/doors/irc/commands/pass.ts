/** PASS: taken and not used, as there are no passwords yet. */

import type { IrcCommand } from './command.ts';

export const pass: IrcCommand = { paramsMin: 1, early: true, run: () => undefined };

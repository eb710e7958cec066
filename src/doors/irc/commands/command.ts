/** What a command of the protocol is to the door. */

import type { IrcDoor } from '../door.ts';
import type { Session } from '../session.ts';

export interface IrcCommand {
  /** Fewer parameters are answered with 461. */
  readonly paramsMin: number;
  /** Whether it may come before registration is complete. */
  readonly early?: boolean;
  /** `tags` as they came. */
  readonly run: (door: IrcDoor, session: Session, params: readonly string[], name: string, tags: string) => void;
}

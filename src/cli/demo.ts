/** `skein demo`: three nodes on this machine, a scripted conversation, two kills, and the proof that nothing was lost. */

import type { Command } from 'commander';

export function addDemo(program: Command): void {
  void program;
}

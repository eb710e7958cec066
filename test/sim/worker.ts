/** A worker process of the simulator: runs what it is sent, one after the other. */

import { runTask, type Task } from './pool.ts';

process.on('message', ({ i, task }: { i: number; task: Task }) => process.send!({ i, result: runTask(task) }));

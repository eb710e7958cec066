/** Verifies the log on a thread of its own, so that a long history holds up nobody. */

import { parentPort, workerData } from 'node:worker_threads';
import type { NetworkId } from '../core/ids.ts';
import { makeSuite } from '../lib/crypto.ts';
import { openLogReader } from './schema.ts';
import { verifyLog } from './verify.ts';

const { logFile, network } = workerData as { logFile: string; network: NetworkId };
const db = openLogReader(logFile);
parentPort!.postMessage(verifyLog(db, makeSuite(), network));
db.close();

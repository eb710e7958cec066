/** Computes the state's hash on a thread of its own, so that a long history holds up nobody. */

import { parentPort, workerData } from 'node:worker_threads';
import type { NetworkId } from '../core/ids.ts';
import { makeSuite } from '../lib/crypto.ts';
import { stateHash } from './export.ts';
import { openLogReader } from './schema.ts';

const { logFile, network } = workerData as { logFile: string; network: NetworkId };
const db = openLogReader(logFile);
parentPort!.postMessage(stateHash(db, makeSuite(), network));
db.close();

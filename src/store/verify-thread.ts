/** Verifies the log on a thread of its own, so that a long history holds up nobody. */

import { parentPort, workerData } from 'node:worker_threads';
import type { NetworkId } from '../core/ids.ts';
import { makeSuite } from '../lib/crypto.ts';
import { verifyFile } from './verify.ts';

const { logFile, network } = workerData as { logFile: string; network: NetworkId };
parentPort!.postMessage(verifyFile(logFile, makeSuite(), network));

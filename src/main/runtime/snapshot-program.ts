import { parentPort, workerData } from 'node:worker_threads';
import { snapshotFromDisk } from './snapshot-from-disk.js';
import type { SnapshotWish } from './snapshot-from-disk.js';

parentPort?.postMessage(await snapshotFromDisk(workerData as SnapshotWish));

import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessIdentity } from '../ports/process-guardian.js';

/** The processes that run, one small file each, so that a killed runtime's are found at the next start. */
export interface GuardianLedger {
  /** Durable when resolved. */
  add(identity: ProcessIdentity): Promise<void>;
  remove(identity: ProcessIdentity): Promise<void>;
  /** What is written down. A torn file is removed: its process had not been told to begin and ended with the runtime. */
  read(): Promise<readonly ProcessIdentity[]>;
}

function fileName(identity: ProcessIdentity): string {
  const digest = createHash('sha256').update(`${identity.tag}\0${identity.startTime}\0${identity.bootId}`).digest('hex').slice(0, 12);
  return `${identity.pid}-${digest}.json`;
}

function parseIdentity(text: string): ProcessIdentity | null {
  try {
    const value = JSON.parse(text) as Partial<ProcessIdentity> | null;
    if (
      typeof value?.pid !== 'number' ||
      typeof value.startTime !== 'string' ||
      typeof value.bootId !== 'string' ||
      typeof value.tag !== 'string'
    )
      return null;
    return { pid: value.pid, startTime: value.startTime, bootId: value.bootId, tag: value.tag };
  } catch {
    return null;
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // a folder cannot be opened there; NTFS journals its entries
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Opens the ledger in `folder`, which is made if it is missing. */
export async function openGuardianLedger(folder: string): Promise<GuardianLedger> {
  await mkdir(folder, { recursive: true });
  return {
    async add(identity) {
      const handle = await open(join(folder, fileName(identity)), 'w');
      try {
        await handle.writeFile(`${JSON.stringify(identity)}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await syncFolder(folder);
    },
    remove: (identity) => rm(join(folder, fileName(identity)), { force: true }),
    async read() {
      const found: ProcessIdentity[] = [];
      for (const name of await readdir(folder)) {
        if (!name.endsWith('.json')) continue;
        const identity = parseIdentity(await readFile(join(folder, name), 'utf8'));
        if (identity === null) await rm(join(folder, name), { force: true });
        else found.push(identity);
      }
      return found;
    },
  };
}

import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Whether the address of a gate is the name of a Windows pipe, which has no folder and no file. */
const isPipe = (socketPath: string): boolean => socketPath.startsWith('\\\\.\\pipe\\');

/**
 * Makes the socket's folder so that only this user can enter it, and takes a dead socket away. To be called with the workspace's
 * lock in hand: then no living runtime can be listening there. Throws a sentence when the place belongs to somebody else.
 */
export async function prepareSocketPlace(socketPath: string): Promise<void> {
  if (isPipe(socketPath)) return;
  const folder = dirname(socketPath);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stat = await lstat(folder);
  const uid = process.getuid?.();
  if (!stat.isDirectory() || (uid !== undefined && stat.uid !== uid))
    throw new Error(
      `Could not listen at ${socketPath}: ${folder} is not a folder of this user. Move it away, or set MUSTER_STATE_HOME to another place.`,
    );
  if ((stat.mode & 0o077) !== 0) await chmod(folder, 0o700);
  const old = await lstat(socketPath).catch(nullIfMissing);
  if (old === null) return;
  if (!old.isSocket())
    throw new Error(`Could not listen at ${socketPath}: a file that is no socket stands there. Move it away and try again.`);
  await rm(socketPath, { force: true });
}

/** Lets nobody but this user connect. */
export async function closeSocketToOthers(socketPath: string): Promise<void> {
  if (!isPipe(socketPath)) await chmod(socketPath, 0o600);
}

function nullIfMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}

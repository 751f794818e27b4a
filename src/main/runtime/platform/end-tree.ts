import { MessageChannel } from 'node:worker_threads';
import type { Clock } from '../ports/clock.js';
import type { ProcessIdentity } from '../ports/process-guardian.js';
import type { ProcEntry, ProcTable } from './proc-table.js';

/** How long a process may take to end by itself after SIGTERM. */
export const politeMs = 500;
const lookAgainMs = 15;
const giveUpMs = 4_000;

/** Waits, and keeps the program alive meanwhile: timers of the Clock alone do not. */
export async function pause(clock: Clock, ms: number): Promise<void> {
  const hold = new MessageChannel();
  hold.port1.on('message', () => undefined);
  await new Promise<void>((resolve) => clock.after(ms, resolve));
  hold.port1.close();
}

/** Whether the process with this pid is the one that was written down, not a later one that got its number. */
export async function isSameProcess(table: ProcTable, identity: ProcessIdentity): Promise<boolean> {
  const entry = await table.find(identity.pid);
  return (
    entry !== null &&
    entry.startTime === identity.startTime &&
    (await table.bootId()) === identity.bootId &&
    (await table.carries(identity.pid, identity.tag))
  );
}

function withAncestors(list: readonly ProcEntry[], pid: number): ReadonlySet<number> {
  const parents = new Map(list.map((entry) => [entry.pid, entry.parent]));
  const found = new Set<number>();
  for (let at: number | undefined = pid; at !== undefined && at > 0 && !found.has(at); at = parents.get(at)) found.add(at);
  return found;
}

function withDescendants(list: readonly ProcEntry[], roots: ReadonlySet<number>): Set<number> {
  const found = new Set(roots);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const entry of list) if (found.has(entry.parent)) found.add(entry.pid);
  }
  return found;
}

/** What lives of these roots: they, all below them, who shares a session that began below them, and who carries one of the tags. */
export async function familyOf(table: ProcTable, roots: readonly ProcessIdentity[], tags: ReadonlySet<string>): Promise<readonly number[]> {
  const [{ list, tagged }, bootId] = await Promise.all([table.survey(tags), table.bootId()]);
  const alive = new Map(list.map((entry) => [entry.pid, entry]));
  const living = roots.filter((root) => root.bootId === bootId && alive.get(root.pid)?.startTime === root.startTime);
  const found = withDescendants(list, new Set([...living.map((root) => root.pid), ...tagged]));
  const ours = withAncestors(list, process.pid);
  for (const entry of list) {
    const startedBelow = (leader: number): boolean => leader > 0 && found.has(leader);
    if (startedBelow(entry.session) || startedBelow(entry.group)) found.add(entry.pid);
  }
  return [...withDescendants(list, found)].filter((pid) => alive.has(pid) && !ours.has(pid));
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // Gone meanwhile, or not ours to end (EPERM); the caller looks again and gives up after a while.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error;
  }
}

/**
 * Ends the roots and their family: SIGTERM to all but `spare`, and after `graceMs` SIGKILL to whatever is left, again and again
 * until nothing is. Resolves false when something outlived four seconds of that (a process in an uninterruptible wait).
 */
export async function endTree(
  table: ProcTable,
  clock: Clock,
  target: {
    readonly roots: readonly ProcessIdentity[];
    readonly tags: ReadonlySet<string>;
    readonly spare?: number;
    readonly graceMs: number;
  },
): Promise<boolean> {
  const started = clock.monotonicMs();
  const family = (): Promise<readonly number[]> => familyOf(table, target.roots, target.tags);
  if (target.graceMs > 0) {
    const asked = new Set([target.spare]);
    while (clock.monotonicMs() - started < target.graceMs) {
      const left = await family();
      if (left.length === 0) return true;
      for (const pid of left) if (!asked.has(pid)) signal(pid, 'SIGTERM');
      for (const pid of left) asked.add(pid);
      await pause(clock, lookAgainMs);
    }
  }
  for (;;) {
    const left = await family();
    if (left.length === 0) return true;
    if (clock.monotonicMs() - started > giveUpMs) return false;
    for (const pid of left) signal(pid, 'SIGKILL');
    await pause(clock, lookAgainMs);
  }
}

/** Waits, four seconds at the most, until exactly this process runs no more. */
export async function untilGone(table: ProcTable, clock: Clock, entry: ProcEntry | null): Promise<void> {
  const started = clock.monotonicMs();
  while (entry !== null && (await table.find(entry.pid))?.startTime === entry.startTime && clock.monotonicMs() - started <= giveUpMs)
    await pause(clock, lookAgainMs);
}

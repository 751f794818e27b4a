import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { CrashStage } from './crash-stage.js';

function everyFile(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Processes of this stage's workspace that live now, by the mark that the guardian puts on all that it starts. Linux only. */
export function livingOf(stage: CrashStage): string[] {
  const ledger = join(stage.workspace, '.teams_runtime', 'processes');
  if (!existsSync(ledger)) return [];
  const owner = createHash('sha256').update(realpathSync(ledger)).digest('hex').slice(0, 16);
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`MUSTER_PROCESS_OWNER=${owner}`)) return [];
      return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 200)}`];
    } catch (error) {
      // It ended between the listing and the reading, or is not ours to read.
      if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
  });
}

/** The last is how `write-file-atomic` names what it has not put in place yet. */
const isHalf = (path: string): boolean =>
  /\.tmp$|\.tmp[.-]|\.partial$|\.lock$|\.(json|jsonl|md|yaml|log)\.\d+$|\/muster\/[0-9a-f]+\.new$|\.muster-new$/.test(path);

/** Snapshots and archived detail begin with a line of their own that tells whether the rest is whole. */
function isBrokenJson(path: string): boolean {
  if (!path.endsWith('.json') || /\/(snapshots|archive)\/[^/]+$/.test(path)) return false;
  try {
    JSON.parse(readFileSync(path, 'utf8'));
    return false;
  } catch {
    return true;
  }
}

const workspaceStates = ({ stateHome }: CrashStage): string[] => {
  const state = join(stateHome, 'w');
  return existsSync(state) ? readdirSync(state).map((key) => join(state, key)) : [];
};

/** Files in the checkouts of todos. */
export const worktreeFiles = (stage: CrashStage): string[] =>
  workspaceStates(stage)
    .flatMap((at) => everyFile(join(at, 'worktrees')))
    .map((path) => relative(stage.root, path));

/** Files that only a killed run can have left: temporary names, locks, halves of records, checkouts, entries of the process ledger. */
export function leftFiles(stage: CrashStage): string[] {
  const runtime = join(stage.workspace, '.teams_runtime');
  const emptied = [join(runtime, 'processes'), ...workspaceStates(stage).flatMap((at) => [join(at, 'checkouts'), join(at, 'scratch')])];
  const found = [
    ...[stage.workspace, stage.stateHome, join(stage.project, '.git')].flatMap(everyFile).filter(isHalf),
    ...everyFile(runtime).filter(isBrokenJson),
    ...emptied.flatMap(everyFile),
  ];
  return [...new Set(found)].map((path) => relative(stage.root, path)).sort();
}

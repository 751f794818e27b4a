import { readFile } from 'node:fs/promises';
import { processTagVariable } from '../runtime/platform/proc-table.js';

/** What a process was started with, as far as this user may see it. */
export interface ProcessGlance {
  readonly parent: number;
  readonly tag: string | null;
}

/**
 * What the nearest process above (this one included) was started for, if it was started for a turn, a set-up or a verification;
 * null for a terminal of a person. An environment that was cleaned on the way does not help: the ancestors are asked (Linux).
 */
export async function turnAbove(
  env: Readonly<Record<string, string | undefined>>,
  parentPid: number,
  look: (pid: number) => Promise<ProcessGlance | null> = lookAtProcess,
): Promise<string | null> {
  const own = env[processTagVariable];
  if (own) return own;
  const seen = new Set<number>();
  for (let pid = parentPid; pid > 0 && !seen.has(pid);) {
    seen.add(pid);
    const glance = await look(pid);
    if (glance === null) return null;
    if (glance.tag !== null) return glance.tag;
    pid = glance.parent;
  }
  return null;
}

async function lookAtProcess(pid: number): Promise<ProcessGlance | null> {
  if (process.platform !== 'linux') return null;
  const [stat, environment] = await Promise.all([readOrNull(`/proc/${pid}/stat`), readOrNull(`/proc/${pid}/environ`)]);
  if (stat === null) return null;
  const entry = environment?.split('\0').find((each) => each.startsWith(`${processTagVariable}=`));
  const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  return { parent: Number.isInteger(parent) ? parent : 0, tag: entry?.slice(processTagVariable.length + 1) || null };
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null; // it ended, or belongs to somebody else
  }
}

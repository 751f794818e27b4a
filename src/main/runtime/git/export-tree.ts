import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { filterFailure, pointerFiles } from './check-filters.js';
import type { GitContext } from './git-context.js';

/** Writes all files of a commit or tree of the repository at `gitDir` into a folder; throws when a smudge filter fails. */
export async function writeOut(context: GitContext, gitDir: string, treeish: string, to: string): Promise<void> {
  const { commonDir } = await context.layout();
  await mkdir(to, { recursive: true });
  await mkdir(join(commonDir, 'muster'), { recursive: true });
  const folder = await mkdtemp(join(commonDir, 'muster', 'index-'));
  try {
    const place = { gitDir, workTree: await realpath(to) };
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    const config = ['core.sparseCheckout=false'];
    const call = { place, env, config, args: ['read-tree', '--reset', '-u', treeish] };
    const done = await context.git.run(call);
    const failure = filterFailure(done.stderr, to) ?? (done.exitCode === 0 ? await pointerFiles(context, place, treeish, env) : null);
    if (failure !== null) throw new Error(failure);
    if (done.exitCode !== 0) await context.git.must(call);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes all files of a commit or tree into a folder; see the port. What stood in their place is replaced, what stood beside them stays. */
export async function exportTree(context: GitContext, treeish: string, to: string): Promise<void> {
  await writeOut(context, (await context.layout()).commonDir, treeish, to);
}

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitContext } from './git-context.js';
import { RUNTIME_IDENTITY } from './git-context.js';
import type { GitPlace } from './run-git.js';
import { splitNul } from './run-git.js';

const leftOver: readonly string[] = ['CHERRY_PICK_HEAD', 'MERGE_MSG', 'AUTO_MERGE', 'index.lock'];

/** What became of it: paths with both sides between markers, or what git said against it. */
export type PutOnTop = { readonly unmerged: readonly string[] } | { readonly failure: string };

/**
 * Moves a checkout to `onto` and puts what the commit `work` changes on top of it, not committed: merged where it fits, with both sides
 * between markers where it does not. What stood there before is gone; ignored files stay. A repeat begins again.
 */
export async function putOnTop(
  context: GitContext,
  place: GitPlace & { readonly workTree: string },
  { onto, work }: { readonly onto: string; readonly work: string },
): Promise<PutOnTop> {
  const { git } = context;
  for (const name of leftOver) await rm(join(place.gitDir, name), { force: true });
  const date = context.clock.now();
  const env = { ...RUNTIME_IDENTITY, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  await git.must({ place, env: RUNTIME_IDENTITY, args: ['reset', '--hard', '--quiet', onto] });
  await git.must({ place, args: ['clean', '-fd', '--quiet'], literalPaths: false });
  const picked = await git.run({ place, env, args: ['cherry-pick', '--no-commit', '--keep-redundant-commits', work] });
  const unmerged = splitNul((await git.must({ place, args: ['diff', '--name-only', '-z', '--diff-filter=U'], readsOnly: true })).text);
  if (picked.exitCode !== 0 && unmerged.length === 0) return { failure: picked.stderr.trim() };
  for (const name of leftOver) await rm(join(place.gitDir, name), { force: true });
  await git.must({ place, env: RUNTIME_IDENTITY, args: ['reset', '--mixed', '--quiet', onto] });
  return { unmerged };
}

import { join } from 'node:path';
import { afterEach } from 'vitest';
import { openGitRepository } from '../../../src/main/runtime/git/git-repository-adapter.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import type { GitRepository, WorktreeRecord } from '../../../src/main/runtime/ports/git-repository.js';
import type { TestRepository } from '../../fixtures/make-repository.js';
import { makeRepository } from '../../fixtures/make-repository.js';

/** A repository and what the runtime sees of it. */
export interface Bench {
  readonly repo: TestRepository;
  readonly git: GitRepository;
  /** A worktree of a todo on its own branch, from the commit that HEAD is at. */
  worktree(name: string, base?: string): Promise<WorktreeRecord>;
  /** As after a restart: nothing is remembered. */
  reopen(): GitRepository;
}

const open: TestRepository[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((repo) => repo.dispose()));
});

/** Makes a repository that is removed after the test. */
export async function startBench(
  options: Parameters<typeof makeRepository>[0] = { files: { 'a.txt': 'one\n', 'b.txt': 'two\n' } },
): Promise<Bench> {
  const repo = await makeRepository(options);
  open.push(repo);
  const reopen = (): GitRepository =>
    openGitRepository({
      projectPath: repo.path,
      clock: new SystemClock(),
      emptyHooksDir: join(repo.outside, 'no-hooks'),
      hostEnv: repo.env,
    });
  const git = reopen();
  const worktree = async (name: string, base?: string): Promise<WorktreeRecord> => {
    const made = await git.addWorktree({
      path: join(repo.outside, name),
      branch: `muster/s1/${name}-r1`,
      base: base ?? (await repo.git('rev-parse', 'HEAD')),
      copy: [],
      submodules: false,
    });
    if (made.kind === 'refused') throw new Error(made.reason);
    return made.worktree;
  };
  return { repo, git, worktree, reopen };
}

/** Commits what is in a worktree as the closeout of that id, or fails the test. */
export async function closeOut(git: GitRepository, worktree: WorktreeRecord, closeoutId: string, message = 'Do the work'): Promise<string> {
  const result = await git.commitAll(worktree, { message, closeoutId, parent: worktree.base, signTimeoutMs: 30_000 });
  if (result.kind !== 'committed') throw new Error(`${result.kind}: ${result.kind === 'refused' ? result.reason : ''}`);
  return result.commit;
}

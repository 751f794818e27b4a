import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GuardBreach, WorktreeGuard, WorktreeRecord } from '../ports/git-repository.js';
import type { GitContext } from './git-context.js';
import { fullBranchName, RUNTIME_IDENTITY } from './git-context.js';
import { keepGuardedFiles, restoreGuardedFiles } from './guarded-files.js';
import { compareRefs, keepRefs, putRefBack } from './guarded-refs.js';
import { isAncestor, tipOf } from './read-objects.js';
import { branchOf, headOf } from './write-tree.js';
import { GitError } from './git-error.js';
import { adminDirOf, gitFileTexts, hashGitFile, inspectWorktree, placeOf, sha256 } from './worktree-place.js';

/** Reads what must be the same after a turn; throws when the worktree is not what was recorded or has no commit. */
export async function readGuard(context: GitContext, worktree: WorktreeRecord): Promise<WorktreeGuard> {
  const place = await placeOf(context, worktree);
  const [head, branch, refsSha256, configSha256] = await Promise.all([
    headOf(context, place),
    branchOf(context, place),
    keepRefs(context),
    keepGuardedFiles(context, place.gitDir),
  ]);
  if (head === null) throw new GitError(['rev-parse', 'HEAD'], 1, '', `found no commit in ${worktree.path}`);
  return { head, branch, refsSha256, configSha256, gitFileSha256: worktree.gitFileSha256 };
}

async function checkConfiguration(context: GitContext, adminDir: string, before: WorktreeGuard): Promise<readonly GuardBreach[]> {
  const changes = await restoreGuardedFiles(context, adminDir, before.configSha256);
  if (changes === null) {
    return [
      {
        what: 'config-changed',
        by: 'unknown',
        detail:
          "Could not compare git's configuration with that before the turn: the kept copy is gone. Look at `git config --list --show-origin`.",
      },
    ];
  }
  const { commonDir } = await context.layout();
  return changes.map(({ path, replacedSnapshot, isRestored }) => {
    const kept = replacedSnapshot === null ? '' : ` What stood there is kept as ${join(commonDir, 'muster', replacedSnapshot)}.`;
    const done = isRestored ? 'it was put back.' : 'it could not be put back, as the kept copy is gone. Look at it before you go on.';
    return { what: 'config-changed', by: 'turn', detail: `${path} changed during this turn; ${done}${kept}` };
  });
}

async function checkGitFile(worktree: WorktreeRecord, adminDir: string | null): Promise<readonly GuardBreach[]> {
  if (worktree.gitFileSha256 === null || hashGitFile(worktree.path) === worktree.gitFileSha256) return [];
  const path = join(worktree.path, '.git');
  const text = adminDir === null ? undefined : gitFileTexts(worktree.path, adminDir).find((one) => sha256(one) === worktree.gitFileSha256);
  if (text === undefined)
    return [
      {
        what: 'git-file-replaced',
        by: 'turn',
        detail: `${path} was replaced and git no longer knows this worktree. Move its folder away and retry: it is made again from its newest checkpoint.`,
      },
    ];
  await rm(path, { recursive: true, force: true });
  await writeFile(`${path}.muster-new`, text);
  await rename(`${path}.muster-new`, path);
  return [{ what: 'git-file-replaced', by: 'turn', detail: `${path} was replaced during this turn; it was put back.` }];
}

const LEFT_BEHIND: readonly string[] = [
  'MERGE_HEAD',
  'MERGE_MSG',
  'MERGE_MODE',
  'AUTO_MERGE',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'REBASE_HEAD',
  'BISECT_LOG',
  'BISECT_START',
  'sequencer',
  'rebase-merge',
  'rebase-apply',
];

interface FoundHead {
  readonly head: string | null;
  readonly branch: string | null;
  readonly ownTip: string | null;
}

async function readFound(context: GitContext, adminDir: string, own: string | null): Promise<FoundHead> {
  const place = { gitDir: adminDir, workTree: null };
  const [head, branch, ownTip] = await Promise.all([
    headOf(context, place),
    branchOf(context, place),
    own === null ? null : tipOf(context, own),
  ]);
  return { head, branch, ownTip };
}

function headBreach(found: FoundHead, before: WorktreeGuard, isForward: boolean): GuardBreach {
  const at = before.head.slice(0, 12);
  if (found.branch !== before.branch) {
    const to = found.branch ?? (found.head === null ? 'nothing' : `the detached commit ${found.head.slice(0, 12)}`);
    return {
      what: 'head-moved',
      by: 'turn',
      detail: `HEAD was switched to ${to} during this turn; it is back on ${before.branch ?? at}, and the files were kept.`,
    };
  }
  if (isForward)
    return {
      what: 'own-commits',
      by: 'turn',
      detail: `The turn made commits of its own up to ${found.head?.slice(0, 12) ?? 'nothing'}; HEAD went back to ${at}, and the files were kept.`,
    };
  return {
    what: 'head-moved',
    by: 'turn',
    detail: `HEAD was moved from ${at} to ${found.head?.slice(0, 12) ?? 'nothing'} during this turn; it went back, and the files were kept.`,
  };
}

async function checkHead(
  context: GitContext,
  worktree: WorktreeRecord,
  adminDir: string,
  before: WorktreeGuard,
  found: FoundHead,
): Promise<readonly GuardBreach[]> {
  const isSame = found.branch === before.branch && found.head === before.head && (before.branch === null || found.ownTip === before.head);
  if (isSame) return [];
  const place = { gitDir: adminDir, workTree: null };
  const isForward = found.head !== null && (await isAncestor(context, before.head, found.head));
  if (before.branch === null) {
    if (found.head !== null)
      await context.git.run({
        place,
        env: RUNTIME_IDENTITY,
        args: ['update-ref', `refs/muster/rescued/${found.head.slice(0, 20)}`, found.head],
      });
    await context.git.must({ place, env: RUNTIME_IDENTITY, args: ['update-ref', '--no-deref', '-m', 'guard', 'HEAD', before.head] });
  } else {
    if (found.ownTip !== before.head) await putRefBack(context, before.branch, found.ownTip, before.head);
    await context.git.must({ place, env: RUNTIME_IDENTITY, args: ['symbolic-ref', '-m', 'guard', 'HEAD', before.branch] });
  }
  if (worktree.gitFileSha256 !== null)
    await Promise.all(LEFT_BEHIND.map((name) => rm(join(adminDir, name), { recursive: true, force: true })));
  return [headBreach(found, before, isForward)];
}

/**
 * Compares git with what it was before a turn and puts back what the turn changed, in this order: what git obeys, the `.git` file,
 * HEAD and the turn's own branch, other refs. Until the first two are as recorded, no git command runs in the worktree. Files in the
 * worktree are never touched.
 */
export async function enforceGuard(
  context: GitContext,
  worktree: WorktreeRecord,
  before: WorktreeGuard,
  runtimeMoved: readonly string[] = [],
): Promise<readonly GuardBreach[]> {
  const adminDir = await adminDirOf(context, worktree);
  const { commonDir } = await context.layout();
  const breaches: GuardBreach[] = [...(await checkConfiguration(context, adminDir ?? commonDir, before))];
  const state = await inspectWorktree(context, worktree);
  if (state.kind === 'missing') breaches.push({ what: 'worktree-missing', by: 'turn', detail: state.reason });
  else breaches.push(...(await checkGitFile(worktree, adminDir)));
  const own = before.branch === null ? null : fullBranchName(before.branch);
  if (adminDir === null) {
    const traces = { worktree, adminDir, ownBranch: null, foundHead: null, foundBranch: null, runtimeMoved };
    return [...breaches, ...(await compareRefs(context, before.refsSha256, traces))];
  }
  const found = await readFound(context, adminDir, own);
  breaches.push(...(await checkHead(context, worktree, adminDir, before, found)));
  const foundBranch = found.branch === own ? null : found.branch;
  const traces = { worktree, adminDir, ownBranch: own, foundHead: found.head, foundBranch, runtimeMoved };
  return [...breaches, ...(await compareRefs(context, before.refsSha256, traces))];
}

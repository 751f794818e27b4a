import type { CommitIdentity } from '../../../shared/domain/configuration.js';
import type { RebaseResult } from '../ports/git-repository.js';
import { filterFailure } from './check-filters.js';
import { patchId } from './compare-trees.js';
import type { GitContext } from './git-context.js';
import { checkedRefPart, committerEnv, objectsPlace, RUNTIME_IDENTITY } from './git-context.js';
import { GitError } from './git-error.js';
import { isAncestor, messageOf, parentOf, treeOf } from './read-objects.js';
import { oneLine } from './run-git.js';
import { describeConflict, inScratch, unmergedFiles } from './scratch-checkout.js';
import type { ScratchPlace } from './scratch-checkout.js';
import { signsCommits, writeCommit } from './sign-commit.js';
import { headOf } from './write-tree.js';

/** Signing one rebased commit may take so long (rules 4). */
const SIGN_TIMEOUT_MS = 30_000;

/** What could make a rebase differ from machine to machine, or move other refs. */
const PLAIN_REBASE: readonly string[] = [
  'rebase.autoSquash=false',
  'rebase.updateRefs=false',
  'rebase.rebaseMerges=false',
  'rebase.forkPoint=false',
  'rebase.backend=merge',
  'notes.rewrite.rebase=false',
];

/** What is to be replayed, and where. */
export interface RebaseRequest {
  /** This one; what lies below it stays behind. */
  readonly commit: string;
  readonly onto: string;
  readonly closeoutId: string;
  readonly scratch: string;
  readonly identity?: CommitIdentity | null;
}

async function keepResult(context: GitContext, request: RebaseRequest, commit: string): Promise<RebaseResult> {
  const ref = `refs/muster/rebased/${checkedRefPart(request.closeoutId)}`;
  await context.git.must({ place: await objectsPlace(context), env: RUNTIME_IDENTITY, args: ['update-ref', ref, commit] });
  const { onto } = request;
  return { kind: 'rebased', commit, tree: await treeOf(context, commit), onto, patchId: await patchId(context, onto, commit) };
}

/** Signs what a rebase made, oldest first; the unsigned commits are left to git's own cleaning. */
async function signAgain(
  context: GitContext,
  place: ScratchPlace,
  { onto, identity = null }: RebaseRequest,
  head: string,
): Promise<{ readonly commit: string } | { readonly reason: string }> {
  const list = await context.git.must({ place, args: ['rev-list', '--reverse', `${onto}..${head}`], readsOnly: true });
  let parent = onto;
  for (const commit of list.text.split('\n').filter((line) => line !== '')) {
    const author = await context.git.must({ place, args: ['show', '-s', '--format=%an%x00%ae%x00%aI%x00%cI', commit], readsOnly: true });
    const [name = '', email = '', date = '', committed = ''] = oneLine(author.text).split('\0');
    const env = {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: committed,
      ...committerEnv(identity),
    };
    const message = `${(await messageOf(context, commit)).trimEnd()}\n`;
    const written = await writeCommit(context, place, {
      tree: await treeOf(context, commit),
      parent,
      message,
      signTimeoutMs: SIGN_TIMEOUT_MS,
      env,
    });
    if (written.kind === 'refused') return { reason: written.reason };
    parent = written.commit;
  }
  return { commit: parent };
}

/** From where on a commit is replayed: where `onto` has all that lies below it, git finds by itself what is there already. */
const upstreamOf = async (context: GitContext, parent: string | null, onto: string): Promise<string> =>
  parent === null || (await isAncestor(context, parent, onto)) ? onto : parent;

async function replay(context: GitContext, place: ScratchPlace, request: RebaseRequest, upstream: string): Promise<RebaseResult> {
  const { onto, identity = null } = request;
  // Equal dates make a repeated rebase give the same commit, so that a run that was killed after it finds its own result.
  const args = ['rebase', '--committer-date-is-author-date', '--no-gpg-sign', '--empty=drop', '--no-stat', '--onto', onto, upstream];
  const done = await context.git.run({ place, args, config: PLAIN_REBASE, env: { GIT_LFS_SKIP_SMUDGE: '1', ...committerEnv(identity) } });
  if (done.exitCode !== 0) {
    const files = await unmergedFiles(context, place);
    if (files.length > 0) return describeConflict(context, place, { base: request.commit, onto }, files);
    const failure = filterFailure(done.stderr, place.workTree);
    if (failure === null) throw new GitError(args, done.exitCode, done.stderr);
    return { kind: 'refused', reason: failure };
  }
  const head = await headOf(context, place);
  if (head === null) throw new GitError(args, done.exitCode, done.stderr, 'left no commit behind');
  if (head === onto) return { kind: 'empty', onto };
  if (!(await signsCommits(context, place))) return keepResult(context, request, head);
  const signed = await signAgain(context, place, request, head);
  return 'reason' in signed ? { kind: 'refused', reason: signed.reason } : keepResult(context, request, signed.commit);
}

/**
 * Replays the one commit onto `onto` with `git rebase` in a scratch checkout that is gone afterwards; it falls away if its patch is in
 * `onto` already. The result is kept under refs/muster/rebased. A conflict is told with its files and both sides, and nothing stays.
 */
export async function rebase(context: GitContext, request: RebaseRequest): Promise<RebaseResult> {
  const { commit, onto } = request;
  if (await isAncestor(context, commit, onto)) return { kind: 'empty', onto };
  const parent = await parentOf(context, commit);
  if (parent === onto) return keepResult(context, request, commit);
  const upstream = await upstreamOf(context, parent, onto);
  return inScratch(context, { path: request.scratch, base: commit, what: 'rebase' }, (place) => replay(context, place, request, upstream));
}

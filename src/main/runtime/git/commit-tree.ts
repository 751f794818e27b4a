import type { CommitResult, TreeCommitRequest } from '../ports/git-repository.js';
import { changedFiles } from './compare-trees.js';
import { findCloseout, withCloseoutTrailer } from './find-closeout.js';
import type { GitContext } from './git-context.js';
import { authorEnv, closeoutRef, objectsPlace, RUNTIME_IDENTITY } from './git-context.js';
import { identityRefusal } from './inspect.js';
import { writeCommit } from './sign-commit.js';

/** Makes the one commit of a closeout that has no checkout; see the port. What a kill leaves is adopted or made anew by the next call. */
export async function commitTree(context: GitContext, request: TreeCommitRequest): Promise<CommitResult> {
  const { tree, parent, closeoutId, identity = null } = request;
  const place = await objectsPlace(context);
  const made = async (commit: string): Promise<CommitResult> => {
    const files = await changedFiles(context, parent, commit);
    return { kind: 'committed', commit, tree, paths: files.map(({ path }) => path) };
  };
  const ref = closeoutRef(closeoutId);
  const standing = await findCloseout(context, ref, closeoutId);
  if (standing && standing.parent === parent && standing.tree === tree) return made(standing.commit);
  const refusal = await identityRefusal(context, place, identity);
  if (refusal !== null) return { kind: 'refused', reason: refusal };
  const message = withCloseoutTrailer(request.message, closeoutId);
  const written = await writeCommit(context, place, {
    tree,
    parent,
    message,
    signTimeoutMs: request.signTimeoutMs,
    env: authorEnv(identity),
  });
  if (written.kind === 'refused') return written;
  await context.git.must({ place, env: RUNTIME_IDENTITY, args: ['update-ref', ref, written.commit] });
  return made(written.commit);
}

import type { GitContext } from './git-context.js';
import { GitError } from './git-error.js';
import { isConfigured } from './inspect.js';
import type { GitPlace } from './run-git.js';

/** A commit that belongs to nobody's branch yet, or why signing failed. */
export type WrittenCommit = { readonly kind: 'written'; readonly commit: string } | { readonly kind: 'refused'; readonly reason: string };

/** Whether the person's configuration asks for signed commits. */
export const signsCommits = (context: GitContext, place: GitPlace): Promise<boolean> => isConfigured(context, place, 'commit.gpgSign');

/** Writes a commit object, signed as configured within `signTimeoutMs` and without asking for anything; moves no ref. */
export async function writeCommit(
  context: GitContext,
  place: GitPlace,
  options: {
    readonly tree: string;
    readonly parent: string;
    readonly message: string;
    readonly signTimeoutMs: number;
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<WrittenCommit> {
  const isSigned = await signsCommits(context, place);
  const args = ['commit-tree', isSigned ? '-S' : '--no-gpg-sign', '-p', options.parent, options.tree];
  const call = {
    place,
    args,
    stdin: options.message,
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(isSigned ? { timeoutMs: options.signTimeoutMs } : {}),
  };
  const written = await context.git.run(call);
  if (written.exitCode === 0) return { kind: 'written', commit: written.text.trim() };
  if (!isSigned) throw new GitError(args, written.exitCode, written.stderr);
  const why = written.hasTimedOut
    ? `signing took longer than ${options.signTimeoutMs / 1000} s`
    : (written.stderr.trim().split('\n').at(-1) ?? 'signing failed');
  return {
    kind: 'refused',
    reason: `Could not commit: it needs your key (${why}). Unlock the key, for example by signing something yourself, then try again.`,
  };
}

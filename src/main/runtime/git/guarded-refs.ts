import { join } from 'node:path';
import type { GuardBreach, WorktreeRecord } from '../ports/git-repository.js';
import type { GitContext } from './git-context.js';
import { objectsPlace, RUNTIME_IDENTITY } from './git-context.js';
import type { ListedWorktree } from './list-worktrees.js';
import { listWorktrees, readTextIfThere } from './list-worktrees.js';
import { isOurs } from './make-worktree.js';
import { readAllRefFiles } from './ref-files.js';
import { keepSnapshot, readSnapshot } from './snapshots.js';

type Refs = ReadonlyMap<string, string>;

async function listRefs(context: GitContext): Promise<string> {
  const inFiles = readAllRefFiles((await context.layout()).commonDir);
  if (inFiles !== undefined)
    return [...inFiles]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([ref, value]) => `${value} ${ref}\n`)
      .join('');
  const args = ['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads', 'refs/tags'];
  return (await context.git.must({ place: await objectsPlace(context), args, readsOnly: true })).text;
}

const parseRefs = (text: string): Refs =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]),
  );

/** Keeps the list of branches and tags; returns its SHA-256. */
export async function keepRefs(context: GitContext): Promise<string> {
  return keepSnapshot(context, Buffer.from(await listRefs(context)));
}

const reflogValues = (text: string): string[] =>
  text
    .split('\n')
    .flatMap((line) => line.split(' ')[1] ?? [])
    .filter((value) => /^[0-9a-f]{40,64}$/.test(value));

/** Commits that came to be in a worktree: its HEAD's log and `found`, without what was reachable before. */
async function commitsOfTurn(
  context: GitContext,
  adminDir: string | null,
  before: Refs,
  found: readonly string[],
): Promise<ReadonlySet<string>> {
  const log = adminDir === null ? null : await readTextIfThere(join(adminDir, 'logs', 'HEAD'));
  const candidates = [...found, ...reflogValues(log ?? '')];
  return new Set(await newCommits(context, candidates, before));
}

async function newCommits(context: GitContext, tips: readonly string[], before: Refs): Promise<readonly string[]> {
  if (tips.length === 0) return [];
  const stdin = [...tips, ...[...before.values()].map((value) => `^${value}`)].map((line) => `${line}\n`).join('');
  const args = ['rev-list', '--ignore-missing', '--stdin', '--not', '--glob=refs/muster/closeouts/*', '--glob=refs/muster/rebased/*'];
  const listed = await context.git.run({ place: await objectsPlace(context), args, stdin, readsOnly: true });
  return listed.exitCode === 0 ? listed.text.split('\n').filter((line) => line !== '') : [];
}

/** Whether a checked-out branch was moved behind its checkout's back: git itself would have written the checkout's own log. */
async function movedBehindBack(holder: ListedWorktree, now: string | null): Promise<boolean> {
  const log = await readTextIfThere(join(holder.gitDir, 'logs', 'HEAD'));
  return log !== null && (now === null || !reflogValues(log).includes(now));
}

/** Puts a ref back, keeping its value under refs/muster/rescued; no matter if it moved again meanwhile. */
export async function putRefBack(context: GitContext, ref: string, now: string | null, was: string | null): Promise<void> {
  const place = await objectsPlace(context);
  if (now !== null)
    await context.git.run({ place, env: RUNTIME_IDENTITY, args: ['update-ref', `refs/muster/rescued/${now.slice(0, 20)}`, now] });
  const args =
    was === null
      ? ['update-ref', '-d', ref, ...(now === null ? [] : [now])]
      : ['update-ref', '-m', 'guard', ref, was, now ?? '0'.repeat(was.length)];
  await context.git.run({ place, env: RUNTIME_IDENTITY, args });
}

/** What is known about the turn when refs are compared. */
export interface TurnTraces {
  readonly worktree: WorktreeRecord;
  readonly adminDir: string | null;
  /** The turn's own branch, looked at elsewhere. */
  readonly ownBranch: string | null;
  /** Where HEAD stood on its own account after the turn. */
  readonly foundHead: string | null;
  readonly foundBranch: string | null;
  readonly runtimeMoved: readonly string[];
}

const short = (value: string | null): string => (value === null ? 'nothing' : value.slice(0, 12));

/**
 * Compares branches and tags with before. People and other turns may move refs while a turn runs, so what moved is told apart:
 * - moved by this runtime (known to this process, or named in `runtimeMoved`), or checked out by another turn, whose own guard
 *   looks after it: nothing;
 * - it contains a commit that came to be in this worktree, or HEAD was switched to it, or it is checked out elsewhere and moved
 *   without that checkout's own log knowing (no person's git command does that): the turn did it, and it is put back;
 * - anything else may be a person's work: it is left, and told as `unknown`.
 * A value that is put back is kept under refs/muster/rescued, so that even a wrong guess loses nothing.
 */
export async function compareRefs(context: GitContext, refsName: string, traces: TurnTraces): Promise<readonly GuardBreach[]> {
  const kept = await readSnapshot(context, refsName);
  if (kept === null)
    return [
      {
        what: 'refs-changed',
        by: 'unknown',
        detail: 'Could not compare branches and tags with those before the turn: the kept list is gone. Look at `git reflog`.',
      },
    ];
  const before = parseRefs(kept.toString('utf8'));
  const now = parseRefs(await listRefs(context));
  const names = [...new Set([...before.keys(), ...now.keys()])].filter(
    (ref) => ref !== traces.ownBranch && before.get(ref) !== now.get(ref),
  );
  if (names.length === 0) return [];
  const worktrees = await listWorktrees(context);
  const found = traces.foundHead === null ? [] : [traces.foundHead];
  const made = await commitsOfTurn(context, traces.adminDir, before, found);
  const breaches: GuardBreach[] = [];
  for (const ref of names.sort()) {
    const was = before.get(ref) ?? null;
    const is = now.get(ref) ?? null;
    const isRuntimes = traces.runtimeMoved.includes(ref) || (context.movedRefs.has(ref) && context.movedRefs.get(ref) === is);
    const holder = worktrees.find((one) => one.branch === ref && one.path !== traces.worktree.path);
    if (isRuntimes || (holder !== undefined && isOurs(holder))) continue;
    const holdsWork = is !== null && (await newCommits(context, [is], before)).some((commit) => made.has(commit));
    const isTurns = holdsWork || ref === traces.foundBranch || (holder !== undefined && (await movedBehindBack(holder, is)));
    if (isTurns) await putRefBack(context, ref, is, was);
    const detail = `${ref} went from ${short(was)} to ${short(is)}${isTurns ? ' by this turn; it was put back.' : ' while this turn ran; it was left as it is.'}`;
    breaches.push({ what: 'refs-changed', by: isTurns ? 'turn' : 'unknown', detail });
  }
  return breaches;
}

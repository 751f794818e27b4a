import { shortBranchName } from '../../../shared/domain/branch-name.js';
import { closeoutIdOf } from '../../../shared/domain/commit-message.js';
import type { Revision, Sprint, Todo, Turn } from '../../../shared/domain/state.js';
import { currentRevision } from '../../../shared/domain/state.js';
import type { GitRepository, WorktreeRecord } from '../ports/git-repository.js';
import type { EffectServices } from './effect-services.js';
import { gitOf, worktreeOf } from './effect-services.js';

/** What stands in a todo's worktree, where it is not what it was left as. */
export type WorktreeTrouble = { readonly kind: 'gone' } | { readonly kind: 'switched'; readonly reason: string };

/** A todo's worktree before anything is done with it; `head` is null where it is gone or has no commit. */
export interface WorktreeLook {
  readonly trouble: WorktreeTrouble | null;
  readonly head: string | null;
}

/** Whether a todo's worktree still stands, on its own branch. */
export async function lookAtWorktree(services: EffectServices, todo: Todo, sprint: Sprint): Promise<WorktreeLook> {
  const worktree = worktreeOf(todo, sprint);
  const found = await gitOf(services).standing(worktree);
  if (found.kind === 'gone') return { trouble: found, head: null };
  const { branch, head } = found;
  if (branch === worktree.branch) return { trouble: null, head };
  const what = branch === null ? `the detached commit ${head?.slice(0, 12) ?? ''}` : `the branch ${shortBranchName(branch)}`;
  const own = shortBranchName(worktree.branch ?? '');
  const reason = `${worktree.path} was switched from ${own} to ${what}, and nothing is done there until it is back. Go back with \`git -C "${worktree.path}" switch ${own}\`, then retry.`;
  return { trouble: { kind: 'switched', reason }, head };
}

/** Name of the checkpoint that holds what the present attempt of a turn left. */
export const endCheckpoint = ({ turnId, attempts }: Pick<Turn, 'turnId' | 'attempts'>): string => `${turnId}.${attempts}.end`;

/** Keeps what stands in a turn's worktree when an attempt of it was cut off, under a name of its own; null where that is what stood there before the turn. */
export async function keepCutOff(git: GitRepository, worktree: WorktreeRecord, turn: Turn): Promise<string | null> {
  const tree = await git.writeTree(worktree);
  if (tree === turn.checkpointTree) return null;
  for (let nth = 1; ; nth += 1) {
    const id = `${turn.turnId}.cut-off-${nth}`;
    const kept = await git.readCheckpoint(id);
    if (kept === null) await git.checkpoint(worktree, id);
    if (kept === null || kept.tree === tree) return id;
  }
}

/** Name of the checkpoint that holds what the runtime left when it moved a revision's work onto another base. */
export const readyCheckpoint = (todo: Todo, onto: string): string => `ready-${todo.todoId}-r${todo.revision}-${onto.slice(0, 12)}`;

/** Turns of a todo's present revision that had a checkout, oldest first. */
const preparedTurns = (services: EffectServices, { todoId, revision }: Todo): Turn[] =>
  Object.values(services.state().turns).filter(
    ({ subject, preparedAt }) =>
      subject.kind === 'todo' && subject.todoId === todoId && subject.revision === revision && preparedAt !== null,
  );

/** The tree that a turn left; empty where nobody looked at the end, as after an effect that was given up. */
async function leftBy(services: EffectServices, turn: Turn): Promise<string> {
  if (turn.outputTree !== '') return turn.outputTree;
  const kept = await gitOf(services).readCheckpoint(endCheckpoint(turn));
  if (kept !== null) return kept.tree;
  // A turn that changed nothing has no checkpoint of its end.
  const isLookedAt = ['contract', 'malformed', 'breach'].includes(turn.outcome) || turn.failures.length >= Math.max(turn.attempts, 1);
  return isLookedAt ? turn.checkpointTree : '';
}

/** The tree that the runtime and its turns left in a todo's worktree, with what is noted of people's changes; empty where nobody knows. */
async function leftTree(services: EffectServices, todo: Todo): Promise<string> {
  const { leftTree: known } = currentRevision(todo);
  if (known !== undefined) return known;
  const last = preparedTurns(services, todo).at(-1);
  return last ? leftBy(services, last) : '';
}

const heldSetup = (todo: Todo, nth: number): string => `setup-${todo.todoId}-r${todo.revision}-${nth}`;

/** What stood in a todo's worktree when its set-up failed last or a person was asked before it; null when neither was. `next` names the checkpoint of the next time. */
export async function heldSetups(services: EffectServices, todo: Todo): Promise<{ readonly tree: string | null; readonly next: string }> {
  let tree: string | null = null;
  for (let nth = 1; ; nth += 1) {
    const kept = await gitOf(services).readCheckpoint(heldSetup(todo, nth));
    if (kept === null) return { tree, next: heldSetup(todo, nth) };
    ({ tree } = kept);
  }
}

/** The checkpoint that holds the newest state of a todo's worktree; null when there is none. */
export async function newestCheckpoint(
  services: EffectServices,
  todo: Todo,
): Promise<{ readonly id: string; readonly tree: string } | null> {
  const git = gitOf(services);
  const { base, leftTree: known } = currentRevision(todo);
  const ready = readyCheckpoint(todo, base);
  const turns = preparedTurns(services, todo)
    .reverse()
    .flatMap((turn) => [endCheckpoint(turn), turn.turnId]);
  const kept = await git.readCheckpoint(ready);
  // Once a turn was prepared after it, that turn's own checkpoints are newer.
  if (kept !== null && kept.tree === known) return { id: ready, tree: kept.tree };
  for (const id of turns) {
    const found = await git.readCheckpoint(id);
    if (found !== null) return { id, tree: found.tree };
  }
  return null;
}

/** Whether a commit is one of the runtime's own making in this revision, or one that is noted already. */
async function isKnownHead(services: EffectServices, todo: Todo, revision: Revision, head: string): Promise<boolean> {
  if ([revision.base, revision.handHead, revision.closeout?.commit].includes(head)) return true;
  const closeouts = todo.workflow.visits.closeout ?? 0;
  for (let nth = 1; nth <= closeouts; nth += 1)
    if ((await gitOf(services).tipOf(`refs/muster/closeouts/${closeoutIdOf(todo, nth)}`)) === head) return true;
  return false;
}

/**
 * Files that are not as the runtime left them, and a commit that is not its own, are a person's, who counts as a maker from then on
 * (rules 3 and 4). `tree` and `head` are what stands there now; `head` null: only the files count. `left`: the tree that it was left with,
 * where the state does not say so.
 */
export async function noteHands(
  services: EffectServices,
  todoId: string,
  { tree, head, left: told }: { readonly tree: string; readonly head: string | null; readonly left?: string },
): Promise<void> {
  const todo = services.state().todos[todoId];
  if (!todo) return;
  const git = gitOf(services);
  const revision = currentRevision(todo);
  const left = told ?? (await leftTree(services, todo));
  const isEdited = left !== '' && left !== tree && revision.leftTree !== tree;
  const isCommitted = head !== null && !(await isKnownHead(services, todo, revision, head));
  if (!isEdited && !isCommitted) return;
  const [from, to] = isEdited ? [left, tree] : [revision.base, head ?? tree];
  const paths = (await git.changedFiles(from, to)).map(({ path }) => path);
  const facts = await git.inspect();
  const by = (facts.kind === 'repository' ? facts.identity?.name : undefined) ?? 'somebody';
  await services.tell({ type: 'note-changed-by-hand', todoId, paths, by, tree, ...(isCommitted ? { head } : {}) });
}

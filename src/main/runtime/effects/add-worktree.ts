import { join } from 'node:path';
import { openBelow, workTakenOver } from '../../../shared/domain/stack.js';
import type { Sprint, Todo } from '../../../shared/domain/state.js';
import { currentRevision } from '../../../shared/domain/state.js';
import type { EffectOutcomes } from '../../../shared/domain/vocabulary.js';
import type { EffectHandler } from '../ports/effect-handler.js';
import type { BroughtWork, GitRepository, WorktreeRecord } from '../ports/git-repository.js';
import type { EffectServices } from './effect-services.js';
import { gitOf, todoScene, worktreeOf } from './effect-services.js';
import { heldSetups, lookAtWorktree, newestCheckpoint, noteHands, readyCheckpoint } from './left-work.js';
import { stackCommits } from './stack-commits.js';
import { worktreeFolder } from './worktree-folder.js';

type Outcome = EffectOutcomes['add-worktree'];

const refused = (reason: string, cause: 'git' | 'setup' = 'git'): Outcome => ({ kind: 'refused', reason, cause });

/** Where a todo begins: the target's tip, plus what its dependencies have that still waits for approval (rules 4). */
async function baseFor(
  services: EffectServices,
  git: GitRepository,
  todo: Todo,
  sprint: Sprint,
  effectId: string,
): Promise<{ readonly base: string } | { readonly refusal: string }> {
  // Before the target is looked at: what reaches it in between is found there, and falls away here.
  const commits = openBelow(todo, services.state()).map(({ commit }) => commit);
  const base = await git.tipOf(sprint.terms.targetRef);
  if (base === null)
    return { refusal: `The target branch ${sprint.terms.targetRef} does not exist any more. Make it again, or stop the sprint.` };
  const stacked = await stackCommits(services, git, { base, commits, id: effectId });
  switch (stacked.kind) {
    case 'stacked':
      return { base: stacked.commit };
    case 'conflict':
      return { refusal: `The work that "${todo.title}" builds on conflicts in ${stacked.files.join(', ')}. Approve or change it first.` };
    case 'refused':
      return { refusal: stacked.reason };
  }
}

/** A revision that was sent back before it was on the target is not left below the next one: its work becomes a part of that. */
async function takeOver(git: GitRepository, todo: Todo, worktree: WorktreeRecord): Promise<BroughtWork> {
  const commit = currentRevision(todo).base === '' ? workTakenOver(todo)?.commit : null;
  return commit ? git.bringWork(worktree, commit) : { kind: 'brought', unmerged: [] };
}

const hasTakenOver = (todo: Todo): boolean => currentRevision(todo).base === '' && (workTakenOver(todo)?.commit ?? null) !== null;

interface Place {
  readonly worktree: WorktreeRecord;
  readonly notes: readonly string[];
  /** What stands in it, for the set-up. */
  readonly treeish: string;
  /** Its files are nowhere else, as they were brought here from another base: they are kept, for the case that it is deleted. */
  readonly isBrought?: boolean;
}

/** Sets the checkout up, and tells what its files are then, by which a person's changes are told from the runtime's. */
async function makeReady(
  services: EffectServices,
  todo: Todo,
  sprint: Sprint,
  { worktree, notes, treeish, isBrought = false }: Place,
  signal: AbortSignal,
): Promise<Outcome> {
  const { path, base, gitFileSha256 } = worktree;
  const git = gitOf(services);
  const hasSetup = sprint.terms.setup.length > 0;
  if (hasSetup) {
    // After a move the base is another one already, so the work goes on with the set-up that it had.
    const of = { treeish, base: currentRevision(todo).worktreePath === '' ? base : null };
    const setUp = await services.setUp(path, of, sprint, `setup-${todo.todoId}-r${todo.revision}`, signal);
    if (!setUp.ok) {
      await git.checkpoint(worktree, (await heldSetups(services, todo)).next);
      return 'question' in setUp ? setUp.question : refused(`The setup of the worktree failed: ${setUp.reason}`, 'setup');
    }
  }
  const tree = isBrought
    ? (await git.checkpoint(worktree, readyCheckpoint(todo, base))).tree
    : hasSetup
      ? await git.writeTree(worktree)
      : await git.treeOf(treeish);
  return { kind: 'ready', path, base, gitFileSha256, tree, notes };
}

const branchTree = async (git: GitRepository, { branch, base }: WorktreeRecord): Promise<string> =>
  git.treeOf((branch === null ? null : await git.tipOf(branch)) ?? base);

/** What is in a worktree that was just made: the branch's files, and where it stood once and was deleted, those of its newest checkpoint. */
async function filled(services: EffectServices, todo: Todo, { worktree, notes }: Omit<Place, 'treeish'>): Promise<Place> {
  const git = gitOf(services);
  const ofBranch = await branchTree(git, worktree);
  if (hasTakenOver(todo)) return { worktree, notes, treeish: await git.writeTree(worktree), isBrought: true };
  if (currentRevision(todo).base === '') return { worktree, notes, treeish: ofBranch };
  const newest = await newestCheckpoint(services, todo);
  if (newest === null) return { worktree, notes: [...notes, 'No checkpoint of it is left.'], treeish: ofBranch };
  await git.restoreCheckpoint(worktree, newest.id);
  return { worktree, notes: [...notes, `It was made again from the checkpoint ${newest.id}.`], treeish: newest.tree };
}

/** What is in a worktree whose set-up failed or was asked about, and is tried again: what a person mended there stays, and is noted. */
async function mended(services: EffectServices, todo: Todo, place: Omit<Place, 'treeish'>): Promise<Place> {
  const git = gitOf(services);
  const { tree: left } = await heldSetups(services, todo);
  if (left === null) return filled(services, todo, place);
  const tree = await git.writeTree(place.worktree);
  // As it is before anything is put into it.
  if (tree === (await branchTree(git, place.worktree))) return filled(services, todo, place);
  await noteHands(services, todo.todoId, { tree, head: null, left });
  return { ...place, treeish: tree, isBrought: hasTakenOver(todo) };
}

/** Brings the work onto the base that it conflicted with; what a person changed since the closeout's commit goes with it, and is noted. */
async function moveOnto(
  services: EffectServices,
  todo: Todo,
  sprint: Sprint,
  { onto, id }: { readonly onto: string; readonly id: string },
  signal: AbortSignal,
): Promise<Outcome> {
  const git = gitOf(services);
  const { trouble } = await lookAtWorktree(services, todo, sprint);
  const worktree = worktreeOf(todo, sprint);
  if (trouble) return refused(trouble.kind === 'gone' ? `${worktree.path} was deleted. A retry makes it again.` : trouble.reason);
  // The one that the move itself begins with, also when it is repeated.
  const before = await git.checkpoint(worktree, `moved-${id}`);
  await noteHands(services, todo.todoId, { tree: before.tree, head: null });
  const moved = await git.moveWorktree(worktree, { onto, id });
  if (moved.kind === 'refused') return refused(moved.reason);
  return makeReady(services, todo, sprint, { ...moved, treeish: onto, isBrought: true }, signal);
}

async function inPlace(services: EffectServices, sprint: Sprint): Promise<Outcome> {
  const git = gitOf(services);
  const facts = await git.inspect();
  if (facts.kind !== 'repository' || facts.head === null) return refused('The project is not a repository with a commit any more.');
  if (facts.branch !== sprint.terms.targetRef)
    return refused(
      `The project has ${facts.branch ?? 'a detached HEAD'} checked out, not ${sprint.terms.targetRef}. Check that out, then retry.`,
    );
  if (facts.dirtyPaths.length > 0)
    return refused(
      `Working in place needs a clean tree, and these differ: ${facts.dirtyPaths.slice(0, 5).join(', ')}. Commit or stash them, then retry.`,
    );
  return { kind: 'ready', path: facts.root, base: facts.head, gitFileSha256: null, tree: await git.treeOf(facts.head), notes: [] };
}

/** Makes (or finds) the place where a revision is worked on, ready for its first turn; after a conflict, moves it onto the new base. */
export const createAddWorktree =
  (services: EffectServices): EffectHandler<'add-worktree'> =>
  async (effect, { effectId, attempt, signal }) => {
    const scene = todoScene(services, effect.todoId);
    if (!scene) return refused('Its sprint is gone.');
    const { todo, sprint } = scene;
    if (sprint.terms.kind === 'no-repository')
      return { kind: 'ready', path: services.paths.project, base: '', gitFileSha256: null, notes: [] };
    if (sprint.terms.isolation === 'in_place') return inPlace(services, sprint);
    const git = gitOf(services);
    const revision = currentRevision(todo);
    if (effect.onto !== '') return moveOnto(services, todo, sprint, { onto: effect.onto, id: effectId }, signal);
    const standing = revision.base === '' ? await git.tipOf(`refs/heads/${effect.branch}`) : revision.base;
    const found = standing !== null ? { base: standing } : await baseFor(services, git, todo, sprint, effectId);
    if ('refusal' in found) return refused(found.refusal);
    const path = join(services.paths.worktrees, worktreeFolder(effect.branch));
    // The same effect again begins anew: what stands there is its own, half done.
    const isTriedAgain = attempt === 1 && (await git.hasWorktree(path));
    const made = await git.addWorktree({
      path,
      branch: effect.branch,
      base: found.base,
      copy: sprint.terms.copy,
      submodules: sprint.terms.submodules,
    });
    if (made.kind === 'refused') return refused(made.reason);
    const brought = await takeOver(git, todo, made.worktree);
    if (brought.kind === 'refused') return refused(brought.reason);
    const place = await (isTriedAgain ? mended : filled)(services, todo, made);
    const ready = await makeReady(services, todo, sprint, place, signal);
    return ready.kind === 'ready' && brought.unmerged.length > 0 ? { ...ready, unmerged: brought.unmerged } : ready;
  };

import { join } from 'node:path';
import { openBelow, workTakenOver } from '../../../shared/domain/stack.js';
import type { Sprint, Todo } from '../../../shared/domain/state.js';
import { currentRevision } from '../../../shared/domain/state.js';
import type { EffectOutcomes } from '../../../shared/domain/vocabulary.js';
import type { EffectHandler } from '../ports/effect-handler.js';
import type { BroughtWork, GitRepository, WorktreeRecord } from '../ports/git-repository.js';
import type { EffectServices } from './effect-services.js';
import { gitOf, todoScene, worktreeOf } from './effect-services.js';
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

async function makeReady(
  services: EffectServices,
  todo: Todo,
  sprint: Sprint,
  place: Omit<Extract<Outcome, { kind: 'ready' }>, 'kind'>,
  signal: AbortSignal,
): Promise<Outcome> {
  if (sprint.terms.setup.length > 0) {
    const setUp = await services.setUp(place.path, place.base, sprint, `setup-${todo.todoId}-r${todo.revision}`, signal);
    if (!setUp.ok) return refused(`The setup of the worktree failed: ${setUp.reason}`, 'setup');
  }
  return { kind: 'ready', ...place };
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
  return { kind: 'ready', path: facts.root, base: facts.head, gitFileSha256: null, notes: [] };
}

/** Makes (or finds) the place where a revision is worked on, ready for its first turn; after a conflict, moves it onto the new base. */
export const createAddWorktree =
  (services: EffectServices): EffectHandler<'add-worktree'> =>
  async (effect, { effectId, signal }) => {
    const scene = todoScene(services, effect.todoId);
    if (!scene) return refused('Its sprint is gone.');
    const { todo, sprint } = scene;
    if (sprint.terms.kind === 'no-repository')
      return { kind: 'ready', path: services.paths.project, base: '', gitFileSha256: null, notes: [] };
    if (sprint.terms.isolation === 'in_place') return inPlace(services, sprint);
    const git = gitOf(services);
    const revision = currentRevision(todo);
    if (effect.onto !== '') {
      const moved = await git.moveWorktree(worktreeOf(todo, sprint), { onto: effect.onto, id: effectId });
      if (moved.kind === 'refused') return refused(moved.reason);
      return makeReady(
        services,
        todo,
        sprint,
        { path: revision.worktreePath, base: effect.onto, gitFileSha256: moved.worktree.gitFileSha256, notes: moved.notes },
        signal,
      );
    }
    const standing = revision.base === '' ? await git.tipOf(`refs/heads/${effect.branch}`) : revision.base;
    const found = standing !== null ? { base: standing } : await baseFor(services, git, todo, sprint, effectId);
    if ('refusal' in found) return refused(found.refusal);
    const path = join(services.paths.worktrees, worktreeFolder(effect.branch));
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
    const { worktree, notes } = made;
    const unmerged = brought.unmerged.length > 0 ? { unmerged: brought.unmerged } : {};
    return makeReady(
      services,
      todo,
      sprint,
      { path, base: worktree.base, gitFileSha256: worktree.gitFileSha256, notes, ...unmerged },
      signal,
    );
  };

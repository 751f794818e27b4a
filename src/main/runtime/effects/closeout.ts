import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { shortBranchName } from '../../../shared/domain/branch-name.js';
import { commitMessage } from '../../../shared/domain/commit-message.js';
import { commitIdentity } from '../../../shared/domain/configuration.js';
import { openBelow } from '../../../shared/domain/stack.js';
import { instructionFilesAmong } from '../../../shared/domain/instruction-files.js';
import { overrideOf } from '../../../shared/domain/receipt.js';
import { closeoutInWork } from '../../../shared/domain/closeout.js';
import { currentRevision } from '../../../shared/domain/state.js';
import type { Sprint, Todo } from '../../../shared/domain/state.js';
import type { EffectOutcomes, SetupAsked } from '../../../shared/domain/vocabulary.js';
import type { Clock } from '../ports/clock.js';
import type { EffectHandler } from '../ports/effect-handler.js';
import type { GitRepository, WorktreeRecord } from '../ports/git-repository.js';
import type { EffectServices, HooksAsk, VerifyFound } from './effect-services.js';
import { gitOf, todoScene, worktreeOf } from './effect-services.js';
import { commitSentence, secretsInCheckout } from './keep-secrets-out.js';
import { lookAtWorktree, noteHands } from './left-work.js';
import { stackCommits } from './stack-commits.js';
import { worktreeFolder } from './worktree-folder.js';

/** Signing one commit may take so long (rules 4). */
export const signTimeoutMs = 30_000;
const detailLimit = 12_000;

/** Why the project's own hooks are against the commit, or what a person is asked before they run; null when they are not. */
export async function hooksRefusal(
  services: EffectServices,
  ask: Omit<HooksAsk, 'runKey'>,
  signal: AbortSignal,
  worktree?: WorktreeRecord,
): Promise<string | SetupAsked | null> {
  const found = await services.runHooks({ ...ask, runKey: `${ask.closeoutId}:${ask.tree}` }, signal);
  switch (found.kind) {
    case 'passed': {
      // Hooks may take minutes, and a person may work there meanwhile.
      const isSame = !worktree || found.hooks.runs.length === 0 || (await gitOf(services).writeTree(worktree)) === ask.tree;
      return isSame ? null : `Could not commit the work in ${worktree.path}: it changed while the project's git hooks ran. Retry it.`;
    }
    case 'refused':
      return found.reason;
    case 'setup-asked':
      return found;
    case 'setup-failed':
      return `Could not run the project's git hooks, so nothing was committed. ${found.reason}`;
    case 'stopped':
      throw new Error('The git hooks were stopped.');
  }
}

/** 1: the todo's work as one commit on its own branch. A commit that a killed attempt made is adopted. */
export const createCommit =
  (services: EffectServices): EffectHandler<'commit'> =>
  async (effect, { signal }) => {
    const scene = todoScene(services, effect.todoId);
    if (!scene) return { kind: 'refused', reason: 'Its sprint is gone.' };
    const { todo, sprint } = scene;
    const git = gitOf(services);
    const revision = currentRevision(todo);
    const worktree = worktreeOf(todo, sprint);
    const { trouble, head } = await lookAtWorktree(services, todo, sprint);
    if (trouble) return trouble.kind === 'gone' ? { kind: 'worktree-gone' } : { kind: 'refused', reason: trouble.reason };
    await services.secrets.refresh();
    const secret = await secretsInCheckout(git, worktree, revision.base, services.secrets);
    if (secret.length > 0) return { kind: 'refused', reason: commitSentence(secret) };
    const tree = await git.writeTree(worktree);
    await noteHands(services, todo.todoId, { tree, head });
    const changed = await git.changedFiles(revision.base, tree);
    const standing = await git.findCloseout(worktree.branch ?? 'HEAD', effect.closeoutId);
    // In place, files that a person has staged are none of the commit's; which ones they were, `commitAll` finds out.
    const isMade = standing?.parent === revision.base && (standing.tree === tree || worktree.gitFileSha256 === null);
    if (changed.length === 0) return { kind: 'nothing' };
    const message = commitMessage({
      sprintId: sprint.sprintId,
      todoId: todo.todoId,
      revision: todo.revision,
      title: todo.title,
      paths: changed.map(({ path }) => path),
    });
    const { closeoutId } = effect;
    const branch = shortBranchName(worktree.branch ?? 'HEAD');
    // Made by an attempt that was killed: its hooks were asked, and what is left to do (the index) is done by asking again.
    const refusal = isMade
      ? null
      : await hooksRefusal(services, { base: revision.base, tree, message, closeoutId, sprint, branch }, signal, worktree);
    if (refusal !== null) return typeof refusal === 'string' ? { kind: 'refused', reason: refusal } : refusal;
    const identity = commitIdentity(services.state().configuration);
    const made = await git.commitAll(worktree, { message, closeoutId, parent: revision.base, signTimeoutMs, identity });
    // It was read once more for the commit; in place, what a person has staged is left out of it.
    if (made.kind === 'committed' && worktree.gitFileSha256 !== null)
      await noteHands(services, todo.todoId, { tree: made.tree, head: null });
    return made.kind === 'nothing-to-commit' ? { kind: 'nothing' } : made;
  };

/** What the work goes onto: the target, with what lies below it while that waits; its own base where that does not fit there any more. */
async function ontoFor(
  services: EffectServices,
  git: GitRepository,
  todo: Todo,
  { targetRef, closeoutId }: { readonly targetRef: string; readonly closeoutId: string },
): Promise<{ readonly onto: string } | { readonly reason: string }> {
  // Before the target is looked at: what reaches it in between is found there, and falls away here.
  const commits = openBelow(todo, services.state()).map(({ commit }) => commit);
  const base = await git.tipOf(targetRef);
  if (base === null) return { reason: `The target branch ${targetRef} does not exist any more. Make it again, then retry.` };
  const stacked = await stackCommits(services, git, { base, commits, id: closeoutId });
  if (stacked.kind === 'refused') return { reason: stacked.reason };
  return { onto: stacked.kind === 'stacked' ? stacked.commit : currentRevision(todo).base };
}

/** A commit that waited on its branch and that somebody brought to the target by hand is there as it stands. */
async function standingOnTarget(git: GitRepository, todo: Todo, targetRef: string): Promise<EffectOutcomes['rebase'] | null> {
  const { commit, base, closeout } = currentRevision(todo);
  if (todo.status !== 'committed' || commit === null || !(await git.isAncestor(commit, targetRef))) return null;
  const onto = closeout?.onto ?? base;
  return { kind: 'rebased', commit, tree: await git.treeOf(commit), onto, patchId: await git.patchId(onto, commit) };
}

/** 2: the todo's own commit, and it alone, on top of the target's present tip; no branch moves. */
export const createRebase =
  (services: EffectServices): EffectHandler<'rebase'> =>
  async (effect) => {
    const scene = todoScene(services, effect.todoId);
    const commit = scene ? currentRevision(scene.todo).closeout?.commit : null;
    if (!scene || !commit) return { kind: 'refused', reason: 'There is no commit to rebase.' };
    const git = gitOf(services);
    const { targetRef } = scene.sprint.terms;
    const standing = await standingOnTarget(git, scene.todo, targetRef);
    if (standing) return standing;
    const { closeoutId } = effect;
    const found = await ontoFor(services, git, scene.todo, { targetRef, closeoutId });
    if ('reason' in found) return { kind: 'refused', ...found };
    const scratch = join(services.paths.scratch, worktreeFolder(closeoutId));
    const result = await git.rebase({
      commit,
      onto: found.onto,
      closeoutId,
      scratch,
      identity: commitIdentity(services.state().configuration),
    });
    return result.kind === 'conflict' ? { ...result, detail: result.detail.slice(0, detailLimit) } : result;
  };

type Verified = Extract<VerifyFound, { kind: 'verified' }>;

async function receiptFor(
  services: EffectServices,
  todo: Todo,
  sprint: Sprint,
  effect: { readonly closeoutId: string; readonly commit: string; readonly base: string },
  tree: string,
  found: Verified | null,
): Promise<EffectOutcomes['verify']> {
  const git = services.git;
  const to = effect.commit || tree;
  const diff = git && effect.base && to ? await git.diff(effect.base, to) : '';
  const isInPlace = sprint.terms.isolation === 'in_place' && sprint.terms.kind === 'repository';
  const hooks = await services.hooksOf(effect.closeoutId);
  const changed = git && diff !== '' ? await git.changedFiles(effect.base, to) : [];
  const instructionChanges = instructionFilesAmong(changed.map(({ path }) => path));
  const { revert } = currentRevision(todo);
  const receipt = await services.seal({
    todoId: todo.todoId,
    revision: todo.revision,
    time: services.clock.now(),
    target: sprint.terms.targetRef,
    base: effect.base,
    commit: effect.commit,
    tree,
    patchId: git && diff !== '' ? await git.patchId(effect.base, to) : '',
    diffHash: diff === '' ? '' : await services.blobs.put(diff),
    closeoutId: effect.closeoutId,
    ...(revert?.closeout.closeoutId === effect.closeoutId ? { reverts: revert.commit } : {}),
    verifyHash: sprint.terms.verifyHash,
    environmentHash: found?.environmentHash ?? '',
    commands: found?.commands ?? [],
    protectedChanges: found?.protectedChanges ?? [],
    weakenedTests: found?.weakenedTests ?? null,
    isInPlace,
    hasCommit: effect.commit !== '' && diff !== '',
    override: overrideOf({ commands: found?.commands ?? [] }, closeoutInWork(currentRevision(todo))?.override ?? null),
    ...(hooks === null ? {} : { hooks }),
    ...(instructionChanges.length === 0 ? {} : { instructionChanges }),
  });
  return { kind: 'receipt', receipt };
}

/** 3: a clean checkout of the result, set up and verified in the jail; the receipt is the runtime's own word. */
export const createVerify =
  (services: EffectServices): EffectHandler<'verify'> =>
  async (effect, { signal }) => {
    const scene = todoScene(services, effect.todoId);
    if (!scene) return { kind: 'refused', reason: 'Its sprint is gone.' };
    const { todo, sprint } = scene;
    if (sprint.terms.kind === 'no-repository') return receiptFor(services, todo, sprint, effect, '', null);
    const git = gitOf(services);
    const tree = effect.commit ? await git.treeOf(effect.commit) : await git.writeTree(worktreeOf(todo, sprint));
    if (!effect.commit) await noteHands(services, todo.todoId, { tree, head: null });
    const isEmpty = effect.base !== '' && (await git.treeOf(effect.base)) === tree;
    if (isEmpty || sprint.terms.verify.length === 0) return receiptFor(services, todo, sprint, effect, tree, null);
    const runKey = createHash('sha256')
      .update(`${effect.closeoutId}:${effect.commit || tree}:${effect.base}`)
      .digest('hex')
      .slice(0, 24);
    const found = await services.verify({ runKey, treeish: effect.commit || tree, base: effect.base || null, sprint }, signal);
    if (found.kind === 'stopped') throw new Error('The verification was stopped.');
    if (found.kind === 'setup-asked') return found;
    if (found.kind === 'setup-failed')
      return { kind: 'setup-failed', reason: found.reason, log: found.log === '' ? '' : `blob:${await services.blobs.put(found.log)}` };
    return receiptFor(services, todo, sprint, effect, tree, found);
  };

/** 4: the target moves from the old tip to exactly the verified commit. */
export const createIntegrate =
  (services: EffectServices): EffectHandler<'integrate'> =>
  async (effect, { signal }) => {
    const scene = todoScene(services, effect.todoId);
    if (!scene) return { kind: 'refused', reason: 'Its sprint is gone.' };
    const { targetRef } = scene.sprint.terms;
    const git = gitOf(services);
    for (;;) {
      if (await git.isAncestor(effect.to, targetRef)) return { kind: 'integrated', commit: effect.to };
      const result = await git.integrate({ target: targetRef, from: effect.from, to: effect.to });
      if (result.kind !== 'waiting' || !isKnownWait(services, effect.todoId, result) || signal.aborted) return result;
      await pause(services.clock, workingTreeLookMs, signal);
    }
  };

/** Pause before a working tree that is in the way is looked at again; the same reason is told once, not each time. */
const workingTreeLookMs = 2_000;

function isKnownWait(
  services: EffectServices,
  todoId: string,
  { reason, files }: { readonly reason: string; readonly files: readonly string[] },
): boolean {
  const todo = services.state().todos[todoId];
  const waiting = todo ? closeoutInWork(currentRevision(todo))?.waiting : null;
  return waiting != null && waiting.reason === reason && waiting.files.join('\0') === files.join('\0');
}

const pause = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const wake = (): void => {
      cancel();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = clock.after(ms, wake);
    signal.addEventListener('abort', wake);
  });

/** Takes a landed or dropped revision's worktree away, if nothing in it would be lost. */
export const createRemoveWorktree =
  (services: EffectServices): EffectHandler<'remove-worktree'> =>
  async (effect) => {
    const scene = todoScene(services, effect.todoId);
    const revision = scene?.todo.revisions[effect.revision - 1];
    if (
      !scene ||
      !revision ||
      revision.worktreePath === '' ||
      scene.sprint.terms.kind === 'no-repository' ||
      scene.sprint.terms.isolation === 'in_place'
    )
      return { kind: 'removed' };
    const git = gitOf(services);
    const worktree = {
      path: revision.worktreePath,
      branch: `refs/heads/${revision.branch}`,
      base: revision.base,
      gitFileSha256: revision.gitFileSha256,
    };
    const id = `removed-${effect.todoId}-r${effect.revision}`;
    if (await git.hasWorktree(worktree.path)) await git.checkpoint(worktree, id);
    const result = await git.removeWorktree(worktree, { checkpoint: id, deleteBranch: false });
    return result.kind === 'refused' ? { kind: 'kept', reason: result.reason } : { kind: 'removed' };
  };

/** Puts the detail of an ended sprint aside, to be loaded on demand; only its head stays in memory (rules 1). */
export const createArchiveSprint =
  (services: EffectServices): EffectHandler<'archive-sprint'> =>
  async (effect) => {
    const state = services.state();
    const sprint = state.sprints[effect.sprintId];
    const todoIds = new Set(sprint?.todoIds ?? []);
    const turns = Object.values(state.turns).filter(({ subject }) =>
      subject.kind === 'todo' ? todoIds.has(subject.todoId) : subject.kind === 'sprint' && subject.sprintId === effect.sprintId,
    );
    const envelopes = Object.values(state.envelopes).filter(({ subjectId }) => todoIds.has(subjectId) || subjectId === effect.sprintId);
    await services.archive(effect.sprintId, { sprint, todos: [...todoIds].map((id) => state.todos[id]), turns, envelopes });
    return { kind: 'archived' };
  };

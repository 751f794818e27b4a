import { join } from 'node:path';
import { shortBranchName } from '../../../shared/domain/branch-name.js';
import { revertMessage } from '../../../shared/domain/commit-message.js';
import { commitIdentity } from '../../../shared/domain/configuration.js';
import { currentRevision } from '../../../shared/domain/state.js';
import type { EffectOutcomes } from '../../../shared/domain/vocabulary.js';
import type { EffectHandler } from '../ports/effect-handler.js';
import { worktreeFolder } from './worktree-folder.js';
import { hooksRefusal, signTimeoutMs } from './closeout.js';
import { gitOf, todoScene } from './effect-services.js';
import type { EffectServices } from './effect-services.js';

const refused = (reason: string): EffectOutcomes['revert'] => ({ kind: 'refused', reason });

/**
 * The commit that undoes a landed one, on the target's present tip; no branch moves. One that is on the target already, as after a kill
 * or *stop everything*, is taken as it is; one that a killed attempt made on the same tip is adopted.
 */
export const createRevert =
  (services: EffectServices): EffectHandler<'revert'> =>
  async (effect, { signal }) => {
    const { closeoutId, commit: undone } = effect;
    const scene = todoScene(services, effect.todoId);
    if (!scene) return refused('its sprint is gone.');
    const { todo, sprint } = scene;
    const { targetRef } = sprint.terms;
    const git = gitOf(services);
    const branch = shortBranchName(targetRef);
    const reverted = async (commit: string, onto: string): Promise<EffectOutcomes['revert']> => ({
      kind: 'reverted',
      ...{ commit, onto, tree: await git.treeOf(commit), patchId: await git.patchId(onto, commit) },
      paths: (await git.changedFiles(onto, commit)).map(({ path }) => path),
    });
    const tip = await git.tipOf(targetRef);
    if (tip === null) return refused(`the target branch ${branch} does not exist any more.`);
    if (!(await git.isAncestor(undone, tip))) return refused(`its commit ${undone.slice(0, 12)} is not on ${branch} any more.`);
    const landed = (await git.closeoutsSince(targetRef, undone)).find((each) => each.closeoutId === closeoutId);
    if (landed) return reverted(landed.commit, (await git.parentOf(landed.commit)) ?? '');
    const scratch = join(services.paths.scratch, worktreeFolder(closeoutId));
    const without = await git.revertTree({ commit: undone, onto: tip, scratch });
    if (without.kind === 'conflict')
      return { kind: 'conflict', files: without.files, others: without.others, log: `blob:${await services.blobs.put(without.detail)}` };
    if (without.kind !== 'reverted') return without;
    const { tree } = without;
    const message = revertMessage(
      {
        ...{ sprintId: sprint.sprintId, todoId: todo.todoId, revision: currentRevision(todo).number, title: todo.title },
        paths: (await git.changedFiles(tip, tree)).map(({ path }) => path),
      },
      undone,
    );
    const refusal = await hooksRefusal(services, { base: tip, tree, message, closeoutId, sprint, branch }, signal);
    if (refusal !== null) return typeof refusal === 'string' ? refused(refusal) : refusal;
    const made = await git.commitTree({
      tree,
      parent: tip,
      message,
      closeoutId,
      signTimeoutMs,
      identity: commitIdentity(services.state().configuration),
    });
    if (made.kind === 'nothing-to-commit') return { kind: 'empty' };
    return made.kind === 'refused' ? made : reverted(made.commit, tip);
  };

import type { ReceiptCommand } from '../../../shared/domain/receipt.js';
import { currentRevision } from '../../../shared/domain/state.js';
import type { EffectHandler } from '../ports/effect-handler.js';
import type { EffectServices } from './effect-services.js';
import { gitOf, todoScene, worktreeOf } from './effect-services.js';
import { lookAtWorktree } from './left-work.js';

const excerptBytes = 4_000;

async function excerptOf(services: EffectServices, command: ReceiptCommand): Promise<string> {
  if (command.exitCode === null) return command.problem;
  const bytes = command.outputHash === '' ? null : await services.blobs.get(command.outputHash);
  return bytes === null ? '' : bytes.subarray(-excerptBytes).toString('utf8');
}

/** Verifies the todo's work as it stands before QA's turn, so that QA judges evidence; the closeout reuses the result (rules 5). */
export const createGatherEvidence =
  (services: EffectServices): EffectHandler<'gather-evidence'> =>
  async (effect, { signal }) => {
    const scene = todoScene(services, effect.todoId);
    if (!scene) return { kind: 'unavailable', reason: 'Its sprint is gone.' };
    const { todo, sprint } = scene;
    if (sprint.terms.kind === 'no-repository') return { kind: 'unavailable', reason: 'The project has no git repository.' };
    if (sprint.terms.verify.length === 0) return { kind: 'unavailable', reason: 'No verification command is configured.' };
    const { trouble } = await lookAtWorktree(services, todo, sprint);
    if (trouble) return trouble.kind === 'gone' ? { kind: 'worktree-gone' } : { kind: 'unavailable', reason: trouble.reason };
    const tree = await gitOf(services).writeTree(worktreeOf(todo, sprint));
    const found = await services.verify(
      {
        runKey: `evidence-${todo.todoId}-r${todo.revision}-${todo.workflow.visits.qa_validation ?? 1}`,
        treeish: tree,
        base: currentRevision(todo).base || null,
        sprint,
      },
      signal,
    );
    // Nobody knows what it would have found; the next attempt does.
    if (found.kind === 'stopped') throw new Error('The verification was stopped.');
    if (found.kind === 'setup-asked') return found;
    if (found.kind === 'setup-failed') return { kind: 'unavailable', reason: `The setup failed: ${found.reason}` };
    const commands = await Promise.all(
      found.commands.map(async (command) => ({
        name: command.name,
        exitCode: command.exitCode,
        baseExitCode: command.baseExitCode,
        outputHash: command.outputHash,
        excerpt: await excerptOf(services, command),
      })),
    );
    return { kind: 'gathered', evidence: { tree, reason: '', commands } };
  };

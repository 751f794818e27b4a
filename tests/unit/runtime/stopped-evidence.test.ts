import { expect, it } from 'vitest';
import type { EffectServices } from '../../../src/main/runtime/effects/effect-services.js';
import { createGatherEvidence } from '../../../src/main/runtime/effects/gather-evidence.js';
import type { WorktreeRecord } from '../../../src/main/runtime/ports/git-repository.js';
import { plainTerms } from '../../fakes/memory-runtime.js';
import { sampleRevision, sampleSprint, sampleTodo } from '../../fakes/sample-todo.js';

it('tells nothing of a verification that was stopped, so that QA is not told that there is no evidence', async () => {
  const verify = [{ name: 'tests', command: ['true'], timeoutSeconds: 1, network: false }];
  const sprint = sampleSprint({ terms: { ...plainTerms, kind: 'repository', verify } });
  const todo = sampleTodo({ sprintId: sprint.sprintId, revisions: [sampleRevision()] });
  const services = {
    state: () => ({ todos: { [todo.todoId]: todo }, sprints: { [sprint.sprintId]: sprint } }),
    git: {
      standing: ({ branch }: WorktreeRecord) => Promise.resolve({ kind: 'there', branch, head: null }),
      writeTree: () => Promise.resolve('tree'),
    },
    verify: () => Promise.resolve({ kind: 'stopped' }),
  } as unknown as EffectServices;
  const effect = { type: 'gather-evidence', lane: 'todo:1', todoId: todo.todoId, revision: 1 } as const;
  const run = { effectId: 'fx-1-1', attempt: 1, signal: new AbortController().signal };
  await expect(createGatherEvidence(services)(effect, run)).rejects.toThrow('The verification was stopped.');
});

import { describe, expect, it } from 'vitest';
import { composePrompt } from '../../../src/main/runtime/roles/compose-prompt.js';
import { defaultConfiguration } from '../../../src/shared/domain/configuration.js';
import type { Actor, State } from '../../../src/shared/domain/state.js';
import { sampleTurn, stateWith } from '../../fakes/sample-todo.js';

const at = '2026-03-24T09:00:00.000Z';
const lint = { command: ['npm', 'run', 'lint', '{path}'], domain: 'other', allowedParams: ['path'], network: false, timeoutSeconds: 60 };

function stateOf(requestedBy: Actor): State {
  const state = stateWith();
  state.configuration = {
    ...defaultConfiguration,
    actions: { lint: { ...lint, lifecycle: 'foreground' }, serve: { ...lint, lifecycle: 'managed' } },
  };
  state.requests['r1'] = {
    ...{ requestId: 'r1', status: 'queued', scope: 'Lint.', body: 'Lint.', requestedBy, currentRole: 'orchestrator', activeTurnId: null },
    ...{ visit: 1, contractReturns: 0, backlogIds: [], reports: [], inputs: [], outcome: '', blocker: null, fingerprint: '' },
    ...{ createdAt: at, updatedAt: at },
  };
  return state;
}

const promptOf = (role: string, requestedBy: Actor): string =>
  composePrompt({
    state: stateOf(requestedBy),
    turn: sampleTurn({ role, member: role, step: 'intake', subject: { kind: 'request', requestId: 'r1' } }),
    ...{ mark: 'MARK', roleText: '# Role\n', diff: '', schema: '{}', documents: [], skills: [], previousAnswer: '' },
    paths: { checkout: '/checkout', sessionDir: '/session' },
  });

const person: Actor = { kind: 'person', id: 'Ann', via: 'cli' };

describe('the actions of a workspace', () => {
  it('are told to the orchestrator that answers a person, those that can be run', () => {
    const prompt = promptOf('orchestrator', person);
    expect(prompt).toContain('## Actions\n');
    expect(prompt).toContain('- `lint`: `npm run lint {path}`, params: path');
    expect(prompt).not.toContain('`serve`');
  });

  it('are told to no other role, and to nobody for a request that came as a file', () => {
    expect(promptOf('planner', person)).not.toContain('## Actions');
    expect(promptOf('orchestrator', { kind: 'file-edit', id: 'a file' })).not.toContain('## Actions');
  });
});

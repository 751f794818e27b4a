import { describe, expect, it } from 'vitest';
import { waitingFor } from '../../../src/shared/domain/board.js';
import { isSetupAccepted } from '../../../src/shared/domain/state.js';
import type { SetupAsked } from '../../../src/shared/domain/vocabulary.js';
import { DomainStage } from './domain-stage.js';
import { item } from './report-shapes.js';
import { plannedSprint, playOut, playUntil } from './sprint-play.js';

const asked: SetupAsked = { kind: 'setup-asked', key: 'key-1', paths: ['package-lock.json', 'package.json'] };

/** A card that is asked about at one of its effects. */
function askedAt(type: 'gather-evidence' | 'commit' | 'verify', terms: Parameters<typeof plannedSprint>[2] = {}): DomainStage {
  const stage = new DomainStage();
  plannedSprint(stage, [item('A')], { setup: [['npm', 'ci'], ['make']], ...terms });
  playUntil(stage, () => stage.pending(type).length > 0);
  stage.settle(stage.only(type), type, asked);
  return stage;
}

const answer = (stage: DomainStage, text: string) => ({ type: 'answer', subjectId: stage.todo('A').todoId, text }) as const;

describe('work that changes what setup reads', () => {
  it.each(['gather-evidence', 'commit', 'verify'] as const)('waits at %s for a yes, goes on there, and lands', (type) => {
    const stage = askedAt(type);
    const { todoId } = stage.todo('A');
    expect(waitingFor(stage.todo('A'), stage.state)).toBe(
      `waits for you: The work changes package-lock.json, package.json; its setup would run with the network: npm ci; make. Accept it with \`muster answer ${todoId} yes\`, or request changes.`,
    );
    expect(stage.sprint.status).toBe('paused');
    stage.do(answer(stage, 'Yes.'));
    expect(isSetupAccepted(stage.state, 'key-1')).toBe(true);
    expect(stage.pending(type)).toHaveLength(1);
    playOut(stage);
    expect(stage.todo('A').status).toBe('committed');
    expect(stage.refold().acceptedSetups).toEqual(stage.state.acceptedSetups);
  });

  it('is asked again when it is retried without a yes, and can be sent back instead', () => {
    const stage = askedAt('verify');
    const { todoId } = stage.todo('A');
    stage.do({ type: 'retry', subjectId: todoId });
    stage.settle(stage.only('verify'), 'verify', asked);
    expect(isSetupAccepted(stage.state, 'key-1')).toBe(false);
    stage.do({ type: 'request-changes', todoId, revision: 1, comment: 'Do without it.' });
    expect(stage.todo('A').workflow.step).toBe('developer_revision');
  });

  it('takes no other answer, and none but of a person', () => {
    const stage = askedAt('verify');
    const { todoId } = stage.todo('A');
    expect(stage.refused(answer(stage, 'Rather not'))).toEqual({
      id: 'bad-input',
      message: `${todoId} "A" asks whether its setup may run, which is answered with yes. To have the work changed: \`muster request-changes ${todoId} --comment "…"\`.`,
    });
    for (const kind of ['role', 'file-edit'] as const)
      expect(stage.refused(answer(stage, 'yes'), { kind, id: 'developer' })).toEqual({
        id: 'may-not',
        message: `Only a person accepts the setup of ${todoId} "A", not a role, a file or the program.`,
      });
  });

  it('is asked about once more on its way to the target, and waits on its branch meanwhile', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A')], { setup: [['npm', 'ci']], integrate: 'on_approval' });
    playUntil(stage, () => stage.todo('A').status === 'committed');
    stage.do({ type: 'approve', todoId: stage.todo('A').todoId, revision: 1, comment: '' });
    playUntil(stage, () => stage.pending('verify').length > 0);
    stage.settle(stage.only('verify'), 'verify', asked);
    expect(stage.todo('A').status).toBe('blocked');
    stage.do(answer(stage, 'yes'));
    expect(isSetupAccepted(stage.state, 'key-1')).toBe(true);
    playOut(stage);
    expect(stage.revision('A')).toMatchObject({ isIntegrated: true, isApproved: true });
  });
});

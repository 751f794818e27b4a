import { describe, expect, it } from 'vitest';
import type { WorkflowTransition } from '../../../src/shared/domain/report.js';
import { DomainStage, lead } from './domain-stage.js';
import { item, qa, report, reported, transition } from './report-shapes.js';
import { plannedSprint, playToStep } from './sprint-play.js';

function stageAt(step: string): DomainStage {
  const stage = new DomainStage({ limits: { architectReviews: 9, advisoryPasses: 9, reopens: 9 } });
  plannedSprint(stage, [item('Login')]);
  playToStep(stage, 'Login', step);
  return stage;
}

function say(stage: DomainStage, role: string, summary: string, outputTree: string, said: Partial<WorkflowTransition>): void {
  const isQa = role === 'qa';
  const proposals = { workflowTransition: transition(said), qaValidation: isQa ? qa(said.outcome === 'reopen' ? 'fail' : 'pass') : null };
  stage.endTurn(
    stage.only('run-turn'),
    reported(report(role, { summary, artifacts: role === 'planner' ? ['spec.md'] : [] }, proposals), { outputTree }),
  );
}

const advance = { outcome: 'advance' } as const;
const toReview = { outcome: 'advance', targetStep: 'architect_review' } as const;

/** The developer builds, is sent back, revises; the architect is told apart by its words. */
function revised(stage: DomainStage, summary: string, tree: string): void {
  say(stage, 'developer', summary, tree, toReview);
}

describe('turns without progress', () => {
  it('block the todo when the developer leaves the same files and the same report as in its turn before', () => {
    const stage = stageAt('developer_build');
    say(stage, 'developer', 'Built.', 'tree-a', advance);
    say(stage, 'architect', 'No.', 'tree-a', {});
    revised(stage, 'Done.', 'tree-a');
    say(stage, 'architect', 'No, still.', 'tree-a', {});
    revised(stage, 'Done.', 'tree-a');
    expect(stage.todo('Login')).toMatchObject({
      status: 'blocked',
      blocker: {
        kind: 'no-progress',
        byRole: 'developer',
        reason:
          'developer made no progress at developer revision: it left the same files and the same report as in its turn before. Answer it with what it should do otherwise, retry it or cancel it.',
      },
    });
    expect(stage.todo('Login').reports.at(-1)?.summary).toBe('Done.');
  });

  it.each([
    ['another tree', 'Done.', 'tree-b'],
    ['another report', 'Done otherwise.', 'tree-a'],
    ['a tree that is not known', 'Done.', ''],
  ])('are not seen in a turn that leaves %s', (_what, summary, tree) => {
    const stage = stageAt('developer_build');
    say(stage, 'developer', 'Built.', tree === '' ? '' : 'tree-a', advance);
    say(stage, 'architect', 'No.', 'tree-a', {});
    revised(stage, 'Done.', tree === '' ? '' : 'tree-a');
    say(stage, 'architect', 'No, still.', 'tree-a', {});
    revised(stage, summary, tree);
    expect(stage.todo('Login')).toMatchObject({ status: 'running', blocker: null });
  });

  it('are not seen in a QA that fails again in the same words after the files changed, and are when they did not', () => {
    const reopen = { outcome: 'reopen', reopenCategory: 'implementation' } as const;
    const stage = stageAt('qa_validation');
    const toQa = { outcome: 'advance', targetStep: 'qa_validation' } as const;
    const validate = (tree: string): void => {
      playToStep(stage, 'Login', 'qa_validation');
      say(stage, 'qa', 'It fails.', tree, reopen);
    };
    validate('tree-a');
    say(stage, 'developer', 'Mended.', 'tree-b', toQa);
    validate('tree-b');
    expect(stage.todo('Login').status).toBe('running');
    say(stage, 'developer', 'Mended, I think.', 'tree-b', toQa);
    validate('tree-b');
    expect(stage.todo('Login').blocker).toMatchObject({ kind: 'no-progress', byRole: 'qa' });
  });

  it('are not seen in a planner who asks for advice twice in the same words, as the advice came in between', () => {
    const stage = stageAt('planner_draft');
    const ask = { outcome: 'continue', requestedRole: 'designer' } as const;
    for (const advice of ['Green.', 'Green, still.', 'Green, I said.']) {
      say(stage, 'planner', 'Which button?', 'tree-a', ask);
      say(stage, 'designer', advice, 'tree-a', advance);
    }
    expect(stage.todo('Login').status).toBe('running');
  });

  it('do not block again what a person answered', () => {
    const stage = stageAt('developer_build');
    say(stage, 'developer', 'Built.', 'tree-a', advance);
    say(stage, 'architect', 'No.', 'tree-a', {});
    revised(stage, 'Done.', 'tree-a');
    say(stage, 'architect', 'No, still.', 'tree-a', {});
    revised(stage, 'Done.', 'tree-a');
    stage.do({ type: 'answer', subjectId: stage.todo('Login').todoId, text: 'It is right as it is.' }, lead);
    revised(stage, 'Done.', 'tree-a');
    expect(stage.todo('Login')).toMatchObject({ status: 'running', blocker: null });
  });
});

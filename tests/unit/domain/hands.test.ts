import { describe, expect, it } from 'vitest';
import { DomainStage, runtime } from './domain-stage.js';
import { item } from './report-shapes.js';
import { plannedSprint, playOut, playToStep, playUntil, settleWell } from './sprint-play.js';

const title = 'Login';

function stageAt(step: string): DomainStage {
  const stage = new DomainStage();
  plannedSprint(stage, [item(title)]);
  playToStep(stage, title, step);
  return stage;
}

const gone = { kind: 'worktree-gone' } as const;
const tokens = { input: 0, cachedInput: 0, output: 0 };

describe('a worktree that is gone', () => {
  it('is asked for anew before the turn, which is asked again and was not spent', () => {
    const stage = stageAt('developer_build');
    const { turnsSpent } = stage.todo(title);
    const branch = stage.revision(title).branch;
    stage.settle(stage.only('run-turn'), 'run-turn', { ...gone, tokens, attempt: 0 });
    expect(stage.only('add-worktree').effect).toMatchObject({ branch, onto: '' });
    expect(stage.revision(title).worktreePath).toBe('');
    settleWell(stage, stage.only('add-worktree'));
    expect(stage.pending().map(({ effect }) => effect.type)).toEqual(['run-turn']);
    expect(stage.todo(title)).toMatchObject({ turnsSpent, workflow: { step: 'developer_build' } });
    const unread = Object.values(stage.state.envelopes).filter(({ consumedAt }) => consumedAt === null);
    expect(unread).toHaveLength(1);
    playOut(stage);
    expect(stage.todo(title).status).toBe('committed');
  });

  it('stays to be made again when that fails, until a retry', () => {
    const stage = stageAt('developer_build');
    stage.settle(stage.only('run-turn'), 'run-turn', { ...gone, tokens, attempt: 0 });
    stage.settle(stage.only('add-worktree'), 'add-worktree', { kind: 'refused', reason: 'npm ci failed.', cause: 'setup' });
    expect(stage.todo(title)).toMatchObject({ status: 'blocked', blocker: { kind: 'setup', reason: 'npm ci failed.' } });
    stage.do({ type: 'retry', subjectId: stage.todo(title).todoId });
    expect(stage.pending().map(({ effect }) => effect.type)).toEqual(['add-worktree']);
  });

  it.each(['gather-evidence', 'commit'] as const)('is asked for anew before %s goes on', (type) => {
    const stage = stageAt('developer_build');
    playUntil(stage, () => stage.pending(type).length > 0);
    stage.settle(stage.only(type), type, gone);
    settleWell(stage, stage.only('add-worktree'));
    expect(stage.pending().map(({ effect }) => effect.type)).toEqual([type]);
  });

  it('is asked for anew by the retry of a turn that deleted it', () => {
    const stage = stageAt('developer_build');
    stage.endTurn(stage.only('run-turn'), { kind: 'breach', breaches: ['The worktree is gone.'], isWorktreeGone: true });
    expect(stage.todo(title).blocker?.reason).toBe(
      "developer's turn at developer_build did what it may not: The worktree is gone. Everything else was put back; a retry makes it again from its newest checkpoint.",
    );
    stage.do({ type: 'retry', subjectId: stage.todo(title).todoId });
    expect(stage.pending().map(({ effect }) => effect.type)).toEqual(['add-worktree']);
  });
});

describe('what stands in a worktree', () => {
  it('is known from what the runtime left, then from a change by hand, and from the next turn on from its turns', () => {
    const stage = stageAt('planner_draft');
    const { todoId } = stage.todo(title);
    const change = {
      type: 'note-changed-by-hand',
      todoId,
      paths: ['a.ts'],
      by: 'pat',
      tree: 'tree-by-hand',
      head: 'commit-by-hand',
    } as const;
    stage.do(change, runtime);
    expect(stage.revision(title)).toMatchObject({ leftTree: 'tree-by-hand', handHead: 'commit-by-hand', makers: ['pat'] });
    settleWell(stage, stage.only('run-turn'));
    expect(stage.revision(title).leftTree).toBeUndefined();
    expect(stage.revision(title).handHead).toBe('commit-by-hand');
  });

  it('is named by a few of its files where a person changed thousands', () => {
    const stage = stageAt('planner_draft');
    const paths = Array.from({ length: 5_000 }, (_, at) => `lib/file-${at}.mjs`);
    const events = stage.do({ type: 'note-changed-by-hand', todoId: stage.todo(title).todoId, paths, by: 'pat' }, runtime);
    expect(JSON.stringify(events).length).toBeLessThan(16 * 1024);
    expect(JSON.stringify(events)).toMatch(/… and \d+ more/);
  });

  it('is known to nobody after a move that was recorded without its tree', () => {
    const stage = stageAt('developer_build');
    playUntil(stage, () => stage.pending('rebase').length > 0);
    stage.settle(stage.only('rebase'), 'rebase', { kind: 'conflict', onto: 'tip-1', files: ['a.ts'], detail: '<<<<<<<' });
    settleWell(stage, stage.only('add-worktree'));
    expect(stage.revision(title).leftTree).toBe('');
  });

  it('is verified anew for QA when the card goes on after it stood still', () => {
    const stage = stageAt('qa_validation');
    stage.endTurn(stage.only('run-turn'), { kind: 'breach', breaches: ['It moved HEAD.'] });
    stage.do({ type: 'retry', subjectId: stage.todo(title).todoId });
    expect(stage.pending().map(({ effect }) => effect.type)).toEqual(['gather-evidence']);
  });
});

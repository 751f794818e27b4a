import { describe, expect, it } from 'vitest';
import { boardView, backlogView, showView, sprintView } from '../../src/main/runtime/views.js';
import { cardView } from '../../src/main/runtime/views-card.js';
import { eventWords, liveChange } from '../../src/main/runtime/views-live.js';
import { receiptsView } from '../../src/main/runtime/views-parts.js';
import { liveSchema } from '../../src/shared/contract/live-events.js';
import { boardSchema } from '../../src/shared/contract/board-views.js';
import { showSchema } from '../../src/shared/contract/views.js';
import type { Actor, Sprint, Todo } from '../../src/shared/domain/state.js';
import type { Event } from '../../src/shared/domain/vocabulary.js';
import { landedTodo, sampleReceipt, sampleRevision, sampleSprint, sampleTodo, sampleTurn, stateWith } from '../fakes/sample-todo.js';

const ann: Actor = { kind: 'person', id: 'Ann', via: 'cli' };
const viewer = { actor: ann, now: '2026-03-24T10:00:00.000Z' };
const id = 'todo-090000-000001';
const actionsOf = (todo: Todo, actor: Actor = ann): string[] =>
  cardView(todo, stateWith(todo), { ...viewer, actor }).actions.map((action) => action.id);

const blocked = (): Todo =>
  sampleTodo({
    status: 'blocked',
    startedAt: viewer.now,
    blocker: { at: viewer.now, reason: 'Which week?', byRole: 'planner', kind: 'role', requiredInputs: ['ISO or US'], logs: [] },
  });

describe('what a card offers', () => {
  it.each<[string, Todo, string[]]>([
    ['a queued one', sampleTodo(), ['start-next', 'back-to-backlog', 'cancel-todo']],
    ['a blocked one', blocked(), ['answer', 'retry', 'requeue', 'back-to-backlog', 'cancel-todo']],
    ['a landed one', landedTodo(), ['approve', 'request-changes', 'ask-for-review']],
    [
      'an approved one',
      landedTodo({ revisions: [sampleRevision({ isApproved: true, isIntegrated: true, receipt: sampleReceipt() })] }),
      ['request-changes', 'ask-for-review', 'take-back'],
    ],
  ])('to a person is exactly what the rules allow: %s', (_which, todo, offered) => {
    expect(actionsOf(todo)).toEqual(offered);
  });

  it('leaves approval out for somebody who made a part of it', () => {
    const own = landedTodo({ revisions: [sampleRevision({ makers: ['developer', 'Ann'], isIntegrated: true, receipt: sampleReceipt() })] });
    expect(actionsOf(own)).not.toContain('approve');
    expect(actionsOf(own, { kind: 'person', id: 'Beth', via: 'cli' })).toContain('approve');
  });
});

describe('a line about what happened', () => {
  it('tells what the closeout sends back, in its first line, and not what a person answered', () => {
    const todo = landedTodo();
    const text = 'The work conflicts with what landed meanwhile, in a.ts (commit c0ffee of Ann, "Fix").\n<<<<<<<';
    const told = (by: Actor): string | null => eventWords({ type: 'input-given', todoId: id, text, by }, stateWith(todo));
    expect(told({ kind: 'runtime', id: 'runtime' })).toBe(
      `${id} "Parse weeks": The work conflicts with what landed meanwhile, in a.ts (commit c0ffee of Ann, "Fix").`,
    );
    expect(told(ann)).toBeNull();
  });
});

describe('a card', () => {
  it('tells its maker that somebody else has to approve it, and everybody else who may not', () => {
    const own = landedTodo({
      revisions: [sampleRevision({ makers: ['developer', 'Ann'], changedBy: ['Ann'], isIntegrated: true, receipt: sampleReceipt() })],
    });
    expect(cardView(own, stateWith(own), viewer).waitingFor).toBe(
      'waits for somebody else to approve it: Ann made a part of it and may not',
    );
    const beth = { ...viewer, actor: { kind: 'person', id: 'Beth', via: 'cli' } as const };
    expect(cardView(own, stateWith(own), beth).waitingFor).toBe(
      'waits for you: approve it or request changes (somebody other than Ann, who made a part of it)',
    );
  });

  it('names the branch that its work is on, which without worktrees is the one that is checked out', () => {
    const branchIn = (terms: Partial<Sprint['terms']>): string | undefined => {
      const todo = landedTodo();
      const state = stateWith(todo);
      const sprint = state.sprints[todo.sprintId];
      if (sprint) sprint.terms = { ...sprint.terms, kind: 'repository', targetRef: 'refs/heads/main', ...terms };
      return cardView(todo, state, viewer).revisions[0]?.branch;
    };
    expect(branchIn({ isolation: 'worktree' })).toBe('muster/s1/todo-1-r1');
    expect(branchIn({ isolation: 'in_place' })).toBe('main');
    expect(branchIn({ kind: 'no-repository' })).toBe('');
  });

  it('tells a comment once in its history, with the verdict that it came with', () => {
    const at = '2026-03-24T09:40:00.000Z';
    const todo = landedTodo({
      inputs: [
        { at, by: 'Ann', text: 'also days' },
        { at: '2026-03-24T09:41:00.000Z', by: 'Ann', text: 'an answer' },
      ],
      revisions: [sampleRevision({ verdicts: [{ at, by: ann, kind: 'changes-requested', revision: 1, comment: 'also days' }] })],
    });
    const lines = cardView(todo, stateWith(todo), viewer).history.map(({ by, text }) => `${by}: ${text}`);
    expect(lines).toEqual(['the planner: The todo was made.', 'Ann (cli): asked for changes on revision 1: also days', 'Ann: an answer']);
  });

  it('names who acts next and why in the words of the board', () => {
    const state = stateWith(blocked());
    expect(boardView(state).columns[1]?.cards[0]).toMatchObject({
      waitingFor: 'waits for you: Which week?',
      badges: ['blocked'],
      badgeReasons: { blocked: 'Which week?' },
    });
  });

  it('marks the turns of a script as such', () => {
    const todo = sampleTodo();
    const state = stateWith(todo);
    state.turns['turn-000000000001'] = sampleTurn();
    expect(cardView(todo, state, viewer).turns).toMatchObject([
      { isRehearsal: true, runner: 'rehearsal', promptVersion: 'developer_build@1' },
    ]);
  });
});

describe('the views', () => {
  it('are what the contract says they are', () => {
    const state = stateWith(landedTodo(), { ...blocked(), todoId: 'todo-2' });
    state.problems['p'] = { problemId: 'p', path: 'a/b.json', reason: 'It is broken.', at: viewer.now };
    expect(boardSchema.parse(boardView(state))).toEqual(boardView(state));
    for (const each of [id, 'todo-2', '260324-Sprint-09-00'])
      expect(showSchema.safeParse(showView(each, state, viewer)).error).toBeUndefined();
  });

  it('give receipts with their gaps as sentences', () => {
    expect(receiptsView(stateWith(landedTodo()), id)).toMatchObject([
      {
        badge: 'with_gaps',
        gaps: ['tests passed only when tried again (1).'],
        commands: [{ name: 'tests', exitCode: 0, baseExitCode: 0 }],
      },
    ]);
  });

  it('take cards off the board whose sprint has ended without them', () => {
    const state = stateWith(sampleTodo({ status: 'cancelled', endedAt: viewer.now, endedInQueue: true }));
    expect(boardView(state).columns[0]?.cards).toHaveLength(1);
    const sprint = state.sprints['260324-Sprint-09-00'];
    if (sprint) sprint.endedAt = viewer.now;
    expect(boardView(state).columns.flatMap(({ cards }) => cards)).toEqual([]);
  });

  it('count an archived sprint by what it kept', () => {
    const sprint = sampleSprint({ isArchived: true, todoIds: ['gone'], tally: { committed: 4 }, endedAt: viewer.now });
    expect(sprintView(sprint, stateWith(), viewer).tally).toEqual({ committed: 4 });
  });

  it('name the todos of a backlog item', () => {
    const state = stateWith(landedTodo());
    const item = { ...newItem(), backlogId: landedTodo().backlogId };
    state.backlog[item.backlogId] = item;
    expect(backlogView(state).items[0]?.todoIds).toEqual([id]);
  });
});

describe('a change', () => {
  const committed: Event = { type: 'todo-committed', todoId: id, commit: 'b'.repeat(40), isIntegrated: true };

  it('brings the cards that it touched and those that waited for it, and no others', () => {
    const other = landedTodo({ todoId: 'todo-other' });
    const state = stateWith(landedTodo(), sampleTodo({ todoId: 'todo-next', dependsOn: [id] }), other);
    const change = liveSchema.parse(liveChange({ seq: 7, at: viewer.now, events: [committed] }, state));
    expect(change).toMatchObject({
      kind: 'change',
      seq: 7,
      problems: null,
      lines: [{ text: `${id} "Parse weeks" is on the target branch as bbbbbbbbbb.` }],
    });
    expect(change.kind === 'change' && change.cards.map((card) => card.id)).toEqual([id, 'todo-next']);
  });

  it('says which cards leave the board with the end of a sprint', () => {
    const state = stateWith(sampleTodo({ status: 'carried_over' }), landedTodo({ todoId: 'todo-other' }));
    const sprint = state.sprints['260324-Sprint-09-00'];
    if (sprint) Object.assign(sprint, { endedAt: viewer.now, status: 'completed' });
    const ended: Event = {
      type: 'sprint-changed',
      sprintId: '260324-Sprint-09-00',
      changes: { status: 'completed' },
      why: 'done',
      by: ann,
    };
    expect(liveChange({ seq: 8, at: viewer.now, events: [ended] }, state)).toMatchObject({
      cards: [],
      goneCards: [id],
      sprint: { status: 'completed' },
    });
  });

  it('labels what a script says, and says nothing about bookkeeping', () => {
    const state = stateWith(sampleTodo());
    state.turns['turn-000000000001'] = sampleTurn();
    const prepared = { type: 'turn-prepared', turnId: 'turn-000000000001' } as Event;
    expect(eventWords(prepared, state)).toBe(`[rehearsal] developer at developer build of ${id} begins.`);
    expect(eventWords({ type: 'effect-begun', effectId: 'e' }, state)).toBeNull();
  });
});

const newItem = () => ({
  backlogId: 'b',
  title: 'Parse weeks',
  summary: '',
  kind: 'bug' as const,
  source: 'user',
  scope: '',
  acceptanceCriteria: [],
  milestoneTitle: '',
  priorityRank: 0,
  dependsOn: [],
  plannedInSprintId: '',
  selectedInSprintId: '',
  completedInSprintId: '',
  addedDuringActiveSprint: false,
  status: 'done' as const,
  origin: { milestoneRef: '', requirementRefs: [], specRefs: [], requestId: '' },
  reworkOf: '',
  blockedReason: '',
  blockedByRole: '',
  requiredInputs: [],
  recommendedNextStep: '',
  droppedReason: '',
  fingerprint: '',
  createdAt: viewer.now,
  updatedAt: viewer.now,
});

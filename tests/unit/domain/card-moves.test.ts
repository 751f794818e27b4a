import { describe, expect, it } from 'vitest';
import { columns } from '../../../src/shared/domain/board.js';
import type { ColumnId } from '../../../src/shared/domain/board.js';
import { columnOfPlace, moveFactsOf, moveTable, placeOf, planMove } from '../../../src/shared/domain/card-moves.js';
import type { Place } from '../../../src/shared/domain/card-moves.js';
import { DomainStage, lead } from './domain-stage.js';
import { item } from './report-shapes.js';
import { plannedSprint, playToStep, playUntil } from './sprint-play.js';

/** Brings a fresh card A to a place; B keeps the sprint going. */
const stages: { readonly [P in Place]: () => DomainStage } = {
  todo: () => staged((stage) => stage.do({ type: 'requeue', todoId: a(stage) })),
  in_progress: () => staged((stage) => playToStep(stage, 'A', 'developer_build')),
  review_by_agents: () => staged((stage) => playToStep(stage, 'A', 'qa_validation')),
  review_by_person: () => landed((stage) => stage.do({ type: 'ask-for-review', todoId: a(stage), revision: 1 })),
  done: () => landed(() => undefined),
  approved: () => landed((stage) => stage.do({ type: 'approve', todoId: a(stage), revision: 1, comment: '' })),
};

const a = (stage: DomainStage): string => stage.todo('A').todoId;

function staged(act: (stage: DomainStage) => unknown): DomainStage {
  const stage = new DomainStage({ limits: { parallelTodos: 2 } });
  plannedSprint(stage, [item('A', { priorityRank: 1 }), item('B', { priorityRank: 1 })]);
  act(stage);
  return stage;
}

const landed = (act: (stage: DomainStage) => unknown): DomainStage =>
  staged((stage) => {
    playUntil(stage, () => stage.todo('A').status === 'committed');
    act(stage);
  });

const move = (stage: DomainStage, to: ColumnId, given: { comment?: string; isConfirmed?: boolean; revision?: number } = {}) =>
  ({ type: 'move-card', todoId: a(stage), revision: stage.todo('A').revision, to, comment: '', isConfirmed: false, ...given }) as const;

/** The design's table, written down a second time: the answer, and the column afterwards (a freed slot starts a queued card at once). */
const expected: { readonly [P in Place]: { readonly [C in ColumnId]: string } } = {
  todo: {
    todo: 'same-column',
    in_progress: '→ in_progress',
    review: 'nothing-to-review',
    done: 'no-receipt',
    approved: 'nothing-to-review',
  },
  in_progress: { todo: '→ todo', in_progress: 'same-column', review: 'not-reported-yet', done: 'no-receipt', approved: 'not-reported-yet' },
  review_by_agents: {
    todo: '→ in_progress',
    in_progress: '→ in_progress',
    review: 'same-column',
    done: 'qa-not-finished',
    approved: 'qa-not-finished',
  },
  review_by_person: { todo: '→ in_progress', in_progress: '→ in_progress', review: 'same-column', done: '→ done', approved: '→ approved' },
  done: { todo: '→ in_progress', in_progress: '→ in_progress', review: '→ review', done: 'same-column', approved: '→ approved' },
  approved: { todo: '→ in_progress', in_progress: 'request-changes-first', review: '→ review', done: '→ done', approved: 'same-column' },
};

const places = Object.keys(stages) as Place[];
const cells = places.flatMap((place) => columns.map((to) => ({ place, to, answer: expected[place][to] })));

describe('the table of moves', () => {
  it.each(cells)('from $place to $to: $answer', ({ place, to, answer }) => {
    const stage = stages[place]();
    expect(placeOf(stage.todo('A'))).toBe(place);
    const planned = planMove(moveFactsOf(stage.todo('A')), to);
    const given = stage.give(move(stage, to, { comment: 'Shorter, please.', isConfirmed: true }), lead);
    if (!answer.startsWith('→')) {
      expect(given).toMatchObject({ ok: false, error: { id: answer } });
      expect(given).toEqual(planned);
      return;
    }
    expect(given.ok).toBe(true);
    expect(planned.ok).toBe(true);
    expect(`→ ${columnOfPlace(placeOf(stage.todo('A')))}`).toBe(answer);
  });

  it('has every cell but a column to itself', () => {
    for (const place of places)
      expect(Object.keys(moveTable[place]).sort()).toEqual(columns.filter((column) => column !== columnOfPlace(place)).sort());
  });

  it.each(cells.filter(({ place, to }) => comment(place, to)))('from $place to $to wants a comment', ({ place, to }) => {
    const stage = stages[place]();
    expect(stage.refused(move(stage, to, { comment: '  ' })).id).toBe('comment-required');
  });

  it('asks before it stops work, and keeps the card queued until somebody starts it', () => {
    const stage = stages.in_progress();
    expect(stage.refused(move(stage, 'todo'))).toEqual({
      id: 'confirmation-required',
      message: 'Stop the work on this card and queue it again? Say yes to do it.',
    });
    stage.do(move(stage, 'todo', { isConfirmed: true }));
    expect(stage.todo('A')).toMatchObject({ status: 'queued', isHeld: true });
  });

  it('waits in TODO with needs fix while there is no slot, and does nothing at all where it was to start as well', () => {
    const stage = stages.done();
    expect(stage.todo('B').status).toBe('running');
    stage.configure({ limits: { parallelTodos: 1 } });
    expect(stage.refused(move(stage, 'in_progress', { comment: 'Shorter.' })).id).toBe('no-free-slot');
    expect(stage.todo('A')).toMatchObject({ status: 'committed', needsFix: false, revision: 1 });
    stage.do(move(stage, 'todo', { comment: 'Shorter.' }));
    expect(stage.todo('A')).toMatchObject({ status: 'queued', needsFix: true, revision: 2, isHeld: false });
  });

  it('names the revision that was seen', () => {
    const stage = stages.done();
    expect(stage.refused(move(stage, 'approved', { revision: 2 })).id).toBe('card-changed');
  });

  it('takes the approval back before changes or a review are asked for, and says so in the history', () => {
    for (const to of ['todo', 'review'] as const) {
      const stage = stages.approved();
      stage.do(move(stage, to, { comment: 'Shorter.' }));
      const kinds = stage.todo('A').revisions[0]?.verdicts.map(({ kind }) => kind);
      expect(kinds?.slice(0, 2)).toEqual(['approved', 'taken-back']);
    }
  });

  it('leaves ended cards to retry and to the backlog', () => {
    const stage = stages.in_progress();
    stage.do({ type: 'cancel-todo', todoId: a(stage), reason: '' });
    for (const to of columns.filter((column) => column !== 'in_progress'))
      expect(stage.refused(move(stage, to, { comment: 'x', isConfirmed: true })).id).toBe('already-ended');
  });
});

const comment = (place: Place, to: ColumnId): boolean => {
  const cell = moveTable[place][to];
  return cell !== undefined && 'needs' in cell && cell.needs === 'comment';
};

describe('a member', () => {
  const assign = (stage: DomainStage, member: string, role = 'developer') =>
    ({ type: 'assign-todo', todoId: a(stage), role, member }) as const;

  it('who is given to a card takes its next turn', () => {
    const stage = stages.todo();
    stage.do(assign(stage, 'developer-2'));
    stage.do(move(stage, 'in_progress'));
    playToStep(stage, 'A', 'developer_build');
    const { activity } = stage.todo('A');
    expect(activity.kind === 'turn' && stage.state.turns[activity.turnId]?.member).toBe('developer-2');
  });

  it('is refused where there is none, and while the other one works', () => {
    const stage = stages.in_progress();
    expect(stage.refused(assign(stage, 'developer-3')).message).toBe(
      'There is no member developer-3: with 2 at work at once (limits.parallel_todos) there are developer, developer-2.',
    );
    expect(stage.refused(assign(stage, 'planner', 'planner')).id).toBe('bad-input');
    expect(stage.refused(assign(stage, 'developer-2')).id).toBe('turn-under-way');
  });
});

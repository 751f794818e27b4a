import { describe, expect, it } from 'vitest';
import { LiveIndex } from '../../../src/main/runtime/live-index.js';
import { liveChange } from '../../../src/main/runtime/views-live.js';
import { columnOf, openDependencies, waitingFor } from '../../../src/shared/domain/board.js';
import { openBelow, workBelow } from '../../../src/shared/domain/stack.js';
import type { PendingEffect } from '../../../src/shared/domain/state.js';
import { DomainStage, reviewer, runtime } from './domain-stage.js';
import { item } from './report-shapes.js';
import { playUntil, plannedSprint } from './sprint-play.js';

/** A sprint under `on_approval` in which each builds on the one before, and another one goes on; the first ones have landed on their branches. */
function stageWith(titles: readonly string[], landed: readonly string[] = titles): DomainStage {
  const stage = new DomainStage({ limits: { parallelTodos: 2 } });
  const items = titles.map((title, at) => item(title, { dependsOn: titles.slice(0, at).slice(-1) }));
  plannedSprint(stage, [item('Other'), ...items], { integrate: 'on_approval' });
  for (const title of landed) land(stage, title);
  return stage;
}

const land = (stage: DomainStage, title: string): void =>
  playUntil(
    stage,
    () => stage.todo(title).status === 'committed',
    (pending) => !of(stage, 'Other')(pending),
  );
const approve = (stage: DomainStage, title: string) =>
  stage.do({ type: 'approve', todoId: stage.todo(title).todoId, revision: stage.todo(title).revision, comment: '' });
const requestChanges = (stage: DomainStage, title: string) =>
  stage.do({ type: 'request-changes', todoId: stage.todo(title).todoId, revision: stage.todo(title).revision, comment: 'Not so.' });
const of = (stage: DomainStage, title: string) => (pending: PendingEffect) => stage.todoIdOf(pending.effect) === stage.todo(title).todoId;
const integrate = (stage: DomainStage, title: string): void => playUntil(stage, () => stage.revision(title).isIntegrated, of(stage, title));
const pendingOf = (stage: DomainStage, title: string): readonly string[] =>
  stage
    .pending()
    .filter(of(stage, title))
    .map(({ effect }) => effect.type);
const waits = (stage: DomainStage, title: string): string => waitingFor(stage.todo(title), stage.state);
const held = (title: string): string => `waits for "${title}", which it builds on, to be approved and on the target branch`;

describe('what a todo builds on', () => {
  it('is kept with its closeout, lowest first, and reaches through several todos', () => {
    const stage = stageWith(['A', 'B', 'C']);
    const idOf = (title: string) => ({ todoId: stage.todo(title).todoId, revision: 1 });
    expect(stage.revision('A').closeout?.below).toEqual([]);
    expect(stage.revision('C').closeout?.below).toEqual([idOf('A'), idOf('B')]);
    expect(openBelow(stage.todo('C'), stage.state).map(({ todo }) => todo.title)).toEqual(['A', 'B']);
  });

  it('is nothing where all that it depends on is on the target', () => {
    const stage = stageWith(['A', 'B'], ['A']);
    approve(stage, 'A');
    integrate(stage, 'A');
    land(stage, 'B');
    expect([workBelow(stage.todo('B'), stage.state), stage.revision('B').closeout?.below]).toEqual([[], []]);
  });

  it('is told from the dependencies in records from before it was kept', () => {
    const stage = stageWith(['A', 'B']);
    for (const todo of [stage.todo('A'), stage.todo('B')]) delete todo.revisions[0]?.closeout?.below;
    expect(openBelow(stage.todo('B'), stage.state)).toMatchObject([{ todo: { title: 'A' } }]);
    approve(stage, 'B');
    expect([pendingOf(stage, 'B'), waits(stage, 'B')]).toEqual([[], held('A')]);
  });

  it('is waited for in the queue while it is redone and nothing of it is on the target, and shown so at once', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A'), item('Other'), item('B', { dependsOn: ['A'] })], { integrate: 'on_approval' });
    land(stage, 'A');
    expect([stage.todo('B').status, waits(stage, 'B')]).toEqual(['queued', 'waits for a free slot']);
    const index = new LiveIndex(stage.state);
    const events = requestChanges(stage, 'A');
    const { cards } = liveChange({ seq: 1, at: stage.now, events }, stage.state, index);
    expect(cards.find(({ id }) => id === stage.todo('B').todoId)).toMatchObject({
      waitingFor: 'waits for "A"',
      dependsOnOpen: [stage.todo('A').todoId],
    });
  });

  it('is there to begin on while it is redone and an earlier revision is on the target', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('A'), item('Other'), item('B', { dependsOn: ['A'] })], { integrate: 'on_approval' });
    land(stage, 'A');
    approve(stage, 'A');
    integrate(stage, 'A');
    requestChanges(stage, 'A');
    expect(openDependencies(stage.todo('B'), stage.state)).toEqual([]);
  });
});

describe('an approval of what builds on work without one', () => {
  it('is accepted and starts nothing until that work is on the target, then goes on by itself', () => {
    const stage = stageWith(['A', 'B']);
    approve(stage, 'B');
    expect([pendingOf(stage, 'B'), columnOf(stage.todo('B')), waits(stage, 'B')]).toEqual([[], 'done', held('A')]);
    approve(stage, 'A');
    expect(waits(stage, 'B')).toBe(held('A'));
    integrate(stage, 'A');
    expect(pendingOf(stage, 'B')).toEqual(['rebase']);
    expect(stage.revision('B').closeout).toMatchObject({ stage: 'rebase', below: [] });
    integrate(stage, 'B');
    expect([columnOf(stage.todo('B')), waits(stage, 'B')]).toEqual(['approved', '']);
  });

  it('names the nearest of a chain, and the cards that it holds are brought to the board when that changes', () => {
    const stage = stageWith(['A', 'B', 'C']);
    for (const title of ['C', 'B', 'A']) approve(stage, title);
    expect([waits(stage, 'B'), waits(stage, 'C')]).toEqual([held('A'), held('B')]);
    const index = new LiveIndex(stage.state);
    const before = stage.records.length;
    integrate(stage, 'A');
    const events = stage.records.slice(before).flatMap(({ body }) => (JSON.parse(body) as { events: [] }).events);
    const cards = liveChange({ seq: 1, at: stage.now, events }, stage.state, index).cards;
    expect(cards.find(({ id }) => id === stage.todo('B').todoId)?.waitingFor).toBe('the closeout brings it to the target branch');
    integrate(stage, 'B');
    integrate(stage, 'C');
  });

  it('waits for a later revision of that work when changes are asked for on it', () => {
    const stage = stageWith(['A', 'B']);
    approve(stage, 'B');
    requestChanges(stage, 'A');
    land(stage, 'A');
    expect([stage.todo('A').revision, pendingOf(stage, 'B'), waits(stage, 'B')]).toEqual([2, [], held('A')]);
    approve(stage, 'A');
    integrate(stage, 'A');
    expect(pendingOf(stage, 'B')).toEqual(['rebase']);
  });

  it('is not held by changes on work that is on the target already', () => {
    const stage = stageWith(['A', 'B'], ['A']);
    approve(stage, 'A');
    integrate(stage, 'A');
    land(stage, 'B');
    requestChanges(stage, 'A');
    land(stage, 'A');
    approve(stage, 'B');
    expect(pendingOf(stage, 'B')).toEqual(['rebase']);
    integrate(stage, 'B');
  });

  it('goes on when that work turns out to be on the target without a commit of its own', () => {
    const stage = stageWith(['A', 'B']);
    for (const title of ['B', 'A']) approve(stage, title);
    stage.settle(stage.only('rebase', 'A'), 'rebase', { kind: 'empty', onto: 'tip-2' });
    playUntil(stage, () => stage.todo('A').status === 'completed', of(stage, 'A'));
    integrate(stage, 'B');
  });

  it('is looked at again after a start', () => {
    const stage = stageWith(['A', 'B']);
    approve(stage, 'B');
    stage.restart();
    expect([pendingOf(stage, 'B'), waits(stage, 'B')]).toEqual([[], held('A')]);
    approve(stage, 'A');
    integrate(stage, 'A');
    integrate(stage, 'B');
  });
});

describe('what an approval waits for that does not come any more', () => {
  const lost = (title: string): string =>
    `waits for you: "${title}", which it builds on, is not going to the target branch as it is; request changes to have this redone without it`;

  it('is said, with what to do, when its next revision was cancelled', () => {
    const stage = stageWith(['A', 'B']);
    approve(stage, 'B');
    requestChanges(stage, 'A');
    stage.do({ type: 'cancel-todo', todoId: stage.todo('A').todoId, reason: '' });
    expect(waits(stage, 'B')).toBe(lost('A'));
    requestChanges(stage, 'B');
    land(stage, 'B');
    approve(stage, 'B');
    integrate(stage, 'B');
  });

  it('is said when it is redone in a later sprint', () => {
    const stage = stageWith(['A', 'B']);
    stage.do({ type: 'cancel-todo', todoId: stage.todo('Other').todoId, reason: '' });
    expect(stage.sprint.endedAt).not.toBeNull();
    approve(stage, 'B');
    requestChanges(stage, 'A');
    expect(waits(stage, 'B')).toBe(lost('A'));
  });
});

describe('a revision that was sent back before it was on the target', () => {
  const changedByHand = (): DomainStage => {
    const stage = stageWith(['A']);
    stage.do({ type: 'note-changed-by-hand', todoId: stage.todo('A').todoId, paths: ['a.txt'], by: 'lead' }, runtime);
    return stage;
  };
  const approveSecond = (stage: DomainStage) => ({ type: 'approve', todoId: stage.todo('A').todoId, revision: 2, comment: '' }) as const;

  it('leaves its makers among those of the next one, which takes its work over', () => {
    const stage = changedByHand();
    requestChanges(stage, 'A');
    land(stage, 'A');
    expect(stage.refused(approveSecond(stage)).id).toBe('own-work');
  });

  it('does not once it is on the target, as the next one is made on top of it', () => {
    const stage = changedByHand();
    stage.do({ type: 'approve', todoId: stage.todo('A').todoId, revision: 1, comment: '' }, reviewer);
    integrate(stage, 'A');
    requestChanges(stage, 'A');
    land(stage, 'A');
    stage.do(approveSecond(stage));
  });
});

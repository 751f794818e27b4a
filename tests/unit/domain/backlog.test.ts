import { describe, expect, it } from 'vitest';
import { backlogStatusOf, compareBacklog, hasDependencyCycle, mergeProposals } from '../../../src/shared/domain/backlog.js';
import type { BacklogItem, TodoStatus } from '../../../src/shared/domain/state.js';
import { newBacklogId, newRelayId, newRequestId, newSprintId, newTodoId, newTurnId } from '../../../src/shared/kernel/ids.js';
import { FixedIds } from '../../fakes/fixed-ids.js';
import { DomainStage, lead, runtime } from './domain-stage.js';
import { item, report, reported } from './report-shapes.js';
import { plannedSprint, playOut, settleWell } from './sprint-play.js';

const items = (stage: DomainStage): BacklogItem[] => Object.values(stage.state.backlog);

function added(
  stage: DomainStage,
  title: string,
  fields: Partial<Parameters<typeof item>[1]> & { kind?: BacklogItem['kind'] } = {},
): BacklogItem {
  const { priorityRank, kind } = fields;
  stage.do({ type: 'add-backlog-item', fields: { title, ...(priorityRank ? { priorityRank } : {}), ...(kind ? { kind } : {}) } });
  const made = items(stage).at(-1);
  if (!made) throw new Error('Nothing was added.');
  return made;
}

it('an item does not get the title of another one that is open, however it is edited', () => {
  const stage = new DomainStage();
  const [first, second] = [added(stage, 'Know weeks'), added(stage, 'Know days')];
  const fields = { title: 'Know Weeks' };
  const message = `The title is taken: the backlog has ${first.backlogId} "Know weeks" already. Choose another one.`;
  expect(stage.refused({ type: 'edit-backlog-item', backlogId: second.backlogId, fields }).message).toBe(message);
  expect(stage.refused({ type: 'take-file-edit', backlogId: second.backlogId, fields, path: 'x.json' }, runtime).message).toBe(message);
  stage.do({ type: 'edit-backlog-item', backlogId: first.backlogId, fields: { title: 'Know  weeks' } });
});

const from = { sprintId: 'sprint', source: 'planner', requestId: 'request' };

function merged(stage: DomainStage, proposals: Parameters<typeof mergeProposals>[1]) {
  return mergeProposals(stage.state, proposals, from, { now: stage.now, ids: new FixedIds(), actor: { kind: 'role', id: 'planner' } });
}

describe('ids', () => {
  it('have the patterns of the reference, safe for file names', () => {
    const ids = new FixedIds();
    const now = '2026-03-24T14:04:22.000Z';
    expect([newRequestId(ids, now), newBacklogId(ids, now), newTodoId(ids, now), newTurnId(ids), newRelayId(ids, 7)]).toEqual([
      '20260324-00000001',
      'backlog-20260324-00000002',
      'todo-140422-000003',
      'turn-000000000004',
      '0000000007-00000005',
    ]);
    const taken = new Set<string>();
    const next = (): string => {
      const id = newSprintId(now, (other) => taken.has(other));
      taken.add(id);
      return id;
    };
    expect([next(), next(), next()]).toEqual(['260324-Sprint-14-04', '260324-Sprint-14-04-2', '260324-Sprint-14-04-3']);
  });
});

describe('the backlog', () => {
  it('is ordered: rework, rank 1 first and none last, then source, kind and age', () => {
    const stage = new DomainStage();
    added(stage, 'chore', { kind: 'chore' });
    added(stage, 'bug', { kind: 'bug' });
    added(stage, 'rank 9', { priorityRank: 9 });
    added(stage, 'rank 1', { priorityRank: 1 });
    const [chore] = items(stage);
    if (!chore) throw new Error('There is no item.');
    const rework = { ...chore, backlogId: 'rework', title: 'rework', reworkOf: 'old', priorityRank: 0 };
    const sourced = { ...chore, backlogId: 'sourced', title: 'sourced', source: 'sourcer', kind: 'bug' as const };
    expect([...items(stage), rework, sourced].sort(compareBacklog).map(({ title }) => title)).toEqual([
      'rework',
      'rank 1',
      'rank 9',
      'bug',
      'chore',
      'sourced',
    ]);
  });

  it.each<[TodoStatus, BacklogItem['status']]>([
    ['queued', 'selected'],
    ['running', 'selected'],
    ['paused', 'selected'],
    ['blocked', 'blocked'],
    ['uncommitted', 'blocked'],
    ['committed', 'done'],
    ['completed', 'done'],
    ['failed', 'carried_over'],
    ['cancelled', 'pending'],
    ['carried_over', 'pending'],
  ])('of a %s todo has the item %s', (status, expected) => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('Login')]);
    expect(backlogStatusOf({ ...stage.todo('Login'), status })).toBe(expected);
  });

  it('follows its todo with the reason, the role and what is needed, and forgets them when it goes on', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('Login')]);
    const of = () => stage.state.backlog[stage.todo('Login').backlogId];
    stage.settle(stage.only('add-worktree'), 'add-worktree', { kind: 'refused', reason: 'The disk is full.', cause: 'git' });
    expect(of()).toMatchObject({ status: 'blocked', blockedReason: 'The disk is full.', blockedByRole: 'runtime' });
    stage.do({ type: 'retry', subjectId: stage.todo('Login').todoId });
    expect(of()).toMatchObject({ status: 'selected', blockedReason: '', blockedByRole: '' });
    playOut(stage);
    expect(of()).toMatchObject({ status: 'done', completedInSprintId: stage.sprint.sprintId });
  });

  it('refuses an empty title, a broken rank, a twin, a circle, an unknown name, and what has ended', () => {
    const stage = new DomainStage();
    const login = added(stage, 'Login');
    stage.do({ type: 'add-backlog-item', fields: { title: 'Logout', dependsOn: ['login'] } });
    expect(items(stage).at(-1)?.dependsOn).toEqual([login.backlogId]);
    const edit = (fields: object) => stage.refused({ type: 'edit-backlog-item', backlogId: login.backlogId, fields }).message;
    expect(edit({ title: ' ' })).toBe('A backlog item needs a title.');
    expect(edit({ priorityRank: 1.5 })).toBe('A rank is a whole number from 0 (none) upwards, not 1.5.');
    expect(edit({ dependsOn: ['Logout'] })).toBe('The dependencies would go round in a circle.');
    expect(edit({ dependsOn: ['Login'] })).toBe('The dependencies would go round in a circle.');
    expect(edit({ dependsOn: ['Nothing'] })).toBe(
      '"Nothing" is no backlog item, so nothing can depend on it. `muster backlog` lists them.',
    );
    expect(stage.refused({ type: 'add-backlog-item', fields: { title: '  LOGIN ' } }).message).toBe(
      `The backlog has this item already: ${login.backlogId} "Login".`,
    );
    stage.do({ type: 'drop-backlog-item', backlogId: login.backlogId, reason: 'no use' });
    expect(edit({ summary: 'x' })).toBe(`${login.backlogId} is dropped and is not changed any more.`);
  });

  it('keeps what is in the sprint and what is done from being dropped', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('Login')]);
    const { backlogId } = stage.todo('Login');
    const drop = { type: 'drop-backlog-item', backlogId, reason: '' } as const;
    expect(stage.refused(drop)).toEqual({ id: 'sprint-active', message: `${backlogId} is in the running sprint. Cancel its todo first.` });
    playOut(stage);
    expect(stage.refused(drop)).toEqual({ id: 'already-ended', message: `${backlogId} is done. Request changes on its card instead.` });
  });

  it('takes words and rank from an edited file, in the name of the file', () => {
    const stage = new DomainStage();
    const { backlogId } = added(stage, 'Login');
    const [event] = stage.do(
      { type: 'take-file-edit', backlogId, fields: { title: 'Login page', priorityRank: 2 }, path: 'backlog/1.json' },
      runtime,
    );
    expect(event).toMatchObject({ by: { kind: 'file-edit', id: 'backlog/1.json' } });
    expect(stage.state.backlog[backlogId]).toMatchObject({ title: 'Login page', priorityRank: 2, status: 'pending' });
  });
});

describe('a merge of proposals', () => {
  it('changes what it knows by id, fingerprint or title, and only what is given', () => {
    const stage = new DomainStage();
    const login = added(stage, 'Login', { priorityRank: 3 });
    const bare = { summary: null, kind: null, acceptanceCriteria: null };
    const byId = merged(stage, [item('Sign in', { ...bare, backlogId: login.backlogId })]);
    expect(byId.events).toMatchObject([{ type: 'backlog-item-changed', backlogId: login.backlogId }]);
    expect(byId.items[0]).toMatchObject({ title: 'Sign in', priorityRank: 3, plannedInSprintId: 'sprint', kind: 'enhancement' });
    const byTitle = merged(stage, [item('login', { kind: 'bug' })]);
    expect(byTitle.items).toMatchObject([{ backlogId: login.backlogId, kind: 'bug' }]);
  });

  it('takes the same proposal twice as one item, resolves dependencies by title, and says what it left out', () => {
    const stage = new DomainStage();
    const result = merged(stage, [
      item('A', { dependsOn: ['B', 'b', 'A', 'Nothing'] }),
      item('B', { plannedInSprint: false }),
      item('A', { priorityRank: 2, dependsOn: null }),
    ]);
    const [a, b] = result.items;
    expect(result.items).toHaveLength(2);
    expect(a).toMatchObject({ priorityRank: 2, dependsOn: [b?.backlogId], origin: { requestId: 'request' } });
    expect(b).toMatchObject({ plannedInSprintId: '' });
    expect(result.notes).toEqual([
      '"A" depends on "A", which is no backlog item; the dependency was left out.',
      '"A" depends on "Nothing", which is no backlog item; the dependency was left out.',
    ]);
  });

  it('leaves done and dropped items alone', () => {
    const stage = new DomainStage();
    const { backlogId } = added(stage, 'Login');
    stage.do({ type: 'drop-backlog-item', backlogId, reason: 'no use' }, lead);
    const result = merged(stage, [item('Login again', { backlogId })]);
    expect(result).toMatchObject({ events: [], notes: [`The proposal "Login again" was left out: ${backlogId} is dropped.`] });
    expect(merged(stage, [item('Login')]).events).toMatchObject([{ type: 'backlog-item-added' }]);
  });

  it('that the planner of a running todo asks for adds to the backlog and not to the sprint; nobody else may ask', () => {
    const stage = new DomainStage();
    plannedSprint(stage, [item('Login')]);
    settleWell(stage, stage.only('add-worktree'));
    stage.endTurn(stage.only('run-turn'), reported(report('planner', { artifacts: ['spec.md'] }, { backlogItems: [item('Later')] })));
    stage.endTurn(stage.only('run-turn'), reported(report('architect', {}, { backlogItems: [item('Never')] })));
    expect(items(stage).map(({ title, status, plannedInSprintId }) => [title, status, plannedInSprintId])).toEqual([
      ['Login', 'selected', stage.sprint.sprintId],
      ['Later', 'pending', ''],
    ]);
    expect(stage.todo('Login').reports.at(-1)?.notes).toEqual([
      'The architect proposed 1 backlog items, which only a planner may; they were left out.',
    ]);
  });
});

describe('a dependency cycle', () => {
  it.each([
    [{ a: ['b'], b: ['c'], c: ['a'] }, true],
    [{ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, false],
    [{ a: ['b'], b: ['c'], c: ['b'] }, false],
    [{ a: ['a'] }, true],
  ])('from a in %o is %s', (graph, expected) => {
    expect(hasDependencyCycle('a', (id) => (graph as Record<string, string[]>)[id] ?? [])).toBe(expected);
  });
});

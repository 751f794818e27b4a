import { expect, it } from 'vitest';
import { compareBacklog, newBacklogItem } from '../../../src/shared/domain/backlog.js';

it('takes items of one proposal with the same rank and kind in the order of the proposal, whatever ids they got', () => {
  const now = '2026-01-05T09:00:00.000Z';
  const proposed = ['ff', '0a', '7c', '00'].map((id, at) =>
    newBacklogItem({ title: `Item ${at}`, kind: 'bug', priorityRank: 1 }, 'planner', { now, backlogId: `backlog-${id}` }),
  );
  expect([...proposed].sort(compareBacklog).map(({ title }) => title)).toEqual(['Item 0', 'Item 1', 'Item 2', 'Item 3']);
});

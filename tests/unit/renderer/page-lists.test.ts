import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRoute, routeText } from '../../../src/renderer/app/route.js';
import { backlogList } from '../../../src/renderer/backlog/backlog-list.js';
import { planRank } from '../../../src/renderer/backlog/plan-rank.js';
import { commandLine } from '../../../src/renderer/card/receipt-words.js';
import { splitCommands } from '../../../src/renderer/first-run/split-commands.js';
import { figuresOf, median } from '../../../src/renderer/insights/figures.js';
import { rosterLines } from '../../../src/renderer/roster/roster-lines.js';
import { bytesText, tookText } from '../../../src/renderer/ui/sizes.js';
import { stageTurns } from '../../fakes/stage-app.js';
import { stageCard, stageRoles } from '../../fakes/stage-cards.js';
import { stageDetail, stageItem, stageTurn } from '../../fakes/stage-details.js';

describe('a place in the backlog', () => {
  const items = ['a', 'b', 'c', 'd'].map((id, index) => stageItem(id, id, index < 3 ? index + 1 : 0));

  test('is taken with the fewest ranks that give it', () => {
    expect(planRank(items, 2, 0)).toEqual([
      { id: 'c', rank: 1 },
      { id: 'a', rank: 2 },
      { id: 'b', rank: 3 },
    ]);
    expect(planRank([stageItem('a', 'a', 10), stageItem('b', 'b', 20), stageItem('c', 'c', 30)], 2, 1)).toEqual([{ id: 'c', rank: 11 }]);
    expect(planRank(items, 1, 1)).toEqual([]);
  });

  test('gives a rank to what stands before it without one', () => {
    const unranked = ['a', 'b', 'c'].map((id) => stageItem(id, id, 0));
    expect(planRank(unranked, 2, 1)).toEqual([
      { id: 'a', rank: 1 },
      { id: 'c', rank: 2 },
    ]);
  });

  test('cannot be among rework for what is none', () => {
    expect(planRank([stageItem('r', 'r', 0, { reworkOf: 'todo-1' }), stageItem('a', 'a', 1)], 1, 0)).toBe('rework');
  });

  test('is the one that was asked for, whatever the ranks were', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 12 }), fc.nat(), fc.nat(), (ranks, a, b) => {
        const list = backlogList(
          ranks.map((rank, index) => stageItem(`i${index}`, `i${index}`, rank)),
          'open',
          '',
        );
        const [from, to] = [a % list.length, b % list.length];
        const plan = planRank(list, from, to);
        if (typeof plan === 'string') throw new Error(plan);
        const after = new Map(plan.map(({ id, rank }) => [id, rank]));
        const next = backlogList(
          list.map((item) => ({ ...item, priorityRank: after.get(item.id) ?? item.priorityRank })),
          'open',
          '',
        );
        expect(next[to]?.id).toBe(list[from]?.id);
      }),
    );
  });
});

test('the backlog shows what is asked for, rework first and what is over last', () => {
  const items = [
    stageItem('done', 'Done thing', 1, { status: 'done' }),
    stageItem('second', 'Second thing', 2),
    stageItem('rework', 'Mend it', 0, { reworkOf: 'todo-9' }),
    stageItem('first', 'First thing', 1),
  ];
  expect(backlogList(items, 'all', '').map(({ id }) => id)).toEqual(['rework', 'first', 'second', 'done']);
  expect(backlogList(items, 'open', 'thing').map(({ id }) => id)).toEqual(['first', 'second']);
  expect(backlogList(items, 'dropped', '')).toEqual([]);
});

describe('an address', () => {
  test('names the card, the part of it that shows, and what is chosen on a page', () => {
    expect(parseRoute('#/board/todo-1/diff')).toEqual({ page: 'board', itemId: null, cardId: 'todo-1', tab: 'diff' });
    expect(parseRoute('#/sprints/S%201')).toEqual({ page: 'sprints', itemId: 'S 1', cardId: null, tab: '' });
    expect(parseRoute('#/sprints/-/todo-1')).toEqual({ page: 'sprints', itemId: null, cardId: 'todo-1', tab: '' });
    expect(parseRoute('#/nowhere/x')).toEqual({ page: 'board', itemId: null, cardId: null, tab: '' });
  });

  test('is read as it was written', () => {
    for (const route of [
      { page: 'board', itemId: null, cardId: 'todo/1', tab: 'diff' },
      { page: 'requests', itemId: 'r 1', cardId: null, tab: '' },
      { page: 'sprints', itemId: null, cardId: 'todo-1', tab: 'history' },
    ] as const)
      expect(parseRoute(routeText(route))).toEqual(route);
  });
});

test('commands are split as a shell would split them, and come back as they were', () => {
  expect(splitCommands('npm ci\n\n  npm run \'my test\' -- "a b"  ')).toEqual([
    ['npm', 'ci'],
    ['npm', 'run', 'my test', '--', 'a b'],
  ]);
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ minLength: 1 }).filter((word) => !word.includes('\n')),
        { minLength: 1 },
      ),
      (argv) => {
        expect(splitCommands(commandLine(argv))).toEqual([argv]);
      },
    ),
  );
});

describe('the figures of a sprint', () => {
  const landed = stageDetail(stageCard('todo-1', 'done', 'One'));
  const second = { ...stageDetail(stageCard('todo-2', 'approved', 'Two', { revision: 2, receiptBadge: 'with_gaps' as const })), turns: [] };
  const open = { ...stageDetail(stageCard('todo-3', 'in_progress', 'Three')), turns: [] };

  test('count what landed, in which revision and how well verified', () => {
    const figures = figuresOf([landed, second, open], []);
    expect([figures.landed, figures.landedInFirst, figures.verified, figures.cycleMs.length]).toEqual([2, 1, 1, 2]);
  });

  test('add up turns and tokens of cards and of the sprint itself, and leave out turns that never began', () => {
    const planner = stageTurn('p', { role: 'planner', tokens: { input: 1, cachedInput: 0, output: 1 } });
    const never = stageTurn('n', { role: 'qa', startedAt: null });
    expect(figuresOf([landed], [planner, never]).byRole).toEqual([
      { name: 'developer', turns: 1, tokens: 17_400 },
      { name: 'planner', turns: 1, tokens: 2 },
    ]);
  });

  test('have the median of the turns of a step', () => {
    expect([median([]), median([3]), median([5, 1, 3]), median([4, 2])]).toEqual([0, 3, 3, 3]);
    expect(figuresOf([landed], []).bySteps[0]).toMatchObject({ step: 'developer_build', turns: 1, totalMs: 240_000 });
  });
});

test('the roster has a line for every role, and for every member that is at work', () => {
  const more = { ...stageTurns()[0]!, id: 'turn-2', member: 'developer-2', subjectId: 'todo-143' };
  const lines = rosterLines(stageRoles(), [...stageTurns(), more]);
  expect(lines.filter(({ role }) => role.role === 'developer').map(({ member, status }) => `${member} ${status}`)).toEqual([
    'developer working',
    'developer-2 working',
  ]);
  expect(lines).toHaveLength(7);
});

test('sizes and lengths of time are told in few letters', () => {
  expect([bytesText(812), bytesText(14_541), bytesText(3 * 1024 * 1024), bytesText(250 * 1024)]).toEqual([
    '812 B',
    '14.2 KB',
    '3.0 MB',
    '250 KB',
  ]);
  expect([tookText(478), tookText(240_000), tookText(14_200), tookText(192_000), tookText(7_500_000)]).toEqual([
    '478 ms',
    '4 m',
    '14.2 s',
    '3 m 12 s',
    '2 h 5 m',
  ]);
});

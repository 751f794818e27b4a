import { describe, expect, test } from 'vitest';
import { footerPlan } from '../../../../src/renderer/card/footer-actions.js';
import { actionLabel } from '../../../../src/renderer/card/give-action.js';
import { historyEntries } from '../../../../src/renderer/card/history-entries.js';
import { neighboursOf } from '../../../../src/renderer/card/neighbours.js';
import { commandLine } from '../../../../src/renderer/card/receipt-words.js';
import { minutesAgo, stageCard } from '../../../fakes/stage-cards.js';
import { stageDetail, stageReceipt, stageRevision, stageTurn } from '../../../fakes/stage-details.js';
import type { Place } from '../../../../src/shared/domain/card-moves.js';
import { maySession } from '../../../../src/renderer/app/may-do.js';
import type { AccessRole } from '../../../../src/shared/contract/rights.js';

const planOf = (place: Place, more: Parameters<typeof stageCard>[3] = {}) =>
  footerPlan(stageDetail(stageCard('todo-1', place, 'A card', more)));
const ids = (actions: readonly { readonly id: string }[]): string[] => actions.map(({ id }) => id);

describe('the footer of a card', () => {
  test('has the verdicts in sight, approve last', () => {
    expect(ids(planOf('done').shown)).toEqual(['ask-for-review', 'request-changes', 'approve']);
    expect(ids(planOf('review_by_person').shown)).toEqual(['withdraw-review', 'request-changes', 'approve']);
    expect(ids(planOf('approved').shown)).toEqual(['ask-for-review', 'take-back', 'request-changes']);
  });

  test('keeps what matters most in sight where there is little room, and the rest in the menu', () => {
    const { shown, more } = footerPlan(stageDetail(stageCard('todo-1', 'approved', 'A card')), 2);
    expect([ids(shown), ids(more)]).toEqual([
      ['take-back', 'request-changes'],
      ['ask-for-review', 'revert-todo'],
    ]);
  });

  test('shows why a verdict is refused, beside its button', () => {
    const { shown } = planOf('review_by_agents', { step: 'qa_validation' });
    expect(shown.find(({ id }) => id === 'approve')?.refusal).toContain('has no receipt yet: qa validation has not finished.');
    expect(shown.find(({ id }) => id === 'request-changes')?.refusal).toBe('');
  });

  test('lets what only the runtime can judge be tried', () => {
    const card = { ...stageDetail(stageCard('todo-1', 'todo', 'A card')), actions: [] };
    expect(footerPlan(card).shown).toEqual([{ id: 'start-next', refusal: '' }]);
  });

  test('offers a blocked card its answer, and keeps what ends work in the menu', () => {
    const plan = planOf('in_progress', { status: 'blocked' });
    expect(ids(plan.shown)).toEqual(['retry', 'answer']);
    expect(ids(plan.more)).toEqual(['requeue', 'cancel-todo']);
  });

  test('offers a card that a red verification blocks to be landed all the same, never to who may not', () => {
    const detail = stageDetail(stageCard('todo-1', 'review_by_agents', 'A card', { status: 'blocked' }));
    const card = { ...detail, actions: [{ id: 'answer' }, { id: 'override-verification' }, { id: 'request-changes' }] };
    expect(ids(footerPlan(card).shown)).toEqual(['override-verification', 'request-changes', 'answer']);
    expect(ids(footerPlan(card, 3, (method) => method !== 'review.override').shown)).toEqual(['request-changes', 'answer']);
  });

  test('offers an ended card only to be tried again or put back', () => {
    const detail = stageDetail(stageCard('todo-1', 'in_progress', 'A card', { status: 'failed' }));
    const plan = footerPlan({ ...detail, actions: [{ id: 'retry' }, { id: 'back-to-backlog' }] });
    expect([ids(plan.shown), ids(plan.more)]).toEqual([['retry'], ['back-to-backlog']]);
  });

  test('has the revert in the menu, by who may review, and nothing but changes in sight once it is done', () => {
    const actions = [{ id: 'approve' }, { id: 'request-changes' }, { id: 'revert-todo' }];
    const detail = { ...stageDetail(stageCard('todo-1', 'done', 'A card')), actions };
    expect([ids(footerPlan(detail).shown), ids(footerPlan(detail).more)]).toEqual([['request-changes', 'approve'], ['revert-todo']]);
    const reverted = { ...detail, revert: 'done' as const, actions: [{ id: 'request-changes' }] };
    expect([ids(footerPlan(reverted).shown), ids(footerPlan(reverted).more)]).toEqual([['request-changes'], []]);
  });

  test('has what helps a revert that stands still, and calls giving it up by its name', () => {
    const actions = [{ id: 'retry' }, { id: 'cancel-todo' }];
    const stuck = { ...stageDetail(stageCard('todo-1', 'done', 'A card', { revert: 'blocked' })), actions };
    expect([ids(footerPlan(stuck).shown), ids(footerPlan(stuck).more)]).toEqual([['retry'], ['cancel-todo']]);
    expect(actionLabel(stuck, 'cancel-todo')).toBe('Give the revert up');
    expect(actionLabel({ revert: '' }, 'cancel-todo')).toBe('Cancel the card');
  });

  test('offers every action once', () => {
    for (const place of ['todo', 'in_progress', 'review_by_agents', 'review_by_person', 'done', 'approved'] as const) {
      const { shown, more } = planOf(place);
      const all = ids([...shown, ...more]);
      expect(new Set(all).size).toBe(all.length);
    }
  });
});

describe('the history of a card', () => {
  const card = stageDetail(stageCard('todo-1', 'done', 'A card'));

  test('is told newest first, with who, on which revision and from where', () => {
    const verdict = {
      at: minutesAgo(1),
      by: { kind: 'person' as const, name: 'Ana', via: 'web' },
      kind: 'changes-requested',
      revision: 1,
      comment: 'Round up.',
    };
    const entries = historyEntries({ ...card, revisions: [stageRevision(1, { receipt: stageReceipt(), verdicts: [verdict] })] });
    expect(entries[0]).toMatchObject({ kind: 'changes', by: 'Ana', via: 'web', revision: 1, text: 'Round up.' });
    expect(entries.map(({ kind }) => kind)).toEqual(['changes', 'receipt', 'report', 'made']);
  });

  test('tells a verdict’s comment once, though the next turn has it as an input too', () => {
    const at = minutesAgo(1);
    const revision = stageRevision(1, {
      verdicts: [{ at, by: { kind: 'person', name: 'Ana', via: 'web' }, kind: 'changes-requested', revision: 1, comment: 'Round up.' }],
    });
    const entries = historyEntries({
      ...card,
      reports: [],
      revisions: [revision],
      inputs: [
        { at, by: 'Ana', text: 'Round up.' },
        { at: minutesAgo(2), by: 'Jun', text: '30 minutes.' },
      ],
    });
    expect(entries.filter(({ text }) => text === 'Round up.')).toHaveLength(1);
    expect(entries.find(({ kind }) => kind === 'input')).toMatchObject({ by: 'Jun', text: '30 minutes.' });
  });

  test('tells who had a commit reverted and why, its receipt, and what undid it', () => {
    const revert = {
      ...{ at: minutesAgo(3), by: { kind: 'person' as const, name: 'Ana', via: 'web' }, comment: 'It broke the shop.', blocker: null },
      ...{ undoes: 'c'.repeat(40), commit: 'd'.repeat(40), revertedAt: minutesAgo(1), waiting: '', files: [] },
      receipt: stageReceipt({ time: minutesAgo(2), reverts: 'c'.repeat(40) }),
    };
    const entries = historyEntries({ ...card, revisions: [stageRevision(1, { receipt: stageReceipt(), revert })] });
    expect(entries.slice(0, 3)).toMatchObject([
      { kind: 'revert', by: 'Muster', what: 'undid commit cccccccc with dddddddd' },
      { kind: 'revert', by: 'Muster', what: 'wrote a receipt for the revert: verified' },
      { kind: 'revert', by: 'Ana', via: 'web', what: 'had commit cccccccc reverted', text: 'It broke the shop.' },
    ]);
  });

  test('has turns that ended without a report, with why', () => {
    const failure = { at: minutesAgo(5), attempt: 1, reason: 'timeout', message: 'It took longer than 30 minutes.', log: '' };
    const entries = historyEntries({ ...card, reports: [], turns: [stageTurn('t', { outcome: 'timed_out', failures: [failure] })] });
    expect(entries.find(({ kind }) => kind === 'turn')).toMatchObject({
      what: 'ended a turn at developer build: timed out',
      text: 'It took longer than 30 minutes.',
    });
  });
});

test('the neighbours of a card go down a column and on to the next one', () => {
  const columns = { todo: ['a', 'b'], in_progress: [], review: ['c'], done: [], approved: [] };
  expect(neighboursOf(columns, 'b')).toEqual({ previous: 'a', next: 'c' });
  expect(neighboursOf(columns, 'a').previous).toBeNull();
  expect(neighboursOf(columns, 'gone')).toEqual({ previous: null, next: null });
});

test('a command is written as one would type it', () => {
  expect(commandLine(['npm', 'run', 'lint', '--', 'src/a folder', "it's"])).toBe("npm run lint -- 'src/a folder' 'it'\\''s'");
});

describe('a session that may not do everything', () => {
  const plan = (role: AccessRole) => {
    const may = (method: string): boolean => maySession({ name: 'Vic', role, via: 'web' }, method);
    const { shown, more } = footerPlan(stageDetail(stageCard('todo-1', 'done', 'A card')), 3, may);
    return [...shown, ...more].map(({ id }) => id);
  };

  test('is offered nothing where it may only look, and verdicts where it reviews', () => {
    expect(plan('viewer')).toEqual([]);
    expect(plan('reviewer')).toEqual(['ask-for-review', 'request-changes', 'approve', 'revert-todo']);
  });
});

import { err, ok } from '../kernel/result.js';
import type { Result } from '../kernel/result.js';
import type { ColumnId } from './board.js';
import { columnOf, isAgentReview } from './board.js';
import type { Todo } from './state.js';
import type { RevertStand } from './closeout.js';
import { revertStandOf } from './closeout.js';
import { currentRevision } from './state.js';
import type { Refusal, RefusalId } from './vocabulary.js';

/** Where a card is, as the table of moves tells places apart: REVIEW is two places, by who holds it. */
export type Place = 'todo' | 'in_progress' | 'review_by_agents' | 'review_by_person' | 'done' | 'approved';

/** Commands that a move stands for; each is also a command of its own. On an approved card, asking for changes or for a review takes the approval back first. */
export type MoveStep = 'start-next' | 'requeue' | 'request-changes' | 'ask-for-review' | 'withdraw-review' | 'approve' | 'take-back';

/** What the table needs to know of a card; a board card has it, so that a page can tell before a drop. */
export interface MoveFacts {
  readonly id: string;
  readonly title: string;
  readonly place: Place;
  /** As the todo's status. */
  readonly status: string;
  /** The present step, for the sentence of a refusal. */
  readonly step: string;
  readonly revert: RevertStand;
}

/** A cell of the table that lets a card through. */
export interface MovePlan {
  /** Verb that people read, as on a button. */
  readonly label: string;
  /** In order; a second one is judged as if the first had happened. */
  readonly steps: readonly MoveStep[];
  /** What a person has to give first: words about what should change, or a yes to a question. */
  readonly needs: 'nothing' | 'comment' | 'confirmation';
  /** The question, where the move asks one; else empty. */
  readonly question: string;
}

interface Refused {
  readonly refused: RefusalId;
  readonly why: (facts: MoveFacts) => string;
}

type Cell = MovePlan | Refused;

const name = ({ id, title }: MoveFacts): string => `${id} "${title}"`;
const spaced = (word: string): string => word.replaceAll('_', ' ');

const plan = (label: string, steps: readonly MoveStep[], needs: MovePlan['needs'] = 'nothing', question = ''): MovePlan => ({
  label,
  steps,
  needs,
  question,
});

const nothingToReview: Refused = {
  refused: 'nothing-to-review',
  why: (facts) => `There is nothing to review on ${name(facts)}: it waits in TODO.`,
};
const noReceipt: Refused = {
  refused: 'no-receipt',
  why: (facts) => `${name(facts)} has no receipt, so it cannot be DONE: only a closeout that was verified puts it there.`,
};
const notReported: Refused = {
  refused: 'not-reported-yet',
  why: (facts) => `The developer has not reported on ${name(facts)} yet. Wait for the review, or stop it by moving it to TODO.`,
};
const notFinished: Refused = {
  refused: 'qa-not-finished',
  why: (facts) => `${name(facts)} has no receipt yet: ${spaced(facts.step)} has not finished.`,
};
const changesFirst: Refused = {
  refused: 'request-changes-first',
  why: (facts) => `${name(facts)} is approved. Request changes first, by moving it to TODO.`,
};

const requestChanges = plan('Request changes', ['request-changes'], 'comment');
const requestAndStart = plan('Request changes and start', ['request-changes', 'start-next'], 'comment');
const stopAndQueue = plan('Stop and queue again', ['requeue'], 'confirmation', 'Stop the work on this card and queue it again?');

/** The table of moves (rules 3) for todos: every cell that is not its own column. */
export const moveTable: { readonly [P in Place]: { readonly [C in ColumnId]?: Cell } } = {
  todo: { in_progress: plan('Start', ['start-next']), review: nothingToReview, done: noReceipt, approved: nothingToReview },
  in_progress: { todo: stopAndQueue, review: notReported, done: noReceipt, approved: notReported },
  review_by_agents: { todo: requestChanges, in_progress: requestAndStart, done: notFinished, approved: notFinished },
  review_by_person: {
    todo: requestChanges,
    in_progress: requestAndStart,
    done: plan('Withdraw the review', ['withdraw-review']),
    approved: plan('Approve', ['approve']),
  },
  done: {
    todo: requestChanges,
    in_progress: requestAndStart,
    review: plan('Ask for review', ['ask-for-review']),
    approved: plan('Approve', ['approve']),
  },
  approved: {
    todo: plan('Take back and request changes', ['request-changes'], 'comment'),
    in_progress: changesFirst,
    review: plan('Take back and ask for review', ['ask-for-review']),
    done: plan('Take back', ['take-back']),
  },
};

const columnNames: Readonly<Record<ColumnId, string>> = {
  todo: 'TODO',
  in_progress: 'IN PROGRESS',
  review: 'REVIEW',
  done: 'DONE',
  approved: 'APPROVED',
};

/** The column that a place belongs to. */
export const columnOfPlace = (place: Place): ColumnId => (place === 'review_by_agents' || place === 'review_by_person' ? 'review' : place);

/** Where a todo is in the table's terms. */
export function placeOf(todo: Todo): Place {
  const column = columnOf(todo);
  if (column !== 'review') return column;
  return isAgentReview(todo) ? 'review_by_agents' : 'review_by_person';
}

/** The facts of a todo. */
export const moveFactsOf = (todo: Todo): MoveFacts => ({
  id: todo.todoId,
  title: todo.title,
  place: placeOf(todo),
  status: todo.status,
  step: todo.workflow.step,
  revert: revertStandOf(currentRevision(todo)),
});

/** Why a card whose commit is or was being undone takes no verdict, or null; once it is undone, changes may be asked for. */
export function revertBar(facts: MoveFacts, to: 'verdict' | 'changes' = 'verdict'): Refusal | null {
  switch (facts.revert) {
    case '':
      return null;
    case 'under_way':
      return { id: 'revert-under-way', message: `${name(facts)} is being reverted. Wait until that is done.` };
    case 'blocked':
      return {
        id: 'revert-under-way',
        message: `The revert of ${name(facts)} stands still. Try it again with \`muster retry ${facts.id}\`, or give it up with \`muster cancel ${facts.id}\`.`,
      };
    case 'done':
      if (to === 'changes') return null;
      return {
        id: 'reverted',
        message: `${name(facts)} was reverted: the target does not hold it any more. Request changes to have it made anew.`,
      };
  }
}

/**
 * What moving a card to a column means, or why it may not be: the cell of the table. Pure, so that a page asks it before a drop.
 * Revision, people, queue and caps are judged when the move is given.
 */
export function planMove(facts: MoveFacts, to: ColumnId): Result<MovePlan, Refusal> {
  if (columnOfPlace(facts.place) === to) return err({ id: 'same-column', message: `${name(facts)} is in ${columnNames[to]} already.` });
  if (['cancelled', 'failed', 'carried_over'].includes(facts.status))
    return err({ id: 'already-ended', message: `${name(facts)} is ${spaced(facts.status)}. Retry it, or put it back to the backlog.` });
  const bar = revertBar(facts, to === 'todo' || to === 'in_progress' ? 'changes' : 'verdict');
  if (bar) return err(bar);
  const cell = moveTable[facts.place][to];
  if (!cell) throw new Error(`The table of moves has no cell from ${facts.place} to ${to}.`);
  return 'refused' in cell ? err({ id: cell.refused, message: cell.why(facts) }) : ok(cell);
}

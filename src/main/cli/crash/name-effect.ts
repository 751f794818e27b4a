import type { Effect } from '../../../shared/domain/effect.js';
import type { State } from '../../../shared/domain/state.js';

/** An effect in words that are the same in every run of the same rehearsal: titles instead of ids. */
export function nameEffect(effect: Effect, state: State): string {
  if (effect.type === 'archive-sprint') return 'the sprint';
  if (effect.type === 'run-action') return `the action ${state.operations[effect.operationId]?.action ?? ''}`;
  if (effect.type === 'run-turn') return nameTurn(effect.turnId, state);
  const title = state.todos[effect.todoId]?.title ?? effect.todoId;
  const which =
    'closeoutId' in effect
      ? nameCloseout(effect.closeoutId)
      : effect.type === 'gather-evidence'
        ? ` visit ${state.todos[effect.todoId]?.workflow.visits.qa_validation ?? 1}`
        : 'onto' in effect && effect.onto !== ''
          ? ' moved'
          : '';
  return `${title} r${effect.revision}${which}`;
}

/** The id of a revert ends in chance. */
const nameCloseout = (closeoutId: string): string =>
  closeoutId.startsWith('revert-') ? ' its revert' : ` closeout ${closeoutId.slice(closeoutId.lastIndexOf('-') + 1)}`;

function nameTurn(turnId: string, state: State): string {
  const turn = state.turns[turnId];
  if (!turn) return turnId;
  const { subject, step, visit, purpose } = turn;
  const about = subject.kind === 'todo' ? `${state.todos[subject.todoId]?.title ?? ''} r${subject.revision}` : `the ${subject.kind}`;
  return `${about} ${step} ${visit} ${purpose}`;
}

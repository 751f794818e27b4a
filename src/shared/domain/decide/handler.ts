import type { Actor, Sprint, State, Todo, Turn } from '../state.js';
import type { Command, DecideContext, Event, Refusal } from '../vocabulary.js';
import type { Result } from '../../kernel/result.js';
import { refuse } from '../refusal.js';
import type { Decision } from '../refusal.js';
import { ok } from '../../kernel/result.js';
import { currentRevision } from '../state.js';
import type { Instant } from '../../kernel/time.js';

/** The command of one type. */
export type CommandOf<T extends Command['type']> = Extract<Command, { type: T }>;

/** Decides one type of command on the state; changes nothing. */
export type Handler<T extends Command['type']> = (state: State, command: CommandOf<T>, ctx: DecideContext) => Decision;

/** A table of handlers. */
export type Handlers<T extends Command['type']> = { readonly [K in T]: Handler<K> };

/** Why nothing is begun while everything is stopped, or null. */
export const haltRefusal = ({ halt }: State): ReturnType<typeof refuse> | null =>
  halt ? refuse('halted', `Everything is stopped: ${halt.reason} \`muster sprint resume\` goes on.`) : null;

/** The todo with that id, or the refusal that every way in gets. */
export function findTodo(state: State, todoId: string): Result<Todo, Refusal> {
  const todo = state.todos[todoId];
  return todo ? ok(todo) : refuse('unknown-id', `There is no todo ${todoId} on the board. \`muster board\` lists the cards.`);
}

/** Cancels every unfinished effect of a lane; a running one is ended by the effect worker. */
export const cancelLane = (state: State, lane: string, reason: string): Event[] =>
  Object.values(state.effects)
    .filter((pending) => pending.lane === lane)
    .map((pending) => ({ type: 'effect-cancelled', effectId: pending.effectId, reason }));

/** Ends the turn that a todo is in, if any, with its process. */
export function cancelWork(state: State, todo: Todo, reason: string): Event[] {
  const events = cancelLane(state, `todo:${todo.todoId}`, reason);
  events.push(
    ...Object.values(state.effects)
      .filter((pending) => pending.effect.type === 'integrate' && pending.effect.todoId === todo.todoId)
      .map((pending): Event => ({ type: 'effect-cancelled', effectId: pending.effectId, reason })),
  );
  if (todo.activity.kind === 'turn') events.push(cancelledTurn(state, todo.activity.turnId));
  return events;
}

/** The record of a worktree that is not there any more; it is asked for anew before the work goes on. */
export const worktreeGone = ({ todoId, revision }: Todo): Event => ({ type: 'worktree-removed', todoId, revision, note: '' });

/** A worktree that somebody deleted is made again, from its newest checkpoint. */
export const rebuildWorktree = (todo: Todo): Event[] => [
  worktreeGone(todo),
  { type: 'worktree-asked', todoId: todo.todoId, branch: currentRevision(todo).branch, onto: '' },
];

/** A turn that ended because somebody stopped it; what it used is known when its process is gone. */
export const cancelledTurn = (state: State, turnId: string): Event => untoldEnd(state.turns[turnId], turnId, 'stopped');

/** The end of a turn of which nobody has told yet what its last attempts used. */
export const untoldEnd = (turn: Turn | undefined, turnId: string, outcome: 'stopped' | 'failed'): Event => ({
  type: 'turn-ended',
  turnId,
  outcome,
  outputTree: '',
  reportSha256: '',
  tokens: { input: 0, cachedInput: 0, output: 0 },
  ...(turn && turn.status !== 'waiting' ? { isUntold: true as const } : {}),
});

/** A paused sprint looks again at what it can do, as something that it waited for has changed. *Stop everything* holds on. */
export function wakeSprint(state: State, sprintId: string, why: string, by: Actor): Event[] {
  const sprint = state.sprints[sprintId];
  if (sprint?.status !== 'paused' || state.halt) return [];
  return [
    {
      type: 'sprint-changed',
      sprintId,
      changes: { status: sprint.phase === 'initial' ? 'planning' : 'running', pausedReason: '' },
      why,
      by,
    },
  ];
}

/** Landed work that stumbles on its way to the target needs a person: a sprint that is paused already has to say so too. */
export function wakeForStumble(state: State, todo: Todo, events: readonly Event[]): Event[] {
  const stumbles = todo.status === 'committed' && events.some(({ type }) => type === 'todo-uncommitted' || type === 'todo-blocked');
  return stumbles ? wakeSprint(state, todo.sprintId, `${todo.todoId} needs a person`, { kind: 'runtime', id: 'runtime' }) : [];
}

/** Asks a sprint to stop: what runs is finished first, planning ends at once and frees the slot (sprint-runtime 13.1 #8). */
export function stopSprint(state: State, sprint: Sprint, by: Actor, now: Instant): Event[] {
  const { sprintId, planning } = sprint;
  const stop: Event = { type: 'sprint-changed', sprintId, changes: { stopRequestedAt: now }, why: 'asked to stop', by };
  const goOn = { status: sprint.phase === 'initial' ? 'planning' : 'running', pausedReason: '' } as const;
  if (sprint.status === 'paused') return [stop, { type: 'sprint-changed', sprintId, changes: goOn, why: '', by }];
  if (sprint.status !== 'planning') return [stop];
  const ended = planning.activeTurnId ? [cancelledTurn(state, planning.activeTurnId)] : [];
  return [stop, ...cancelLane(state, `sprint:${sprintId}`, 'the sprint was stopped'), ...ended];
}

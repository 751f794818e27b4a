import { ok } from '../kernel/result.js';
import type { Result } from '../kernel/result.js';
import { advanceRequest, advanceSprint, advanceTodo } from './advance.js';
import { decide } from './decide/decide.js';
import { evolve } from './evolve/evolve.js';
import { mendedProblems } from './mended-problems.js';
import { effectsOf } from './react.js';
import { approvedOnBranch } from './stack.js';
import type { State } from './state.js';
import type { Command, DecideContext, Event, EventType, Refusal } from './vocabulary.js';
import type { Effect } from './effect.js';

/** What one accepted command adds to the journal. */
export interface Transaction {
  readonly events: readonly Event[];
  readonly effects: readonly Effect[];
}

/** A command never leads to more events than this; a rule that feeds itself is a bug and is found here. */
const eventLimit = 50_000;

const quietEvents: readonly EventType[] = [
  'effect-begun',
  'turn-prepared',
  'turn-spawned',
  'turn-session',
  'problem-found',
  'problem-cleared',
  'disk-freed',
  'outcome-superseded',
  'backlog-item-added',
  'envelope-consumed',
  'intake-taken',
  'document-authored',
];

/**
 * Events after which a sprint may have something else to do: who runs, waits or has ended, what may run at all, the sprint itself.
 * After any other event its answer is the one that it gave before, and asking it looks at every card.
 */
const sprintEvents: ReadonlySet<EventType> = new Set<EventType>([
  'configuration-loaded',
  'runtime-started',
  'halted',
  'halt-lifted',
  'sprint-started',
  'sprint-changed',
  'planning-step-entered',
  'todo-created',
  'todo-started',
  'step-resumed',
  'todo-blocked',
  'todo-paused',
  'todo-requeued',
  'todo-ended',
  'todo-uncommitted',
  'todo-committed',
  'revision-opened',
  'verdict-given',
  'turn-ended',
]);

/**
 * Decides a command, folds its events into the state (in place) and lets every rule that follows from them speak, until nothing
 * follows. A refusal leaves the state as it was. After a throw the state is not usable any more and is loaded again from disk.
 */
export function transact(state: State, command: Command, ctx: DecideContext): Result<Transaction, Refusal> {
  const decided = decide(state, command, ctx);
  if (!decided.ok) return decided;
  const run = new Run(state, ctx);
  for (const event of decided.value) run.apply(event);
  if (command.type === 'runtime-start') run.touchEverything();
  run.follow();
  return ok({ events: run.events, effects: run.effects });
}

class Run {
  readonly events: Event[] = [];
  readonly effects: Effect[] = [];
  private readonly todos = new Set<string>();
  private readonly requests = new Set<string>();
  private isSprintTouched = false;
  private readonly state: State;
  private readonly ctx: DecideContext;

  constructor(state: State, ctx: DecideContext) {
    this.state = state;
    this.ctx = ctx;
  }

  apply(event: Event): void {
    if (this.events.length >= eventLimit) throw new Error(`A command led to more than ${eventLimit} events; the last was ${event.type}.`);
    evolve(this.state, event, this.ctx.now);
    this.events.push(event);
    this.effects.push(...effectsOf(event, this.state));
    this.touch(event);
    for (const { problemId, path } of mendedProblems(event, this.state)) this.apply({ type: 'problem-cleared', problemId, path });
  }

  touchEverything(): void {
    this.isSprintTouched = true;
    for (const [todoId, todo] of Object.entries(this.state.todos))
      if (todo.status === 'running' || todo.status === 'committed') this.todos.add(todoId);
    for (const requestId of Object.keys(this.state.requests)) this.requests.add(requestId);
  }

  follow(): void {
    for (let event = this.next(); event !== null; event = this.next()) this.apply(event);
  }

  private next(): Event | null {
    for (const todoId of this.todos) {
      const event = advanceTodo(this.state, todoId, this.ctx);
      if (event) return event;
      this.todos.delete(todoId);
    }
    for (const requestId of this.requests) {
      const event = advanceRequest(this.state, requestId, this.ctx);
      if (event) return event;
      this.requests.delete(requestId);
    }
    if (!this.isSprintTouched) return null;
    const event = advanceSprint(this.state, this.ctx);
    this.isSprintTouched = event !== null;
    return event;
  }

  private touch(event: Event): void {
    if (event.type === 'halt-lifted') this.touchEverything();
    if (quietEvents.includes(event.type)) return;
    if (event.type === 'todo-created') this.todos.add(event.todo.todoId);
    else if ('todoId' in event) this.todos.add(event.todoId);
    if (event.type === 'todo-committed' || event.type === 'todo-ended')
      for (const todoId of approvedOnBranch(this.state.todos[event.todoId]?.sprintId ?? '', this.state)) this.todos.add(todoId);
    if (event.type === 'request-accepted') this.requests.add(event.request.requestId);
    else if ('requestId' in event) this.requests.add(event.requestId);
    const turnId = event.type === 'turn-ended' ? event.turnId : '';
    const subject = this.state.turns[turnId]?.subject;
    if (subject?.kind === 'todo') this.todos.add(subject.todoId);
    if (subject?.kind === 'request') this.requests.add(subject.requestId);
    if (sprintEvents.has(event.type)) this.isSprintTouched = true;
  }
}

import { firstGatesAmong, isGate } from '../../shared/domain/board.js';
import type { Gates } from '../../shared/domain/board.js';
import type { Sprint, State, Todo, Turn } from '../../shared/domain/state.js';
import type { Event } from '../../shared/domain/vocabulary.js';
import { tallyKeyOf, tallyOf } from './views-parts.js';

/** What is counted of one sprint, kept up card by card. */
class SprintCounts {
  readonly tally = new Map<string, number>();
  readonly queued = new Set<string>();
  /** Cards that hold others back, the first by rank first; within a rank in the order of the sprint. */
  readonly #gates: Todo[] = [];
  readonly #known = new Map<string, { readonly nth: number; readonly key: string; readonly gate: Todo | null }>();

  /** Takes a card as it is now; tells whether other cards are held back in first place from now on. */
  put(todo: Todo): boolean {
    const before = this.#known.get(todo.todoId);
    const now = { nth: before?.nth ?? this.#known.size, key: tallyKeyOf(todo), gate: isGate(todo) ? todo : null };
    this.#known.set(todo.todoId, now);
    if (todo.status === 'queued') this.queued.add(todo.todoId);
    else this.queued.delete(todo.todoId);
    if (before?.key !== now.key) {
      if (before) this.#count(before.key, -1);
      this.#count(now.key, 1);
    }
    if ((before?.gate ?? null) === now.gate) return false;
    const first = this.gates();
    if (before?.gate) this.#gates.splice(this.#placeOf(before.gate), 1);
    if (now.gate) this.#gates.splice(this.#placeOf(now.gate), 0, now.gate);
    return this.gates().some((gate, at) => gate.todoId !== first[at]?.todoId) || this.gates().length !== first.length;
  }

  gates(): readonly Todo[] {
    return firstGatesAmong(this.#gates);
  }

  #count(key: string, by: number): void {
    const count = (this.tally.get(key) ?? 0) + by;
    if (count === 0) this.tally.delete(key);
    else this.tally.set(key, count);
  }

  /** Where a gate stands, or would stand. */
  #placeOf(gate: Todo): number {
    let [from, to] = [0, this.#gates.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const other = this.#gates[middle];
      if (other && this.#isBefore(other, gate)) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #isBefore(a: Todo, b: Todo): boolean {
    const nthOf = ({ todoId }: Todo): number => this.#known.get(todoId)?.nth ?? 0;
    return a.priorityRank === b.priorityRank ? nthOf(a) < nthOf(b) : a.priorityRank < b.priorityRank;
  }
}

/** What every change tells of a whole sprint, kept up change by change: a change of one card looks at one card. */
export class LiveIndex {
  #state: State | null = null;
  #sprints = new Map<string, SprintCounts>();
  #ofItem = new Map<string, Set<string>>();
  #dependents = new Map<string, Set<string>>();
  #openTurns = new Set<string>();

  constructor(state: State) {
    this.#fill(state);
  }

  /** Takes what events changed; `subjects` are the ids that they are about. Returns the cards that wait for something else now. */
  take(events: readonly Event[], subjects: ReadonlySet<string>, state: State): readonly string[] {
    if (state !== this.#state || events.some(({ type }) => type === 'sprint-archived')) {
      this.#fill(state);
      return this.queuedOf(state.activeSprintId);
    }
    for (const event of events) {
      if ('turnId' in event) this.#openTurns.add(event.turnId);
      if (event.type === 'turn-asked') this.#openTurns.add(event.turn.turnId);
    }
    const freed: string[] = [];
    for (const id of subjects) {
      const todo = state.todos[id];
      if (todo && this.#put(todo)) freed.push(...this.queuedOf(todo.sprintId));
    }
    return freed;
  }

  /** The cards that wait in a sprint's queue. */
  queuedOf(sprintId: string | null): readonly string[] {
    return [...(this.#sprints.get(sprintId ?? '')?.queued ?? [])];
  }

  /** Cards that name this one as what they depend on. */
  dependentsOf(todoId: string): readonly string[] {
    return [...(this.#dependents.get(todoId) ?? [])];
  }

  /** Cards that executed a backlog item. */
  todosOf(backlogId: string): string[] {
    return [...(this.#ofItem.get(backlogId) ?? [])];
  }

  readonly gates: Gates = (sprintId) => this.#sprints.get(sprintId)?.gates() ?? [];

  /** As `tallyOf`. */
  tallyOf(sprint: Sprint, state: State): Record<string, number> {
    if (sprint.isArchived) return tallyOf(sprint, state);
    return Object.fromEntries(this.#sprints.get(sprint.sprintId)?.tally ?? []);
  }

  /** Turns that have not ended, the one that was asked for first before the others. */
  openTurns(state: State): readonly Turn[] {
    const open: Turn[] = [];
    for (const turnId of this.#openTurns) {
      const turn = state.turns[turnId];
      if (turn && turn.status !== 'ended') open.push(turn);
      else this.#openTurns.delete(turnId);
    }
    return open;
  }

  #fill(state: State): void {
    this.#state = state;
    this.#sprints = new Map();
    this.#ofItem = new Map();
    this.#dependents = new Map();
    for (const sprint of Object.values(state.sprints))
      for (const id of sprint.todoIds) {
        const todo = state.todos[id];
        if (todo) this.#put(todo);
      }
    const open = Object.values(state.turns).filter(({ status }) => status !== 'ended');
    this.#openTurns = new Set(open.map(({ turnId }) => turnId));
  }

  #put(todo: Todo): boolean {
    const known = this.#sprints.get(todo.sprintId) ?? new SprintCounts();
    this.#sprints.set(todo.sprintId, known);
    setIn(this.#ofItem, todo.backlogId).add(todo.todoId);
    for (const id of todo.dependsOn) setIn(this.#dependents, id).add(todo.todoId);
    return known.put(todo);
  }
}

function setIn(sets: Map<string, Set<string>>, key: string): Set<string> {
  const set = sets.get(key) ?? new Set();
  sets.set(key, set);
  return set;
}

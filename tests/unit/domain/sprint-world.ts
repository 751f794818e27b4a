import { isDeepStrictEqual } from 'node:util';
import { columns } from '../../../src/shared/domain/board.js';
import type { EffectType } from '../../../src/shared/domain/effect.js';
import { evolve } from '../../../src/shared/domain/evolve/evolve.js';
import { todosOf } from '../../../src/shared/domain/queue.js';
import type { PendingEffect, SprintTerms, State, Todo } from '../../../src/shared/domain/state.js';
import type { Command, EffectOutcomes, Event, PersonCommand, RuntimeCommand } from '../../../src/shared/domain/vocabulary.js';
import type { Count } from '../../../src/shared/domain/workflow.js';
import type { Choices } from './choices.js';
import { DomainStage, lead, reviewer, runtime } from './domain-stage.js';
import { item } from './report-shapes.js';
import { plannedSprint, settleWell } from './sprint-play.js';
import { checkState, must } from './world-checks.js';
import { effectOutcomes, turnOutcome } from './world-outcomes.js';
import type { Mood } from './world-outcomes.js';

/** The sprint that a story is about. */
export interface Scenario {
  readonly todos: readonly { readonly rank: number; readonly dependsOn: readonly number[] }[];
  readonly parallelTodos: number;
  readonly cardTurns: number;
  readonly required: number;
  readonly terms: Partial<SprintTerms>;
  readonly mood: Mood;
}

const title = (index: number): string => `Item ${index + 1}`;

/** How often each row of the two tables decided, and each command was accepted. */
export type Hits = Map<string, number>;

/** One sprint in a world where anything may happen, with its invariants checked after every command. */
export class SprintWorld {
  readonly stage: DomainStage;
  readonly #hits: Hits;
  readonly #choices: Choices;
  readonly #mood: Mood;
  readonly #created = new Set<string>();
  readonly #gone: PendingEffect[] = [];
  readonly #rounds = new Map<string, Record<Count, number>>();
  #shadow: State;
  #folded = 0;
  #nth = 0;

  constructor(scenario: Scenario, choices: Choices, hits: Hits) {
    this.#choices = choices;
    this.#hits = hits;
    this.#mood = scenario.mood;
    this.stage = new DomainStage({
      limits: { parallelTodos: scenario.parallelTodos, cardTurns: scenario.cardTurns },
      review: { reviewers: [], required: scenario.required },
    });
    const items = scenario.todos.map(({ rank, dependsOn }, index) =>
      item(title(index), { priorityRank: rank, dependsOn: dependsOn.filter((other) => other < index).map(title) }),
    );
    plannedSprint(this.stage, items, scenario.terms);
    for (const todoId of Object.keys(this.stage.state.todos)) this.#created.add(todoId);
    this.#shadow = this.stage.refold();
    this.#folded = this.stage.records.length;
    this.#check('the start');
  }

  /** One thing happens. */
  step(): void {
    this.#choices.weighted([
      [60, () => this.#settleSomething()],
      [16, () => this.#person()],
      [2, () => this.#lateOutcome()],
      [1, () => this.#beginSomething()],
      [1, () => this.#park()],
      [1, () => this.#changedByHand()],
      [2, () => this.#landed()],
      [1, () => this.#restart()],
      [1, () => this.stage.later(this.#choices.pick([60, 3_600]))],
    ])();
  }

  /** One thing happens to what has landed, as it does also after the sprint's end. */
  stepOfLanded(): void {
    this.#choices.weighted([
      [3, () => this.#settleSomething()],
      [3, () => this.#landed()],
      [1, () => this.#restart()],
    ])();
  }

  /** From here on all goes well and people do what they are asked: the sprint has to come to its end. */
  finish(): void {
    for (let rounds = 0; this.stage.sprint.endedAt === null || this.stage.pending().length > 0; rounds += 1) {
      must(rounds < 2_000, () => `The sprint does not end: ${this.stage.sprint.status}, ${this.stage.sprint.pausedReason}`);
      const pending = this.stage.pending()[0];
      if (pending) settleWell(this.stage, pending);
      else this.#help();
      this.#check('the end');
    }
    const full = this.stage.refold();
    must(isDeepStrictEqual(full, this.stage.copyOfState()), () => 'The records folded from the beginning are not the live state.');
  }

  #help(): void {
    const { stage } = this;
    const { sprint, state } = stage;
    if (state.halt) {
      stage.do({ type: 'resume-sprint' }, lead);
      return;
    }
    must(sprint.status === 'paused' && sprint.pausedReason !== '', () => `Nothing is under way, and the sprint is ${sprint.status}.`);
    const needy = todosOf(state, sprint.sprintId).find(({ status }) => ['blocked', 'uncommitted', 'paused', 'queued'].includes(status));
    if (!needy) throw new Error(`The sprint is paused (${sprint.pausedReason}), and no todo needs anybody.`);
    must(
      sprint.pausedReason.includes(needy.todoId) || needy.status === 'queued' || /limit/.test(sprint.pausedReason),
      () => `The pause does not name ${needy.todoId}: ${sprint.pausedReason}`,
    );
    if (/sprint_hours/.test(sprint.pausedReason)) stage.do({ type: 'stop-sprint' }, lead);
    else if (needy.status === 'queued') {
      if (!stage.give({ type: 'start-next', todoId: needy.todoId }, lead).ok)
        stage.do({ type: 'cancel-todo', todoId: needy.todoId, reason: 'not needed' }, lead);
    } else if (needy.blocker?.kind === 'cap') stage.do({ type: 'cancel-todo', todoId: needy.todoId, reason: 'too dear' }, lead);
    else stage.do({ type: 'retry', subjectId: needy.todoId }, lead);
  }

  #give(command: Command, actor = runtime): boolean {
    const before = new Map(Object.entries(this.stage.state.effects));
    const { ok } = this.stage.give(command, actor);
    for (const [effectId, pending] of before) if (!this.stage.state.effects[effectId]) this.#gone.push(pending);
    if (ok) this.#hits.set(command.type, (this.#hits.get(command.type) ?? 0) + 1);
    this.#check(command.type);
    return ok;
  }

  #check(after: string): void {
    for (const record of this.stage.records.slice(this.#folded)) {
      const { events, effects } = JSON.parse(record.body) as { events: Event[]; effects: PendingEffect[] };
      for (const event of events) {
        evolve(this.#shadow, event, record.at);
        this.#note(event);
      }
      for (const { effectId, effect } of effects) this.#shadow.effects[effectId] = { effectId, lane: effect.lane, attempts: 0, effect };
    }
    this.#folded = this.stage.records.length;
    must(isDeepStrictEqual(this.#shadow, this.stage.state), () => `After ${after} the records do not fold to the live state.`);
    try {
      checkState(this.stage.state, this.#created);
    } catch (error) {
      throw new Error(`After ${after}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }

  /** Counts entries into steps beside the workflow's own counters; only a person, or landed work that has to be redone, begins anew. */
  #countRound(event: Event): void {
    if (event.type === 'step-resumed' || event.type === 'revision-opened') {
      if (event.type === 'step-resumed') must(event.by.kind === 'person', () => `${event.todoId} got fresh limits from nobody.`);
      this.#rounds.delete(event.todoId);
    }
    if (event.type !== 'step-entered') return;
    const round = this.#rounds.get(event.todoId) ?? { 'advisory-pass': 0, review: 0, reopen: 0 };
    for (const count of event.move.counts) round[count] += 1;
    this.#rounds.set(event.todoId, round);
    const isWithin = round['advisory-pass'] <= 2 && round.review <= 3 && round.reopen <= 3;
    must(isWithin, () => `${event.todoId} went over a limit: ${JSON.stringify(round)}.`);
  }

  #note(event: Event): void {
    this.#countRound(event);
    const row =
      event.type === 'step-entered' ? event.move.row : event.type === 'closeout-started' || event.type === 'todo-blocked' ? event.row : '';
    for (const id of row.split('/')) if (id !== '') this.#hits.set(id, (this.#hits.get(id) ?? 0) + 1);
  }

  #somePending(): PendingEffect | undefined {
    const pending = this.stage.pending();
    return pending.length === 0 ? undefined : pending[this.#choices.below(pending.length)];
  }

  #settleSomething(): void {
    const pending = this.#somePending();
    if (pending) this.#settle(pending);
  }

  #settle(pending: PendingEffect): void {
    const { effect, effectId } = pending;
    this.#nth += 1;
    if (effect.type === 'run-turn') {
      const turn = this.stage.state.turns[effect.turnId];
      must(turn !== undefined, () => `${effect.turnId} is pending and not known.`);
      this.stage.endTurn(pending, turnOutcome(this.#choices, turn, this.#mood));
      this.#check(`the end of a turn at ${turn.step}`);
      return;
    }
    if (this.stage.state.effects[effectId]?.attempts === 0) this.#give({ type: 'begin-effect', effectId });
    const outcomeOf = effectOutcomes[effect.type] as (
      choices: Choices,
      effect: PendingEffect['effect'],
      nth: number,
    ) => EffectOutcomes[EffectType];
    this.#give({
      type: 'settle-effect',
      effectId,
      effectType: effect.type,
      outcome: outcomeOf(this.#choices, effect, this.#nth),
    } as RuntimeCommand);
  }

  #lateOutcome(): void {
    const late = this.#gone.length === 0 ? undefined : this.#gone[this.#choices.below(this.#gone.length)];
    if (!late || late.effect.type === 'run-turn') return;
    const outcomeOf = effectOutcomes[late.effect.type] as (
      choices: Choices,
      effect: PendingEffect['effect'],
      nth: number,
    ) => EffectOutcomes[EffectType];
    const outcome = outcomeOf(this.#choices, late.effect, this.#nth);
    const isTaken = this.#give({ type: 'settle-effect', effectId: late.effectId, effectType: late.effect.type, outcome } as RuntimeCommand);
    must(!isTaken, () => `The late outcome of ${late.effectId} was taken.`);
  }

  #beginSomething(): void {
    const pending = this.#somePending();
    if (pending) this.#give({ type: 'begin-effect', effectId: pending.effectId });
  }

  #park(): void {
    const pending = this.#somePending();
    if (pending) this.#give({ type: 'park-effect', effectId: pending.effectId, reason: 'It threw each time.', logs: ['effect.log'] });
  }

  #changedByHand(): void {
    const todo = this.#someTodo();
    if (todo?.activity.kind === 'turn') this.#give({ type: 'note-changed-by-hand', todoId: todo.todoId, paths: ['src/a.ts'], by: 'lead' });
  }

  /** What is asked for of landed work, so that it is not left to luck who comes upon a card that has come so far. */
  #landed(): void {
    const landed = Object.values(this.stage.state.todos).filter(({ status }) => status === 'committed');
    const todo = landed[this.#choices.below(Math.max(1, landed.length))];
    if (!todo) return;
    const { todoId, revision } = todo;
    const command = this.#choices.weighted<PersonCommand>([
      [4, { type: 'approve', todoId, revision, comment: '' }],
      [4, { type: 'take-back', todoId, revision }],
      [4, { type: 'ask-for-review', todoId, revision }],
      [4, { type: 'withdraw-review', todoId, revision }],
      [4, { type: 'revert-todo', todoId, revision, comment: this.#choices.pick(['It broke the shop.', '']) }],
      [2, { type: 'retry', subjectId: todoId }],
      [1, { type: 'cancel-todo', todoId, reason: '' }],
    ]);
    this.#give(command, this.#choices.pick([lead, reviewer]));
  }

  #restart(): void {
    this.stage.restart();
    this.#check('a restart');
  }

  #someTodo(): Todo | undefined {
    const todos = Object.values(this.stage.state.todos);
    return todos[this.#choices.below(todos.length)];
  }

  #person(): void {
    const todo = this.#someTodo();
    if (!todo) return;
    const { todoId } = todo;
    const revision = todo.revision + (this.#choices.below(8) === 7 ? 1 : 0);
    const actor = this.#choices.pick([lead, reviewer]);
    const command = this.#choices.weighted<PersonCommand>([
      [50, { type: 'approve', todoId, revision, comment: '' }],
      [16, { type: 'request-changes', todoId, revision, comment: this.#choices.pick(['Not so.', '']) }],
      [30, { type: 'ask-for-review', todoId, revision }],
      [80, { type: 'withdraw-review', todoId, revision }],
      [40, { type: 'take-back', todoId, revision }],
      [60, { type: 'retry', subjectId: todoId }],
      [10, { type: 'override-verification', todoId, revision, reason: this.#choices.pick(['It is known.', ' ']) }],
      [30, { type: 'answer', subjectId: todoId, text: this.#choices.pick(['Yes.', ' ']) }],
      [8, { type: 'requeue', todoId }],
      [50, { type: 'start-next', todoId }],
      [2, { type: 'cancel-todo', todoId, reason: '' }],
      [2, { type: 'back-to-backlog', todoId }],
      [6, { type: 'reorder', todoId, order: this.#choices.below(5) }],
      [
        120,
        {
          type: 'move-card',
          todoId,
          revision,
          to: this.#choices.pick(columns),
          comment: this.#choices.pick(['Not so.', '']),
          isConfirmed: this.#choices.below(8) === 7,
        },
      ],
      [6, { type: 'assign-todo', todoId, role: 'developer', member: this.#choices.pick(['developer', 'developer-2']) }],
      [2, { type: 'stop-all' }],
      [40, { type: 'resume-sprint' }],
      [1, { type: 'stop-sprint' }],
      [40, { type: 'drop-backlog-item', backlogId: todo.backlogId, reason: 'no use' }],
      [4, { type: 'rank-backlog-item', backlogId: todo.backlogId, rank: this.#choices.below(5) }],
    ]);
    this.#give(command, actor);
  }
}

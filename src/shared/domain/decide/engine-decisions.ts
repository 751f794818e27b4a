import { ok } from '../../kernel/result.js';
import { epochMs } from '../../kernel/time.js';
import { blockTodo } from '../advance.js';
import { endedWorktrees } from '../ended-worktrees.js';
import type { EndedWorktree } from '../ended-worktrees.js';
import { refuse } from '../refusal.js';
import type { Actor, PendingEffect, State, Todo } from '../state.js';
import { revertStandOf } from '../closeout.js';
import { currentRevision } from '../state.js';
import type { DecideContext, EffectOutcomes, Event } from '../vocabulary.js';
import type { Effect, EffectType } from '../effect.js';
import { actionOutcomeEvents, parkedActionEvents } from './action-decisions.js';
import { closeoutEvents } from './closeout-decisions.js';
import { blockRevert, revertEvents } from './revert-decisions.js';
import { stopSubject } from './contract-return.js';
import { rebuildWorktree, untoldEnd, wakeForStumble } from './handler.js';
import type { Handlers } from './handler.js';
import { askForSetup } from './setup-question.js';
import { turnOutcomeEvents } from './turn-decisions.js';

const runtime: Actor = { kind: 'runtime', id: 'runtime' };

/** Starts without a finished effect after which a start is paused (rules 6). */
export const crashLoopStarts = 3;
const crashLoopMs = 600_000;

type Settled<T extends EffectType> = (state: State, pending: PendingEffect, outcome: EffectOutcomes[T], ctx: DecideContext) => Event[];

/** Whether an outcome shows that Muster gets on: a crash loop that tidies up or looks at a waiting working tree each time is one still. */
function isProgress({ effect }: PendingEffect, outcome: EffectOutcomes[EffectType]): boolean {
  if (effect.type === 'remove-worktree' || effect.type === 'archive-sprint') return false;
  return !('kind' in outcome && outcome.kind === 'waiting');
}

const closeoutOf = (pending: PendingEffect) => pending.effect as { readonly todoId: string; readonly closeoutId: string };

/** The next turn is told of files that it has to put right first. */
const unmergedInput = ({ todoId, revision }: Todo, files: readonly string[]): Event[] =>
  files.length === 0
    ? []
    : [
        {
          type: 'input-given',
          todoId,
          text: `What was changed in revision ${revision - 1} does not fit onto what landed meanwhile: both sides stand between markers in ${files.join(', ')}. Resolve them first.`,
          by: runtime,
        },
      ];

const settlers: { readonly [T in EffectType]: Settled<T> } = {
  'add-worktree': (state, { effect }, outcome, ctx) => {
    if (effect.type !== 'add-worktree') return [];
    const todo = state.todos[effect.todoId];
    if (!todo || todo.revision !== effect.revision) return [];
    if (outcome.kind === 'setup-asked') return [askForSetup(state, todo, outcome, ctx)];
    if (outcome.kind === 'refused')
      return [blockTodo(todo.todoId, { kind: outcome.cause, byRole: 'runtime', reason: outcome.reason }, ctx)];
    return [
      {
        type: 'worktree-ready',
        todoId: todo.todoId,
        path: outcome.path,
        base: outcome.base,
        gitFileSha256: outcome.gitFileSha256,
        ...(outcome.tree === undefined ? {} : { tree: outcome.tree }),
        notes: outcome.notes,
      },
      ...unmergedInput(todo, outcome.unmerged ?? []),
    ];
  },
  'run-turn': (state, { effect }, outcome, ctx) =>
    effect.type === 'run-turn' ? turnOutcomeEvents(state, effect.turnId, outcome, ctx) : [],
  'gather-evidence': (state, { effect }, outcome, ctx) => {
    if (effect.type !== 'gather-evidence') return [];
    const todo = state.todos[effect.todoId];
    if (outcome.kind === 'setup-asked') return todo ? [askForSetup(state, todo, outcome, ctx)] : [];
    if (outcome.kind === 'worktree-gone') return todo ? rebuildWorktree(todo) : [];
    const evidence = outcome.kind === 'gathered' ? outcome.evidence : { tree: '', reason: outcome.reason, commands: [] };
    return [{ type: 'evidence-gathered', todoId: effect.todoId, evidence }];
  },
  commit: (state, pending, outcome, ctx) => closeoutEvents(state, closeoutOf(pending), 'commit', outcome, ctx),
  rebase: (state, pending, outcome, ctx) => closeoutEvents(state, closeoutOf(pending), 'rebase', outcome, ctx),
  revert: (state, pending, outcome, ctx) => revertEvents(state, closeoutOf(pending), 'revert', outcome, ctx),
  verify: (state, pending, outcome, ctx) => [
    ...closeoutEvents(state, closeoutOf(pending), 'verify', outcome, ctx),
    ...revertEvents(state, closeoutOf(pending), 'verify', outcome, ctx),
  ],
  integrate: (state, pending, outcome, ctx) => [
    ...closeoutEvents(state, closeoutOf(pending), 'integrate', outcome, ctx),
    ...revertEvents(state, closeoutOf(pending), 'integrate', outcome, ctx),
  ],
  'remove-worktree': (state, { effect }, outcome, ctx) => {
    if (effect.type !== 'remove-worktree' || !state.todos[effect.todoId]) return [];
    const removed: Event = {
      type: 'worktree-removed',
      todoId: effect.todoId,
      revision: effect.revision,
      note: outcome.kind === 'kept' ? outcome.reason : '',
    };
    if (outcome.kind === 'removed') return [removed];
    return [
      removed,
      {
        type: 'problem-found',
        problem: {
          problemId: `worktree-${effect.todoId}-r${effect.revision}`,
          path: '',
          reason: outcome.reason,
          at: ctx.now,
          standsWith: state.todos[effect.todoId]?.revisions[effect.revision - 1]?.worktreePath ?? '',
        },
      },
    ];
  },
  'archive-sprint': (_state, { effect }) =>
    effect.type === 'archive-sprint' ? [{ type: 'sprint-archived', sprintId: effect.sprintId }] : [],
  'run-action': (state, { effect }, outcome, ctx) =>
    effect.type === 'run-action' ? actionOutcomeEvents(state, effect.operationId, outcome, ctx) : [],
};

/** An effect that was tried three times without an outcome: set aside, shown, and what waits for it is told. */
function parkedEvents(state: State, pending: PendingEffect, reason: string, logs: readonly string[], ctx: DecideContext): Event[] {
  const { effect, effectId } = pending;
  const sentence = `The effect ${effect.type} was tried ${pending.attempts} times without an outcome: ${reason} Retry it, or look at its log.`;
  const problem: Event = {
    type: 'problem-found',
    problem: {
      problemId: `parked-${effectId}`,
      path: logs[0] ?? '',
      reason: sentence,
      at: ctx.now,
      subjectId: subjectOfEffect(state, effect),
    },
  };
  if (effect.type === 'run-turn') {
    const turn = state.turns[effect.turnId];
    if (!turn || turn.status === 'ended') return [problem];
    return [problem, untoldEnd(turn, turn.turnId, 'failed'), ...stopSubject(turn, 'turn', sentence, logs, ctx)];
  }
  if (effect.type === 'run-action') return [problem, ...parkedActionEvents(state, effect.operationId, sentence, ctx)];
  const todo = todoDrivenBy(state, effect);
  if (!todo) return [problem];
  if (revertStandOf(currentRevision(todo)) === 'under_way')
    return [problem, blockRevert(todo, { reason: sentence, kind: 'parked', logs }, ctx)];
  const blocked = blockTodo(todo.todoId, { kind: 'parked', byRole: 'runtime', reason: sentence, logs: [...logs] }, ctx);
  return [problem, blocked, ...wakeForStumble(state, todo, [blocked])];
}

/** Todo, request or sprint that an effect is for. */
function subjectOfEffect(state: State, effect: Effect): string {
  if ('todoId' in effect) return effect.todoId;
  if ('sprintId' in effect) return effect.sprintId;
  if ('operationId' in effect) return state.operations[effect.operationId]?.requestId ?? '';
  const subject = 'turnId' in effect ? state.turns[effect.turnId]?.subject : undefined;
  if (!subject) return '';
  return subject.kind === 'todo' ? subject.todoId : subject.kind === 'sprint' ? subject.sprintId : subject.requestId;
}

/** The todo that waits for this effect; tidying up after an older revision is nothing to wait for. */
function todoDrivenBy(state: State, effect: Effect): Todo | undefined {
  if (!('todoId' in effect) || effect.type === 'remove-worktree') return undefined;
  const todo = state.todos[effect.todoId];
  const isDriven = todo?.status === 'running' || (todo?.status === 'committed' && todo.activity.kind === 'closeout');
  return isDriven ? todo : undefined;
}

/** Bookkeeping of the runtime itself. */
export const engineHandlers: Handlers<
  | 'load-configuration'
  | 'runtime-start'
  | 'begin-effect'
  | 'settle-effect'
  | 'park-effect'
  | 'note-superseded-outcome'
  | 'take-document-edit'
  | 'report-problem'
  | 'clear-problem'
  | 'dismiss-problem'
  | 'tidy-worktrees'
  | 'note-disk-freed'
> = {
  'load-configuration': (state, { configuration, sha256, isTrusted, untrustedChanges }) => {
    if (state.configurationSha256 === sha256 && state.isTrusted === isTrusted) return ok([]);
    return ok([{ type: 'configuration-loaded', configuration, sha256, isTrusted, untrustedChanges }]);
  },
  'runtime-start': (state, _command, ctx) => {
    const started: Event[] = [
      { type: 'runtime-started' },
      ...removals(state, ctx.now, () => true, state.configuration?.retention?.days ?? 7),
    ];
    const recent = state.startsWithoutProgress.filter((start) => epochMs(ctx.now) - epochMs(start) < crashLoopMs);
    if (state.halt || recent.length < crashLoopStarts - 1 || Object.keys(state.effects).length === 0) return ok(started);
    return ok([
      ...started,
      {
        type: 'halted',
        reason: `Muster was started ${crashLoopStarts} times in ten minutes without finishing anything, so it starts paused.`,
      },
    ]);
  },
  'begin-effect': (state, { effectId }) =>
    state.effects[effectId] ? ok([{ type: 'effect-begun', effectId }]) : refuse('no-effect', `Effect ${effectId} is not open.`),
  'settle-effect': (state, command, ctx) => {
    const pending = state.effects[command.effectId];
    if (!pending || pending.effect.type !== command.effectType)
      return refuse('no-effect', `Effect ${command.effectId} is not open; its outcome is ignored.`);
    const { effectId, attempt } = command;
    if (attempt !== undefined && attempt !== pending.attempts)
      return refuse('no-effect', `Effect ${effectId} is at attempt ${pending.attempts}; the outcome of attempt ${attempt} is ignored.`);
    const settle = settlers[command.effectType] as Settled<EffectType>;
    const progress = isProgress(pending, command.outcome) ? {} : { isProgress: false };
    return ok([
      { type: 'effect-settled', effectId, ...(attempt === undefined ? {} : { attempt }), ...progress },
      ...settle(state, pending, command.outcome as EffectOutcomes[EffectType], { ...ctx, actor: runtime }),
    ]);
  },
  'park-effect': (state, { effectId, reason, logs }, ctx) => {
    const pending = state.effects[effectId];
    if (!pending) return refuse('no-effect', `Effect ${effectId} is not open.`);
    return ok([{ type: 'effect-parked', effectId, reason }, ...parkedEvents(state, pending, reason, logs, ctx)]);
  },
  'note-superseded-outcome': (state, { type: _type, ...superseded }) => {
    const { turnId } = superseded;
    if (turnId !== undefined && !state.turns[turnId]?.isUntold) return refuse('stale', `What turn ${turnId} used was told already.`);
    return ok([{ type: 'outcome-superseded', ...superseded }]);
  },
  'take-document-edit': (state, { sprintId, name, sha256 }) => {
    const sprint = state.sprints[sprintId];
    if (!sprint) return refuse('unknown-id', `There is no sprint ${sprintId}.`);
    if (sprint.documents[name]?.sha256 === sha256) return ok([]);
    return ok([{ type: 'document-authored', sprintId, name, sha256, by: 'a person' }]);
  },
  'report-problem': (state, { problem }) => {
    const known = state.problems[problem.problemId];
    const isSame = known?.reason === problem.reason && (known.standsWith ?? '') === (problem.standsWith ?? '');
    return ok(isSame ? [] : [{ type: 'problem-found', problem }]);
  },
  'clear-problem': (state, { problemId }) => {
    const problem = state.problems[problemId];
    return ok(problem ? [{ type: 'problem-cleared', problemId, path: problem.path }] : []);
  },
  'tidy-worktrees': (state, { afterDays, only }, ctx) =>
    ok(removals(state, ctx.now, ({ path }) => only === undefined || only.includes(path), afterDays)),
  'note-disk-freed': (_state, { bytes, what }) => ok([{ type: 'disk-freed', bytes, what }]),
  'dismiss-problem': (state, { problemId }, ctx) => {
    const problem = state.problems[problemId];
    if (!problem) return refuse('unknown-id', `There is no problem ${problemId}. \`muster status\` lists them with their ids.`);
    return ok([{ type: 'problem-cleared', problemId, path: problem.path, by: ctx.actor }]);
  },
};

/** Asks for the worktrees of work that ended to be taken away; `which` limits it. */
function removals(state: State, now: string, which: (worktree: EndedWorktree) => boolean, afterDays: number): Event[] {
  return endedWorktrees(state, now, afterDays)
    .filter((worktree) => !worktree.isAsked && which(worktree))
    .map(({ todoId, revision }): Event => ({ type: 'worktree-removal-asked', todoId, revision }));
}

import { dayOf } from '../../kernel/time.js';
import type { State, Turn } from '../state.js';
import { currentRevision } from '../state.js';
import type { Folds } from './fold.js';
import { recordOf } from './fold.js';
import { noteActivity } from './sprint-folds.js';

type TurnEvent =
  | 'turn-asked'
  | 'turn-asked-again'
  | 'turn-prepared'
  | 'turn-spawned'
  | 'turn-session'
  | 'turn-failed-attempt'
  | 'turn-ended'
  | 'outcome-superseded'
  | 'report-accepted'
  | 'report-returned'
  | 'envelope-consumed';

const turnOf = (state: State, turnId: string): Turn => recordOf(state.turns, turnId, 'turn');

function setActiveTurn(state: State, turn: Turn, turnId: string | null): void {
  const { subject } = turn;
  if (subject.kind === 'todo') {
    const todo = state.todos[subject.todoId];
    if (todo && turnId) todo.members[turn.role] = turn.member;
    if (todo) todo.activity = turnId ? { kind: 'turn', turnId } : { kind: 'idle' };
  } else if (subject.kind === 'sprint') {
    const sprint = state.sprints[subject.sprintId];
    if (sprint) sprint.planning.activeTurnId = turnId;
  } else {
    const request = state.requests[subject.requestId];
    if (request) request.activeTurnId = turnId;
  }
}

/** Counts tokens that were told of a turn: on the turn itself, its card, role, sprint and day. */
function tellTokens(state: State, turn: Turn, { input, cachedInput, output }: Turn['tokens'], at: string): void {
  const { tokens } = turn;
  turn.tokens = { input: tokens.input + input, cachedInput: tokens.cachedInput + cachedInput, output: tokens.output + output };
  spend(state, turn, input + output, 0, dayOf(at));
}

function spend(state: State, turn: Turn, tokens: number, turns: number, day: string): void {
  if (state.spend.day !== day) state.spend = { day, tokens: 0, turns: 0 };
  state.spend.tokens += tokens;
  state.spend.turns += turns;
  const todo = turn.subject.kind === 'todo' ? state.todos[turn.subject.todoId] : undefined;
  const sprint = state.sprints[todo ? todo.sprintId : turn.subject.kind === 'sprint' ? turn.subject.sprintId : ''];
  for (const account of [todo, sprint]) {
    if (!account) continue;
    account.tokensSpent += tokens;
    account.turnsSpent += turns;
  }
  if (!sprint || tokens === 0) return;
  sprint.tokensByRole ??= {};
  sprint.tokensByRole[turn.role] = (sprint.tokensByRole[turn.role] ?? 0) + tokens;
}

/** Folds of turns, reports and envelopes. */
export const turnFolds: Folds<TurnEvent> = {
  'turn-asked': (state, { turn, envelope }) => {
    state.turns[turn.turnId] = JSON.parse(JSON.stringify(turn)) as Turn;
    setActiveTurn(state, turn, turn.turnId);
    if (envelope) {
      state.envelopes[envelope.relayId] = { ...envelope };
      state.envelopeCount += 1;
    }
  },
  'turn-asked-again': (state, { turnId }) => {
    setActiveTurn(state, turnOf(state, turnId), turnId);
  },
  'turn-prepared': (state, event, at) => {
    const turn = turnOf(state, event.turnId);
    const { promptSha256, promptVersion, promptBytes, checkpointTree, runner, model, isRehearsal, sessionKey } = event;
    Object.assign(turn, {
      promptSha256,
      promptVersion,
      promptBytes,
      checkpointTree,
      runner,
      ...(model ? { model } : {}),
      isRehearsal,
      sessionKey,
      status: 'prepared',
      preparedAt: at,
    });
    const todo = turn.subject.kind === 'todo' ? state.todos[turn.subject.todoId] : undefined;
    if (todo) delete currentRevision(todo).leftTree;
  },
  'turn-spawned': (state, { turnId }, at) => {
    const turn = turnOf(state, turnId);
    turn.status = 'running';
    turn.attempts += 1;
    turn.startedAt = at;
    spend(state, turn, 0, 1, dayOf(at));
  },
  'turn-session': (state, { turnId, sessionId }, at) => {
    const turn = turnOf(state, turnId);
    turn.sessionId = sessionId;
    if (turn.sessionKey) state.sessions[turn.sessionKey] = { sessionId, runner: turn.runner, lastUsedAt: at };
  },
  'turn-failed-attempt': (state, { turnId, reason, message, log, tokens }, at) => {
    const turn = turnOf(state, turnId);
    turn.failures.push({ at, attempt: turn.attempts, reason, message, log });
    if (!tokens) return;
    tellTokens(state, turn, tokens, at);
    turn.toldAttempts = turn.attempts;
    // The next attempt begins a conversation of its own; what is counted of it must not be looked for in this one.
    turn.sessionId = '';
  },
  'turn-ended': (state, { turnId, outcome, outputTree, reportSha256, tokens, isUntold }, at) => {
    const turn = turnOf(state, turnId);
    Object.assign(turn, { status: 'ended', outcome, outputTree, reportSha256, endedAt: at });
    setActiveTurn(state, turn, null);
    if (isUntold) turn.isUntold = true;
    else tellTokens(state, turn, tokens, at);
    if (turn.subject.kind !== 'todo') return;
    const todo = state.todos[turn.subject.todoId];
    if (todo && turn.role === 'developer' && outcome === 'report') {
      const { makers } = currentRevision(todo);
      if (!makers.includes(turn.member)) makers.push(turn.member);
    }
  },
  'outcome-superseded': (state, { turnId = '', tokens }, at) => {
    const turn = state.turns[turnId];
    if (!turn?.isUntold || !tokens) return;
    delete turn.isUntold;
    tellTokens(state, turn, tokens, at);
  },
  'report-accepted': (state, { subject, digest }, at) => {
    if (subject.kind === 'todo') {
      const todo = recordOf(state.todos, subject.todoId, 'todo');
      todo.reports.push(digest);
      todo.updatedAt = at;
      noteActivity(state.sprints[todo.sprintId], {
        at,
        type: 'role_result',
        role: digest.role,
        todoId: todo.todoId,
        summary: digest.summary,
      });
    } else if (subject.kind === 'sprint') {
      const sprint = recordOf(state.sprints, subject.sprintId, 'sprint');
      sprint.reports.push(digest);
      noteActivity(sprint, { at, type: 'role_result', role: digest.role, todoId: '', summary: digest.summary });
    } else recordOf(state.requests, subject.requestId, 'request').reports.push(digest);
  },
  'report-returned': (state, { subject }, at) => {
    if (subject.kind === 'todo') {
      const todo = recordOf(state.todos, subject.todoId, 'todo');
      todo.workflow.contractReturns += 1;
      todo.updatedAt = at;
    } else if (subject.kind === 'sprint') recordOf(state.sprints, subject.sprintId, 'sprint').planning.contractReturns += 1;
    else recordOf(state.requests, subject.requestId, 'request').contractReturns += 1;
  },
  'envelope-consumed': (state, { relayId }, at) => {
    const envelope = state.envelopes[relayId];
    if (envelope) envelope.consumedAt = at;
  },
};

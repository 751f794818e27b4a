import type { Folds } from './fold.js';
import { epochMs } from '../../kernel/time.js';

type EngineEvent =
  | 'configuration-loaded'
  | 'runtime-started'
  | 'halted'
  | 'halt-lifted'
  | 'problem-found'
  | 'problem-cleared'
  | 'disk-freed'
  | 'effect-begun'
  | 'effect-settled'
  | 'effect-cancelled'
  | 'effect-parked';

const tenMinutesMs = 600_000;

/** Folds of configuration, halts, problems and the effects' bookkeeping. */
export const engineFolds: Folds<EngineEvent> = {
  'configuration-loaded': (state, { configuration, sha256, isTrusted, untrustedChanges }) => {
    state.configuration = configuration;
    state.configurationSha256 = sha256;
    state.isTrusted = isTrusted;
    state.untrustedChanges = [...untrustedChanges];
  },
  'runtime-started': (state, _event, at) => {
    state.startsWithoutProgress = [...state.startsWithoutProgress, at].filter((start) => epochMs(at) - epochMs(start) < tenMinutesMs);
  },
  halted: (state, { reason }, at) => {
    state.halt = { reason, at };
  },
  'halt-lifted': (state) => {
    state.halt = null;
    state.startsWithoutProgress = [];
  },
  'problem-found': (state, { problem }) => {
    state.problems[problem.problemId] = { ...problem };
  },
  'problem-cleared': (state, { problemId }) => {
    delete state.problems[problemId];
  },
  'disk-freed': () => undefined,
  'effect-begun': (state, { effectId }) => {
    const pending = state.effects[effectId];
    if (pending) pending.attempts += 1;
  },
  'effect-settled': (state, { effectId, isProgress = true }) => {
    delete state.effects[effectId];
    if (isProgress) state.startsWithoutProgress = [];
  },
  'effect-cancelled': (state, { effectId }) => {
    delete state.effects[effectId];
  },
  'effect-parked': (state, { effectId }) => {
    delete state.effects[effectId];
  },
};

import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/shared/domain/vocabulary.js';
import { DomainStage, lead, runtime } from './domain-stage.js';
import { item } from './report-shapes.js';
import { plannedSprint, playToStep } from './sprint-play.js';

/** Counts how often the cards of the sprint are gone through while a command is taken. */
function looksDuring(stage: DomainStage, command: Command): number {
  const { sprint } = stage;
  const ids = sprint.todoIds;
  let looks = 0;
  Object.defineProperty(sprint, 'todoIds', {
    configurable: true,
    enumerable: true,
    get: () => {
      looks += 1;
      return ids;
    },
  });
  stage.do(command, command.type === 'reorder' ? lead : runtime);
  Object.defineProperty(sprint, 'todoIds', { value: ids, configurable: true, enumerable: true, writable: true });
  return looks;
}

describe('a change that no other card waits for', () => {
  it.each([
    ['the place of a card', ({ todoId }) => ({ type: 'reorder', todoId, order: 3 })],
    ['a session', ({ turnId }) => ({ type: 'note-turn-session', turnId, sessionId: 's' })],
    ['the beginning of an effect', ({ effectId }) => ({ type: 'begin-effect', effectId })],
    ['a failed attempt', ({ turnId }) => ({ type: 'note-turn-failure', turnId, reason: 'crashed', message: 'It crashed.', log: '' })],
    ['an edit by hand', ({ todoId }) => ({ type: 'note-changed-by-hand', todoId, paths: ['a.ts'], by: 'pat' })],
  ] as readonly (readonly [string, (ids: { todoId: string; turnId: string; effectId: string }) => Command])[])(
    'such as %s goes through no card of the sprint',
    (_what, commandFor) => {
      const stage = new DomainStage();
      plannedSprint(stage, [item('Login'), item('Logout')]);
      playToStep(stage, 'Login', 'developer_build');
      const { effectId, effect } = stage.only('run-turn');
      const turnId = 'turnId' in effect ? effect.turnId : '';
      const { todoId } = stage.todo('Login');
      expect(looksDuring(stage, commandFor({ todoId, turnId, effectId }))).toBe(0);
    },
  );
});

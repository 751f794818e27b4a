import { describe, expect, it } from 'vitest';
import { bar, elapsed, emptyScene, progressLines, withEvent } from '../../../src/main/cli/screens/progress-lines.js';
import type { ProgressScene } from '../../../src/main/cli/screens/progress-lines.js';
import type { LiveEvent } from '../../../src/shared/contract/live-events.js';
import type { BoardCardView } from '../../../src/shared/contract/board-views.js';
import { boardView } from '../../../src/main/runtime/views.js';
import type { Todo } from '../../../src/shared/domain/state.js';
import { sampleChange } from '../../fakes/sample-change.js';
import { landedTodo, sampleTodo, stateWith } from '../../fakes/sample-todo.js';

const look = { width: 100, now: '2026-03-24T09:02:10.000Z', paint: (_style: unknown, text: string): string => text };

const sceneOf = (...todos: readonly Todo[]): ProgressScene => {
  const board = boardView(stateWith(...todos));
  const cards = board.columns.flatMap((column) => column.cards);
  return { ...emptyScene, sprint: board.sprint, cards: Object.fromEntries(cards.map((card) => [card.id, card])) };
};

const running = (): Todo => {
  const todo = sampleTodo({ todoId: 'todo-2', title: 'Know weeks', status: 'running' });
  todo.workflow.step = 'developer_build';
  return todo;
};

describe('the progress', () => {
  it('shows the sprint with its bar, each running todo with the last thing that happened, and what waits for a person', () => {
    const said: LiveEvent = {
      kind: 'activity',
      turnId: 't',
      subjectId: 'todo-2',
      member: 'developer',
      isRehearsal: true,
      activity: 'command',
      text: 'npm\n test',
    };
    const scene = withEvent(sceneOf(landedTodo(), running()), said);
    expect(progressLines(scene, look)).toEqual([
      'Durations  [##########          ] 1 of 2 landed  running, 3 turns, 1200 tokens',
      '  Know weeks  developer build, 2 m 10 s  [rehearsal] developer runs npm test',
      '  1 card waits for you: `muster board`',
    ]);
  });

  it('keeps each line within the width, so that the lines above can be cleared', () => {
    const lines = progressLines(sceneOf(running()), { ...look, width: 30 });
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(30);
    expect(lines[1]).toMatch(/…$/);
  });

  it('follows the changes: cards move, leave, and a halt is told', () => {
    const scene = sceneOf(landedTodo(), running());
    const moved = { ...(scene.cards['todo-2'] as BoardCardView), status: 'committed', column: 'done' as const };
    const change = sampleChange({
      cards: [moved],
      goneCards: ['todo-090000-000001'],
      halt: { reason: 'Stopped by Ann.', at: look.now },
    });
    const after = withEvent(scene, change);
    expect(Object.keys(after.cards)).toEqual(['todo-2']);
    expect(progressLines(after, look)[1]).toBe('Stopped: Stopped by Ann.');
  });

  it('does not name a card twice in its line', () => {
    const scene = sceneOf(running());
    const lines = [{ text: 'todo-2 "Know weeks": rebase.', subjectId: 'todo-2' }];
    const change = sampleChange({ lines });
    expect(progressLines(withEvent(scene, change), look)[1]).toBe('  Know weeks  developer build, 2 m 10 s  rebase.');
  });

  it('says how to start a sprint where there is none', () => {
    expect(progressLines(emptyScene, look)).toEqual(['No sprint. `muster sprint start --milestone "…"` in another terminal starts one.']);
  });

  it.each([
    [0, 0, '[                    ] 0 of 0'],
    [7, 7, '[####################] 7 of 7'],
  ])('draws a bar for %i of %i', (done, total, text) => expect(bar(done, total)).toBe(text));

  it.each([
    ['2026-03-24T09:02:08.000Z', '2 s'],
    ['2026-03-24T08:01:10.000Z', '1 h 1 m'],
    ['2026-03-24T09:30:00.000Z', '0 s'],
  ])('says how long ago %s was', (from, text) => expect(elapsed(from, look.now)).toBe(text));
});

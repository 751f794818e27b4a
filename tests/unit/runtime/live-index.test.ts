import { describe, expect, it } from 'vitest';
import { LiveIndex } from '../../../src/main/runtime/live-index.js';
import { boardView } from '../../../src/main/runtime/views.js';
import { liveChange } from '../../../src/main/runtime/views-live.js';
import type { State } from '../../../src/shared/domain/state.js';
import type { Event } from '../../../src/shared/domain/vocabulary.js';
import { sampleTodo, sampleTurn, stateWith } from '../../fakes/sample-todo.js';
import { DomainStage, lead } from '../domain/domain-stage.js';
import { item } from '../domain/report-shapes.js';
import { plannedSprint, settleWell } from '../domain/sprint-play.js';

const at = '2026-03-24T10:00:00.000Z';
const cards = 2_000;

/** Counts the entries of a record that are looked at, one by one or all at once. */
function counted<T>(record: Record<string, T>, look: (entries: number) => void): Record<string, T> {
  return new Proxy(record, {
    get: (target, key, receiver) => {
      look(1);
      return Reflect.get(target, key, receiver) as unknown;
    },
    ownKeys: (target) => {
      look(Object.keys(target).length);
      return Reflect.ownKeys(target);
    },
  });
}

/** A long queue by rank, with one card and one turn at work, and 2,000 turns behind it. */
function longQueue(): State {
  const running = { status: 'running', activity: { kind: 'turn', turnId: 'turn-now' }, startedAt: at } as const;
  const todos = Array.from({ length: cards }, (_, nth) =>
    sampleTodo({
      todoId: `todo-${nth}`,
      title: `Piece ${nth}`,
      priorityRank: nth + 1,
      backlogId: `item-${nth}`,
      ...(nth === 0 ? running : {}),
    }),
  );
  const state = stateWith(...todos);
  for (let nth = 0; nth < cards; nth += 1) state.turns[`turn-${nth}`] = sampleTurn({ turnId: `turn-${nth}`, status: 'ended', endedAt: at });
  state.turns['turn-now'] = sampleTurn({ turnId: 'turn-now', subject: { kind: 'todo', todoId: 'todo-0', revision: 1 } });
  return state;
}

/** How many cards and turns a change looks at in that queue. */
function looksAt(event: Event): number {
  const state = longQueue();
  const index = new LiveIndex(state);
  let looks = 0;
  const look = (entries: number): void => void (looks += entries);
  state.todos = counted(state.todos, look);
  state.turns = counted(state.turns, look);
  liveChange({ seq: 1, at, events: [event] }, state, index);
  return looks;
}

describe('a change of one card on a board of 2,000', () => {
  it.each([
    ['its place', { type: 'todo-reordered', todoId: 'todo-9', order: 3 }],
    ['its start', { type: 'todo-started', todoId: 'todo-0' }],
    ['a turn', { type: 'turn-spawned', turnId: 'turn-now' }],
    ['a wait of its own', { type: 'todo-paused', todoId: 'todo-9', reason: 'A person asked.' }],
  ] as unknown as readonly (readonly [string, Event])[])('such as %s looks at a handful of cards and turns', (_what, event) => {
    expect(looksAt(event)).toBeLessThan(40);
  });
});

describe('the index of a sprint', () => {
  it('brings cards and tallies as a look at the whole board does, after every change of a sprint', () => {
    const stage = new DomainStage({ limits: { parallelTodos: 2 } });
    plannedSprint(
      stage,
      ['A', 'B', 'C', 'D', 'E', 'F'].map((title, nth) => item(title, { priorityRank: 1 + Math.floor(nth / 2) })),
    );
    const index = new LiveIndex(stage.state);
    const shown = new Map(
      boardView(stage.state)
        .columns.flatMap((column) => column.cards)
        .map((card) => [card.id, card]),
    );
    let seen = stage.records.length;
    let tally: Readonly<Record<string, number>> = {};
    const follow = (): void => {
      for (const { at: time, body } of stage.records.slice(seen)) {
        const { events } = JSON.parse(body) as { events: Event[] };
        const change = liveChange({ seq: ++seen, at: time, events }, stage.state, index);
        for (const card of change.cards) shown.set(card.id, card);
        tally = change.sprint?.tally ?? tally;
      }
      expect(tally).toEqual(boardView(stage.state).sprint?.tally);
      const board = boardView(stage.state).columns.flatMap((column) => column.cards);
      expect([...shown.values()].sort(byId)).toEqual([...board].sort(byId));
    };
    for (let next = stage.pending()[0]; next; next = stage.pending()[0]) {
      settleWell(stage, next);
      follow();
    }
    stage.do({ type: 'approve', todoId: stage.todo('A').todoId, revision: 1, comment: '' }, lead);
    follow();
    expect(index.tallyOf(stage.sprint, stage.state)).toEqual({ approved: 1, done: 5 });
  });
});

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => a.id.localeCompare(b.id);

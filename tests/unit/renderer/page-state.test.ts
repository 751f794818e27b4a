import { describe, expect, test } from 'vitest';
import { leaveWorkspace } from '../../../src/renderer/app/leave-workspace.js';
import { parseRoute, routeText } from '../../../src/renderer/app/route.js';
import { readKept, writeKept } from '../../../src/renderer/state/kept-settings.js';
import { LiveWriter } from '../../../src/renderer/state/live-writer.js';
import { createUiStore } from '../../../src/renderer/state/ui-store.js';
import { createViewStore } from '../../../src/renderer/state/view-store.js';
import { compactNumber } from '../../../src/renderer/ui/compact-number.js';
import { durationText, shortDurationText } from '../../../src/renderer/ui/relative-time.js';
import { stageTurns } from '../../fakes/stage-app.js';
import { stageActivity } from '../../fakes/stage-cards.js';

class MapDrawer {
  readonly kept = new Map<string, string>();
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.kept.set(key, value);
  }
}

describe('another workspace', () => {
  const place = (name: string) => ({ path: `/w/${name}`, project: `/p/${name}`, name, isAttached: false, isRehearsal: false });
  const uiAtCard = () => {
    const ui = createUiStore(new MapDrawer());
    ui.setState({ openCardId: 'todo-1', cursorId: 'todo-1', selected: new Set(['todo-1']), dialog: { kind: 'start-sprint' } });
    return ui;
  };

  test('puts away the card, the selection and the question that were for the one before', () => {
    const ui = uiAtCard();
    leaveWorkspace(ui, place('shop'), place('sample'));
    expect(ui.getState()).toMatchObject({ openCardId: null, cursorId: null, selected: new Set(), dialog: null });
  });

  test('is not what a reload of the same one is', () => {
    const ui = uiAtCard();
    leaveWorkspace(ui, place('shop'), place('shop'));
    leaveWorkspace(ui, place('shop'), null);
    expect(ui.getState()).toMatchObject({ openCardId: 'todo-1', dialog: { kind: 'start-sprint' } });
  });
});

describe('what a reader set', () => {
  test('outlives a reload', () => {
    const drawer = new MapDrawer();
    const before = readKept(drawer);
    writeKept(drawer, { ...before, theme: 'dark', cursorId: 'todo-1', filters: ['blocked'] }, before);
    expect(readKept(drawer)).toMatchObject({ theme: 'dark', cursorId: 'todo-1', filters: ['blocked'], density: 'comfortable' });
  });

  test.each(['', '{', '[]', 'null', '{"theme":"pink","panelWidth":9,"filters":["nothing"]}'])(
    'falls back to the defaults where %j was kept',
    (text) => {
      const drawer = new MapDrawer();
      drawer.setItem('muster', text);
      expect(readKept(drawer)).toEqual(readKept(new MapDrawer()));
    },
  );

  test('is not written again while it is the same', () => {
    const drawer = new MapDrawer();
    const kept = readKept(drawer);
    writeKept(drawer, { ...kept }, kept);
    expect(drawer.kept.size).toBe(0);
  });
});

describe('an address', () => {
  test.each(['#/board', '#/backlog', '#/board/todo-1', '#/needs-you/todo%2F2'])('%s is where it was made', (fragment) => {
    expect(routeText(parseRoute(fragment))).toBe(fragment);
  });

  test.each(['', '#', '#/nowhere', '#/nowhere/todo-1', '#/%E0%A4%A'])('%j leads to the board', (fragment) => {
    expect(parseRoute(fragment)).toMatchObject({ page: 'board', cardId: null });
  });
});

describe('live output of a turn', () => {
  test('reaches the page at most once in half a second, with the last thing that was said', () => {
    const store = createViewStore();
    store.setState({ turns: stageTurns() });
    const due: { run: () => void; ms: number }[] = [];
    const writer = new LiveWriter(store, (run, ms) => due.push({ run, ms }));
    for (const text of ['one', 'two', 'three']) writer.write(stageActivity('todo-142', text));
    expect(due.map(({ ms }) => ms)).toEqual([500]);
    expect(store.getState().activity.size).toBe(0);
    due[0]!.run();
    expect(store.getState().activity.get('todo-142')?.text).toBe('three');
  });

  test('of a turn that is over is not shown any more', () => {
    const store = createViewStore();
    const due: (() => void)[] = [];
    const writer = new LiveWriter(store, (run) => due.push(run));
    writer.write(stageActivity('todo-142', 'late'));
    due[0]!();
    expect(store.getState().activity.size).toBe(0);
  });
});

describe('numbers', () => {
  test('of time have their unit', () => {
    const minute = 60_000;
    expect([12_400, 4 * minute, 130 * minute, 120 * minute, 50 * 60 * minute, -5].map(durationText)).toEqual([
      '12 s',
      '4 m',
      '2 h 10 m',
      '2 h',
      '2 d',
      '0 s',
    ]);
    expect(shortDurationText(130 * minute)).toBe('2 h');
  });

  test('that are large are short', () => {
    expect([842, 18_200, 250_000, 3_100_000].map(compactNumber)).toEqual(['842', '18.2 k', '250 k', '3.1 M']);
  });
});

test('what was asked for before a loss is known to have happened once the views are there again', () => {
  const store = createViewStore();
  new LiveWriter(store).write({ kind: 'ready', epoch: 'a', seq: 12 });
  expect(store.getState().seq).toBe(12);
});

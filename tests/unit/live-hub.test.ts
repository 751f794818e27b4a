import { describe, expect, it } from 'vitest';
import { LiveHub } from '../../src/main/api/live-hub.js';
import type { LiveEvent, LivePlace } from '../../src/shared/contract/live-events.js';
import { ManualClock } from '../fakes/manual-clock.js';
import { MemoryRuntime } from '../fakes/memory-runtime.js';
import { sampleTodo, sampleTurn, stateWith } from '../fakes/sample-todo.js';

const ann = { actor: { kind: 'person', id: 'Ann', via: 'web' } } as const;

const stageOf = (runtime = new MemoryRuntime()) => {
  const clock = new ManualClock();
  return { runtime, clock, hub: new LiveHub(runtime, clock, 'one') };
};

/** Everything that a reader who begins now gets at once. */
async function beginning(hub: LiveHub, after?: LivePlace): Promise<LiveEvent[]> {
  const end = new AbortController();
  const events: LiveEvent[] = [];
  const reading = (async () => {
    for await (const event of hub.read(after, end.signal)) events.push(event);
  })();
  await new Promise((done) => setImmediate(done));
  end.abort();
  await reading;
  return events;
}

const add = (runtime: MemoryRuntime, title: string): void => void runtime.take({ type: 'add-backlog-item', fields: { title } }, ann);

/** A change that costs little. */
const tell = (runtime: MemoryRuntime, nth: number): void =>
  void runtime.take({ type: 'report-problem', problem: { problemId: 'p', path: '', reason: `Reason ${nth}.`, at: runtime.now } }, ann);

describe('the stream of changes', () => {
  it('says where it is and gives a reader who comes back what was missed, once and in order', async () => {
    const { runtime, hub } = stageOf();
    const [ready] = await beginning(hub);
    expect(ready).toEqual({ kind: 'ready', epoch: '1-one', seq: 0 });
    for (const title of ['A', 'B', 'C']) add(runtime, title);
    const events = await beginning(hub, { epoch: '1-one', seq: 1 });
    expect(events[0]).toEqual({ kind: 'ready', epoch: '1-one', seq: 3 });
    const changes = events.slice(1).flatMap((event) => (event.kind === 'change' ? [event] : []));
    expect(changes.map(({ seq, backlogItems }) => [seq, backlogItems.map(({ title }) => title)])).toEqual([
      [2, ['B']],
      [3, ['C']],
    ]);
    expect(await beginning(hub, { epoch: '1-one', seq: 3 })).toHaveLength(1);
  });

  it.each([
    ['another runtime', { epoch: '0-two', seq: 1 }],
    ['a place that was never reached', { epoch: '1-one', seq: 99 }],
  ])('sends a reader of %s back to the views', async (_what, after) => {
    const { runtime, hub } = stageOf();
    add(runtime, 'A');
    const events = await beginning(hub, after);
    expect(events).toEqual([{ kind: 'behind' }, { kind: 'ready', epoch: '1-one', seq: 1 }]);
  });

  it('keeps the last five thousand changes and no more than a fifth above', async () => {
    const { runtime, hub } = stageOf();
    await beginning(hub);
    for (let nth = 0; nth < 6_001; nth += 1) tell(runtime, nth);
    expect((await beginning(hub, { epoch: '1-one', seq: 1_100 }))[0]).toEqual({ kind: 'ready', epoch: '1-one', seq: 6_001 });
    expect((await beginning(hub, { epoch: '1-one', seq: 1 }))[0]).toEqual({ kind: 'behind' });
  });

  it('tells a reader who does not read to ask for the views again, and goes on from there', async () => {
    const { runtime, hub } = stageOf();
    const end = new AbortController();
    const stream = hub.read(undefined, end.signal);
    await stream.next();
    const next = stream.next();
    for (let nth = 0; nth < 2_100; nth += 1) tell(runtime, nth);
    expect((await next).value).toEqual({ kind: 'behind' });
    expect((await stream.next()).value).toMatchObject({ kind: 'change' });
    end.abort();
    await stream.return();
  });

  it('leaves out cards that are what they were: a start changes the queue, and no other card', async () => {
    const queued = (nth: number) => sampleTodo({ todoId: `todo-${nth}`, title: `Todo ${nth}`, priorityRank: nth });
    const { runtime, hub } = stageOf(new MemoryRuntime(stateWith(queued(1), queued(2), queued(3))));
    await beginning(hub);
    const halt = { type: 'stop-all' } as const;
    runtime.take(halt, ann);
    runtime.take({ type: 'resume-sprint' }, ann);
    const events = await beginning(hub, { epoch: '1-one', seq: 0 });
    const ids = events.flatMap((event) => (event.kind === 'change' ? [event.cards.map(({ id }) => id)] : []));
    expect(ids[0]).toEqual(['todo-1', 'todo-2', 'todo-3']);
    runtime.take({ type: 'add-backlog-item', fields: { title: 'Quiet' } }, ann);
    const after = await beginning(hub, { epoch: '1-one', seq: hub.place.seq - 1 });
    expect(after.at(-1)).toMatchObject({ kind: 'change', cards: [] });
  });

  it('lets a turn that says much be heard at once and then twice a second, with nothing lost in between', async () => {
    const { runtime, clock, hub } = stageOf();
    const turn = sampleTurn();
    runtime.state().turns[turn.turnId] = turn;
    const end = new AbortController();
    const stream = hub.read(undefined, end.signal);
    await stream.next();
    const texts: string[] = [];
    const reading = (async () => {
      for await (const event of stream) if (event.kind === 'activity') texts.push(event.text);
    })();
    await new Promise((done) => setImmediate(done));
    for (let nth = 1; nth <= 5; nth += 1) runtime.speak({ turnId: turn.turnId, kind: 'text', text: `line ${nth}` });
    await new Promise((done) => setImmediate(done));
    expect(texts).toEqual(['line 1']);
    clock.advance(500);
    await new Promise((done) => setImmediate(done));
    expect(texts).toEqual(['line 1', 'line 2\nline 3\nline 4\nline 5']);
    end.abort();
    await reading;
  });
});

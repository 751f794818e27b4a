import { ORPCError } from '@orpc/client';
import { describe, expect, test } from 'vitest';
import type { AppClient } from '../../../src/shared/contract/app-contract.js';
import type { LiveEvent, LivePlace } from '../../../src/shared/contract/live-events.js';
import { backoffMs } from '../../../src/renderer/connection/backoff.js';
import { ConnectionRefused } from '../../../src/renderer/connection/carrier.js';
import type { Carrier, Link } from '../../../src/renderer/connection/carrier.js';
import { Connection } from '../../../src/renderer/connection/connection.js';
import type { ConnectionState } from '../../../src/renderer/connection/connection-state.js';
import { codeOf } from '../../../src/renderer/connection/session-code.js';

type Script = (after: LivePlace | undefined) => readonly LiveEvent[] | Error;

/** A carrier whose every link plays one part of a script and then breaks. */
class ScriptedCarrier implements Carrier {
  readonly asked: (LivePlace | undefined)[] = [];
  protocol = 1;
  /** Called when the script is over; then the carrier turns the page away. */
  onEnd = (): void => undefined;
  private readonly parts: (Script | Error)[];

  constructor(parts: readonly (Script | Error)[]) {
    this.parts = [...parts];
  }

  open(): Promise<Link> {
    if (this.parts.length === 0) this.onEnd();
    const part = this.parts.shift() ?? new ConnectionRefused('The script is over.');
    if (part instanceof Error) return Promise.reject(part);
    const live = (input: { after?: LivePlace }): Promise<AsyncIterable<LiveEvent>> => {
      this.asked.push(input.after);
      const events = part(input.after);
      return events instanceof Error ? Promise.reject(events) : Promise.resolve(played(events));
    };
    const client = { live, host: { version: () => Promise.resolve({ version: '9.9', protocol: this.protocol }) } };
    let close = (): void => undefined;
    const closed = new Promise<void>((resolve) => (close = resolve));
    return Promise.resolve({ client: client as unknown as AppClient, closed, close });
  }
}

async function* played(events: readonly LiveEvent[]): AsyncGenerator<LiveEvent, void> {
  for (const event of events) yield await Promise.resolve(event);
  throw new Error('The link broke.');
}

const ready = (epoch: string, seq: number): LiveEvent => ({ kind: 'ready', epoch, seq });
const change = (seq: number): LiveEvent => ({ kind: 'change', seq }) as LiveEvent;

async function follow(carrier: ScriptedCarrier) {
  const states: ConnectionState[] = [];
  const told: string[] = [];
  const connection = new Connection(
    carrier,
    {
      onState: (state) => states.push(state),
      loadHost: () => Promise.resolve(),
      loadViews: () => {
        told.push('views');
        return Promise.resolve();
      },
      onEvent: (event) => told.push(event.kind === 'change' ? `change ${event.seq}` : event.kind),
    },
    { wait: () => Promise.resolve(), chance: () => 0 },
  );
  carrier.onEnd = () => connection.stop();
  await connection.run();
  return { states: states.map(({ kind }) => kind), last: states.at(-1), told };
}

describe('a connection', () => {
  test('asks for the views before it hands on what changed after them', async () => {
    const { told } = await follow(new ScriptedCarrier([() => [ready('a', 4), change(5)]]));
    expect(told).toEqual(['views', 'ready', 'change 5']);
  });

  test('comes back after a loss where it was, and asks for no view again', async () => {
    const carrier = new ScriptedCarrier([() => [ready('a', 4), change(5), change(6)], () => [ready('a', 8), change(7), change(8)]]);
    const { told, states } = await follow(carrier);
    expect(carrier.asked).toEqual([undefined, { epoch: 'a', seq: 6 }]);
    expect(told).toEqual(['views', 'ready', 'change 5', 'change 6', 'ready', 'change 7', 'change 8']);
    expect(states).toEqual(['connecting', 'live', 'reconnecting', 'live', 'reconnecting', 'refused']);
  });

  test('asks for the views again when what it missed is not kept any more', async () => {
    const { told } = await follow(new ScriptedCarrier([() => [ready('a', 4)], () => [{ kind: 'behind' }, ready('a', 9)]]));
    expect(told).toEqual(['views', 'ready', 'behind', 'views', 'ready']);
  });

  test('asks for the views again when it was too slow in the middle of a stream', async () => {
    const { told } = await follow(new ScriptedCarrier([() => [ready('a', 4), { kind: 'behind' }, change(9)]]));
    expect(told).toEqual(['views', 'ready', 'views', 'behind', 'change 9']);
  });

  test('asks for the views again when another runtime answers', async () => {
    const { told } = await follow(new ScriptedCarrier([() => [ready('a', 4)], () => [ready('b', 1)]]));
    expect(told).toEqual(['views', 'ready', 'views', 'ready']);
  });

  test('says why it was refused and does not try again', async () => {
    const { states, last } = await follow(new ScriptedCarrier([new ConnectionRefused('This link was used already.')]));
    expect(states).toEqual(['connecting', 'refused']);
    expect(last).toEqual({ kind: 'refused', reason: 'This link was used already.' });
  });

  test('looks again after it was turned away where it had been let in before', async () => {
    const away = new ConnectionRefused('This page has no session.');
    const { states, told } = await follow(new ScriptedCarrier([() => [ready('a', 1)], away, () => [ready('a', 1)]]));
    expect(states).toEqual(['connecting', 'live', 'reconnecting', 'refused', 'live', 'reconnecting', 'refused']);
    expect(told).toEqual(['views', 'ready', 'ready']);
  });

  test('says that it is older than the runtime and does not go on', async () => {
    const carrier = new ScriptedCarrier([() => [ready('a', 1)]]);
    carrier.protocol = 2;
    const { last, told } = await follow(carrier);
    expect(last).toEqual({ kind: 'version-mismatch', theirs: '9.9' });
    expect(told).toEqual([]);
  });

  test('waits for a workspace where none is open, and follows the one that is opened', async () => {
    let asked = 0;
    const message = 'No workspace is open.';
    const none = new ORPCError('REFUSED', { message, data: { id: 'no-workspace', message } });
    const { states, told } = await follow(new ScriptedCarrier([() => ((asked += 1) === 1 ? none : [ready('a', 1)])]));
    expect(states).toEqual(['connecting', 'no-workspace', 'live', 'reconnecting', 'refused']);
    expect(told).toEqual(['views', 'ready']);
  });

  test('waits longer after each failed try, up to ten seconds', () => {
    expect([1, 2, 3, 4, 20].map((attempt) => backoffMs(attempt, 0))).toEqual([250, 500, 1_000, 2_000, 10_000]);
    expect(backoffMs(1, 1)).toBe(188);
  });
});

test('a code is found in the fragment of a link and nowhere else', () => {
  expect(codeOf('#code=KXAB_4-x')).toBe('KXAB_4-x');
  expect(codeOf('#/board/todo-1')).toBeNull();
  expect(codeOf('')).toBeNull();
});

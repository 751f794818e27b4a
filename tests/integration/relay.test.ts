import { createHash } from 'node:crypto';
import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RelayFiles } from '../../src/main/runtime/ports/relay.js';
import { InternalRelay } from '../../src/main/runtime/relay/internal-relay.js';
import { ProjectionWriter } from '../../src/main/runtime/workspace/projection-writer.js';
import { RelayFolder } from '../../src/main/runtime/workspace/relay-folder.js';
import { AT, envelope, Ground, sprint, sprintWith, todo, turn } from './projections/projection-ground.js';

const relayDir = '.teams_runtime/internal_relay';
const asked = (ordinal: number, turnId = `turn-${ordinal}`) =>
  ({ type: 'turn-asked', turn: turn(todo(1).todoId, turnId), envelope: envelope(ordinal, todo(1).todoId, turnId) }) as const;

/** A folder whose reading of chosen files fails as a broken disk does. */
class FailingFolder extends RelayFolder {
  failing: string | null = null;

  override read(role: string, name: string, maxBytes: number): ReturnType<RelayFiles['read']> {
    if (name === this.failing) return Promise.reject(new Error('the disk reported an error (EIO)'));
    return super.read(role, name, maxBytes);
  }
}

interface Bench {
  readonly ground: Ground;
  readonly files: FailingFolder;
  relay: InternalRelay;
  names(kind: 'inbox' | 'archive' | 'dead_letter', role?: string): Promise<string[]>;
  /** Puts a file into an inbox, `age` seconds old. */
  put(name: string, content: string, role?: string, ageSeconds?: number): Promise<void>;
  restart(): Promise<void>;
}

const withRelay = (run: (bench: Bench) => Promise<void>): Promise<void> =>
  Ground.with(async (ground) => {
    const files = new FailingFolder({ workspaceDir: ground.dir, writer: new ProjectionWriter(ground.dir) });
    const make = (): InternalRelay =>
      new InternalRelay({ files, clock: ground.clock, state: () => ground.state, dispatch: (command) => ground.dispatch(command) });
    const bench: Bench = {
      ground,
      files,
      relay: make(),
      names: async (kind, role = 'planner') => {
        const folder = join(ground.dir, relayDir, kind, role);
        await mkdir(folder, { recursive: true });
        return (await readdir(folder)).sort();
      },
      put: async (name, content, role = 'planner', ageSeconds = 0) => {
        const folder = join(ground.dir, relayDir, 'inbox', role);
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, name), content);
        const at = new Date(Date.parse(AT) - ageSeconds * 1_000);
        await utimes(join(folder, name), at, at);
      },
      restart: async () => {
        await bench.relay.stop();
        bench.relay = make();
        await bench.relay.rebuild();
      },
    };
    ground.listeners.push((delta) => bench.relay.note(delta));
    await run(bench);
    await bench.relay.stop();
  });

const intake = (body: string, to = 'planner', from = 'somebody'): string =>
  JSON.stringify({
    relay_id: 'x',
    transport: 'internal',
    kind: 'delegate',
    envelope: { request_id: '', intent: 'plan', urgency: 'normal', scope: body, artifacts: [], params: {}, body, from, to },
  });

const bodies = (ground: Ground): string[] => Object.values(ground.state.requests).map((request) => request.body);

it('puts an accepted envelope into the inbox of its role and moves it to the archive, with a summary, when it is consumed', () =>
  withRelay(async ({ ground, relay, names }) => {
    ground.record(...sprintWith(1), asked(1));
    await relay.drain();
    expect(await names('inbox')).toEqual(['0000000001-0000000a.json']);
    expect(JSON.parse(await ground.read(`${relayDir}/inbox/planner/0000000001-0000000a.json`))).toEqual({
      relay_id: '0000000001-0000000a',
      transport: 'internal',
      created_at: AT,
      sender_role: 'orchestrator',
      target_role: 'planner',
      kind: 'delegate',
      envelope: {
        request_id: todo(1).todoId,
        intent: 'plan',
        urgency: 'normal',
        scope: 'Item 1',
        artifacts: [],
        params: {
          _teams_kind: 'delegate',
          turn_id: 'turn-1',
          sprint_id: sprint().sprintId,
          todo_id: todo(1).todoId,
          backlog_id: todo(1).backlogId,
        },
        body: 'Plan it.',
        from: 'orchestrator',
        to: 'planner',
      },
    });
    ground.record({ type: 'envelope-consumed', relayId: '0000000001-0000000a' });
    await relay.drain();
    expect(await names('inbox')).toEqual([]);
    const archived = JSON.parse(await ground.read(`${relayDir}/archive/planner/0000000001-0000000a.json`)) as { summary: string };
    expect(archived).toMatchObject({ relay_id: '0000000001-0000000a', consumed_at: AT });
    expect(archived.summary.split('\n').slice(0, 2)).toEqual([
      'internal relay summary: orchestrator -> planner (delegate)',
      `- request_id: ${todo(1).todoId}`,
    ]);
  }));

it('finishes after a kill what it had begun: a consumed envelope leaves the inbox, an open one is in it again', () =>
  withRelay(async (bench) => {
    const { ground, names } = bench;
    ground.record(...sprintWith(1), asked(1), asked(2));
    await bench.relay.drain();
    await bench.relay.stop();
    ground.listeners.length = 0;
    ground.record({ type: 'envelope-consumed', relayId: '0000000001-0000000a' }, asked(3));
    await bench.restart();
    expect(await names('inbox')).toEqual(['0000000002-0000000a.json', '0000000003-0000000a.json']);
    expect(await names('archive')).toEqual(['0000000001-0000000a.json']);
    expect(bodies(ground)).toEqual([]);
  }));

it('takes the envelope of a turn that ended unconsumed out of the inbox, and never for an intake after its sprint left memory', () =>
  withRelay(async (bench) => {
    const { ground, names } = bench;
    ground.record(...sprintWith(1), asked(1), asked(2));
    await bench.relay.drain();
    ground.record({
      type: 'turn-ended',
      turnId: 'turn-1',
      outcome: 'cancelled',
      outputTree: '',
      reportSha256: '',
      tokens: { input: 0, cachedInput: 0, output: 0 },
    });
    await bench.relay.drain();
    expect(await names('inbox')).toEqual(['0000000002-0000000a.json']);
    await bench.relay.stop();
    ground.listeners.length = 0;
    ground.record({ type: 'sprint-archived', sprintId: sprint().sprintId });
    await bench.restart();
    expect(await names('inbox')).toEqual([]);
    expect(bodies(ground)).toEqual([]);
  }));

it('takes files of others in by arrival, each once, and archives them', () =>
  withRelay(async (bench) => {
    const { ground, names, put } = bench;
    await put('b.json', intake('first'), 'planner', 60);
    await put('a.json', intake('second'), 'planner', 30);
    await bench.relay.look();
    expect(bodies(ground)).toEqual(['first', 'second']);
    expect(await names('archive')).toEqual(['a.json', 'b.json']);
    await put('again.json', intake('first'));
    await bench.restart();
    expect(bodies(ground)).toEqual(['first', 'second']);
    expect(await names('archive')).toEqual(['a.json', 'again.json', 'b.json']);
  }));

it('does not take a file twice when it was killed between the commit and the move to the archive', () =>
  withRelay(async (bench) => {
    const { ground, put, names } = bench;
    const text = intake('only once');
    await ground.dispatch({
      type: 'take-intake',
      sha256: createHash('sha256').update(text).digest('hex'),
      role: 'planner',
      envelope: { from: 'somebody', intent: 'plan', scope: 'only once', body: 'only once' },
      reason: '',
    });
    await put('a.json', text);
    await bench.restart();
    expect(bodies(ground)).toEqual(['only once']);
    expect(await names('inbox')).toEqual([]);
  }));

it('archives empty, cut, senderless and misdirected files as invalid with a reason, and takes the next one', () =>
  withRelay(async ({ ground, relay, put, names }) => {
    await put('1.json', '', 'planner', 9);
    await put('2.json', intake('cut').slice(0, 40), 'planner', 8);
    await put('3.json', intake('no sender', 'planner', ''), 'planner', 7);
    await put('4.json', intake('wrong', 'qa'), 'planner', 6);
    await put('5.json', intake('good'), 'planner', 5);
    await relay.look();
    expect(bodies(ground)).toEqual(['good']);
    expect(await names('inbox')).toEqual([]);
    expect(await names('archive')).toEqual(['1-invalid.json', '2-invalid.json', '3-invalid.json', '4-invalid.json', '5.json']);
    const tail = 'It is in archive/planner with "-invalid" in its name; mend it and put it back into the inbox.';
    expect(ground.problems()).toEqual([
      `Could not take in inbox/planner/1.json: it is empty. ${tail}`,
      `Could not take in inbox/planner/2.json: it is no JSON, or is cut off. ${tail}`,
      `Could not take in inbox/planner/3.json: it does not say whom it is from. ${tail}`,
      `Could not take in inbox/planner/4.json: it is for qa, but lies in the inbox of planner. ${tail}`,
    ]);
  }));

it('puts a file that cannot be read three times into the dead letters while the next one is taken at once', () =>
  withRelay(async ({ ground, relay, files, put, names }) => {
    files.failing = 'bad.json';
    await put('bad.json', intake('poison'), 'planner', 9);
    await put('good.json', intake('good'), 'planner', 5);
    await relay.look();
    expect(bodies(ground)).toEqual(['good']);
    expect(await names('inbox')).toEqual(['bad.json']);
    ground.clock.advance(1_000);
    await relay.drain();
    expect(await names('dead_letter')).toEqual([]);
    ground.clock.advance(5_000);
    await relay.drain();
    expect(await names('inbox')).toEqual([]);
    expect(await names('dead_letter')).toEqual(['bad.json']);
    expect(ground.problems()).toEqual([
      'Could not take in inbox/planner/bad.json after 3 tries: the disk reported an error (EIO). It is in .teams_runtime/internal_relay/dead_letter/planner/bad.json; put it back into the inbox to try again.',
    ]);
  }));

it('reads nothing through a link in an inbox', () =>
  withRelay(async ({ ground, relay, put }) => {
    await put('good.json', intake('good'));
    await writeFile(join(ground.dir, 'secret.json'), intake('stolen'));
    await symlink(join(ground.dir, 'secret.json'), join(ground.dir, relayDir, 'inbox/planner/link.json'));
    await relay.look();
    expect(bodies(ground)).toEqual(['good']);
    expect(ground.problems()).toEqual(['Could not take in inbox/planner/link.json: it is a link or a folder. Remove it.']);
  }));

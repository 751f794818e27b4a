import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookAtState } from '../../../src/main/runtime/load-state.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import { ProblemLook } from '../../../src/main/runtime/problem-look.js';
import { openRuntime } from '../../../src/main/runtime/runtime.js';
import type { Runtime } from '../../../src/main/runtime/runtime-api.js';
import { workspaceLayout } from '../../../src/main/runtime/workspace/layout.js';
import { initWorkspace } from '../../../src/main/runtime/workspace/scaffold.js';
import type { Event } from '../../../src/shared/domain/vocabulary.js';
import { ManualClock } from '../../fakes/manual-clock.js';

let folder = '';
let workspaceDir = '';
let runtime: Runtime;
const log: string[] = [];
const before = process.env['MUSTER_STATE_HOME'];
const settings = () => workspaceLayout(workspaceDir).configuration;
const problems = () => Object.values(runtime.state().problems);

/** The next event of that type. */
const next = <T extends Event['type']>(type: T): Promise<Extract<Event, { type: T }>> =>
  new Promise((resolve) => {
    const stop = runtime.subscribe(({ events }) => {
      const event = events.find((each) => each.type === type);
      if (event) {
        stop();
        resolve(event as Extract<Event, { type: T }>);
      }
    });
  });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-problems-'));
  process.env['MUSTER_STATE_HOME'] = join(folder, 'state');
  workspaceDir = join(folder, 'workspace');
  log.length = 0;
  await initWorkspace({ workspaceDir, project: null, clock: new SystemClock(), isDiscordOn: false });
  const opened = await openRuntime({ workspaceDir, work: true, onLog: (line) => void log.push(line) });
  if (!opened.ok) throw new Error(opened.error.message);
  runtime = opened.value;
  await runtime.start();
});

afterEach(async () => {
  await runtime.stop();
  if (before === undefined) delete process.env['MUSTER_STATE_HOME'];
  else process.env['MUSTER_STATE_HOME'] = before;
  await rm(folder, { recursive: true, force: true });
});

describe('team_runtime.yaml while Muster runs', () => {
  it('that is broken is a problem with path, line and reason, leaves the last settings in force, and is said to be mended', async () => {
    const good = await readFile(settings(), 'utf8');
    const configuration = JSON.stringify(runtime.state().configuration);
    const found = next('problem-found');
    await writeFile(settings(), good.replace('contract_returns: 2', 'contract_returns: many'));
    const { problem } = await found;
    expect(problem).toMatchObject({ problemId: 'configuration', path: settings() });
    expect(problem.reason).toMatch(/line \d+/);
    expect(problem.reason).toContain('The settings that were read last stay in force.');
    expect(JSON.stringify(runtime.state().configuration)).toBe(configuration);
    const cleared = next('problem-cleared');
    await writeFile(settings(), good);
    expect(await cleared).toEqual({ type: 'problem-cleared', problemId: 'configuration', path: settings() });
    expect(log).toContain(`${settings()} is mended; its settings are in force.`);
  });

  it('that an editor empties and then writes is no problem', async () => {
    const good = await readFile(settings(), 'utf8');
    const seen: string[] = [];
    runtime.subscribe(({ events }) => seen.push(...events.map(({ type }) => type)));
    const loaded = next('configuration-loaded');
    await writeFile(settings(), '');
    await new Promise((resolve) => void new SystemClock().after(100, () => resolve(undefined)));
    await writeFile(settings(), good.replace('contract_returns: 2', 'contract_returns: 7'));
    expect((await loaded).configuration.limits.contractReturns).toBe(7);
    expect(seen).toEqual(['configuration-loaded']);
  });
});

describe('team_runtime.yaml while nothing runs', () => {
  it('that is broken is among the problems that are read from the disk', async () => {
    await runtime.stop();
    await writeFile(settings(), 'version: [\n');
    const { state } = await lookAtState(workspaceDir, new SystemClock());
    expect(state.problems['configuration']).toMatchObject({ path: settings(), reason: expect.stringMatching(/line \d+/) as string });
  });
});

describe('a relay file that nobody can read', () => {
  it('is off the list when it is mended and put back into the inbox', async () => {
    const layout = workspaceLayout(workspaceDir);
    const inbox = layout.runtime.relayInbox('planner');
    await mkdir(inbox, { recursive: true });
    const found = next('intake-taken');
    await writeFile(join(inbox, 'note.json'), '{ "broken": ');
    await found;
    await runtime.drain();
    expect(problems()).toMatchObject([
      { problemId: 'relay:planner/note.json', standsWith: expect.stringContaining('note-invalid.json') as string },
    ]);
    const archive = layout.runtime.relayArchive('planner');
    const [kept = ''] = (await readdir(archive)).filter((name) => name.includes('invalid'));
    const cleared = next('problem-cleared');
    await writeFile(
      join(archive, kept),
      JSON.stringify({ envelope: { from: 'pat', to: 'planner', intent: 'route', scope: 'Mend the sum', body: 'It is wrong.' } }),
    );
    await rename(join(archive, kept), join(inbox, 'note.json'));
    expect(await cleared).toMatchObject({ problemId: 'relay:planner/note.json' });
  });
});

describe('a problem about a file that was kept', () => {
  it('is cleared at the next look after the file is gone, and not before', async () => {
    const clock = new ManualClock();
    const state = runtime.state();
    await writeFile(join(workspaceDir, 'kept'), 'text');
    state.problems['p'] = { problemId: 'p', path: 'a', reason: 'It was kept.', at: clock.now(), standsWith: 'kept' };
    const cleared: string[] = [];
    const tell = (command: { readonly type: string; readonly problemId?: string }): Promise<void> => {
      cleared.push(command.problemId ?? '');
      delete state.problems['p'];
      return Promise.resolve();
    };
    const look = new ProblemLook({ workspaceDir, state: () => state, tell, clock });
    await look.start();
    expect(cleared).toEqual([]);
    await rm(join(workspaceDir, 'kept'));
    clock.advance(30_000);
    await look.stop();
    expect(cleared).toEqual(['p']);
  });
});

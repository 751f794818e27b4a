import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock } from '../src/main/runtime/platform/system-clock.js';
import { openRuntime } from '../src/main/runtime/runtime.js';
import { workspaceLayout } from '../src/main/runtime/workspace/layout.js';
import { initWorkspace } from '../src/main/runtime/workspace/scaffold.js';
import { writeStagedJournal } from '../tests/fixtures/staged-journal.js';
import { DomainStage } from '../tests/unit/domain/domain-stage.js';
import { eventsOf, passAWeek, playSprint } from './support/history.js';

const sprints = 50;
const todosPerSprint = 38;
const starts = 5;
const rounded = (value: number): number => Math.round(value * 10) / 10;

async function start(workspaceDir: string): Promise<number> {
  const begun = performance.now();
  const opened = await openRuntime({ workspaceDir, work: false });
  const ms = performance.now() - begun;
  if (!opened.ok) throw new Error(opened.error.message);
  await opened.value.stop();
  return ms;
}

/** Milliseconds to read and parse the files that a start has to read: its limit. */
async function readRaw(workspaceDir: string): Promise<{ readonly ms: number; readonly bytes: number }> {
  const { snapshots } = workspaceLayout(workspaceDir).runtime;
  const newest =
    (await readdir(snapshots))
      .filter((name) => name.endsWith('.json'))
      .sort()
      .at(-1) ?? '';
  const begun = performance.now();
  const text = await readFile(join(snapshots, newest), 'utf8');
  JSON.parse(text.slice(text.indexOf('\n') + 1));
  return { ms: performance.now() - begun, bytes: text.length };
}

/** Starts a workspace with 100,000 events and 50 ended sprints behind it: the first time from the journal, then from its snapshot. */
export async function benchStart(): Promise<Record<string, unknown>> {
  const dir = await mkdtemp(join(tmpdir(), 'muster-bench-start-'));
  process.env['MUSTER_STATE_HOME'] = join(dir, 'state');
  try {
    const workspaceDir = join(dir, 'workspace');
    const made = await initWorkspace({ workspaceDir, project: null, clock: new SystemClock(), isDiscordOn: false });
    if (!made.ok) throw new Error(made.error);
    const stage = new DomainStage({ limits: { parallelTodos: 4, dayTokens: Number.MAX_SAFE_INTEGER, dayTurns: null } });
    for (let n = 0; n < sprints; n += 1) {
      playSprint(stage, todosPerSprint);
      passAWeek(stage);
    }
    await writeStagedJournal(workspaceDir, stage);
    const firstMs = await start(workspaceDir);
    const times: number[] = [];
    for (let n = 0; n < starts; n += 1) times.push(await start(workspaceDir));
    times.sort((a, b) => a - b);
    const raw = await readRaw(workspaceDir);
    const medianMs = times[Math.floor(times.length / 2)] ?? 0;
    return {
      events: eventsOf(stage),
      endedSprints: sprints,
      todos: sprints * todosPerSprint,
      fromJournalMs: rounded(firstMs),
      fromSnapshotMs: rounded(medianMs),
      snapshotBytes: raw.bytes,
      readAndParseSnapshotMs: rounded(raw.ms),
      ratioToReading: rounded(medianMs / raw.ms),
      goalMs: 1000,
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

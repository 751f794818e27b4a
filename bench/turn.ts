import { AsyncLocalStorage } from 'node:async_hooks';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { playDemo } from '../src/main/cli/demo/play-demo.js';
import type { DemoWatcher } from '../src/main/cli/demo/play-demo.js';
import type { Seams } from '../src/main/runtime/compose-services.js';
import { gitStarts } from '../src/main/runtime/git/run-git.js';
import { openRuntime } from '../src/main/runtime/runtime.js';

const idleMs = 5_000;
/** What a start sets going (looking for what is to be tidied up, a snapshot) is no idling. */
const settleMs = 5_000;
const rounded = (value: number): number => Math.round(value * 10) / 10;
const silent: DemoWatcher = {
  opened: () => undefined,
  changed: () => undefined,
  said: () => undefined,
  needsPerson: () => Promise.resolve(),
};

/** What one turn cost, beside what the machine could do at that moment. */
interface TurnCost {
  readonly overheadMs: number;
  readonly gitStarts: number;
  /** One `git status` of the turn's checkout, started by this process as everything was before. */
  readonly statusMs: number;
}

/** A file with some bytes, written through to the disk: a turn waits for several of these. */
async function syncMs(dir: string): Promise<number> {
  const begun = performance.now();
  const file = await open(join(dir, 'sync-probe'), 'w');
  try {
    await file.writeFile('probe');
    await file.sync();
  } finally {
    await file.close();
  }
  return performance.now() - begun;
}

/** A new small file: a turn waits for some fifteen. A disk on which many files were deleted a minute ago takes ten times as long to find it a place. */
async function newFileMs(dir: string): Promise<number> {
  const begun = performance.now();
  await writeFile(join(dir, `probe-${begun}`), 'probe');
  return performance.now() - begun;
}

async function statusMs(checkout: string): Promise<number> {
  const begun = performance.now();
  await execa('git', ['--no-optional-locks', 'status', '--porcelain'], { cwd: checkout, reject: false });
  return performance.now() - begun;
}

/** Plays the sample sprint and times each turn twice: as the effect worker sees it, and as the runner alone takes. */
async function turnTimes(
  dir: string,
  parallelTodos: number,
): Promise<{
  readonly costs: readonly TurnCost[];
  readonly runner: readonly number[];
  readonly sync: readonly number[];
  readonly newFile: readonly number[];
}> {
  await mkdir(dir);
  const inRunner = new Map<string, { readonly ms: number; readonly checkout: string }>();
  const costs: TurnCost[] = [];
  const sync: number[] = [];
  const newFile: number[] = [];
  const turns = new AsyncLocalStorage<{ gitStarts: number }>();
  const counted = (): void => {
    const turn = turns.getStore();
    if (turn !== undefined) turn.gitStarts += 1;
  };
  gitStarts.subscribe(counted);
  const seams: Seams = {
    runner: (runner) => ({
      ...runner,
      run: async (input, onEvent, signal) => {
        const begun = performance.now();
        const outcome = await runner.run(input, onEvent, signal);
        inRunner.set(input.turnId, { ms: performance.now() - begun, checkout: input.checkout });
        return outcome;
      },
    }),
    handlers: (handlers) => ({
      ...handlers,
      'run-turn': async (effect, run) => {
        const turn = { gitStarts: 0 };
        const begun = performance.now();
        const outcome = await turns.run(turn, () => handlers['run-turn'](effect, run));
        const took = performance.now() - begun;
        const { ms = 0, checkout = dir } = inRunner.get(effect.turnId) ?? {};
        costs.push({ overheadMs: took - ms, gitStarts: turn.gitStarts, statusMs: await statusMs(existsSync(checkout) ? checkout : dir) });
        sync.push(await syncMs(dir));
        newFile.push(await newFileMs(dir));
        return outcome;
      },
    }),
  };
  const settings = [[['limits', 'parallel_todos'], parallelTodos]] as const;
  const end = await playDemo({ dir: join(dir, 'demo'), headless: true, speed: 0, rehearsal: 'sample', settings, seams }, silent);
  gitStarts.unsubscribe(counted);
  if (!end.isDone) throw new Error(end.reason);
  return { costs, runner: [...inRunner.values()].map(({ ms }) => ms), sync, newFile };
}

async function idle(workspaceDir: string): Promise<{ readonly cpuPercent: number; readonly rssMiB: number; readonly heapMiB: number }> {
  const opened = await openRuntime({ workspaceDir, work: true });
  if (!opened.ok) throw new Error(opened.error.message);
  await opened.value.start();
  await opened.value.drain();
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  globalThis.gc?.();
  const before = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, idleMs));
  const used = process.cpuUsage(before);
  const memory = process.memoryUsage();
  await opened.value.stop();
  return {
    cpuPercent: rounded((used.user + used.system) / 10 / idleMs),
    rssMiB: rounded(memory.rss / 2 ** 20),
    heapMiB: rounded(memory.heapUsed / 2 ** 20),
  };
}

const quantile = (values: readonly number[], q: number): number =>
  rounded([...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? 0);

/** What the turns of a sprint cost beyond their runners, with so many todos at work at a time. */
async function overheads(dir: string, parallelTodos: number): Promise<Record<string, unknown>> {
  const { costs, runner, sync, newFile } = await turnTimes(dir, parallelTodos);
  const overhead = costs.map(({ overheadMs }) => overheadMs);
  const status = costs.map((cost) => cost.statusMs);
  const starts = costs.map(({ gitStarts }) => gitStarts);
  return {
    turns: costs.length,
    overheadP50Ms: quantile(overhead, 0.5),
    overheadP99Ms: quantile(overhead, 0.99),
    gitStartsP50: quantile(starts, 0.5),
    gitStartsP99: quantile(starts, 0.99),
    limit: 'one `git status` of the checkout, in the same run',
    limitP50Ms: quantile(status, 0.5),
    ratioP50: rounded(quantile(overhead, 0.5) / quantile(status, 0.5)),
    syncP50Ms: quantile(sync, 0.5),
    newFileP50Ms: quantile(newFile, 0.5),
    runnerP50Ms: quantile(runner, 0.5),
    goalMs: 20,
  };
}

/** What a turn costs beyond its runner, alone and beside another todo's work on the same cores, and what an idle runtime costs. */
export async function benchTurn(): Promise<Record<string, unknown>> {
  const dir = await mkdtemp(join(tmpdir(), 'muster-bench-turn-'));
  process.env['MUSTER_STATE_HOME'] = join(dir, 'state');
  try {
    const one = await overheads(join(dir, 'one'), 1);
    const two = await overheads(join(dir, 'two'), 2);
    return { oneTodoAtATime: one, twoTodosAtATime: two, idle: await idle(join(dir, 'two', 'demo', 'workspace')) };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

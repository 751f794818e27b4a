import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playDemo } from '../src/main/cli/demo/play-demo.js';
import type { DemoWatcher } from '../src/main/cli/demo/play-demo.js';
import type { Seams } from '../src/main/runtime/compose-services.js';
import { openRuntime } from '../src/main/runtime/runtime.js';

const idleMs = 5_000;
const rounded = (value: number): number => Math.round(value * 10) / 10;
const silent: DemoWatcher = {
  opened: () => undefined,
  changed: () => undefined,
  said: () => undefined,
  needsPerson: () => Promise.resolve(),
};

/** Plays the sample sprint and times each turn twice: as the effect worker sees it, and as the runner alone takes. */
async function turnTimes(dir: string): Promise<{ readonly overheads: number[]; readonly runner: number[] }> {
  const inRunner = new Map<string, number>();
  const overheads: number[] = [];
  const seams: Seams = {
    runner: (runner) => ({
      ...runner,
      run: async (input, onEvent, signal) => {
        const begun = performance.now();
        const outcome = await runner.run(input, onEvent, signal);
        inRunner.set(input.turnId, performance.now() - begun);
        return outcome;
      },
    }),
    handlers: (handlers) => ({
      ...handlers,
      'run-turn': async (effect, run) => {
        const begun = performance.now();
        const outcome = await handlers['run-turn'](effect, run);
        overheads.push(performance.now() - begun - (inRunner.get(effect.turnId) ?? 0));
        return outcome;
      },
    }),
  };
  const end = await playDemo({ dir, headless: true, speed: 0, rehearsal: 'sample', seams }, silent);
  if (!end.isDone) throw new Error(end.reason);
  return { overheads, runner: [...inRunner.values()] };
}

async function idle(workspaceDir: string): Promise<{ readonly cpuPercent: number; readonly rssMiB: number; readonly heapMiB: number }> {
  const opened = await openRuntime({ workspaceDir, work: true });
  if (!opened.ok) throw new Error(opened.error.message);
  await opened.value.start();
  await opened.value.drain();
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

/** What a turn costs beyond its runner, and what an idle runtime costs. */
export async function benchTurn(): Promise<Record<string, unknown>> {
  const dir = await mkdtemp(join(tmpdir(), 'muster-bench-turn-'));
  process.env['MUSTER_STATE_HOME'] = join(dir, 'state');
  try {
    const { overheads, runner } = await turnTimes(join(dir, 'demo'));
    return {
      turns: overheads.length,
      overheadP50Ms: quantile(overheads, 0.5),
      overheadP99Ms: quantile(overheads, 0.99),
      runnerP50Ms: quantile(runner, 0.5),
      goalMs: 20,
      idle: await idle(join(dir, 'demo', 'workspace')),
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { RunnerId } from '../../shared/domain/configuration.js';
import { emptyState } from '../../shared/domain/state.js';
import type { Delta, Runtime } from '../runtime/runtime-api.js';
import { openRuntime } from '../runtime/runtime.js';
import type { CodexRunnerOptions } from '../runtime/runners/codex/codex-runner.js';
import { EffectPoints } from './crash/effect-points.js';
import { placeFilePoints } from './crash/file-points.js';
import { Killer } from './crash/killer.js';
import type { KillPlan } from './crash/killer.js';
import { playStory, setClockBack } from './crash/play-story.js';
import type { Story } from './crash/play-story.js';
import { makeDemo } from '../host/demo-workspace.js';
import { playDemo } from './demo/play-demo.js';

/** What the crash test asks of one run of this program; the only argument is the path of a file with it. */
interface CrashRun {
  /** `make`: the sample and its workspace, nothing is played. */
  readonly mode: 'make' | 'play';
  readonly dir: string;
  readonly rehearsal: string;
  readonly settings: readonly (readonly [keys: readonly string[], value: string | number | boolean])[];
  readonly speed: number;
  readonly plan: KillPlan;
  /** What codex is made of, for a sprint that it runs; null: the rehearsal runs it. */
  readonly codex: Pick<CodexRunnerOptions, 'codexPath' | 'homeDir' | 'extraConfig'> | null;
  /** What is played instead of the demo; null: the demo. */
  readonly story: Story | null;
  /** Appended to. */
  readonly log: string;
}

const runnerOf = ({ codex }: CrashRun): RunnerId => (codex ? 'codex' : 'rehearsal');

/** Stands at every point of this run, and writes down what became durable. */
function watch(run: CrashRun) {
  const killer = new Killer(run.plan, run.log);
  let runtime: Runtime | null = null;
  const points = new EffectPoints(killer, () => runtime?.state() ?? emptyState());
  placeFilePoints(killer, points);
  return {
    seams: points.seams,
    opened: (opened: Runtime): void => {
      runtime = opened;
      killer.note({ t: 'opened' });
    },
    changed: ({ seq, events }: Delta): void => {
      killer.note({ t: 'durable', seq });
      for (const event of events) {
        if (event.type === 'runtime-started') killer.note({ t: 'working' });
        if (event.type === 'effect-settled') points.told(event.effectId);
      }
    },
    said: (line: string): void => void process.stderr.write(`${line}\n`),
  };
}

async function play(run: CrashRun): Promise<void> {
  const { opened, changed, said, ...watched } = watch(run);
  const { dir, speed, rehearsal, settings, codex } = run;
  const seams = codex ? { ...watched.seams, codex: (options: CodexRunnerOptions) => ({ ...options, ...codex }) } : watched.seams;
  const end = await playDemo(
    { dir, headless: true, speed, rehearsal, settings, seams, runner: runnerOf(run) },
    {
      ...{ opened, said },
      changed: (_state, delta) => changed(delta),
      needsPerson: (state) => Promise.reject(new Error(state.halt?.reason ?? 'The sprint waits for a person.')),
    },
  );
  process.stdout.write(`${JSON.stringify(end)}\n`);
  process.exitCode = end.isDone ? 0 : 3;
}

async function openStory(run: CrashRun, story: Story): Promise<void> {
  setClockBack(story.daysAgo);
  const { opened, changed, said, seams } = watch(run);
  const { workspace, isFresh } = await makeDemo({ ...run, runner: runnerOf(run) });
  const runtime = await openRuntime({
    workspaceDir: workspace,
    work: true,
    withoutCopies: isFresh,
    rehearsalSpeed: run.speed,
    onLog: said,
    seams,
  });
  if (!runtime.ok) throw new Error(runtime.error.message);
  opened(runtime.value);
  runtime.value.subscribe(changed);
  try {
    await playStory(runtime.value, story);
  } finally {
    await runtime.value.stop();
  }
}

const run = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as CrashRun;
if (run.mode === 'make') await makeDemo({ ...run, runner: runnerOf(run) });
else await (run.story ? openStory(run, run.story) : play(run));

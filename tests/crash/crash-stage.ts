import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CrashLine, KillPlan } from '../../src/main/cli/crash/killer.js';
import type { Story } from '../../src/main/cli/crash/play-story.js';
import type { DemoEnd } from '../../src/main/cli/demo/play-demo.js';

const checkout = join(import.meta.dirname, '..', '..');

/** The program that `vite build` makes of src/main/cli/crash-build.ts; another place can be named while working on it. */
const program = process.env['MUSTER_CRASH_BUILD'] ?? join(checkout, 'out', 'test', 'crash-build.js');

/** How one run ended: by a kill, or by itself. */
export interface CrashEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly tookMs: number;
  readonly lines: readonly CrashLine[];
  readonly stdout: string;
  readonly stderr: string;
}

/** A run under way. */
export interface CrashRun {
  readonly pid: number;
  readonly end: Promise<CrashEnd>;
  kill(signal: NodeJS.Signals): void;
}

/** A real codex that asks a model on loopback. */
export interface StagedCodex {
  readonly codexPath: string;
  readonly homeDir: string;
  readonly extraConfig: Readonly<Record<string, string>>;
}

/** How a stage is set. */
export interface StageOptions {
  readonly parallelTodos: number;
  readonly speed?: number;
  readonly codex?: StagedCodex;
  /** A file of `fixtures`, without `.yaml`. Default: `crash-sprint`. */
  readonly rehearsal?: string;
  /** On top of the stage's own, by path in team_runtime.yaml. */
  readonly settings?: Settings;
}

type Settings = readonly (readonly [keys: readonly string[], value: string | number | boolean])[];

const noKills: KillPlan = { targets: [], chance: null };

/** One sample project with its workspace and a state folder of its own, on which the program is run again and again. */
export class CrashStage {
  readonly root: string;
  readonly dir: string;
  readonly stateHome: string;
  readonly #settings: Settings;
  readonly #rehearsal: string;
  readonly #codex: StagedCodex | null;
  #speed: number;
  #story: Story | null = null;
  #running: CrashRun | null = null;
  #linesRead = 0;

  constructor(options: StageOptions) {
    if (!existsSync(program)) throw new Error(`Could not find ${program}. Build it first: npm run build.`);
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'muster-crash-')));
    this.dir = join(this.root, 'demo');
    this.stateHome = join(this.root, 'state');
    this.#speed = options.speed ?? 0;
    this.#codex = options.codex ?? null;
    this.#rehearsal = options.rehearsal ?? 'crash-sprint';
    // Kills use up attempts that a person's machine would not; what a spent limit does is tested elsewhere.
    this.#settings = [
      [['limits', 'parallel_todos'], options.parallelTodos],
      [['limits', 'turn_attempts'], 1_000],
      [['limits', 'effect_attempts'], 1_000],
      [['limits', 'card_turns'], 10_000],
      ...(options.settings ?? []),
    ];
    mkdirSync(join(this.workspace, 'rehearsals'), { recursive: true });
    const name = `${this.#rehearsal}.yaml`;
    copyFileSync(join(import.meta.dirname, 'fixtures', name), join(this.workspace, 'rehearsals', name));
  }

  get #log(): string {
    return join(this.root, 'log');
  }

  get project(): string {
    return join(this.dir, 'project');
  }

  get workspace(): string {
    return join(this.dir, 'workspace');
  }

  /** 1: turns take as long as the rehearsal says; 0: no longer than they must. For runs from now on. */
  setSpeed(speed: number): void {
    this.#speed = speed;
  }

  /** What runs from now on play instead of the demo. */
  setStory(story: Story): void {
    this.#story = story;
  }

  /** Makes the sample and its workspace. */
  async make(): Promise<void> {
    const { code, stderr } = await this.#start('make', noKills).end;
    if (code !== 0) throw new Error(`The sample could not be made: ${stderr}`);
  }

  /** The project's files are in no repository any more. */
  leaveRepository(): void {
    rmSync(join(this.project, '.git'), { recursive: true });
  }

  /** Whether a run has passed a point whose instance ends so. */
  hasReached(point: string, ending: string): boolean {
    const place = `"point":"${point}",`;
    return readFileSync(this.#log, 'utf8')
      .split('\n')
      .some((line) => line.includes(place) && line.includes(`${ending}","ms"`));
  }

  /** Starts the sprint, or goes on with it. */
  play(plan: KillPlan = noKills): CrashRun {
    return this.#start('play', plan);
  }

  /** Plays to the end of the sprint; rejects with what the program said when it ended in another way. */
  async playToTheEnd(): Promise<CrashEnd> {
    const end = await this.play().end;
    expectFinished(end);
    return end;
  }

  /** Ends a run under way, as of a test that was given up, and takes everything away. */
  remove(): void {
    this.#running?.kill('SIGKILL');
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }

  #start(mode: 'make' | 'play', plan: KillPlan): CrashRun {
    const started = performance.now();
    const log = this.#log;
    const file = join(this.root, 'run.json');
    appendFileSync(log, '');
    writeFileSync(
      file,
      JSON.stringify({
        mode,
        dir: this.dir,
        rehearsal: this.#rehearsal,
        settings: this.#settings,
        speed: this.#speed,
        codex: this.#codex,
        story: this.#story,
        plan,
        log,
      }),
    );
    const child = spawn(process.execPath, [program, file], { env: this.#environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
      });
    const end = once(child, 'exit').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      tookMs: performance.now() - started,
      lines: this.#newLines(log),
      ...said,
    }));
    this.#running = { pid: child.pid ?? 0, end, kill: (signal) => void child.kill(signal) };
    return this.#running;
  }

  #newLines(log: string): CrashLine[] {
    const lines = readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    const fresh = lines.slice(this.#linesRead).map((line) => JSON.parse(line) as CrashLine);
    this.#linesRead = lines.length;
    return fresh;
  }

  #environment(): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.root,
      MUSTER_STATE_HOME: this.stateHome,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
    };
  }
}

/** Throws with what a run said when it did not finish what it was to play. */
export function expectFinished(end: CrashEnd): void {
  if (end.code !== 0)
    throw new Error(`The sprint was not finished (exit code ${end.code}, ${end.signal}):\n${end.stderr}\n${end.stdout.slice(-2_000)}`);
}

/** What a finished run of the demo printed. */
export function endOf(end: CrashEnd): DemoEnd {
  expectFinished(end);
  return JSON.parse(end.stdout) as DemoEnd;
}

import { mkdtempSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../ports/clock.js';
import type { AnsweringProgram } from './answering-program.js';
import { startAnswering } from './answering-program.js';
import { readAtOnce } from './read-at-once.js';
import type { ProgramResult, ProgramSpec } from './run-program.js';
import { runProgram } from './run-program.js';

/** Starts short-lived programs. */
export interface LightStarter {
  /** As `runProgram`, except that at the time limit the program alone is ended, not what it started. */
  run(spec: ProgramSpec): Promise<ProgramResult>;
  /** Ends the shell behind it; the next run starts another. */
  end(): void;
}

/** How long the shell is kept without work. */
export const STARTER_IDLE_MS = 30_000;

const FIRST_SIGNAL_CODE = 130;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** `not-begun`: the shell was gone before it read the line. `lost`: the program was started, and nobody knows how it ended. */
type Told = { readonly code: number } | 'not-begun' | 'lost';

interface Job {
  pid: number | null;
  readonly done: (told: Told) => void;
}

/** A program on its way: where its output is, its pid while it runs, and how it ended. */
interface Started {
  readonly at: string;
  readonly pid: () => number | null;
  readonly told: Promise<Told>;
}

interface Shell {
  readonly start: (spec: ProgramSpec) => Started;
  readonly isBusy: () => boolean;
  readonly end: () => void;
}

/**
 * One command line of the shell: the program with its own files for input, output and errors, its pid, and how it ended. `jobs` before
 * it has the shell take its leave of those that have ended: dash does not by itself, and each would stay a zombie for as long as it lives.
 */
function jobText(at: string, number: number, spec: ProgramSpec, base: Readonly<Record<string, string>>): string {
  const own = Object.entries(spec.env).filter(([name, value]) => base[name] !== value);
  const exported = own.map(([name, value]) => `export ${name}=${quoted(value)}; `).join('');
  const input = spec.stdin === undefined ? '/dev/null' : quoted(`${at}.in`);
  const start = `(${exported}cd ${quoted(spec.cwd)} || exit 127; exec ${spec.argv.map(quoted).join(' ')}) <${input} >${quoted(`${at}.out`)} 2>${quoted(`${at}.err`)}`;
  return `jobs >/dev/null; (${start} & echo p ${number} $!; wait $!; echo d ${number} $?) &\n`;
}

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

interface ShellOptions {
  readonly baseEnv: Readonly<Record<string, string>>;
  readonly folderPrefix: string;
}

function hearLine(jobs: Map<number, Job>, line: string): void {
  const [what, number, value] = line.split(' ');
  const job = jobs.get(Number(number));
  if (job === undefined) return;
  if (what === 'p') job.pid = Number(value);
  else if (what === 'd') {
    jobs.delete(Number(number));
    job.done({ code: Number(value) });
  }
}

/** `onQuiet`: nothing runs any more; `onEnd`: somebody else ended it. */
function openShell({ baseEnv, folderPrefix }: ShellOptions, onQuiet: () => void, onEnd: () => void): Shell {
  const folder = mkdtempSync(folderPrefix);
  const jobs = new Map<number, Job>();
  let ordinal = 0;
  let rest = '';
  const program: AnsweringProgram = startAnswering({
    argv: ['/bin/sh', '-s', folder],
    cwd: '/',
    env: baseEnv,
    onOutput: (bytes) => {
      const lines = (rest + bytes.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) hearLine(jobs, line);
      if (jobs.size > 0) return;
      program.keepAwake(false);
      onQuiet();
    },
    onEnd: () => {
      rmSync(folder, { recursive: true, force: true });
      onEnd();
      for (const { done, pid } of [...jobs.values()]) done(pid === null ? 'not-begun' : 'lost');
      jobs.clear();
    },
  });
  program.write(`trap 'rm -rf "$1"' EXIT\n`);
  const start = (spec: ProgramSpec): Started => {
    ordinal += 1;
    const number = ordinal;
    const at = join(folder, String(number));
    if (spec.stdin !== undefined) writeFileSync(`${at}.in`, spec.stdin);
    const told = new Promise<Told>((done) => jobs.set(number, { pid: null, done }));
    program.keepAwake(true);
    program.write(jobText(at, number, spec, baseEnv));
    return { at, told, pid: () => jobs.get(number)?.pid ?? null };
  };
  return { start, isBusy: () => jobs.size > 0, end: () => program.end() };
}

/** 126 and 127 are the shell's own: why a program cannot be started, `runProgram` says in full. */
async function resultOf(at: string, code: number, isOverdue: boolean, spec: ProgramSpec, clock: Clock): Promise<ProgramResult> {
  try {
    if (code === 126 || code === 127) return await runProgram(spec, clock);
    if (Math.max(statSync(`${at}.out`).size, statSync(`${at}.err`).size) > spec.maxBytes)
      return { outcome: 'output-limit', exitCode: null, stdout: Buffer.alloc(0), stderr: '' };
    const stdout = await readAtOnce(`${at}.out`);
    const stderr = (await readAtOnce(`${at}.err`)).toString('utf8');
    const exitCode = code >= FIRST_SIGNAL_CODE ? null : code;
    return { outcome: isOverdue && exitCode === null ? 'timed-out' : 'exited', exitCode, stdout, stderr };
  } finally {
    for (const part of ['in', 'out', 'err']) removeFile(`${at}.${part}`);
  }
}

/**
 * Starts programs from a shell that does little else. To start a program a process is copied first, and to copy one of some hundred
 * MiB takes longer than `git status` does; the shell is small. It reads its work from a pipe, so it ends with this process, and
 * takes its folder away then. `baseEnv` is its environment: a run whose own is another must be over it. Windows has no such shell
 * and no such cost; there, and where no shell can be started, every run is `runProgram`.
 */
export function createLightStarter(options: {
  readonly baseEnv: Readonly<Record<string, string>>;
  /** Begin of the path of a folder that it makes for output, and takes away. Its parent must be there. */
  readonly folderPrefix: string;
  readonly clock: Clock;
}): LightStarter {
  const { clock } = options;
  let shell: Shell | null = null;
  let isUnfit = process.platform === 'win32';
  let cancelIdle = (): void => undefined;

  const end = (): void => {
    if (shell === null || shell.isBusy()) return;
    shell.end();
    shell = null;
  };
  const onQuiet = (): void => {
    cancelIdle();
    cancelIdle = clock.after(STARTER_IDLE_MS, end);
  };
  const onEnd = (): void => {
    shell = null;
    isUnfit = true;
  };

  const run = async (spec: ProgramSpec): Promise<ProgramResult> => {
    if (isUnfit) return runProgram(spec, clock);
    shell ??= openShell(options, onQuiet, onEnd);
    const { at, told, pid } = shell.start(spec);
    let isOverdue = false;
    const cancel = clock.after(spec.timeoutMs, () => {
      isOverdue = true;
      endProgram(pid());
    });
    const ending = await told;
    cancel();
    if (ending === 'not-begun') return runProgram(spec, clock);
    if (ending !== 'lost') return resultOf(at, ending.code, isOverdue, spec, clock);
    return { outcome: 'could-not-start', exitCode: null, stdout: Buffer.alloc(0), stderr: 'the shell that runs it was ended' };
  };
  return { run, end };
}

function endProgram(pid: number | null): void {
  if (pid === null) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

import { cp, readFile, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { publicRoles } from '../../shared/domain/configuration.js';
import type { Configuration, RunnerId } from '../../shared/domain/configuration.js';
import { SystemClock } from '../runtime/platform/system-clock.js';
import { packageRoot } from '../runtime/platform/package-root.js';
import { runProgram } from '../runtime/platform/run-program.js';
import { loadConfiguration, setConfigurationValue } from '../runtime/workspace/configuration.js';
import { copySample } from '../runtime/workspace/copy-sample.js';
import { makeFolder, systemFiles } from '../runtime/workspace/durable-files.js';
import { isWorkspace } from '../runtime/workspace/find-workspace.js';
import { workspaceLayout } from '../runtime/workspace/layout.js';
import { initWorkspace } from '../runtime/workspace/scaffold.js';
import { stateHome, workspaceState } from '../runtime/workspace/state-folder.js';
import { grantTrust, readTrust } from '../runtime/workspace/trust.js';
import { whatWouldRun } from '../runtime/what-would-run.js';

/** The sample project and its workspace. Paths are absolute. */
export interface DemoPlace {
  readonly dir: string;
  readonly project: string;
  readonly workspace: string;
  /** Made now; copies of a journal that an earlier demo left for this path are not its own. */
  readonly isFresh: boolean;
  /** What runs the turns of its roles. */
  readonly runner: RunnerId;
}

/** How the sample is set up. */
export interface DemoSetup {
  /** Absolute. */
  readonly dir: string;
  /** Name of a shipped rehearsal without `.yaml`; only the rehearsal runner needs it. */
  readonly rehearsal: string;
  /** What runs the turns of all roles. Default: rehearsal, or what the folder was made for. */
  readonly runner?: RunnerId | null;
  /** Settings over those of a fresh workspace, by path in team_runtime.yaml. */
  readonly settings: readonly (readonly [keys: readonly string[], value: string | number | boolean])[];
}

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;

async function git(args: readonly string[], cwd: string): Promise<string> {
  const env = Object.fromEntries(
    ['PATH', 'HOME', 'USERPROFILE', 'XDG_CONFIG_HOME'].flatMap((name) =>
      process.env[name] === undefined ? [] : [[name, process.env[name] ?? '']],
    ),
  );
  const result = await runProgram({ argv: ['git', ...args], cwd, env, timeoutMs: 60_000, maxBytes: 1024 * 1024 }, new SystemClock());
  if (result.outcome !== 'exited' || result.exitCode !== 0)
    throw new Error(`Could not make the sample project: \`git ${args.join(' ')}\` failed: ${result.stderr.trim()}`);
  return result.stdout.toString('utf8');
}

/** The folder that a demo without `--dir` plays in: the newest unfinished one of that runner, else a fresh one. */
export async function nextDemoFolder(runner: RunnerId, isFinished: (dir: string) => Promise<boolean>): Promise<string> {
  const home = join(stateHome(), 'demo');
  const prefix = runner === 'rehearsal' ? '' : `${runner}-`;
  const at = (nth: number): string => join(home, `${prefix}${nth}`);
  const names = (await readdir(home).catch(() => [])).filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  const newest = Math.max(0, ...names.filter((name) => /^\d+$/.test(name)).map(Number));
  return newest > 0 && !(await isFinished(at(newest))) ? at(newest) : at(newest + 1);
}

/** Places of a demo in a folder, whether they are made or not. */
export const demoPlace = (dir: string): Omit<DemoPlace, 'isFresh' | 'runner'> => ({
  dir,
  project: join(dir, 'project'),
  workspace: join(dir, 'workspace'),
});

/** Copies the sample project and makes its workspace where they are missing; what an interrupted run left is used as it is. */
export async function makeDemo(setup: DemoSetup): Promise<DemoPlace> {
  const paths = demoPlace(setup.dir);
  const isFresh = !(await exists(workspaceLayout(paths.workspace).runtime.journal));
  const resources = join(packageRoot(), 'resources');
  await makeDemoFolder(setup.dir);
  if (!(await exists(paths.project))) await copySample(setup.dir, { resourcesDir: resources, git });
  else if (!isWorkspace(paths.workspace)) await checkSample(paths.project, join(resources, 'sample'));
  await checkRehearsal(setup, join(resources, 'rehearsals'), join(paths.workspace, 'rehearsals'));
  if (!isWorkspace(paths.workspace)) await makeWorkspace(paths, setup);
  if ((setup.runner ?? 'rehearsal') === 'rehearsal')
    await cp(join(resources, 'rehearsals'), join(paths.workspace, 'rehearsals'), { recursive: true });
  const loaded = await loadConfiguration(paths.workspace);
  if (!loaded.ok) throw new Error(loaded.error.message);
  const { runner } = loaded.value.configuration;
  if (setup.runner && runner !== setup.runner)
    throw new Error(
      `Could not play the demo in ${setup.dir} with ${setup.runner}: it was made for ${runner}. Name another folder with --dir, or leave --runner out.`,
    );
  await checkTrust(paths.workspace, loaded.value.configuration);
  return { ...paths, isFresh, runner };
}

async function makeDemoFolder(dir: string): Promise<void> {
  try {
    await makeFolder(dir, systemFiles);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' || code === 'ENOTDIR' ? 'there is a file in the way' : message;
    throw new Error(`Could not make the folder ${dir} for the sample: ${why}. Name another one with --dir.`, { cause: error });
  }
}

/** Somebody's own project that happens to have the place of the sample is not worked on. */
async function checkSample(project: string, sample: string): Promise<void> {
  const manifestOf = (folder: string): Promise<string | null> => readFile(join(folder, 'package.json'), 'utf8').catch(() => null);
  if ((await manifestOf(project)) !== (await manifestOf(sample)))
    throw new Error(`Could not make the sample: ${project} is there already and is another project. Name another folder with --dir.`);
}

/** The template names models of codex; Claude Code knows its own by these names, whatever their newest versions are. */
const modelSettings = (runner: RunnerId): DemoSetup['settings'] =>
  runner === 'claude'
    ? publicRoles.map((role) => [['role_defaults', role, 'model'], role === 'planner' || role === 'architect' ? 'opus' : 'sonnet'] as const)
    : [];

async function checkRehearsal({ rehearsal, runner }: DemoSetup, ...folders: readonly string[]): Promise<void> {
  if ((runner ?? 'rehearsal') !== 'rehearsal') return;
  for (const folder of folders) if (await exists(join(folder, `${rehearsal}.yaml`))) return;
  const names = (await readdir(folders[0] ?? '')).filter((name) => name.endsWith('.yaml')).map((name) => name.slice(0, -'.yaml'.length));
  throw new Error(`There is no rehearsal "${rehearsal}". Shipped are ${names.join(', ')}.`);
}

/** A workspace that was there already, and is none that Muster made here, is a person's to look at first. */
async function checkTrust(workspace: string, configuration: Configuration): Promise<void> {
  const trust = await readTrust(workspaceState(workspace), await whatWouldRun(workspace, configuration, new SystemClock()));
  if (trust.kind === 'restricted')
    throw new Error(
      `Could not play the demo in ${dirname(workspace)}: ${trust.reasons.join(' ')} Look at what it would run with \`muster trust --workspace-root ${workspace}\`, then run this again, or name another folder with --dir.`,
    );
}

/** The workspace is there with all its settings or not at all, wherever its making is interrupted. */
async function makeWorkspace(
  place: Pick<DemoPlace, 'dir' | 'workspace' | 'project'>,
  { rehearsal, settings, runner: asked }: DemoSetup,
): Promise<void> {
  const clock = new SystemClock();
  const runner = asked ?? 'rehearsal';
  const unfinished = join(place.dir, '.workspace.unfinished');
  await rm(unfinished, { recursive: true, force: true });
  const made = await initWorkspace({
    workspaceDir: unfinished,
    project: place.project,
    clock,
    runner,
    rehearsal: runner === 'rehearsal' ? `rehearsals/${rehearsal}.yaml` : null,
    isDiscordOn: false,
  });
  if (!made.ok) throw new Error(made.error);
  const path = workspaceLayout(unfinished).configuration;
  for (const [keys, value] of [...modelSettings(runner), ...settings]) {
    const set = await setConfigurationValue(path, [...keys], value, clock);
    if (!set.ok) throw new Error(set.error.message);
  }
  await trustSample(unfinished, place.workspace, clock);
  await putInPlace(unfinished, place.workspace);
}

/** What Muster made itself is trusted, before it is in place; a workspace that was there is asked about as any other. */
async function trustSample(unfinished: string, workspace: string, clock: SystemClock): Promise<void> {
  const loaded = await loadConfiguration(unfinished);
  if (!loaded.ok) throw new Error(loaded.error.message);
  const state = workspaceState(join(await realpath(dirname(workspace)), basename(workspace)));
  await grantTrust(state, await whatWouldRun(unfinished, loaded.value.configuration, clock), clock);
}

/** The settings come last: with them it is a workspace, before that it is made again. */
async function putInPlace(unfinished: string, workspace: string): Promise<void> {
  if (!(await exists(workspace))) return rename(unfinished, workspace);
  const last = workspaceLayout(unfinished).configuration;
  await cp(unfinished, workspace, { recursive: true, filter: (from) => from !== last });
  await rename(last, workspaceLayout(workspace).configuration);
  await rm(unfinished, { recursive: true, force: true });
}

import { realpathSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { RunnerId } from '../../../shared/domain/configuration.js';
import type { Result } from '../../../shared/kernel/result.js';
import { err, ok } from '../../../shared/kernel/result.js';
import type { Clock } from '../ports/clock.js';
import { isFolder } from '../platform/is-folder.js';
import { causeSentence } from './file-problem.js';
import { loadConfiguration } from './configuration.js';
import { isWorkspace, projectRoot } from './find-workspace.js';
import { configurationFileName } from './layout.js';
import type { ProjectGuess } from './project-guess.js';
import { guessProject } from './project-guess.js';
import { readProjectFiles } from './project-guess-files.js';
import type { ExcludeReport } from './project-guess-git.js';
import { excludeFromGit, findRepository, isBareRepository } from './project-guess-git.js';
import { resourcesFolder } from './role-prompts.js';
import { freshConfiguration } from './scaffold-configuration.js';
import { scaffoldPlan } from './scaffold-plan.js';
import type { ScaffoldOutcome } from './scaffold-write.js';
import { writeScaffold } from './scaffold-write.js';

/** What `init` is asked for. */
export interface InitOptions {
  /** Absolute; made if missing. */
  readonly workspaceDir: string;
  /** The project's folder, absolute, where it was named; null: by the workspace's place. */
  readonly project: string | null;
  readonly clock: Clock;
  /** Default codex. */
  readonly runner?: RunnerId;
  /** Path of a rehearsal, relative to the workspace. */
  readonly rehearsal?: string | null;
  /** Default true. */
  readonly isDiscordOn?: boolean;
  /** Default: the shipped ones. */
  readonly resources?: string;
  /** What a person gave in place of the guess. */
  readonly given?: GivenSettings;
}

/** Commands and branch for a fresh configuration, as a person gave them. */
export interface GivenSettings {
  readonly setup?: readonly (readonly string[])[];
  readonly verify?: readonly (readonly string[])[];
  readonly target?: string;
}

/** What `init` did, for the person who ran it. */
export interface InitReport extends ScaffoldOutcome {
  readonly workspaceDir: string;
  readonly projectDir: string;
  /** Whether `team_runtime.yaml` was written now, with the guess in it; an existing one is kept as it is. */
  readonly isConfigurationNew: boolean;
  readonly guess: ProjectGuess;
  /** Written as `git.target`; null: none is checked out, or there is no repository. */
  readonly branch: string | null;
  readonly exclude: ExcludeReport;
}

/** Makes a workspace, or brings prompts and skills of one up to date; nothing that is there is lost (sprint-runtime 1.2). The error is a sentence. */
export async function initWorkspace(options: InitOptions): Promise<Result<InitReport, string>> {
  const { workspaceDir, project, clock, resources = resourcesFolder() } = options;
  const known = await knownProject(workspaceDir);
  const projectDir = project === null ? (known ?? projectRoot(workspaceDir, null)) : resolve(project);
  if (project !== null && !(await isFolder(projectDir)))
    return err(`Could not make a workspace for ${projectDir}: there is no such folder. Make it, or name another one.`);
  if (await isBareRepository(projectDir))
    return err(`Could not make a workspace for ${projectDir}: it is a bare repository, without files to work on. Name a clone of it.`);
  if (known !== null && realOrOwn(known) !== realOrOwn(projectDir))
    return err(
      `Could not make a workspace for ${projectDir}: ${workspaceDir} is the workspace of ${known}. Name another folder, or leave --workspace-root out.`,
    );
  try {
    await mkdir(workspaceDir, { recursive: true });
  } catch (error) {
    return err(`Could not make the workspace ${workspaceDir}: ${causeSentence(error)}`);
  }
  const { guess: found, repository } = await lookAtProject(projectDir);
  const guess = withGiven(found, options.given ?? {});
  const branch = options.given?.target ?? repository?.branch ?? null;
  const facts = {
    project: project === null ? null : written(workspaceDir, projectDir),
    branch,
    guess,
    runner: options.runner ?? 'codex',
    rehearsal: options.rehearsal ?? null,
    isDiscordOn: options.isDiscordOn ?? true,
  };
  const configuration = freshConfiguration(await readFile(join(resources, 'scaffold', configurationFileName), 'utf8'), facts);
  const plan = [{ path: configurationFileName, text: configuration, kind: 'once' as const }, ...(await scaffoldPlan(resources))];
  const outcome = await writeScaffold(workspaceDir, plan, clock);
  const exclude = await excludeFromGit(projectDir, workspaceDir);
  return ok({
    ...outcome,
    workspaceDir,
    projectDir,
    isConfigurationNew: outcome.created.includes(configurationFileName),
    guess,
    branch,
    exclude,
  });
}

/** The project of a workspace that is there already; null where there is none, or none that can be read. */
async function knownProject(workspaceDir: string): Promise<string | null> {
  if (!isWorkspace(workspaceDir)) return null;
  const loaded = await loadConfiguration(workspaceDir);
  return loaded.ok ? projectRoot(workspaceDir, loaded.value.configuration.project) : null;
}

function realOrOwn(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path); // it is not there any more: its name is all that is known
  }
}

/** What a project's own files and its repository suggest. Changes nothing. */
export async function lookAtProject(projectDir: string) {
  const [files, repository] = await Promise.all([readProjectFiles(projectDir), findRepository(projectDir)]);
  return { guess: guessProject(files), repository };
}

function withGiven(guess: ProjectGuess, { setup, verify }: GivenSettings): ProjectGuess {
  const names = (at: number, of: number): string => (of === 1 ? 'tests' : `check ${at + 1}`);
  return {
    ...guess,
    ...(setup ? { setup, setupReasons: [] } : {}),
    ...(verify
      ? {
          verify: verify.map((command, at) => ({ name: names(at, verify.length), command, timeoutSeconds: 600, network: false })),
          verifyReasons: [],
        }
      : {}),
  };
}

const written = (workspaceDir: string, projectDir: string): string =>
  relative(resolve(workspaceDir), projectDir).split(sep).join('/') || '.';

import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { configurationFileName, discordConfigurationFileName } from './layout.js';

/** Name of a workspace folder that lies inside its project. */
export const generatedFolderName = 'teams_generated';

/** Where the workspace is, and which rule said so. `isMade` is false when it has yet to be created. */
export interface FoundWorkspace {
  /** Absolute. */
  readonly dir: string;
  readonly isMade: boolean;
  readonly by: 'named' | 'current-folder' | 'teams_generated' | 'workspace/teams_generated' | 'default';
}

/** Finds the workspace for a command that runs in `cwd` (sprint-runtime 1.1); `named` is what `--workspace-root` says. */
export function findWorkspace(cwd: string, named: string | null): FoundWorkspace {
  if (named !== null) {
    const dir = resolve(cwd, named);
    return { dir, isMade: isWorkspace(dir), by: 'named' };
  }
  const places = [
    { dir: resolve(cwd), by: 'current-folder' },
    { dir: resolve(cwd, generatedFolderName), by: 'teams_generated' },
    { dir: resolve(cwd, 'workspace', generatedFolderName), by: 'workspace/teams_generated' },
  ] as const;
  const found = places.find(({ dir }) => isWorkspace(dir));
  return found ? { ...found, isMade: true } : { dir: resolve(cwd, generatedFolderName), isMade: false, by: 'default' };
}

/** Whether both configuration files are there. */
export const isWorkspace = (dir: string): boolean =>
  isFile(join(dir, configurationFileName)) && isFile(join(dir, discordConfigurationFileName));

/** Absolute path of the project: `project` (relative to the workspace) wins; else by the workspace folder's name (sprint-runtime 1.1). */
export function projectRoot(workspaceDir: string, project: string | null): string {
  if (project !== null) return resolve(workspaceDir, project);
  const dir = resolve(workspaceDir);
  return basename(dir) === generatedFolderName ? dirname(dir) : dir;
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

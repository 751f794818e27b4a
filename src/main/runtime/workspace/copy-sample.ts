import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Runs git in a folder; resolves with its standard output, rejects when it fails. */
export type RunGit = (args: readonly string[], cwd: string) => Promise<string>;

/** What copying needs from outside. */
export interface CopySampleOptions {
  /** Muster's own `resources` folder, absolute. */
  readonly resourcesDir: string;
  readonly git: RunGit;
}

const fallback = { name: 'Muster sample', email: 'sample@muster.invalid' };

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/** Packages lose files that are called .gitignore on their way through a registry; the sample's has no dot at home. */
async function copyFiles({ resourcesDir }: CopySampleOptions, folder: string): Promise<void> {
  await cp(join(resourcesDir, 'sample'), folder, { recursive: true });
  await rename(join(folder, 'gitignore'), join(folder, '.gitignore'));
  const vendor = join(folder, 'vendor');
  await mkdir(vendor);
  for (const name of await readdir(join(resourcesDir, 'tarballs'))) {
    if (name.endsWith('.tgz')) await cp(join(resourcesDir, 'tarballs', name), join(vendor, name));
  }
}

async function firstCommit({ git }: CopySampleOptions, folder: string): Promise<void> {
  await git(['init', '--quiet', '--template=', '--initial-branch=main'], folder);
  for (const [key, value] of Object.entries(fallback)) {
    const configured = await git(['config', '--default', '', '--get', `user.${key}`], folder);
    if (configured.trim() === '') await git(['config', '--local', `user.${key}`, value], folder);
  }
  await git(['add', '--all'], folder);
  await git(['-c', 'commit.gpgSign=false', 'commit', '--quiet', '--no-verify', '--message=Read and write durations'], folder);
}

/**
 * Makes the sample project in `<targetDir>/project`: a repository on `main` with one commit, by git's own identity or else `Muster
 * sample`. Returns its path. It is there completely or not at all; throws if the folder exists.
 */
export async function copySample(targetDir: string, options: CopySampleOptions): Promise<string> {
  const project = join(targetDir, 'project');
  if (await exists(project))
    throw new Error(`Could not copy the sample project: ${project} exists already. Name another folder, or remove it first.`);
  const unfinished = join(targetDir, '.project.unfinished');
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await copyFiles(options, unfinished);
  await firstCommit(options, unfinished);
  await rename(unfinished, project);
  return project;
}

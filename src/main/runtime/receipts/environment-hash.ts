import type { Jail } from '../ports/jail.js';
import type { GitRepository, SubmoduleAt } from '../ports/git-repository.js';
import { hashOf, sha256 } from './canonical-json.js';
import { globMatcher } from './path-globs.js';

/** Whether set-up may read a path: manifests, lockfiles and settings of package managers. */
export const isManifest = globMatcher([
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'bun.lock',
  'bun.lockb',
  '.npmrc',
  '.yarnrc*',
  '.pnpmfile.cjs',
  'Cargo.toml',
  'Cargo.lock',
  'go.mod',
  'go.sum',
  'pyproject.toml',
  'poetry.lock',
  'uv.lock',
  'Pipfile',
  'Pipfile.lock',
  'requirements*.txt',
  'Gemfile',
  'Gemfile.lock',
  'composer.json',
  'composer.lock',
]);

/** SHA-256 over the names and bytes of all manifests and lockfiles of a tree: equal hashes, equal set-up. */
export async function lockfileHash(git: Pick<GitRepository, 'listFiles' | 'readFile'>, tree: string): Promise<string> {
  const paths = (await git.listFiles(tree)).filter(isManifest).toSorted();
  const files: (readonly [string, string])[] = [];
  for (const path of paths) files.push([path, sha256((await git.readFile(tree, path)) ?? '')]);
  return hashOf(files);
}

/** What set-up and commands run on, as far as it decides their result. */
export interface Environment {
  readonly nodeVersion: string;
  /** `linux-x64` */
  readonly platform: string;
  readonly jail: Jail['kind'];
  readonly setup: readonly (readonly string[])[];
  readonly lockfileHash: string;
  /** Those whose files are in the checkout; left out where there are none. */
  readonly submodules?: readonly SubmoduleAt[];
}

/** Names the set-up that two trees may share. */
export const setupKey = (environment: Environment): string => hashOf(environment);

/** Names the circumstances of a result: as `setupKey`, with the command list. */
export const environmentHash = (environment: Environment, verifyHash: string): string => hashOf({ ...environment, verifyHash });

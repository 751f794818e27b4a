import type { ChangedFile, GitRepository } from '../ports/git-repository.js';
import { canonicalJson } from './canonical-json.js';
import { globMatcher } from './path-globs.js';

/** Files that are tests: a change or removal is listed, and their base version is run against the new code. */
export const testGlobs: readonly string[] = [
  '*.{test,spec}.*',
  '*_{test,spec}.*',
  'test_*.py',
  'conftest.py',
  '**/__tests__/**',
  '**/__snapshots__/**',
  '*.snap',
  'test/**',
  'tests/**',
  'spec/**',
  'e2e/**',
  '**/test/**',
  '**/tests/**',
  '*Test.{java,kt}',
  '*Tests.cs',
];

/** Files that decide what a green run means: test configuration, lockfiles, build scripts, CI and what git hooks go by. */
export const settingGlobs: readonly string[] = [
  '{vitest,jest,playwright,karma,cypress,babel,vite}.config.*',
  'vitest.workspace.*',
  '.mocharc*',
  '.nycrc*',
  'ava.config.*',
  'pytest.ini',
  'tox.ini',
  'noxfile.py',
  'setup.cfg',
  'pyproject.toml',
  'phpunit.xml*',
  '.rspec',
  'Rakefile',
  'Makefile',
  'makefile',
  'justfile',
  'Taskfile.y*ml',
  'tsconfig*.json',
  '.eslintrc*',
  'eslint.config.*',
  'biome.json*',
  '.npmrc',
  '.yarnrc*',
  '.pnpmfile.cjs',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
  'Cargo.lock',
  'go.sum',
  'poetry.lock',
  'uv.lock',
  'Pipfile.lock',
  'requirements*.txt',
  'Gemfile.lock',
  'composer.lock',
  '.github/**',
  '.gitlab-ci.yml',
  '.circleci/**',
  'Jenkinsfile',
  'azure-pipelines.yml',
  '.gitmodules',
  '.gitattributes',
  '.husky/**',
  '.githooks/**',
  '{,.}lefthook.y{,a}ml',
  '.pre-commit-config.yaml',
  '.lintstagedrc*',
  'lint-staged.config.*',
  '.commitlintrc*',
  'commitlint.config.*',
];

/** Members of package.json that decide what a test run does. */
const packageMembers = [
  'scripts',
  'jest',
  'vitest',
  'mocha',
  'ava',
  'c8',
  'nyc',
  'tap',
  'type',
  'imports',
  'overrides',
  'resolutions',
  'workspaces',
  'husky',
  'lint-staged',
  'commitlint',
  'simple-git-hooks',
];

const isTest = globMatcher(testGlobs);

function partsOf(bytes: Buffer | null): string {
  if (bytes === null) return 'none';
  try {
    const value = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
    return canonicalJson(packageMembers.map((member) => value[member] ?? null));
  } catch {
    return bytes.toString('latin1'); // no JSON: any change of it counts
  }
}

/** What a diff did to files that a receipt must tell about. New files are fine, new submodules are not. */
export interface ProtectedChanges {
  /** Sorted. */
  readonly protectedChanges: readonly string[];
  /** Changed or removed test files, sorted. */
  readonly changedTests: readonly string[];
}

/** Compares two trees; `protect` are the project's own globs, added to the built-in ones. */
export async function findProtectedChanges(
  git: Pick<GitRepository, 'changedFiles' | 'readFile'>,
  trees: { readonly from: string; readonly to: string },
  protect: readonly string[],
): Promise<ProtectedChanges> {
  const isSetting = globMatcher([...settingGlobs, ...protect]);
  const all: readonly ChangedFile[] = await git.changedFiles(trees.from, trees.to);
  const wasFile = ({ change, isSubmodule }: ChangedFile): boolean => change === 'type-changed' || (change !== 'added' && !isSubmodule);
  const changed = all.filter(wasFile).map((file) => file.path);
  // The commit of a submodule stands for code that nobody sees in the diff.
  const found = all.filter((file) => file.isSubmodule === true).map((file) => file.path);
  for (const path of changed) {
    if (found.includes(path)) continue;
    if (isTest(path) || isSetting(path)) found.push(path);
    else if (path === 'package.json' || path.endsWith('/package.json')) {
      const [before, after] = await Promise.all([git.readFile(trees.from, path), git.readFile(trees.to, path)]);
      if (partsOf(before) !== partsOf(after)) found.push(path);
    }
  }
  return { protectedChanges: found.sort(), changedTests: changed.filter(isTest).sort() };
}

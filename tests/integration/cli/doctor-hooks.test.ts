import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hooksCheck } from '../../../src/main/cli/doctor/hooks-check.js';
import { SystemClock } from '../../../src/main/runtime/platform/system-clock.js';
import { defaultConfiguration } from '../../../src/shared/domain/configuration.js';
import type { Configuration } from '../../../src/shared/domain/configuration.js';
import { makeRepository } from '../../fixtures/make-repository.js';
import type { TestRepository } from '../../fixtures/make-repository.js';

let repository: TestRepository;

beforeEach(async () => {
  repository = await makeRepository({ files: { 'a.txt': 'a\n' } });
});
afterEach(async () => {
  await repository.dispose();
});

const configurationWith = (project: string, run = true): Configuration => ({
  ...defaultConfiguration,
  project,
  git: { ...defaultConfiguration.git, hooks: { run, timeoutSeconds: 300 } },
});

const check = (configuration: Configuration) => hooksCheck(repository.outside, configuration, new SystemClock());

async function writeHooks(...names: readonly string[]): Promise<string> {
  const folder = join(repository.path, '.git', 'hooks');
  await mkdir(folder, { recursive: true });
  for (const name of names) await writeFile(join(folder, name), '#!/bin/sh\n', { mode: 0o755 });
  return folder;
}

it('doctor says that no hook is asked where there is none', async () => {
  expect(await check(configurationWith(repository.path))).toMatchObject([{ status: 'ok', says: 'none that could stop a commit' }]);
});

it('doctor names the hooks that are asked, and those that never run', async () => {
  const folder = await writeHooks('pre-commit', 'commit-msg', 'post-commit');
  expect(await check(configurationWith(repository.path))).toMatchObject([
    {
      status: 'ok',
      says: `asked before each commit, in the jail: pre-commit and commit-msg in ${folder}; never run: post-commit`,
    },
  ]);
});

it('doctor says that hooks stand there and are turned off', async () => {
  const folder = await writeHooks('pre-commit');
  expect(await check(configurationWith(repository.path, false))).toMatchObject([
    { status: 'note', says: `Not asked, as git.hooks.run is false: pre-commit in ${folder}.` },
  ]);
});

it('doctor is silent about hooks where there is no repository', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-no-repository-'));
  expect(await check(configurationWith(folder))).toEqual([]);
  await rm(folder, { recursive: true });
});

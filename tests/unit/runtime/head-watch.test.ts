import { expect, it } from 'vitest';
import { headWatch } from '../../../src/main/runtime/head-watch.js';
import type { ProjectFacts } from '../../../src/main/runtime/ports/git-repository.js';
import { emptyState } from '../../../src/shared/domain/state.js';

async function looksTwice(workspaceDir: string): Promise<boolean[]> {
  const heads = ['a'.repeat(40), 'b'.repeat(40)];
  const git = { inspect: () => Promise.resolve({ kind: 'repository', head: heads.shift() ?? null } as ProjectFacts) };
  const hasMoved = headWatch(git, '/code/app', workspaceDir, emptyState);
  return [await hasMoved(), await hasMoved()];
}

it.each(['/code/app', '/code/app/teams_generated', '/code/app/..teams'])(
  'a moved HEAD replaces the files of the workspace in %s',
  async (dir) => {
    expect(await looksTwice(dir)).toEqual([false, true]);
  },
);

it.each(['/code/app-team', '/code', '/elsewhere/team'])('a moved HEAD says nothing about the files of the workspace in %s', async (dir) => {
  expect(await looksTwice(dir)).toEqual([false, false]);
});

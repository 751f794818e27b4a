import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../../src/main/runtime/workspace/configuration.js';
import { commitIdentity, defaultConfiguration } from '../../../src/shared/domain/configuration.js';
import { currentRevision } from '../../../src/shared/domain/state.js';
import { makeSprintGround, todoNamed } from '../../fixtures/one-todo-sprint.js';
import type { SprintGround } from '../../fixtures/one-todo-sprint.js';
import { startBench } from './git-test-bench.js';

const team = { name: 'Sum Team', email: 'team@example.org' };
const whoFormat = '--format=%an <%ae>|%cn <%ce>';
const byTeam = 'Sum Team <team@example.org>|Sum Team <team@example.org>';
const title = 'Add numbers';
let ground: SprintGround | null = null;

afterEach(async () => {
  await ground?.dispose();
  ground = null;
});

async function setIdentity(workspace: string, identity: unknown): Promise<void> {
  const file = join(workspace, 'team_runtime.yaml');
  const configured = JSON.parse(await readFile(file, 'utf8')) as { git: Record<string, unknown> };
  await writeFile(file, JSON.stringify({ ...configured, git: { ...configured.git, identity } }));
}

describe('who a closeout is by', () => {
  it("is what team_runtime.yaml says, before git's own, as author and committer", async () => {
    ground = await makeSprintGround({
      todos: [{ title, developer: { edits: [{ write: 'lib/sum.mjs', content: 'export const sum = (a, b) => b + a;\n' }] } }],
      files: { 'lib/sum.mjs': 'export const sum = (a, b) => a + b;\n' },
      verify: {},
      integrate: 'on_completion',
    });
    await setIdentity(ground.workspace, team);
    const runtime = await ground.play();
    const commit = currentRevision(todoNamed(runtime.state(), title)).commit ?? '';
    expect(await ground.repository.git('log', '-1', whoFormat, commit)).toBe(byTeam);
    expect(await ground.repository.git('rev-parse', 'main')).toBe(commit);
  });

  it("does not need git's own, also where the work moves onto a newer target; who wrote it stays", async () => {
    const { git, worktree, repo } = await startBench();
    const made = await worktree('t1');
    const onto = await repo.commit({ 'b.txt': 'moved\n' }, 'Move on');
    await repo.git('config', '--global', '--remove-section', 'user');
    // Else git would guess a name from the machine's.
    await repo.git('config', '--global', 'user.useConfigOnly', 'true');
    await writeFile(join(made.path, 'n.txt'), 'n');
    const request = { message: 'Do the work', closeoutId: 'c1', parent: made.base, signTimeoutMs: 5_000 };
    expect(await git.commitAll(made, request)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('or name somebody as git.identity in team_runtime.yaml, then try again.') as string,
    });
    const done = await git.commitAll(made, { ...request, identity: team });
    const commit = done.kind === 'committed' ? done.commit : '';
    expect(await repo.git('log', '-1', whoFormat, commit)).toBe(byTeam);
    const other = { name: 'Night Shift', email: 'night@example.org' };
    const rebased = await git.rebase({ commit, onto, closeoutId: 'c1', scratch: join(repo.outside, 'scratch'), identity: other });
    const moved = rebased.kind === 'rebased' ? rebased.commit : '';
    expect(await repo.git('log', '-1', whoFormat, moved)).toBe('Sum Team <team@example.org>|Night Shift <night@example.org>');
    expect(await git.integrate({ target: 'refs/heads/main', from: onto, to: moved })).toEqual({ kind: 'integrated', commit: moved });
  });

  it('is what hooks find in the repository that they are asked in', async () => {
    const { git, repo } = await startBench();
    const base = await repo.git('rev-parse', 'HEAD');
    const folder = join(repo.outside, 'staged');
    await mkdir(folder);
    await git.exportTree(base, folder);
    await git.stageIn(folder, { base, tree: await git.treeOf(base), branch: 'work', message: 'Work', closeoutId: 'c1', identity: team });
    expect(await repo.gitIn(folder, 'config', '--local', '--get-regexp', '^user[.]')).toBe(
      'user.name Sum Team\nuser.email team@example.org',
    );
  });
});

describe('git.identity', () => {
  it('is not taken half-filled, nor when git would not take it', async () => {
    ground = await makeSprintGround({ todos: [{ title, developer: {} }], files: { 'a.txt': 'a\n' } });
    const { workspace } = ground;
    const said = async (identity: unknown): Promise<string> => {
      await setIdentity(workspace, identity);
      const read = await loadConfiguration(workspace);
      return read.ok ? '' : read.error.message;
    };
    expect(await said({ name: 'Sum Team' })).toContain(
      'git.identity.email in team_runtime.yaml is missing; it must be an e-mail address without spaces, < and >.',
    );
    expect(await said({ email: 'team@example.org' })).toContain('git.identity.name in team_runtime.yaml is missing');
    expect(await said({ name: '.,;', email: 'team@example.org' })).toContain(
      'git.identity.name in team_runtime.yaml must be a name on one line, without < and >, but it is ".,;"',
    );
    expect(await said({ name: 'Sum Team', email: 'Team <team@example.org>' })).toContain('git.identity.email in team_runtime.yaml must be');
    expect(await said({ ...team, name: 'Ümit O’Hara (bot)' })).toBe('');
  });

  it('is nobody in a state of before the setting existed', () => {
    const { identity: _none, ...before } = defaultConfiguration.git;
    expect(commitIdentity({ ...defaultConfiguration, git: before as typeof defaultConfiguration.git })).toBeNull();
    expect(commitIdentity(null)).toBeNull();
  });
});

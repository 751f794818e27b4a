import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Runtime } from '../../../src/main/runtime/runtime-api.js';
import { currentRevision } from '../../../src/shared/domain/state.js';
import type { Todo } from '../../../src/shared/domain/state.js';
import { lacksJail } from '../../fixtures/lacks-jail.js';
import { makeSprintGround, todoNamed } from '../../fixtures/one-todo-sprint.js';
import type { RehearsedTodo, SprintGround } from '../../fixtures/one-todo-sprint.js';

const edit = { write: 'lib/sum.mjs', content: 'export const sum = (a, b) => b + a;\n' };
const git = (...args: readonly string[]): [string, ...string[]] => ['git', ...args];
const commit = git('commit', '-q', '--no-verify', '-am', 'All green\n\nMuster-Closeout: closeout-forged-by-hand-r1-1');

const titles = {
  commits: 'commits by itself with a forged trailer',
  target: 'moves the target to its own commit',
  config: 'has git run hooks of its own',
  gitFile: 'replaces the .git file',
  gone: 'removes its checkout and reports 916 passes in it',
} as const;

/** `verify` is `true`, which is a lie of its own: it says nothing, whatever was done. */
describe.skipIf(lacksJail)('a developer that tampers with git', () => {
  let ground: SprintGround;
  let runtime: Runtime;
  let base: string;
  let configBefore: string;
  const named = (title: string): Todo => todoNamed(runtime.state(), title);

  beforeAll(async () => {
    const todos: RehearsedTodo[] = [
      { title: titles.commits, developer: { edits: [edit], commands: [commit], must_pass: true } },
      {
        title: titles.target,
        developer: { edits: [edit], commands: [commit, git('update-ref', 'refs/heads/main', 'HEAD')], must_pass: true },
      },
      {
        title: titles.config,
        developer: {
          edits: [edit],
          commands: [git('config', 'core.hooksPath', 'hooks'), git('config', 'core.fsmonitor', './lib/sum.mjs')],
          must_pass: true,
        },
      },
      {
        title: titles.gitFile,
        developer: { edits: [edit], commands: [['rm', '.git'], git('init', '-q', '.')], must_pass: true },
      },
      {
        title: titles.gone,
        developer: { edits: [], commands: [['node', '-e', 'require("node:fs").rmSync(process.cwd(), { recursive: true })']] },
      },
    ];
    ground = await makeSprintGround({
      todos,
      files: { 'lib/sum.mjs': 'export const sum = (a, b) => a + b;\n' },
      verify: { always: ['true'] },
    });
    base = await ground.repository.git('rev-parse', 'main');
    configBefore = await readFile(join(ground.project, '.git', 'config'), 'utf8');
    runtime = await ground.play();
  }, 240_000);
  afterAll(() => ground.dispose());

  it('gets its own commit folded into the one of the closeout, whose trailer is the only one', async () => {
    const todo = named(titles.commits);
    const revision = currentRevision(todo);
    expect(todo.reports.flatMap(({ notes }) => notes)).toEqual([
      expect.stringMatching(
        /^The turn made commits of its own up to [0-9a-f]{12}; HEAD went back to [0-9a-f]{12}, and the files were kept\.$/,
      ),
    ]);
    const message = await ground.repository.git('log', '-1', '--format=%B', revision.commit ?? '');
    expect(message.match(/Muster-Closeout: .*/g)).toEqual([`Muster-Closeout: ${revision.closeout?.closeoutId ?? ''}`]);
    expect(await ground.repository.git('rev-list', '--count', `${base}..${revision.commit ?? ''}`)).toBe('1');
  });

  it('gets no more than gaps from a command that says nothing whatever was done', () => {
    const { receipt } = currentRevision(named(titles.commits));
    expect(receipt).toMatchObject({ badge: 'with_gaps', gaps: [{ kind: 'identical-empty-output', command: 'always' }] });
  });

  it.each([
    [titles.target, /refs\/heads\/main went from [0-9a-f]{12} to [0-9a-f]{12} by this turn; it was put back\./],
    [titles.config, /config/],
    [titles.gitFile, /\.git was replaced during this turn; it was put back\./],
  ])('loses its turn when it %s, and the list says what was put back', (title, listed) => {
    const todo = named(title);
    expect(todo.status).toBe('blocked');
    expect(todo.blocker?.reason).toMatch(/^developer's turn at developer_build did what it may not: .* Everything was put back\.$/);
    expect(todo.blocker?.reason).toMatch(listed);
    expect(currentRevision(todo)).toMatchObject({ closeout: null, receipt: null, commit: null });
  });

  it('loses its turn when it removes its checkout, which the next turn finds made again', () => {
    const todo = named(titles.gone);
    expect(todo.status).toBe('blocked');
    expect(todo.blocker?.reason).toMatch(
      /^developer's turn at developer_build did what it may not: The worktree \S+ is gone\. Everything else was put back; a retry makes it again from its newest checkpoint\.$/,
    );
    expect(currentRevision(todo)).toMatchObject({ worktreePath: '', closeout: null, receipt: null, commit: null });
  });

  it('finds target, configuration and checkouts as they were', async () => {
    expect(await ground.repository.git('rev-parse', 'main')).toBe(base);
    expect(await readFile(join(ground.project, '.git', 'config'), 'utf8')).toBe(configBefore);
    const { worktreePath } = currentRevision(named(titles.gitFile));
    expect(await readFile(join(worktreePath, '.git'), 'utf8')).toMatch(/^gitdir: /);
  });
});

import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditWorkspace } from '../../src/main/runtime/audit-workspace.js';
import type { Runtime } from '../../src/main/runtime/runtime-api.js';
import { SystemClock } from '../../src/main/runtime/platform/system-clock.js';
import { badgesOf } from '../../src/shared/domain/board.js';
import type { PersonCommand } from '../../src/shared/domain/vocabulary.js';
import { deathAt } from '../fixtures/dying-effects.js';
import { makeSprintGround, pat, revisionOf, todoNamed, waitFor } from '../fixtures/one-todo-sprint.js';
import type { SprintGround } from '../fixtures/one-todo-sprint.js';
import { temptingFiles } from '../fixtures/tempting-project.js';

const titles = ['Say one', 'Say two', 'Say three'] as const;
const fileOf = (title: string): string => `lib/${title.split(' ')[1] ?? ''}.mjs`;

describe.skipIf(!existsSync('/usr/bin/bwrap'))('a revert in a real repository', () => {
  let ground: SprintGround;
  let runtime: Runtime;
  const git = (...args: string[]): Promise<string> => ground.repository.git(...args);
  const audit = () => auditWorkspace({ workspaceDir: ground.workspace, rerun: false, clock: new SystemClock() });
  const give = (command: PersonCommand) => runtime.dispatch(command, { commandId: `${command.type}-${Math.random()}`, actor: pat });
  const revert = async (title: string): Promise<void> => {
    const answer = await give({
      type: 'revert-todo',
      todoId: todoNamed(runtime.state(), title).todoId,
      revision: 1,
      comment: 'It broke the shop.',
    });
    if (!answer.ok) throw new Error(answer.error.message);
  };
  const isReverted = (title: string) => (): boolean => revisionOf(runtime.state(), title).revert?.revertedAt != null;
  const reopen = async (more: Parameters<SprintGround['open']>[0] = {}): Promise<void> => {
    await runtime.stop();
    runtime = await ground.open(more);
    await runtime.start();
  };

  beforeAll(async () => {
    ground = await makeSprintGround({
      todos: titles.map((title) => ({
        title,
        developer: { edits: [{ write: fileOf(title), content: `export const said = '${title}';\n` }] },
      })),
      files: temptingFiles,
      integrate: 'on_completion',
    });
    runtime = await ground.play();
  }, 120_000);
  afterAll(() => ground.dispose());

  it('makes a commit forward on the target that undoes exactly that one, with a receipt of its own that the audit knows', async () => {
    const { commit, receipt } = revisionOf(runtime.state(), 'Say one');
    const before = await git('rev-parse', 'main');
    await revert('Say one');
    await waitFor(runtime, isReverted('Say one'));
    const tip = await git('rev-parse', 'main');
    const todo = todoNamed(runtime.state(), 'Say one');
    const done = revisionOf(runtime.state(), 'Say one').revert;
    expect([await git('rev-parse', 'main^'), done?.closeout.rebased]).toEqual([before, tip]);
    expect(await git('show', '--format=', '--name-status', tip)).toBe('D\tlib/one.mjs');
    expect(existsSync(`${ground.project}/lib/one.mjs`)).toBe(false);
    expect(await git('log', '-1', '--format=%an%n%B', tip)).toBe(
      `Pat Person\n[${todo.sprintId}] ${todo.todoId} one.mjs: Revert "Say one"\n\nThis reverts commit ${commit ?? ''}.\n\nMuster-Closeout: ${done?.closeout.closeoutId ?? ''}\n`,
    );
    expect(done?.receipt).toMatchObject({ badge: 'verified', reverts: commit, base: before, commit: tip, revision: 1 });
    expect(done?.receipt?.commands).toMatchObject([{ name: 'tests', exitCode: 0, baseExitCode: 0, jailed: true }]);
    expect(revisionOf(runtime.state(), 'Say one').receipt).toEqual(receipt);
    expect(badgesOf(todo, runtime.state()).map(({ id }) => id)).toContain('reverted');
    expect(await audit()).toEqual({ findings: [], receipts: 4, rerun: 0, byPeople: [] });
  });

  it('is refused a second time', async () => {
    const { todoId } = todoNamed(runtime.state(), 'Say one');
    expect(await give({ type: 'revert-todo', todoId, revision: 1, comment: 'Again.' })).toEqual({
      ok: false,
      error: {
        id: 'reverted',
        message: `${todoId} "Say one" was reverted: the target does not hold it any more. Request changes to have it made anew.`,
      },
    });
  });

  it('that is killed after its commit adopts it, and lands it once', async () => {
    const death = deathAt('after', 'revert');
    await reopen({ seams: death.seams });
    await revert('Say two');
    await death.isReached;
    const { closeoutId = '' } = revisionOf(runtime.state(), 'Say two').revert?.closeout ?? {};
    const kept = await git('rev-parse', `refs/muster/closeouts/${closeoutId}`);
    await reopen();
    await waitFor(runtime, isReverted('Say two'));
    expect(await git('rev-parse', 'main')).toBe(kept);
    expect(await audit()).toMatchObject({ findings: [], receipts: 5 });
  });

  it('that conflicts changes nothing, and tells the files and who changed them', async () => {
    const own = await ground.repository.commit({ 'lib/three.mjs': "export const said = 'Say it louder';\n" }, 'Say it louder');
    const { commit } = revisionOf(runtime.state(), 'Say three');
    await revert('Say three');
    await waitFor(runtime, () => revisionOf(runtime.state(), 'Say three').revert?.blocker != null);
    const blocker = revisionOf(runtime.state(), 'Say three').revert?.blocker;
    expect(blocker?.reason).toContain(
      `what landed after its commit ${(commit ?? '').slice(0, 12)} changed the same, in lib/three.mjs (commit ${own.slice(0, 10)} of Pat Person, "Say it louder").`,
    );
    const log = await runtime.kept.blob((blocker?.logs[0] ?? '').replace('blob:', ''));
    expect(log?.toString()).toContain('UD lib/three.mjs');
    expect(await git('rev-parse', 'main')).toBe(own);
  });

  it('that is tried again and stopped with everything right after it landed is found there, and not made again', async () => {
    await ground.repository.commit({ 'lib/three.mjs': "export const said = 'Say three';\n" }, 'Say it as before');
    const death = deathAt('after', 'integrate');
    await reopen({ seams: death.seams });
    await give({ type: 'retry', subjectId: todoNamed(runtime.state(), 'Say three').todoId });
    await death.isReached;
    const tip = await git('rev-parse', 'main');
    expect(await git('show', '--format=', '--name-status', tip)).toBe('D\tlib/three.mjs');
    await give({ type: 'stop-all' });
    await reopen();
    expect(isReverted('Say three')()).toBe(false);
    await give({ type: 'resume-sprint' });
    await waitFor(runtime, isReverted('Say three'));
    expect([revisionOf(runtime.state(), 'Say three').revert?.closeout.rebased, await git('rev-parse', 'main')]).toEqual([tip, tip]);
    expect(await audit()).toMatchObject({ findings: [], receipts: 6 });
  });

  it('whose commit was rewritten does not pass the audit', async () => {
    await git('commit', '-q', '--amend', '--allow-empty', '-m', 'Nothing happened here');
    const { findings } = await audit();
    expect(findings.map(({ finding }) => finding)).toContainEqual(
      expect.stringMatching(/^Commit [0-9a-f]{10} is not on refs\/heads\/main\.$/),
    );
  });
});

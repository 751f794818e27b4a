import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/main/runtime/platform/system-clock.js';
import type { Runtime } from '../../src/main/runtime/runtime-api.js';
import { whatWouldRun } from '../../src/main/runtime/what-would-run.js';
import { loadConfiguration } from '../../src/main/runtime/workspace/configuration.js';
import { workspaceState } from '../../src/main/runtime/workspace/state-folder.js';
import { grantTrust } from '../../src/main/runtime/workspace/trust.js';
import { describeGap } from '../../src/shared/domain/receipt.js';
import type { State, Todo } from '../../src/shared/domain/state.js';
import { lacksJail } from '../fixtures/lacks-jail.js';
import { isAtRest, makeSprintGround, pat, revisionOf, todoNamed, waitFor } from '../fixtures/one-todo-sprint.js';
import type { Part, SprintGround } from '../fixtures/one-todo-sprint.js';

const title = 'Add two numbers';
const edit = { write: 'lib/sum.mjs', content: 'export const sum = (a, b) => b + a;\n' };
const files = { 'lib/sum.mjs': 'export const sum = (a, b) => a + b;\n', 'README.md': '# Sums\n' };

let ground: SprintGround;

afterEach(async () => {
  await ground.dispose();
});

async function makeGround(developer: Part = { edits: [edit] }, more: Readonly<Record<string, string>> = {}): Promise<void> {
  ground = await makeSprintGround({ todos: [{ title, developer }], files: { ...files, ...more }, verify: { always: ['echo', 'fine'] } });
}

/** A hook of the person's own. */
async function writeHook(name: string, script: string, folder = join(ground.project, '.git', 'hooks')): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** Commits a hook as a file of the project. */
async function commitHook(path: string, script: string): Promise<void> {
  const { repository } = ground;
  await mkdir(dirname(join(ground.project, path)), { recursive: true });
  await writeFile(join(ground.project, path), `#!/bin/sh\n${script}\n`);
  await chmod(join(ground.project, path), 0o755);
  await repository.git('add', path);
  await repository.git('commit', '-q', '--no-verify', '-m', `Add ${path}`);
}

async function setGit(settings: Readonly<Record<string, unknown>>): Promise<void> {
  const path = join(ground.workspace, 'team_runtime.yaml');
  const values = JSON.parse(await readFile(path, 'utf8')) as { git: Record<string, unknown> };
  Object.assign(values.git, settings);
  await writeFile(path, JSON.stringify(values, null, 2));
}

async function trust(): Promise<void> {
  const loaded = await loadConfiguration(ground.workspace);
  if (!loaded.ok) throw new Error(loaded.error.message);
  const clock = new SystemClock();
  await grantTrust(workspaceState(ground.workspace), await whatWouldRun(ground.workspace, loaded.value.configuration, clock), clock);
}

const todoOf = (state: State): Todo => todoNamed(state, title);
const gapsOf = (runtime: Runtime): readonly string[] => (revisionOf(runtime.state(), title).receipt?.gaps ?? []).map(describeGap);
const reasonOf = (runtime: Runtime): string => todoOf(runtime.state()).blocker?.reason ?? '';
const turnsOf = (runtime: Runtime): number => Object.keys(runtime.state().turns).length;

/** What a hook of the todo's commit said. */
async function outputOf(runtime: Runtime, name: string): Promise<string> {
  const run = revisionOf(runtime.state(), title).receipt?.hooks?.runs.find((each) => each.name === name);
  if (!run) throw new Error(`The receipt tells of no hook ${name}.`);
  return readFile(join(ground.workspace, '.teams_runtime', 'blobs', run.outputHash.slice(0, 2), run.outputHash), 'utf8');
}

describe.skipIf(lacksJail)("the project's own git hooks", () => {
  it('keep the work uncommitted when pre-commit rejects, and a retry commits it without another turn', async () => {
    await makeGround();
    await writeHook('pre-commit', 'echo "no numbers on a Friday" >&2\nexit 3');
    const runtime = await ground.play();
    expect(todoOf(runtime.state()).status).toBe('uncommitted');
    expect(reasonOf(runtime)).toBe(
      "The project's git hook pre-commit refused the commit with exit code 3. Mend the work or the hook, then retry; `git.hooks` in team_runtime.yaml says whether hooks run and for how long.\nno numbers on a Friday",
    );
    expect(revisionOf(runtime.state(), title).closeout?.commit).toBeNull();
    const turns = turnsOf(runtime);
    await writeHook('pre-commit', 'exit 0');
    const { todoId } = todoOf(runtime.state());
    expect(await runtime.dispatch({ type: 'retry', subjectId: todoId }, { commandId: 'again', actor: pat })).toMatchObject({ ok: true });
    await waitFor(runtime, (state) => todoOf(state).status === 'committed');
    expect(turnsOf(runtime)).toBe(turns);
  });

  it('let the commit pass when they pass, and see exactly the staged change on its branch', async () => {
    await makeGround();
    const look = 'git status --porcelain; git diff --cached; git log --format=%s; git symbolic-ref --short HEAD; echo "$GIT_INDEX_FILE $#"';
    await writeHook('pre-commit', look);
    const runtime = await ground.play();
    const { branch, receipt } = revisionOf(runtime.state(), title);
    expect(todoOf(runtime.state()).status).toBe('committed');
    const said = await outputOf(runtime, 'pre-commit');
    expect(said.split('\n').filter((line) => /^[-+][^-+]|^M|^\?/.test(line))).toEqual([
      'M  lib/sum.mjs',
      '-export const sum = (a, b) => a + b;',
      '+export const sum = (a, b) => b + a;',
    ]);
    expect(said.trimEnd().split('\n').slice(-2)).toEqual([branch, '.git/index 0']);
    expect(receipt?.hooks?.runs.map(({ name, jailed }) => [name, jailed])).toEqual([['pre-commit', true]]);
    expect(gapsOf(runtime)).toEqual([]);
  });

  it('can reject the message, which they get as it will be committed', async () => {
    await makeGround();
    await writeHook('commit-msg', 'cat "$1"; grep -q "^Muster-Closeout: " "$1" && exit 1');
    const runtime = await ground.play();
    expect(todoOf(runtime.state()).status).toBe('uncommitted');
    expect(reasonOf(runtime)).toContain("The project's git hook commit-msg refused the commit with exit code 1.");
    expect(reasonOf(runtime)).toMatch(/\n\[\S+\] \S+ sum\.mjs: Add two numbers\n\nMuster-Closeout: closeout-\S+$/);
  });

  it('change nothing of the commit: what they do to files and message is left out and said', async () => {
    await makeGround();
    await writeHook('pre-commit', 'echo "// tidy" >> lib/sum.mjs; git add lib/sum.mjs');
    await writeHook('commit-msg', 'echo "Signed-off-by: nobody" >> "$1"');
    const runtime = await ground.play();
    const { commit } = revisionOf(runtime.state(), title);
    expect(await ground.repository.git('show', `${commit}:lib/sum.mjs`)).toBe(edit.content.trimEnd());
    expect(await ground.repository.git('log', '-1', '--format=%B', String(commit))).not.toContain('nobody');
    expect(gapsOf(runtime)).toEqual([
      'The git hook pre-commit changed lib/sum.mjs, which the commit does not take.',
      'The git hook commit-msg changed the message, which the commit does not take.',
    ]);
  });

  it('are ended at their time limit, and the work stays uncommitted', async () => {
    await makeGround();
    await setGit({ hooks: { timeout_seconds: 1 } });
    await trust();
    await writeHook('pre-commit', 'echo "still here"; sleep 600 & sleep 600');
    const runtime = await ground.play();
    expect(todoOf(runtime.state()).status).toBe('uncommitted');
    expect(reasonOf(runtime)).toMatch(
      /^The project's git hook pre-commit did not finish, so nothing was committed: It took longer than 1 s\. .*\nstill here$/s,
    );
  });

  it('do not run at all when the configuration says so', async () => {
    await makeGround();
    await setGit({ hooks: { run: false } });
    await writeHook('pre-commit', 'exit 1');
    const runtime = await ground.play();
    expect(todoOf(runtime.state()).status).toBe('committed');
    expect(revisionOf(runtime.state(), title).receipt).not.toHaveProperty('hooks');
  });
});

describe.skipIf(lacksJail)("the project's own git hooks where work is done in place", () => {
  it('are asked there too, and a refusal leaves the branch where it was', async () => {
    await makeGround();
    await setGit({ isolation: 'in_place' });
    await trust();
    await writeHook('pre-commit', 'git symbolic-ref --short HEAD; git diff --cached --name-only; exit 1');
    const runtime = await ground.play();
    expect(todoOf(runtime.state()).status).toBe('uncommitted');
    expect(reasonOf(runtime)).toMatch(/\nmain\nlib\/sum\.mjs$/);
    expect(await ground.repository.git('log', '--format=%s')).not.toContain(title);
  });
});

describe.skipIf(lacksJail)('git hooks in the checkout', () => {
  it('stop a sprint from starting until a person accepted their place', async () => {
    await makeGround();
    await commitHook('.husky/pre-commit', 'exit 1');
    await ground.repository.git('config', 'core.hooksPath', '.husky');
    const runtime = await ground.open();
    await expect(ground.begin(runtime)).rejects.toThrow('core.hooksPath in the checkout was null and is now ".husky".');
  });

  it('keep the work uncommitted when their place changed after a person accepted it', async () => {
    await makeGround();
    await commitHook('.husky/pre-commit', 'echo ran; exit 1');
    const runtime = await ground.open();
    await ground.begin(runtime);
    await ground.repository.git('config', 'core.hooksPath', '.husky');
    await waitFor(runtime, isAtRest);
    expect(reasonOf(runtime)).toBe(
      'Could not commit: git hooks of the project are in .husky (core.hooksPath), which nobody has accepted yet. Look at it and accept it with `muster trust`, then retry.',
    );
  });

  it('run with what husky keeps beside them, from the tree that is to be committed', async () => {
    await makeGround({ edits: [edit] }, { '.gitignore': '.husky/_/\n' });
    await commitHook('.husky/pre-commit', 'echo "checked $(git diff --cached --name-only)"');
    const beside = join(ground.project, '.husky', '_');
    await writeHook('pre-commit', '. "$(dirname "$0")/h"', beside);
    await writeFile(join(beside, 'h'), 'n=$(basename "$0")\ns=$(dirname "$(dirname "$0")")/$n\n[ -f "$s" ] && exec sh -e "$s" "$@"\n');
    await ground.repository.git('config', 'core.hooksPath', '.husky/_');
    await trust();
    const runtime = await ground.play();
    expect(await outputOf(runtime, 'pre-commit')).toBe('checked lib/sum.mjs\n');
    expect(gapsOf(runtime)).toEqual([]);
  });
});

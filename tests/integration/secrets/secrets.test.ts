import { execFile } from 'node:child_process';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentRevision } from '../../../src/shared/domain/state.js';
import { makeSprintGround, isAtRest, todoNamed, waitFor } from '../../fixtures/one-todo-sprint.js';
import type { Part, SprintGround } from '../../fixtures/one-todo-sprint.js';

const exported = 'exported-canary-4711-QRSTUV';
const login = 'login-canary-0815-abcdefghijklmnop';
const inDotEnv = 'dotenv-canary-2342/XYZ+w';
const canaries = [exported, login, inDotEnv];
const title = 'Sum it up';

let ground: SprintGround;
let home: string;
const before = { ...process.env };

/** A one-todo ground whose person has a secret in the environment, a login below the home and a `.env` in the workspace. */
async function plant(developer: Part): Promise<void> {
  ground = await makeSprintGround({
    todos: [{ title, developer }],
    files: { 'lib/sum.mjs': 'export const sum = (a, b) => a + b;\n', 'test/sum.test.mjs': "import '../lib/sum.mjs';\n" },
    integrate: 'on_completion',
  });
  home = join(ground.dir, 'home');
  await mkdir(join(home, '.codex'), { recursive: true });
  await writeFile(join(home, '.codex', 'auth.json'), JSON.stringify({ tokens: { access_token: login, account_id: 'acc' } }));
  await writeFile(join(ground.workspace, '.env'), `DEPLOY_KEY=${inDotEnv}\n`);
  process.env['HOME'] = home;
  process.env['MY_API_TOKEN'] = exported;
}

beforeEach(() => {
  delete process.env['CODEX_HOME'];
});
afterEach(async () => {
  await ground.dispose();
  for (const name of ['HOME', 'MY_API_TOKEN', 'CODEX_HOME']) {
    const value = before[name];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const holds = (bytes: Buffer): boolean =>
  canaries.some((canary) => bytes.includes(canary) || bytes.includes(JSON.stringify(canary).slice(1, -1)));

/** Every file below these folders that holds a canary, and every such object of the repository. */
async function leaks(): Promise<string[]> {
  const found: string[] = [];
  for (const path of [...(await filesBelow(ground.dir)), ...(await filesBelow(ground.project))])
    if (holds(await readFile(path))) found.push(path.replace(`${ground.dir}/`, ''));
  const objects = await promisify(execFile)('git', ['cat-file', '--batch-all-objects', '--batch', '--buffer'], {
    cwd: ground.project,
    encoding: 'buffer',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (holds(objects.stdout)) found.push('an object of the repository');
  return found.sort();
}

const planted = ['home/.codex/auth.json', 'workspace/.env', 'workspace/rehearsal.yaml'];

const report = (summary: string): Record<string, unknown> => ({
  summary,
  artifacts: ['lib/sum.mjs'],
  proposals: {
    workflow_transition: { outcome: 'advance', target_step: 'architect_review', reason: 'Done.' },
    implementation_report: summary,
  },
});

describe('secrets of the person', () => {
  it('are nowhere but where the person put them, and a todo whose files hold one is stopped with a sentence', async () => {
    const activity: string[] = [];
    await plant({
      says: [`I use ${inDotEnv} now.`],
      commands: [
        ['sh', '-c', 'env; cat "$HOME/.codex/auth.json"; base64 -w0 "$HOME/.codex/auth.json"'],
        ['sh', '-c', `printf 'export const key = "%s";\\n' "$(sed s/DEPLOY_KEY=// "$WORKSPACE/.env")" > lib/key.mjs`],
      ],
      report: report(`I used ${inDotEnv} and it works.`),
    });
    const rehearsal = join(ground.workspace, 'rehearsal.yaml');
    await writeFile(rehearsal, (await readFile(rehearsal, 'utf8')).replaceAll('$WORKSPACE', ground.workspace));
    const runtime = await ground.open();
    runtime.onTurnActivity(({ text }) => void activity.push(text));
    await ground.begin(runtime);
    await waitFor(runtime, isAtRest);
    const todo = todoNamed(runtime.state(), title);
    expect(todo.status).toBe('blocked');
    expect(todo.blocker?.reason).toContain('It wrote the value of DEPLOY_KEY into lib/key.mjs, where [secret …] stands now.');
    expect(await readFile(join(currentRevision(todo).worktreePath, 'lib/key.mjs'), 'utf8')).toBe(
      'export const key = "[secret DEPLOY_KEY]";\n',
    );
    await runtime.stop();
    expect(await leaks()).toEqual(planted);
    const turn = Object.values(runtime.state().turns).find(({ role }) => role === 'developer');
    const output = await readFile(join(ground.workspace, '.teams_runtime', 'turns', turn?.turnId ?? '', 'output-1.jsonl'), 'utf8');
    expect(output).toContain('HOME=');
    expect(output).not.toContain('MY_API_TOKEN');
    expect(output).toContain('[secret codex login tokens.access_token]');
    expect(ground.log.concat(activity).filter((line) => holds(Buffer.from(line)))).toEqual([]);
    expect(activity.join('\n')).toContain('I use [secret DEPLOY_KEY] now.');
  });

  it('that a report quotes are left out of it, and the card says so', async () => {
    await plant({
      edits: [{ write: 'lib/sum.mjs', content: 'export const sum = (a, b) => b + a;\n' }],
      report: report(`It works with ${inDotEnv}.`),
    });
    const runtime = await ground.play();
    const todo = todoNamed(runtime.state(), title);
    const digest = todo.reports.find(({ role }) => role === 'developer');
    expect(digest?.summary).toBe('It works with [secret DEPLOY_KEY].');
    expect(digest?.notes).toContain('The report quoted the value of DEPLOY_KEY; it was left out. Change it if others may have seen it.');
    expect(todo.status).toBe('committed');
    await runtime.stop();
    expect(await leaks()).toEqual(planted);
  });

  it('that come into the work after the turns stop its commit, which names file and variable', async () => {
    await plant({ edits: [{ write: 'lib/sum.mjs', content: 'export const sum = (a, b) => b + a;\n' }] });
    const runtime = await ground.open({
      seams: {
        handlers: (handlers) => ({
          ...handlers,
          commit: async (effect, run) => {
            const todo = todoNamed(runtime.state(), title);
            await writeFile(join(currentRevision(todo).worktreePath, 'lib', 'late.mjs'), `export const key = '${inDotEnv}';\n`);
            return handlers.commit(effect, run);
          },
        }),
      },
    });
    await ground.begin(runtime);
    await waitFor(runtime, isAtRest);
    const todo = todoNamed(runtime.state(), title);
    expect(todo.status).toBe('uncommitted');
    expect(todo.blocker?.reason).toContain('lib/late.mjs holds the value of DEPLOY_KEY. Take it out in the worktree, then retry.');
    await runtime.stop();
    const worktree = currentRevision(todo).worktreePath.replace(`${ground.dir}/`, '');
    expect(await leaks()).toEqual(['home/.codex/auth.json', `${worktree}/lib/late.mjs`, 'workspace/.env']);
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoResult } from '../../../src/main/cli/demo/demo-result.js';
import { shim } from '../../fixtures/built-program.js';

const run = promisify(execFile);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let folder = '';

/** Runs the built command line as a person would, with a state folder of its own. */
async function muster(...words: string[]): Promise<Ended> {
  const env = { ...process.env, MUSTER_STATE_HOME: join(folder, 'state') };
  try {
    return { code: 0, ...(await run(process.execPath, [shim, ...words], { env, maxBuffer: 64 * 1024 * 1024 })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

const git = async (project: string, ...words: string[]): Promise<string> => (await run('git', words, { cwd: project })).stdout.trim();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-demo-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('muster demo --headless', () => {
  const dir = (): string => join(folder, 'good');
  let result: DemoResult;

  it('plays the sample sprint to the end and prints one JSON document', { timeout: 600_000 }, async () => {
    const ended = await muster('demo', '--headless', '--dir', dir(), '--speed', '0', '--json');
    expect(ended.stderr).not.toMatch(/could not/i);
    expect(ended.code).toBe(0);
    result = JSON.parse(ended.stdout) as DemoResult;
    expect(result).toMatchObject({ project: join(dir(), 'project'), workspace: join(dir(), 'workspace'), status: 'completed' });
    expect(result.todos.length).toBeGreaterThanOrEqual(5);
    expect(new Set(result.todos.map(({ column }) => column))).toEqual(new Set(['approved']));
  });

  it('leaves one commit for each revision, with the message of the policy and a receipt that names it', async () => {
    const { project, sprint_id, todos } = result;
    const log = (await git(project, 'log', '--reverse', '--format=%H %s')).split('\n').slice(1);
    const revisions = todos.flatMap(({ todo_id, revisions: all }) =>
      all.map((revision, index) => ({ todo_id, number: index + 1, ...revision })),
    );
    expect(log).toHaveLength(revisions.length);
    for (const revision of revisions) {
      const subject = log.find((line) => line.startsWith(revision.commit))?.slice(41) ?? '';
      expect(subject.startsWith(`[${sprint_id}] ${revision.todo_id} `)).toBe(true);
      expect(subject.endsWith('(revision 2)')).toBe(revision.number === 2);
      expect(revision.receipt).toMatchObject({ badge: 'verified', commit: revision.commit, commands: [{ name: 'tests', exit_code: 0 }] });
      expect(await git(project, 'rev-parse', `${revision.commit}^{tree}`)).toBe(revision.receipt?.tree);
    }
  });

  it('leaves a clean tree whose tests are green, and more tests than before', async () => {
    const { project } = result;
    expect(await git(project, 'status', '--porcelain')).toBe('');
    await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: project });
    const tests = await run('npm', ['test'], { cwd: project });
    expect(tests.stdout).toMatch(/^\S+ fail 0$/m);
    const first = await git(project, 'rev-list', '--max-parents=0', 'HEAD');
    const added = (await git(project, 'diff', '--name-only', '--diff-filter=A', first, 'HEAD', '--', 'test')).split('\n');
    expect(added.length).toBeGreaterThanOrEqual(5);
  });

  it('shows in its records the reopen by QA, the changes that a person asked for, the dependency and the conflict', async () => {
    const journal = await readFile(join(result.workspace, '.teams_runtime', 'journal', '000000000001.jsonl'), 'utf8');
    expect(journal).toContain('"row":"validation.reopen/reopen.work-after-review"');
    expect(journal).toContain('"kind":"changes-requested"');
    expect(journal).toMatch(/"dependsOn":\["todo-/);
    expect(journal).toContain('"row":"closeout.reopen/reopen.work-after-review"');
  });

  it('is agreed with by an audit that verifies everything again', { timeout: 300_000 }, async () => {
    const ended = await muster('audit', '--rerun', '--workspace-root', result.workspace);
    expect(ended.stdout).toMatch(/^\d+ receipts recomputed .* the commands of \d+ run again: everything holds\.$/m);
    expect(ended.code).toBe(0);
  });

  it('has nothing to do when it is run again', { timeout: 120_000 }, async () => {
    const before = await git(result.project, 'rev-parse', 'HEAD');
    const ended = await muster('demo', '--headless', '--dir', dir(), '--speed', '0', '--json');
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toEqual(result);
    expect(await git(result.project, 'rev-parse', 'HEAD')).toBe(before);
  });
});

describe('muster demo with a fix that is wrong each time', () => {
  it('reopens that todo to its limit, blocks it, never calls it DONE, and the audit agrees', { timeout: 600_000 }, async () => {
    const dir = join(folder, 'wrong');
    const ended = await muster('demo', '--headless', '--dir', dir, '--rehearsal', 'sample-wrong-fix', '--speed', '0', '--json');
    expect(ended.code).toBe(1);
    const result = JSON.parse(ended.stdout) as DemoResult;
    const wrong = result.todos.find(({ title }) => title === 'Carry rounded units over');
    expect(wrong).toMatchObject({ status: 'blocked', column: 'review', revisions: [] });
    expect(ended.stderr).toMatch(/A person is needed: .*"Carry rounded units over" \(The todo was reopened 3 times, which is the limit\./);
    expect(await git(result.project, 'log', '--format=%s')).not.toContain(wrong?.todo_id);
    const audit = await muster('audit', '--rerun', '--workspace-root', result.workspace);
    expect(audit.code).toBe(0);
  });
});

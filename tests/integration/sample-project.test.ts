import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRehearsal } from '../../src/main/runtime/runners/rehearsal/read-rehearsal.js';
import type { Rehearsal, RehearsalEntry } from '../../src/main/runtime/runners/rehearsal/rehearsal-schema.js';
import { copySample } from '../../src/main/runtime/workspace/copy-sample.js';
import { rehearsedEntry, rehearsedReport, sampleTodos, turnFacts } from '../fixtures/sample-rehearsal.js';

const resourcesDir = join(import.meta.dirname, '../../resources');
const run = promisify(execFile);
const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...env } = process.env;
const git = async (args: readonly string[], cwd: string): Promise<string> => (await run('git', args, { cwd, env })).stdout;

/** Whether node's test runner is content with the project, or with the named test files of it. */
const isGreen = async (project: string, ...files: readonly string[]): Promise<boolean> => {
  try {
    await run(process.execPath, ['--test', ...files], { cwd: project, env });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 1) return false;
    throw error;
  }
};

type Edit = RehearsalEntry['edits'][number];
const isTest = (edit: Edit): boolean => 'write' in edit && edit.write.startsWith('test/');

/** Plays edits with the program that plays them in a turn. */
async function play(folder: string, checkout: string, edits: readonly Edit[]): Promise<void> {
  const script = join(folder, 'script.json');
  const rest = {
    sessionId: null,
    documents: join(folder, 'documents'),
    durationMs: 0,
    says: [],
    commands: [],
    mustPass: false,
    usage: {},
    answer: '',
    answerBytes: null,
    neverEnds: false,
    crash: false,
    forksDaemon: false,
  };
  writeFileSync(script, JSON.stringify({ ...rest, checkout, edits }));
  await run(process.execPath, [join(resourcesDir, 'rehearsal-player.mjs'), script], { cwd: checkout, env });
}

let folder: string;
let project: string;
let rehearsal: Rehearsal;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster sample-'));
  rehearsal = await readRehearsal(join(resourcesDir, 'rehearsals/sample.yaml'));
  project = await copySample(folder, { resourcesDir, git });
  execFileSync('npm', ['ci', '--offline', '--no-audit', '--no-fund'], {
    cwd: project,
    env: { ...env, npm_config_cache: join(folder, 'cache') },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const checkout = async (from: string, branch: string): Promise<string> => {
  await git(['checkout', '--quiet', '-B', branch, from], project);
  return project;
};
const commitAll = async (message: string): Promise<void> => {
  await git(['add', '--all'], project);
  await git(['commit', '--quiet', '--message', message], project);
};
const buildEdits = (title: string): readonly Edit[] => rehearsedEntry(rehearsal, turnFacts('developer', 'developer_build', title)).edits;
const testFiles = (edits: readonly Edit[]): string[] => edits.flatMap((edit) => ('write' in edit && isTest(edit) ? [edit.write] : []));

describe('the sample project', () => {
  it('has one commit on main, by an identity of its own where git has none, and nothing left over', async () => {
    expect(await git(['log', '--format=%an <%ae> %s', 'main'], project)).toBe(
      'Muster sample <sample@muster.invalid> Read and write durations\n',
    );
    expect(await git(['status', '--porcelain'], project)).toBe('');
    expect(existsSync(join(folder, '.project.unfinished'))).toBe(false);
  });

  it('installs its dependency without a network and names no host', () => {
    expect(readFileSync(join(project, 'node_modules/ms/package.json'), 'utf8')).toContain('"version": "2.1.3"');
    expect(readFileSync(join(project, 'package-lock.json'), 'utf8')).not.toContain('://');
  });

  it('is green at its first commit', async () => {
    expect(await isGreen(project)).toBe(true);
  });

  it('is not copied over anything', async () => {
    await expect(copySample(folder, { resourcesDir, git })).rejects.toThrow(
      `Could not copy the sample project: ${project} exists already. Name another folder, or remove it first.`,
    );
  });

  it('keeps a configured identity', async () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'gitconfig'), '[user]\n\tname = Ada\n\temail = ada@example.invalid\n');
    const withIdentity = async (args: readonly string[], cwd: string): Promise<string> =>
      (await run('git', args, { cwd, env: { ...env, GIT_CONFIG_GLOBAL: join(other, 'gitconfig') } })).stdout;
    expect(await git(['log', '--format=%an'], await copySample(other, { resourcesDir, git: withIdentity }))).toBe('Ada\n');
  });
});

describe('the rehearsal of the sample', () => {
  it('mends every todo with a test that is red before and green after, and keeps the suite green all the way', async () => {
    await checkout('main', 'sequential');
    for (const { title, mends } of sampleTodos) {
      const edits = buildEdits(title);
      await play(folder, project, edits.filter(isTest));
      expect(await isGreen(project, ...testFiles(edits)), `the test of ${title} before its fix`).toBe(false);
      await play(folder, project, edits);
      expect(await isGreen(project), `the suite after ${title}`).toBe(true);
      for (const step of mends) {
        const mend = rehearsedEntry(rehearsal, turnFacts('developer', step, title));
        await play(folder, project, mend.edits.filter(isTest));
        expect(await isGreen(project, ...testFiles(mend.edits)), `the test of ${title} before it is mended`).toBe(false);
        await play(folder, project, mend.edits);
        expect(await isGreen(project), `the suite after ${title} was mended`).toBe(true);
      }
      await commitAll(title);
    }
  });

  it('plays each turn again without another change, as after a restart', async () => {
    await checkout('main', 'again');
    for (const { title } of sampleTodos) {
      await play(folder, project, buildEdits(title));
      await commitAll(title);
      await play(folder, project, buildEdits(title));
      expect(await git(['status', '--porcelain'], project), title).toBe('');
    }
  });

  it('answers changes asked for after DONE with a green second revision of every todo', async () => {
    await checkout('sequential', 'revised');
    for (const { title } of sampleTodos) {
      await play(folder, project, rehearsedEntry(rehearsal, turnFacts('developer', 'developer_revision', title, { revision: 2 })).edits);
      expect(await git(['status', '--porcelain'], project), title).not.toBe('');
      expect(await isGreen(project), title).toBe(true);
      await commitAll(title);
    }
  });

  it.each([
    ['Know days', 'Know weeks'],
    ['Know weeks', 'Know days'],
  ])('has "%s" and "%s" conflict when both start from one base, and resolves it', async (first, second) => {
    await checkout('main', 'first');
    await play(folder, project, buildEdits(first));
    await commitAll(first);
    await checkout('main', 'second');
    await play(folder, project, buildEdits(second));
    await commitAll(second);
    await expect(git(['rebase', '--quiet', 'first'], project)).rejects.toThrow(/CONFLICT|could not apply/);
    const resolution = rehearsedEntry(rehearsal, turnFacts('developer', 'developer_revision', second)).edits;
    await play(folder, project, resolution);
    expect(await isGreen(project), 'among the conflict markers').toBe(true);
    await git(['rebase', '--abort'], project);
    await checkout('first', 'third');
    await play(folder, project, resolution);
    expect(await isGreen(project), 'on the other work').toBe(true);
    await commitAll(second);
  });

  it('conflicts nowhere else, whichever two todos run together', async () => {
    const alone: string[] = [];
    for (const [at, { title, mends }] of sampleTodos.slice(0, 6).entries()) {
      await checkout('main', `alone-${at}`);
      await play(folder, project, buildEdits(title));
      for (const step of mends) await play(folder, project, rehearsedEntry(rehearsal, turnFacts('developer', step, title)).edits);
      await commitAll(title);
      alone.push(`alone-${at}`);
    }
    const conflicts: string[] = [];
    for (const [at, left] of alone.entries()) {
      for (const right of alone.slice(at + 1)) {
        await git(['merge-tree', '--write-tree', left, right], project).catch(() => conflicts.push(`${left} ${right}`));
      }
    }
    expect(conflicts).toEqual(['alone-0 alone-1']);
  });

  it('never passes in the rehearsal with the wrong fix, which QA proves with a value each time', async () => {
    const script = await readRehearsal(join(resourcesDir, 'rehearsals/sample-wrong-fix.yaml'));
    const title = 'Carry rounded units over';
    await checkout('main', 'wrong');
    await play(folder, project, rehearsedEntry(script, turnFacts('developer', 'developer_build', title)).edits);
    for (const visit of [1, 2, 3, 4]) {
      const facts = turnFacts('qa', 'qa_validation', title, { visit });
      expect(rehearsedReport(script, facts).proposals).toMatchObject({
        workflowTransition: { outcome: 'reopen' },
        qaValidation: { decision: 'fail' },
      });
      const [argv] = rehearsedEntry(script, facts).commands;
      expect((await run(process.execPath, argv?.slice(1) ?? [], { cwd: project, env })).stdout).toBe('1h 60m\n');
      await play(folder, project, rehearsedEntry(script, turnFacts('developer', 'developer_revision', title, { visit })).edits);
    }
    await git(['checkout', '--quiet', '--force', 'main'], project);
  });
});

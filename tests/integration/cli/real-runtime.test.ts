import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shim } from '../../fixtures/built-program.js';

let folder = '';
let children: ChildProcess[] = [];

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: folder,
  MUSTER_STATE_HOME: join(folder, 'state'),
  GIT_CONFIG_GLOBAL: join(folder, 'gitconfig'),
  GIT_CONFIG_NOSYSTEM: '1',
});

function begin(
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd = folder,
): { readonly child: ChildProcess; readonly done: Promise<Run>; readonly said: () => string } {
  const child = spawn(process.execPath, [shim, ...words], {
    cwd,
    env: { ...environment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return { child, done: once(child, 'close').then(([code]) => ({ code: code as number | null, out, err })), said: () => out };
}

const muster = (...words: readonly string[]): Promise<Run> => begin(words).done;
const workspace = (): string => join(folder, 'teams_generated');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
  await writeFile(join(folder, 'gitconfig'), '[user]\n\tname = Ann Example\n\temail = ann@example.org\n');
  await writeFile(join(folder, 'package.json'), '{ "name": "p", "scripts": { "test": "node --test" } }\n');
});

afterEach(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await Promise.all(children.map((child) => (child.exitCode === null && child.signalCode === null ? once(child, 'close') : null)));
  children = [];
  await rm(folder, { recursive: true, force: true });
});

/** A runtime at work on the workspace, once it says so. */
async function working(): Promise<ReturnType<typeof begin>> {
  const run = begin(['run']);
  await expect.poll(run.said, { timeout: 20_000 }).toContain('Muster works on');
  return run;
}

describe('a workspace from the terminal', () => {
  it('is made with what was guessed about the project, and asks for trust before it runs anything', async () => {
    const made = await muster('init', '--runner', 'rehearsal', '--no-discord');
    expect(made.code).toBe(0);
    expect(made.out).toMatch(new RegExp(`^Scaffolded \\d+ workspace files at ${workspace()}\n`));
    expect(made.out).toContain('`npm test`');
    const early = await muster('sprint', 'start', '--milestone', 'M');
    expect(early).toMatchObject({ code: 1, out: '' });
    expect(early.err).toContain('This workspace is restricted until you trust what it runs');
    const look = await muster('trust');
    expect(look.code).toBe(1);
    expect(look.out).toContain('Verify   tests: npm test (at most 600 s)');
    expect(look.out).toContain('Nothing was accepted. `muster trust --yes` accepts it.');
    expect((await muster('trust', '--yes')).out).toContain('Trusted now.');
    const started = await muster('sprint', 'start', '--milestone', 'M');
    expect(started.out).toMatch(/^Sprint \S+ "M" is started\.\nAccepted; runs when Muster runs \(`muster run`\)\.\n$/);
    expect((await muster('status')).out).toContain('Muster     does not run; `muster run` starts it');
  });

  it('of a project that was named from another folder is where commands given in the project find it', async () => {
    const project = join(folder, 'my project');
    await mkdir(project);
    const made = await muster('init', '--project', 'my project', '--runner', 'rehearsal', '--no-discord');
    expect(made.out).toContain(`workspace files at ${join(project, 'teams_generated')}\nProject: ${project}\n`);
    expect(await readdir(folder)).not.toContain('teams_generated');
    expect((await begin(['trust', '--yes'], {}, project).done).out).toContain('Trusted now.');
  });

  it('keeps what is given while nothing runs, and gives it to the runtime that runs then', async () => {
    await muster('init', '--runner', 'rehearsal', '--no-discord');
    const left = await muster('backlog', 'add', 'Know weeks');
    expect(left.out).toMatch(/Accepted; runs when Muster runs/);
    const run = await working();
    const [live, board] = await Promise.all([muster('backlog', 'add', 'Know days'), muster('board', '--json')]);
    expect(live.out).toMatch(/^Added backlog-\S+ "Know days" to the backlog\.\n$/);
    expect(JSON.parse(board.out)).toMatchObject({ problems: [] });
    expect((await muster('backlog')).out).toMatch(/Know weeks\n.*Know days/);
    expect((await muster('status')).out).toContain('Muster     runs\n');
    const second = await muster('run');
    expect(second).toMatchObject({ code: 1, out: '' });
    expect(second.err).toContain(`Muster works on ${workspace()} already.`);
    run.child.kill('SIGINT');
    const ended = await run.done;
    expect(ended.code).toBe(0);
    expect(ended.out).toContain('Ann Example (cli) added');
    expect(ended.out).toMatch(/Muster stopped; what was under way goes on at the next start\.\n$/);
    expect((await muster('backlog')).out).toContain('Know days');
  });

  it('names an owner that was halted, changes nothing behind its back, and still shows what is on the disk', async () => {
    await muster('init', '--runner', 'rehearsal', '--no-discord');
    await muster('backlog', 'add', 'Know weeks');
    const run = await working();
    run.child.kill('SIGSTOP');
    const refused = await muster('backlog', 'add', 'Know days');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toBe(
      `Could not change the workspace ${workspace()}: it is open in process ${run.child.pid}, which is stopped. Let it go on with \`kill -CONT ${run.child.pid}\`, or end it.\n`,
    );
    expect((await muster('run')).err).toContain(`That process is stopped; let it go on with \`kill -CONT ${run.child.pid}\` or end it.`);
    const seen = await muster('backlog');
    expect(seen.out).toContain('Know weeks');
    expect(seen.err).toBe(`Muster is stopped in process ${run.child.pid}; this is what is on the disk.\n`);
    run.child.kill('SIGCONT');
    expect((await muster('backlog', 'add', 'Know days')).code).toBe(0);
    run.child.kill('SIGTERM');
    expect((await run.done).code).toBe(0);
  });

  it('is reached again after its owner was killed', async () => {
    await muster('init', '--runner', 'rehearsal', '--no-discord');
    const run = await working();
    run.child.kill('SIGKILL');
    await run.done;
    expect((await muster('status')).out).toContain('does not run');
    expect((await muster('backlog', 'add', 'Know weeks')).out).toMatch(/Accepted; runs when Muster runs/);
    const again = await working();
    expect((await muster('backlog')).out).toContain('Know weeks');
    again.child.kill('SIGTERM');
    await again.done;
  });

  it('takes several commands at once, each of them whole', async () => {
    await muster('init', '--runner', 'rehearsal', '--no-discord');
    const titles = ['one', 'two', 'three', 'four'];
    const runs = await Promise.all(titles.map((title) => muster('backlog', 'add', title)));
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const { out } = await muster('backlog', '--json');
    expect((JSON.parse(out) as { items: { title: string }[] }).items.map(({ title }) => title).sort()).toEqual([...titles].sort());
  });

  it('takes no command of a person from below a turn, at any depth', async () => {
    await muster('init', '--runner', 'rehearsal', '--no-discord');
    const script = `env -u MUSTER_PROCESS_TAG ${[process.execPath, shim].map((word) => `'${word}'`).join(' ')} stop-all; exit $?`;
    const shell = spawn('sh', ['-c', script], {
      cwd: folder,
      env: { ...environment(), MUSTER_PROCESS_TAG: 'turn-1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    children.push(shell);
    let said = '';
    shell.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(shell, 'close')) as [number];
    expect(said).toContain('This was asked from below a turn (MUSTER_PROCESS_TAG=turn-1)');
    expect(code).toBe(1);
  });
});

describe('looking after a workspace', () => {
  it('finds nothing wrong with a fresh one, and says what mends what is missing', async () => {
    await muster('init', '--runner', 'rehearsal', '--no-discord');
    await muster('backlog', 'add', 'Know weeks');
    const sound = await muster('doctor');
    expect(sound.out).toContain('ok     git identity   Ann Example <ann@example.org>\n');
    expect(sound.out).toMatch(/ok {5}journal +whole, \d+ records\n/);
    expect(sound.out).toMatch(/ok {5}snapshot +of record \d+; the same as the journal from its beginning\n/);
    expect(sound.out).toContain('-> Look at it and accept it with `muster trust`.');
    expect(sound).toMatchObject({ code: 0, err: '' });
    await writeFile(join(folder, 'gitconfig'), '');
    const nobody = await muster('doctor');
    expect(nobody.code).toBe(1);
    expect(nobody.out).toContain('-> `git config --global user.name "Your Name"` and `git config --global user.email you@example.org`\n');
    const settings = join(workspace(), 'team_runtime.yaml');
    await writeFile(settings, (await readFile(settings, 'utf8')).replace('  # identity:', '  identity:'));
    expect((await muster('doctor')).out).toContain(
      'ok     git identity   Your Team <team@example.org>, by git.identity in team_runtime.yaml\n',
    );
  });

  it('shows what a repair of a damaged journal would take out before it does it', async () => {
    await muster('init', '--runner', 'rehearsal', '--no-discord');
    await muster('backlog', 'add', 'one');
    const journal = join(workspace(), '.teams_runtime', 'journal');
    const segment = join(journal, (await readdir(journal)).find((name) => name.endsWith('.jsonl') || /^\d/.test(name)) ?? '');
    const whole = await readFile(segment, 'utf8');
    const lines = whole.trimEnd().split('\n');
    await writeFile(segment, `${lines[0] ?? ''}\n{"damaged": true}\n${lines.slice(1).join('\n')}\n`);
    await rm(join(workspace(), '.teams_runtime', 'snapshots'), { recursive: true, force: true });
    const board = await muster('board');
    expect(board).toMatchObject({ code: 1, out: '' });
    expect(board.err).toContain(segment);
    const look = await muster('journal', 'repair');
    expect(look.out).toMatch(
      new RegExp(`^Line 2 of ${segment} .*Nothing is deleted\\.\nDo it with \`muster journal repair --apply\`\\.\n$`, 's'),
    );
    expect(await readFile(segment, 'utf8')).toContain('damaged');
    const done = await muster('journal', 'repair', '--apply');
    expect(done.out).toMatch(/^Repaired: records 1 to 1 stay, the rest is in .*damaged-/);
    expect((await muster('journal', 'repair')).out).toBe('The journal is whole: nothing has to be repaired.\n');
    expect((await muster('board')).code).toBe(0);
  });

  it('puts a journal back that was deleted, and begins anew only where a person says so', async () => {
    await muster('init', '--runner', 'rehearsal', '--no-discord');
    await muster('backlog', 'add', 'one');
    const runtime = join(workspace(), '.teams_runtime');
    await rm(join(runtime, 'journal'), { recursive: true });
    await rm(join(runtime, 'snapshots'), { recursive: true });
    const refused = await muster('backlog', 'add', 'two');
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(
      /^This workspace has no journal, but copies of one were found in .*Run `muster journal restore` to put them back/,
    );
    expect((await muster('journal', 'restore')).out).toMatch(/^Put back: 000000000001\.jsonl, /);
    expect((await muster('backlog')).out).toContain('one');
    await rm(join(runtime, 'journal'), { recursive: true });
    await rm(join(runtime, 'snapshots'), { recursive: true });
    expect((await muster('journal', 'restore', '--forget')).out).toMatch(/^The copies are kept in .*; the workspace begins anew\.\n$/);
    expect((await muster('backlog', 'add', 'two')).code).toBe(0);
    expect((await muster('backlog')).out).not.toContain('one');
  });

  it('sets the model of a role and keeps the comments of the file', async () => {
    await muster('init', '--runner', 'rehearsal', '--no-discord');
    const file = join(workspace(), 'team_runtime.yaml');
    await appendFile(file, '# mine\n');
    const set = await muster('config', 'role', 'set', '--agent', 'qa', '--model', 'gpt-x');
    expect(set.out).toBe(`Updated ${file}\nrole=qa model=gpt-x reasoning=medium\nIt holds from the next turn on.\n`);
    expect(await readFile(file, 'utf8')).toContain('# mine');
    expect((await muster('config', 'role', 'set', '--agent', 'qa')).code).toBe(2);
    expect((await muster('config', 'role', 'set', '--agent', 'sourcer', '--model', 'x')).code).toBe(2);
  });

  it('says when there is no receipt to audit', async () => {
    await muster('init', '--runner', 'rehearsal', '--no-discord');
    expect(await muster('audit')).toMatchObject({ code: 0, out: 'There is no receipt yet.\n' });
  });
});

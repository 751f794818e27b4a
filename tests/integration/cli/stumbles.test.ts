import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliGround } from '../../fixtures/cli-ground.js';

let ground: CliGround;

beforeEach(async () => {
  ground = await CliGround.make();
});

afterEach(() => ground.dispose());

const init = (): Promise<unknown> => ground.muster('init', '--runner', 'rehearsal', '--no-discord');

describe('the doctor', () => {
  it('says what a sprint would be refused for, and the ways out: no commit yet, a detached HEAD', async () => {
    await ground.git('init', '-q');
    await init();
    const unborn = await ground.muster('doctor');
    expect(unborn.code).toBe(1);
    expect(unborn.out).toContain(`WRONG  project        A sprint is refused: The repository ${ground.folder} has no commit yet.\n`);
    expect(unborn.out).toContain('-> Make the first one with the files that belong to it: `git -C');
    await ground.git('commit', '-q', '--allow-empty', '-m', 'First commit');
    expect((await ground.muster('doctor')).out).toContain(`ok     project        ${ground.folder}, work lands on main\n`);
    await ground.git('checkout', '-q', '--detach');
    const settings = join(ground.workspace, 'team_runtime.yaml');
    await writeFile(settings, (await readFile(settings, 'utf8')).replace(/^ +target: .*\n/m, ''));
    const detached = await ground.muster('doctor');
    expect(detached.code).toBe(1);
    expect(detached.out).toContain(
      'A sprint is refused: The project has a detached HEAD, so there is no branch for the work to land on.\n',
    );
    expect(detached.out).toContain(
      '-> Check a branch out (`git switch main`), make one (`git switch -c my-branch`), or name one as git.target',
    );
  });

  it('says what is different where there is no git', async () => {
    await init();
    expect((await ground.muster('doctor')).out).toContain('is no git repository: work is done in place');
    const trust = await ground.muster('trust');
    expect(trust.out).toContain(`Project  ${ground.folder}, changed in place: it is no git repository, so nothing can be put back\n`);
    expect(trust.out).toContain(
      `Nobody has trusted the workspace ${ground.workspace} yet.\nNothing was accepted. \`muster trust --yes\` accepts it.\n`,
    );
  });
});

describe('a project that was moved away', () => {
  const moved = async (): Promise<string> => {
    const project = join(ground.folder, 'gone');
    await mkdir(project);
    await ground.muster('init', '--project', project, '--workspace-root', ground.workspace, '--runner', 'rehearsal', '--no-discord');
    await rename(project, join(ground.folder, 'elsewhere'));
    return project;
  };

  it('is named by the doctor with what mends it, beside everything else', async () => {
    const project = await moved();
    const { code, out, err } = await ground.muster('doctor');
    expect([code, err]).toEqual([1, '']);
    expect(out).toContain(
      `WRONG  project        There is no folder ${project}.\n       -> Put it back, or name the right one as \`project\` in team_runtime.yaml.\n`,
    );
    expect(out).toContain('ok     journal');
  });

  it('is named by what needs it, and among the problems', async () => {
    const says = `Could not look at the project: there is no folder ${await moved()}. Put it back, or name the right one as \`project\` in team_runtime.yaml.`;
    for (const words of [['trust'], ['run', '--until-idle'], ['request', 'Mend the sum']])
      expect(await ground.muster(...words)).toEqual({ code: 1, out: '', err: `${says}\n` });
    expect(await ground.muster('status')).toMatchObject({ code: 0, out: expect.stringContaining(says) as string });
  });
});

describe('status while nothing runs', () => {
  const trust = async (): Promise<string | undefined> => /^Trust +(.*)$/m.exec((await ground.muster('status')).out)?.[1];

  it('says whether what would run now is accepted, whatever the runtime saw last', async () => {
    const isNot = 'not given; look at what it would run with `muster trust`';
    await init();
    expect(await trust()).toBe(isNot);
    await ground.muster('trust', '--yes');
    expect(await trust()).toBe('given');
    await ground.muster('request', 'Mend the sum');
    const settings = join(ground.workspace, 'team_runtime.yaml');
    const before = await readFile(settings, 'utf8');
    await writeFile(settings, before.replace('actions: {}', 'actions: { hello: { command: [echo, hello] } }'));
    expect(await trust()).toBe(isNot);
    await ground.muster('trust', '--yes');
    expect(await trust()).toBe('given');
  });
});

describe('a command to a runtime of another version', () => {
  const asOf = async (changes: Record<string, unknown>): Promise<void> => {
    const path = join(ground.workspace, '.teams_runtime', 'owner.json');
    const owner = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    await writeFile(path, JSON.stringify({ ...owner, ...changes }));
  };

  it('says which two they are, why it cannot be asked, and how it is started again', async () => {
    await init();
    const { child } = await ground.working();
    await asOf({ version: '9.1.0', protocol: 99 });
    for (const words of [['status'], ['backlog', 'add', 'Know weeks']]) {
      const { code, out, err } = await ground.muster(...words);
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(
        new RegExp(
          `^Could not ask the runtime of ${ground.workspace}: Muster 9\\.1\\.0 works there \\(process ${child.pid}\\), this is Muster \\S+, and they do not understand each other \\(protocol 99 and 1\\)\\. End it with Ctrl-C in its terminal or \`kill ${child.pid}\`, and start it again with this Muster: \`muster run\`\\. Nothing is lost\\.\n$`,
        ),
      );
    }
    await asOf({ version: undefined, protocol: undefined });
    expect((await ground.muster('status')).err).toContain('an older Muster works there');
  });

  it('is given where only the version differs, and says so beside the answer', async () => {
    await init();
    await ground.working();
    await asOf({ version: '9.1.0' });
    const { code, out, err } = await ground.muster('status', '--json');
    expect([code, (JSON.parse(out) as { is_running: boolean }).is_running]).toEqual([0, true]);
    expect(err).toContain(`Muster 9.1.0 works on ${ground.workspace}`);
  });
});

describe('a runtime that runs', () => {
  it('logs no ordinary refusal and no wrong question as a failure', async () => {
    await init();
    const run = await ground.working();
    expect((await ground.muster('approve', 'todo-1')).code).toBe(1);
    expect((await ground.muster('show', 'nothing')).code).toBe(1);
    expect((await ground.muster('backlog', 'add', 'x'.repeat(600))).code).toBe(2);
    await ground.muster('backlog', 'add', 'Know weeks');
    run.child.kill('SIGTERM');
    const { out, err } = await run.done;
    expect(out).toContain('Know weeks');
    expect(out + err).not.toContain('A call failed');
  });

  it('is to be ended before its journal is restored', async () => {
    await init();
    const { child } = await ground.working();
    expect(await ground.muster('journal', 'restore')).toMatchObject({
      code: 1,
      err: `Could not restore the journal of ${ground.workspace}: Muster works on it in process ${child.pid}. End it first with Ctrl-C in its terminal or \`kill ${child.pid}\`, then run this again.\n`,
    });
  });
});

describe('a signal that comes in two ways', () => {
  it('is one signal: what runs ends in order', async () => {
    await init();
    const { child, done } = await ground.working();
    child.kill('SIGTERM');
    child.kill('SIGHUP');
    expect(await done).toMatchObject({ code: 0, out: expect.stringContaining('Muster stopped; what was under way') as string });
  });
});

describe('asking wrongly', () => {
  it('with an empty word ends with 2 and says which one', async () => {
    await init();
    expect(await ground.muster('dismiss', '')).toEqual({ code: 2, out: '', err: 'The problem id is empty.\n' });
  });

  it('with a title that is too long ends with 2 and says how long it may be', async () => {
    await init();
    expect(await ground.muster('backlog', 'add', 'x'.repeat(501))).toEqual({
      code: 2,
      out: '',
      err: 'The title is too long: it may have 500 characters.\n',
    });
    await ground.muster('backlog', 'add', 'y'.repeat(400));
    expect((await ground.muster('backlog')).out).toContain(`${'y'.repeat(47)}…`);
    expect((await ground.muster('backlog')).out).not.toContain('y'.repeat(48));
  });

  it('with --json leaves standard output empty and says why in one line of JSON', async () => {
    await init();
    const errorOf = async (...words: string[]) => {
      const { code, out, err } = await ground.muster(...words, '--json');
      expect(out).toBe('');
      expect(err.split('\n')).toHaveLength(2);
      return [code, JSON.parse(err)] as const;
    };
    expect(await errorOf('approve', 'todo-1')).toEqual([
      1,
      {
        error: {
          id: 'unknown-id',
          message: expect.stringContaining('There is no todo, request, backlog item or sprint todo-1.') as string,
        },
      },
    ]);
    expect(await errorOf('backlog', 'add', 'x'.repeat(501))).toEqual([
      2,
      { error: { id: 'bad-input', message: 'The title is too long: it may have 500 characters.' } },
    ]);
    expect(await errorOf('board', '--bogus')).toEqual([2, { error: { id: 'bad-input', message: "unknown option '--bogus'" } }]);
    expect(await errorOf('board', '--workspace-root', 'nowhere')).toEqual([
      1,
      { error: { message: expect.stringContaining('There is no workspace at') as string } },
    ]);
  });

  it('for a project instead of its workspace names the workspace', async () => {
    await init();
    expect(await ground.muster('board', '--workspace-root', ground.folder)).toMatchObject({
      code: 1,
      err: `There is no workspace at ${ground.folder} itself; that of this project is inside it. Use --workspace-root ${ground.workspace}.\n`,
    });
  });
});

describe.runIf(existsSync('/dev/full'))('output that cannot be written', () => {
  it('is said in a sentence, and in one line of JSON with --json', async () => {
    await init();
    const says = 'Could not print the answer: ENOSPC: no space left on device, write. What was asked for may be done all the same.';
    expect(await ground.redirected('>/dev/full', 'board')).toEqual({ code: 1, out: '', err: `${says}\n` });
    const { code, err } = await ground.redirected('>/dev/full', 'board', '--json');
    expect([code, JSON.parse(err)]).toEqual([1, { error: { message: says } }]);
  });

  it('changes no exit code where it is only told beside the answer', async () => {
    expect((await ground.redirected('2>/dev/full', 'no-such-command')).code).toBe(2);
  });
});

describe('a demo in a folder of a person', () => {
  const demo = (dir: string) => ground.muster('demo', '--headless', '--dir', dir);

  it('leaves a project alone that happens to be called as that of the sample', async () => {
    const project = join(ground.folder, 'project');
    await mkdir(project);
    await writeFile(join(project, 'mine.txt'), 'mine\n');
    expect(await demo(ground.folder)).toEqual({
      code: 1,
      out: '',
      err: `Could not make the sample: ${project} is there already and is another project. Name another folder with --dir.\n`,
    });
    expect(existsSync(join(ground.folder, 'workspace'))).toBe(false);
  });

  it('runs nothing of a workspace there that nobody has trusted', async () => {
    const workspace = join(ground.folder, 'workspace');
    await cp(join(import.meta.dirname, '../../../resources/sample'), join(ground.folder, 'project'), { recursive: true });
    await ground.muster(
      'init',
      '--workspace-root',
      workspace,
      '--project',
      join(ground.folder, 'project'),
      '--runner',
      'rehearsal',
      '--no-discord',
    );
    const asks = `Could not play the demo in ${ground.folder}: Nobody has trusted the workspace ${workspace} yet. Look at what it would run with \`muster trust --workspace-root ${workspace}\`, then run this again, or name another folder with --dir.\n`;
    expect(await demo(ground.folder)).toEqual({ code: 1, out: '', err: asks });
    expect(existsSync(join(workspace, '.teams_runtime', 'journal'))).toBe(false);
  });

  it.runIf(existsSync('/proc/self'))('ends with a sentence where the system makes no folder at all', async () => {
    expect(await demo('/proc/muster-demo')).toEqual({
      code: 1,
      out: '',
      err: "Could not make the folder /proc/muster-demo for the sample: ENOENT: no such file or directory, mkdir '/proc/muster-demo'. Name another one with --dir.\n",
    });
  });

  it('says what is in the way where it cannot be made', async () => {
    const file = join(ground.folder, 'file');
    await writeFile(file, '');
    for (const dir of [file, join(file, 'below')])
      expect(await demo(dir)).toEqual({
        code: 1,
        out: '',
        err: `Could not make the folder ${dir} for the sample: there is a file in the way. Name another one with --dir.\n`,
      });
  });
});

describe('init', () => {
  it('makes nothing in a bare repository, which has no files to work on', async () => {
    const bare = join(ground.folder, 'bare.git');
    await ground.git('init', '-q', '--bare', bare);
    expect(await ground.muster('init', '--project', bare)).toEqual({
      code: 1,
      out: '',
      err: `Could not make a workspace for ${bare}: it is a bare repository, without files to work on. Name a clone of it.\n`,
    });
    expect(existsSync(join(bare, 'teams_generated'))).toBe(false);
  });

  it('of a workspace that is there names the project that it is for, and refuses to be for another', async () => {
    const [one, two] = [join(ground.folder, 'one'), join(ground.folder, 'two')];
    await mkdir(one);
    await mkdir(two);
    const place = join(ground.folder, 'w');
    await ground.muster('init', '--project', one, '--workspace-root', place, '--no-discord');
    const other = await ground.muster('init', '--project', two, '--workspace-root', place, '--no-discord');
    expect(other).toEqual({
      code: 1,
      out: '',
      err: `Could not make a workspace for ${two}: ${place} is the workspace of ${one}. Name another folder, or leave --workspace-root out.\n`,
    });
    expect((await ground.muster('init', '--workspace-root', place)).out).toContain(`Project: ${one}\n`);
  });
});

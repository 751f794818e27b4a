import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, chmod, cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { jailPlan } from '../../scripts/jail-plan.mjs';
import { buildInputsHash, bundledEnvironment, ensureGit, ensureInstalled } from '../../scripts/set-up.mjs';
import { runInMemory } from '../../scripts/memory-folder.mjs';
import { skippedProofsLine, tallyLine, tallyOf } from '../../scripts/test-tally.mjs';
import { packageRoot } from '../../src/main/runtime/platform/package-root.js';

const checkout = path.resolve(import.meta.dirname, '..', '..');
const onUnix = test.skipIf(process.platform === 'win32');

let folder = '';
beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'muster-set-up-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(file: string, text: string): Promise<string> {
  const full = path.join(folder, file);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, text);
  return full;
}

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

function ended(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve) => {
    let code: number | null = null;
    let signal: string | null = null;
    const child = execFile(command, args, { env }, (_error, stdout, stderr) => resolve({ code, signal, stdout, stderr }));
    child.on('exit', (...how) => {
      [code, signal] = how;
    });
  });
}

describe('bin/muster.mjs', () => {
  /** A package with our bin/ and a program that does what the test needs. */
  async function packageWith(program: string | null): Promise<string> {
    await cp(path.join(checkout, 'bin'), path.join(folder, 'bin'), { recursive: true });
    await write('package.json', '{ "name": "muster", "type": "module" }');
    if (program !== null) await write('out/cli/muster.js', program);
    return path.join(folder, 'bin', 'muster.mjs');
  }

  /** Makes the Node that runs the shim look like version 20, so that the shim has to hand over. */
  async function asNode20(): Promise<readonly string[]> {
    const preload = await write(
      'node-20.cjs',
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });",
    );
    return ['--require', preload];
  }

  /** The bundled Node of the package: this one, and a mark that it was used. */
  async function bundle(): Promise<void> {
    await write('node_modules/node/package.json', '{ "name": "node" }');
    const node = await write('node_modules/node/bin/node', `#!/bin/sh\nMUSTER_TEST_BUNDLED=yes exec "${process.execPath}" "$@"\n`);
    await chmod(node, 0o755);
  }

  test('passes arguments on and ends with the exit code of the program', async () => {
    const shim = await packageWith('console.log(process.argv.slice(2).join()); process.exitCode = 7;');
    expect(await ended(process.execPath, [shim, 'board', '--json'])).toMatchObject({ code: 7, stdout: 'board,--json\n' });
  });

  onUnix('works when it is called through a link from another folder', async () => {
    const shim = await packageWith("console.log('here');");
    await mkdir(path.join(folder, 'elsewhere'));
    const link = path.join(folder, 'elsewhere', 'muster');
    await symlink(shim, link);
    expect(await ended(link, [])).toMatchObject({ code: 0, stdout: 'here\n' });
  });

  test('says what to run when nothing has been built', async () => {
    const shim = await packageWith(null);
    const { code, stderr } = await ended(process.execPath, [shim]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `Could not start muster: ${path.join(folder, 'out', 'cli', 'muster.js')} has not been built. Run \`npm run build\` in ${folder}, then try again.\n`,
    );
  });

  onUnix('hands over to the bundled Node when it was started by an older one', async () => {
    const shim = await packageWith('console.log(process.env.MUSTER_TEST_BUNDLED, process.argv.slice(2).join()); process.exitCode = 3;');
    await bundle();
    expect(await ended(process.execPath, [...(await asNode20()), shim, 'status'])).toMatchObject({ code: 3, stdout: 'yes status\n' });
  });

  test('says which Node it needs when the bundled one is not installed', async () => {
    const shim = await packageWith('');
    const { code, stderr } = await ended(process.execPath, [...(await asNode20()), shim]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      'Could not start muster: it needs Node 24, this is Node 20.20.2, and the one that belongs to Muster is not installed. ' +
        `Run \`npm ci\` in ${folder}, then try again.\n`,
    );
  });

  onUnix('forwards a signal to the program, which ends in its own way', async () => {
    const shim = await packageWith(
      "process.on('SIGTERM', () => { console.log('tidied up'); process.exit(9); }); setInterval(() => {}, 1000); console.log('ready');",
    );
    await bundle();
    const child = spawn(process.execPath, [...(await asNode20()), shim], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    const [code] = (await once(child, 'exit')) as [number | null];
    expect([said.toString(), code]).toEqual(['tidied up\n', 9]);
  });

  onUnix('ends by the signal that ended the program', async () => {
    const shim = await packageWith("process.kill(process.pid, 'SIGKILL');");
    await bundle();
    expect(await ended(process.execPath, [...(await asNode20()), shim])).toMatchObject({ code: null, signal: 'SIGKILL' });
  });
});

describe('installing', () => {
  /** An npm that notes how it was called, and installs a Node or fails. */
  async function fakeNpm(ending: 'installs' | 'fails'): Promise<NodeJS.ProcessEnv> {
    const program =
      ending === 'fails'
        ? "console.log('npm error code E404'); process.exit(1);"
        : "fs.mkdirSync('node_modules/node/bin', { recursive: true }); for (const name of ['node', 'node.exe']) fs.writeFileSync(`node_modules/node/bin/${name}`, '');";
    const npm = await write(
      'npm-cli.js',
      `const fs = require('node:fs'); fs.appendFileSync('calls.txt', process.argv[2] + '\\n'); ${program}`,
    );
    return { ...process.env, npm_execpath: npm, npm_node_execpath: process.execPath };
  }
  const calls = async () => (existsSync(path.join(folder, 'calls.txt')) ? await readFile(path.join(folder, 'calls.txt'), 'utf8') : '');
  const lockOf = (version: string) => JSON.stringify({ packages: { '': {}, 'node_modules/node': { version } } });

  const said: string[] = [];
  beforeEach(() => {
    said.length = 0;
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('happens once for one package-lock.json, and again for another', async () => {
    const env = await fakeNpm('installs');
    await write('package-lock.json', lockOf('24.0.0'));
    expect(await ensureInstalled(folder, env)).toBe(true);
    expect(await ensureInstalled(folder, env)).toBe(false);
    expect(await calls()).toBe('ci\n');
    expect(said.join('')).toMatch(/Installing dependencies \(npm ci, once; about half a minute\): done in \d+\.\d s\n$/);
    await write('package-lock.json', lockOf('24.1.0'));
    expect(await ensureInstalled(folder, env)).toBe(true);
    expect(await calls()).toBe('ci\nci\n');
  });

  test('is left out where somebody ran npm themselves with the same versions', async () => {
    const env = await fakeNpm('installs');
    await write('package-lock.json', lockOf('24.0.0'));
    await write('node_modules/.package-lock.json', lockOf('24.0.0'));
    for (const name of ['node', 'node.exe']) await write(`node_modules/node/bin/${name}`, '');
    expect(await ensureInstalled(folder, env)).toBe(false);
    await rm(path.join(folder, 'node_modules', '.muster-installed'));
    await write('node_modules/.package-lock.json', lockOf('23.0.0'));
    expect(await ensureInstalled(folder, env)).toBe(true);
  });

  test('shows the last lines of npm and the next step when it fails, and is tried again the next time', async () => {
    await write('package-lock.json', lockOf('24.0.0'));
    const env = await fakeNpm('fails');
    const sentence =
      '  npm error code E404\nCould not install the dependencies: `npm ci` ended with code 1. Its last lines are above. ' +
      'See that the npm registry can be reached, then run this again.';
    await expect(ensureInstalled(folder, env)).rejects.toThrow(sentence);
    await expect(ensureInstalled(folder, env)).rejects.toThrow(sentence);
    expect(await calls()).toBe('ci\nci\n');
  });
});

test('a machine without git is told to install it', async () => {
  await expect(ensureGit({ ...process.env, PATH: folder })).rejects.toThrow(
    'Could not find git, and Muster keeps all work in git. Install it (https://git-scm.com/downloads), then run this again.',
  );
});

test('the variables that git gives to a hook do not reach what set-up starts', () => {
  const env = bundledEnvironment(folder, { PATH: '/bin', GIT_DIR: '/x/.git', GIT_INDEX_FILE: 'index', HOME: '/h' });
  expect(env).toEqual({ PATH: `${path.join(folder, 'node_modules', 'node', 'bin')}${path.delimiter}/bin`, HOME: '/h' });
});

describe('the jail', () => {
  const linux = { platform: 'linux', works: false, isPresent: false, isRoot: true, hasAptGet: true };

  test('is installed only where set-up is root and apt-get is there', () => {
    expect(jailPlan(linux)).toEqual({ kind: 'install' });
    expect(jailPlan({ ...linux, isPresent: true, works: true })).toEqual({ kind: 'ready' });
  });

  test.each([
    [
      'nobody may install',
      { isRoot: false },
      'bubblewrap is not installed, so what agents write runs unguarded and receipts will say *ran without a jail*; mend it with: sudo apt-get install bubblewrap',
    ],
    [
      'there is no apt-get',
      { hasAptGet: false },
      "bubblewrap is not installed, so what agents write runs unguarded and receipts will say *ran without a jail*; mend it with: your system's package manager, package bubblewrap",
    ],
    [
      'namespaces are forbidden',
      { isPresent: true },
      'bubblewrap is installed but may not make namespaces here, so what agents write runs unguarded and receipts will say *ran without a jail*; mend it with: sudo sysctl kernel.unprivileged_userns_clone=1 (in a container: allow user namespaces).',
    ],
    [
      'the system is Windows',
      { platform: 'win32' },
      'There is no jail for this system (win32), so what agents write runs unguarded and receipts will say *ran without a jail*; run Muster on Linux, macOS or in WSL to have one.',
    ],
  ])('is one sentence with its effect and its mend when %s', (_when, facts, sentence) => {
    expect(jailPlan({ ...linux, ...facts })).toEqual({ kind: 'tell', sentence });
  });
});

test('the build is stale after a source is changed, added or renamed, and not after anything else', async () => {
  await write('src/a.ts', 'a');
  const first = buildInputsHash(folder);
  await write('tests/b.ts', 'b');
  expect(buildInputsHash(folder)).toBe(first);
  await write('src/deep/b.ts', 'b');
  const second = buildInputsHash(folder);
  expect(second).not.toBe(first);
  await appendFile(path.join(folder, 'src', 'a.ts'), 'more');
  expect(buildInputsHash(folder)).not.toBe(second);
});

describe('the last line of npm test', () => {
  const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };

  test('names passed and failed, and skipped only when there are any', () => {
    expect(tallyLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(tallyLine({ passed: 12, failed: 1, skipped: 2 })).toBe('12 passed, 1 failed, 2 skipped');
  });

  test('has before it why proofs were skipped where the jail is missing, and nothing where nothing was skipped for it', () => {
    const sentence = 'bubblewrap is not installed.';
    expect(skippedProofsLine({ passed: 1, failed: 0, skipped: 2 }, { hasBubblewrap: false, sentence })).toBe(
      'Proofs were skipped for want of the jail (tests/integration/lies, broken and others; each says so above): bubblewrap is not installed.',
    );
    expect(skippedProofsLine({ passed: 1, failed: 0, skipped: 2 }, { hasBubblewrap: false, sentence: null })).toContain('/usr/bin/bwrap');
    expect(skippedProofsLine({ passed: 1, failed: 0, skipped: 2 }, { hasBubblewrap: true, sentence: null })).toBe('');
    expect(skippedProofsLine({ passed: 1, failed: 0, skipped: 0 }, { hasBubblewrap: false, sentence })).toBe('');
  });

  test('counts a test file that cannot be loaded as a failure', () => {
    const unloaded = { ...report, testResults: [{ status: 'failed', assertionResults: [] }] };
    expect(tallyOf(unloaded, 1)).toEqual({ passed: 5, failed: 1, skipped: 0 });
  });

  test('never says that nothing failed when the run ended badly', () => {
    expect(tallyOf(report, 1)).toEqual({ passed: 5, failed: 1, skipped: 0 });
    expect(tallyOf(null, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(tallyOf(report, 0)).toEqual({ passed: 5, failed: 0, skipped: 0 });
  });
});

describe('temporary files of the tests', () => {
  const look = `
    const { mkdtempSync, statfsSync, writeFileSync } = require('node:fs');
    const made = mkdtempSync(require('node:path').join(require('node:os').tmpdir(), 'made-'));
    writeFileSync(process.argv[1], JSON.stringify({ made, isInMemory: statfsSync(made).type === 0x01021994 }));
    process.exit(7);
  `;
  const run = async (env: NodeJS.ProcessEnv): Promise<{ readonly made: string; readonly isInMemory: boolean }> => {
    const answer = path.join(folder, 'answer.json');
    expect(await runInMemory(process.execPath, ['-e', look, answer], { cwd: folder, env })).toEqual({ code: 7, signal: null });
    return JSON.parse(await readFile(answer, 'utf8')) as { made: string; isInMemory: boolean };
  };
  const mayMount = process.platform === 'linux' && process.getuid?.() === 0 && os.freemem() > 9 * 1024 ** 3;

  test.skipIf(!mayMount)('are in memory, which only the tests see, and which is gone with them', async () => {
    const { made, isInMemory } = await run({ PATH: process.env['PATH'] });
    expect([isInMemory, existsSync(path.dirname(made))]).toEqual([true, false]);
  });

  onUnix('go where somebody said, and to the folder of the system where no memory can be mounted', async () => {
    expect(path.dirname((await run({ PATH: process.env['PATH'], TMPDIR: folder })).made)).toBe(folder);
    const elsewhere = await run({ PATH: path.join(folder, 'no programs') });
    expect([path.dirname(elsewhere.made), existsSync(elsewhere.made)]).toEqual(['/tmp', true]);
    await rm(elsewhere.made, { recursive: true });
  });
});

describe('packageRoot', () => {
  test('is the checkout when the sources run', () => {
    expect(packageRoot()).toBe(checkout);
  });
});

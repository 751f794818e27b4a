import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { failedInstallPlan, jailPlan, lookAtJail } from './jail-plan.mjs';
import { say, withProgress } from './progress.mjs';
import { lastLines, runCaptured } from './run-captured.mjs';

/** The folder of the checkout. */
export const checkout = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Something that set-up could not do; its message is the sentence for the person. */
export class SetUpFailure extends Error {}

/** Where the Node that belongs to Muster is, installed or not. */
export function bundledNode(root = checkout) {
  return path.join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** The environment for everything that runs on the bundled Node: it is the first `node` on the path, and no hook's git variables are left. */
export function bundledEnvironment(root = checkout, env = process.env) {
  const own = { ...env, PATH: `${path.dirname(bundledNode(root))}${path.delimiter}${env.PATH ?? ''}` };
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX']) delete own[name];
  return own;
}

/** Refuses with a sentence where git is missing. */
export async function ensureGit(env = process.env) {
  const { code } = await runCaptured('git', ['--version'], { env });
  if (code !== 0) {
    throw new SetUpFailure(
      'Could not find git, and Muster keeps all work in git. Install it (https://git-scm.com/downloads), then run this again.',
    );
  }
}

/** Installs the dependencies with `npm ci` when they are absent or not those of package-lock.json. Returns whether it installed. */
export async function ensureInstalled(root = checkout, env = process.env) {
  const lock = readFileSync(path.join(root, 'package-lock.json'));
  const wanted = `${sha256(lock)} ${process.platform}-${process.arch}`;
  const stamp = path.join(root, 'node_modules', '.muster-installed');
  if (existsSync(bundledNode(root))) {
    if (readOrEmpty(stamp) === wanted) return false;
    if (isInstalledByHand(root, lock)) {
      writeFileSync(stamp, wanted);
      return false;
    }
  }
  await withProgress('Installing dependencies (npm ci, once; about half a minute)', () => install(root, env));
  writeFileSync(stamp, wanted);
  return true;
}

async function install(root, env) {
  const { command, args } = npmCommand(env);
  // Windows cannot replace the node.exe that runs this script, which `npm ci` would try.
  const verb = process.platform === 'win32' && process.execPath === bundledNode(root) ? 'install' : 'ci';
  const { code, output } = await runCaptured(command, [...args, verb, '--no-audit', '--no-fund'], {
    cwd: root,
    env,
    shell: command === 'npm.cmd',
  });
  if (code !== 0 || !existsSync(bundledNode(root))) {
    throw new SetUpFailure(
      `${lastLines(output)}\nCould not install the dependencies: \`npm ${verb}\` ended with code ${code}. ` +
        'Its last lines are above. See that the npm registry can be reached, then run this again.',
    );
  }
}

/** npm as it was started, by the Node that it was started with: the bundled one may be about to go. */
function npmCommand(env) {
  if (env.npm_execpath?.endsWith('.js')) return { command: env.npm_node_execpath ?? process.execPath, args: [env.npm_execpath] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

/** True when somebody ran npm themselves: npm's own record in node_modules has the versions of package-lock.json. */
function isInstalledByHand(root, lock) {
  const record = readOrEmpty(path.join(root, 'node_modules', '.package-lock.json'));
  if (record === '') return false;
  const installed = JSON.parse(record).packages;
  return Object.entries(JSON.parse(lock.toString()).packages).every(
    ([place, wanted]) =>
      place === '' || (installed[place] === undefined ? wanted.optional === true : installed[place].version === wanted.version),
  );
}

/**
 * Installs bubblewrap where set-up may; elsewhere says in one sentence what is missing, what that means and how to mend it.
 *
 * @returns {Promise<string | null>} That sentence; null where there is a jail.
 */
export async function ensureJail() {
  let plan = jailPlan(await lookAtJail());
  if (plan.kind === 'install') {
    const failed = await withProgress('Installing bubblewrap, the jail for what agents write', installBubblewrap);
    plan = failed === null ? jailPlan(await lookAtJail()) : failedInstallPlan(lastLines(failed, 5));
  }
  if (plan.kind !== 'tell') return null;
  say(plan.sentence);
  return plan.sentence;
}

async function installBubblewrap() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => runCaptured('apt-get', ['install', '-y', 'bubblewrap'], { env });
  let result = await install();
  if (result.code !== 0) {
    await runCaptured('apt-get', ['update'], { env });
    result = await install();
  }
  return result.code === 0 ? null : result.output;
}

const BUILD_INPUTS = [
  'src',
  'vite.config.ts',
  'vite-web.config.ts',
  'vite-preload.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.web.json',
];

/** The programs first: their build empties out/, the page's only out/web, and the preload's nothing. */
const BUILDS = [[], ['--config', 'vite-web.config.ts'], ['--config', 'vite-preload.config.ts']];

/** SHA-256 over names and bytes of everything that the build reads. */
export function buildInputsHash(root = checkout) {
  const hash = createHash('sha256');
  for (const file of BUILD_INPUTS.flatMap((input) => filesUnder(root, input))) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesUnder(root, place) {
  const full = path.join(root, place);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [place];
  return readdirSync(full)
    .sort()
    .flatMap((name) => filesUnder(root, `${place}/${name}`));
}

/** Builds into out/ when a source is newer than what is there, or always with `force`. Returns whether it built. */
export async function ensureBuilt({ root = checkout, force = false } = {}) {
  const stamp = path.join(root, 'out', '.built');
  const wanted = buildInputsHash(root);
  if (!force && readOrEmpty(stamp) === wanted) return false;
  await withProgress('Building', async () => {
    for (const args of BUILDS) await runVite(root, args);
  });
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
  return true;
}

/** Runs `vite build` on the bundled Node; throws a SetUpFailure with its output. */
export async function runVite(root, args) {
  const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const { code, output } = await runCaptured(bundledNode(root), [vite, 'build', ...args], { cwd: root, env: bundledEnvironment(root) });
  if (code !== 0)
    throw new SetUpFailure(`${lastLines(output)}\nCould not build Muster: see above. Mend what it names, then run this again.`);
}

/** Runs a script's main function: a set-up failure is printed as its sentence, with exit code 1. */
export async function runScript(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof SetUpFailure)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

function readOrEmpty(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

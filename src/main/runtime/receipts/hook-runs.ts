import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { CommitIdentity } from '../../../shared/domain/configuration.js';
import type { ReceiptHook, ReceiptHooks } from '../../../shared/domain/receipt.js';
import type { GitRepository, HooksFolder } from '../ports/git-repository.js';
import type { BlobStore } from '../ports/journal.js';
import { hashOf, sha256 } from './canonical-json.js';
import { runCommands } from './command-runs.js';
import type { CommandRun } from './command-runs.js';
import { setupKey } from './environment-hash.js';
import { changedSince, holds, noteMarks } from './hook-changes.js';
import { bringHooks, hooksHash, mayHaveHooks } from './hook-files.js';
import type { HookFile } from './hook-files.js';
import { createRunRecords } from './run-records.js';
import { areKept, createTreeRuns } from './tree-runs.js';
import type { CheckoutRequest, ReadyCheckout, TreeFailure, VerifierOptions } from './tree-runs.js';

/** A commit that is about to be made. */
export interface HooksRequest extends CheckoutRequest {
  readonly base: string;
  readonly tree: string;
  /** Short name of the branch that the commit goes to. */
  readonly branch: string;
  readonly message: string;
  readonly closeoutId: string;
  /** Who commits; default: git's own. */
  readonly identity?: CommitIdentity | null;
  /** Of each hook. */
  readonly timeoutMs: number;
  /** Where in the checkout a person accepted that hooks are; null: nowhere. */
  readonly trustedPath: string | null;
}

export type HooksResult =
  /** Also when there is no hook. */
  | { readonly kind: 'passed'; readonly hooks: ReceiptHooks }
  /** A sentence, and the end of what the hook said. */
  | { readonly kind: 'refused'; readonly reason: string }
  | TreeFailure;

/** Runs the project's own hooks before a commit. */
export interface HookRunner {
  /** Rejects only when git or the disk fails. */
  run(request: HooksRequest, signal?: AbortSignal): Promise<HooksResult>;
  /** What hooks had to do with the commit of a closeout; null when nothing. */
  passedFor(closeoutId: string): Promise<ReceiptHooks | null>;
}

/** What a hook runner works with. */
export interface HookRunnerOptions extends VerifierOptions {
  readonly git: VerifierOptions['git'] & Pick<GitRepository, 'hooksFolder' | 'stageIn'>;
}

type Judged = { readonly kind: 'passed'; readonly runs: readonly ReceiptHook[] } | Extract<HooksResult, { kind: 'refused' }>;

// What `git commit` gives to its hooks when it asks nobody.
const hookEnvironment = { GIT_INDEX_FILE: '.git/index', GIT_EDITOR: ':', GIT_PREFIX: '', GIT_TERMINAL_PROMPT: '0' };
const messageFile = '.git/COMMIT_EDITMSG';
const tailLines = 20;
const tailCharacters = 2_000;

const refused = (reason: string): Extract<Judged, { kind: 'refused' }> => ({ kind: 'refused', reason });

function trustReason(path: string, trusted: string | null): string {
  const before = trusted === null ? 'which nobody has accepted yet' : `and what was accepted is ${trusted}`;
  return `Could not commit: git hooks of the project are in ${path} (core.hooksPath), ${before}. Look at it and accept it with \`muster trust\`, then retry.`;
}

const describeRefusal = ({ name, exitCode, problem }: CommandRun, said: string): string => {
  const next = 'Mend the work or the hook, then retry; `git.hooks` in team_runtime.yaml says whether hooks run and for how long.';
  const what =
    exitCode === null
      ? `The project's git hook ${name} did not finish, so nothing was committed: ${problem}`
      : `The project's git hook ${name} refused the commit with exit code ${exitCode}.`;
  return said === '' ? `${what} ${next}` : `${what} ${next}\n${said}`;
};

async function endOf(blobs: BlobStore, { outputHash }: CommandRun): Promise<string> {
  const output = outputHash === '' ? null : await blobs.get(outputHash);
  const lines = stripVTControlCharacters(output?.toString('utf8') ?? '')
    .trim()
    .split(/\r?\n/);
  return lines.slice(-tailLines).join('\n').slice(-tailCharacters);
}

/** Files of hooks in the checkout that the work changed or removed; as with tests, a new one is fine. */
async function changedByWork(
  git: Pick<GitRepository, 'changedFiles'>,
  { base, tree }: HooksRequest,
  folder: HooksFolder,
): Promise<readonly string[]> {
  if (folder.kind === 'own') return [];
  const isHooks = (path: string): boolean => folder.path === '.' || path.startsWith(`${folder.path}/`);
  const changed = (await git.changedFiles(base, tree)).filter(({ path, change }) => change !== 'added' && isHooks(path));
  return changed.map(({ path }) => path).sort();
}

async function runOne(
  { jail, blobs }: HookRunnerOptions,
  request: HooksRequest,
  { checkout, runKey, logsDir }: ReadyCheckout,
  hook: HookFile,
  signal: AbortSignal | undefined,
): Promise<CommandRun | null> {
  const argv = hook.name === 'commit-msg' ? [hook.path, messageFile] : [hook.path];
  const place = { jail, blobs, checkout, tag: `hook-${hook.name}-${runKey}`, logsDir, retries: 0, env: hookEnvironment };
  const runs = await runCommands(place, [{ name: hook.name, argv, timeoutMs: request.timeoutMs, network: false }], signal);
  return runs?.[0] ?? null;
}

/** What is staged in a checkout, and the hooks that are asked about it. */
interface Staged {
  readonly hooks: readonly HookFile[];
  readonly message: string;
  readonly trackedFiles: readonly string[];
}

/** Runs the hooks in order until one refuses, and notes what each changed; null when stopped. */
async function runStaged(
  options: HookRunnerOptions,
  request: HooksRequest,
  ready: ReadyCheckout,
  staged: Staged,
  signal: AbortSignal | undefined,
): Promise<Judged | null> {
  const passed: ReceiptHook[] = [];
  const { checkout } = ready;
  for (const hook of staged.hooks) {
    const marks = await noteMarks(checkout, staged.trackedFiles);
    const run = await runOne(options, request, ready, hook, signal);
    if (run === null) return null;
    if (run.exitCode !== 0) return refused(describeRefusal(run, await endOf(options.blobs, run)));
    const { name, durationMs, outputHash, outputBytes, jailed } = run;
    const changedFiles = await changedSince(marks, options.git, { checkout, tree: request.tree });
    const hasChangedMessage = !(await holds(join(checkout, messageFile), staged.message));
    passed.push({ name, durationMs, outputHash, outputBytes, jailed, changedFiles, hasChangedMessage });
  }
  return { kind: 'passed', runs: passed };
}

/** Makes a hook runner. Hooks run where `verify` runs: in a clean, set-up checkout, in the jail, without network. */
export function createHookRunner(options: HookRunnerOptions): HookRunner {
  const { git, blobs } = options;
  const records = createRunRecords(options.paths.runsDir, options.writeDurably);
  const trees = createTreeRuns(options, records);
  const passedKey = (closeoutId: string): string => `hooks-of-${sha256(closeoutId)}`;

  const runIn = async (
    request: HooksRequest,
    folder: HooksFolder,
    ready: ReadyCheckout,
    signal: AbortSignal | undefined,
  ): Promise<Judged | null> => {
    const { base, tree, branch, message, closeoutId, identity = null } = request;
    const { checkout } = ready;
    const trackedFiles = await git.listFiles(tree);
    const tracked = new Set([...trackedFiles, ...(await git.listFiles(base))]);
    const staged = await git.stageIn(checkout, { base, tree, branch, message, closeoutId, identity });
    const hooks = await bringHooks(folder, checkout, (path) => tracked.has(path));
    const environment = setupKey(await trees.environmentOf(tree, request));
    const key = `hooks-${hashOf([base, tree, branch, staged, environment, folder, await hooksHash(hooks, checkout)])}`;
    const known = await records.read<readonly ReceiptHook[]>(key);
    if (known !== null && (await areKept(blobs, known))) return { kind: 'passed', runs: known };
    const judged = await runStaged(options, request, ready, { hooks, message: staged, trackedFiles }, signal);
    if (judged?.kind === 'passed') await records.write(key, judged.runs);
    return judged;
  };

  const judge = async (request: HooksRequest, folder: HooksFolder, signal: AbortSignal | undefined): Promise<Judged | TreeFailure> => {
    if (!(await mayHaveHooks(folder, await git.listFiles(request.tree)))) return { kind: 'passed', runs: [] };
    if (folder.kind === 'in-checkout' && folder.path !== request.trustedPath) return refused(trustReason(folder.path, request.trustedPath));
    const done = await trees.inCheckout(request, request.tree, 'hooks', [], signal, (ready) => runIn(request, folder, ready, signal));
    return done.kind === 'used' ? done.value : done;
  };

  const passedFor: HookRunner['passedFor'] = async (closeoutId) => {
    const known = await records.read<ReceiptHooks>(passedKey(closeoutId));
    return known !== null && known.runs.length + known.changedByWork.length > 0 ? known : null;
  };

  return {
    passedFor,
    async run(request, signal) {
      const folder = await git.hooksFolder();
      const judged = await judge(request, folder, signal);
      if (judged.kind !== 'passed') return judged;
      const hooks: ReceiptHooks = { runs: judged.runs, changedByWork: await changedByWork(git, request, folder) };
      const isTold = hooks.runs.length + hooks.changedByWork.length > 0;
      if (isTold || (await passedFor(request.closeoutId)) !== null) await records.write(passedKey(request.closeoutId), hooks);
      return { kind: 'passed', hooks };
    },
  };
}

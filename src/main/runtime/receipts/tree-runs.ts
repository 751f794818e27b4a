import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SetupAsked } from '../../../shared/domain/vocabulary.js';
import type { ChangedFile, GitRepository } from '../ports/git-repository.js';
import type { Jail } from '../ports/jail.js';
import type { BlobStore } from '../ports/journal.js';
import { sha256 } from './canonical-json.js';
import { runCommands } from './command-runs.js';
import type { CommandRun, VerifyCommandSpec } from './command-runs.js';
import { environmentHash, isManifest, lockfileHash, setupKey } from './environment-hash.js';
import type { Environment } from './environment-hash.js';
import { makePlainFolders } from './plain-folders.js';
import type { RunRecords } from './run-records.js';
import { createSetupRunner } from './setup-runner.js';
import { verifyHash } from './verify-hash.js';

/** One verification. */
export interface VerifyRequest {
  /** Unique per effect; a record with this key, the same tree and the same environment is reused after a restart. */
  readonly runKey: string;
  /** Commit or tree to prove. */
  readonly treeish: string;
  /** Commit or tree that it is compared with; null when there is none. */
  readonly base: string | null;
  readonly commands: readonly VerifyCommandSpec[];
  readonly setup: readonly (readonly string[])[];
  readonly setupTimeoutMs: number;
  /** Globs, added to the built-in ones. */
  readonly protect: readonly string[];
  readonly retries: number;
  /** true: the files of submodules are in the checkouts, too (`git.submodules`). Default false. */
  readonly submodules?: boolean;
  /**
   * Whether a person accepted the set-up of this key. Asked where the work, against `base`, changes what set-up reads, because set-up
   * has the network; left out: nobody is asked.
   */
  readonly mayRunSetup?: (key: string) => boolean;
  /** true: every result is made anew, as `muster audit --rerun` wants it. Default false. */
  readonly isFresh?: boolean;
}

/** What a verifier works with; the folders are absolute and outside of everything that a turn may write to. */
export interface VerifierOptions {
  readonly git: Pick<
    GitRepository,
    'treeOf' | 'changedFiles' | 'readFile' | 'listFiles' | 'exportTree' | 'submodulesOf' | 'exportSubmodules'
  >;
  readonly jail: Jail;
  readonly blobs: BlobStore;
  readonly paths: { readonly checkoutsDir: string; readonly setupCacheDir: string; readonly runsDir: string };
  readonly nodeVersion: string;
  /** Replaces a file as a whole, on disk when resolved. */
  readonly writeDurably: (path: string, text: string) => Promise<void>;
}

/** A tree could not be run, or was no longer to be. */
export type TreeFailure =
  | { readonly kind: 'setup-failed'; readonly reason: string; readonly log: string }
  /** `paths` sorted. */
  | SetupAsked
  | { readonly kind: 'stopped' };

/** What all commands did to one tree. */
export type TreeRun = { readonly kind: 'ran'; readonly runs: readonly CommandRun[] } | TreeFailure;

/** Files to be put over a tree. */
export type Overlay = readonly { readonly path: string; readonly bytes: Buffer }[];

/** What a set-up checkout depends on. */
export type CheckoutRequest = Pick<VerifyRequest, 'runKey' | 'setup' | 'setupTimeoutMs' | 'submodules' | 'base' | 'mayRunSetup'>;

/** A set-up checkout as its user finds it: the folder, and a name for what runs in it. */
export interface ReadyCheckout {
  readonly checkout: string;
  readonly runKey: string;
  readonly logsDir: string;
}

/** What a person is to be asked before the set-up of that key runs on the tree; null where nobody has to be. */
export async function setupQuestion(
  git: Pick<GitRepository, 'changedFiles'>,
  { base, setup, submodules, mayRunSetup }: Pick<CheckoutRequest, 'base' | 'setup' | 'submodules' | 'mayRunSetup'>,
  tree: string,
  key: string,
): Promise<SetupAsked | null> {
  if (base === null || setup.length === 0 || mayRunSetup === undefined || mayRunSetup(key)) return null;
  const changed = await git.changedFiles(base, tree);
  const isRead = ({ path, isSubmodule }: ChangedFile): boolean => isManifest(path) || (submodules === true && isSubmodule === true);
  const paths = changed.filter(isRead).map(({ path }) => path);
  return paths.length === 0 ? null : { kind: 'setup-asked', key, paths: paths.sort() };
}

/** Runs set-up and commands on a tree in a clean checkout of its own, which is removed afterwards. */
export interface TreeRuns {
  environmentOf(treeish: string, how: Pick<VerifyRequest, 'setup' | 'submodules'>): Promise<Environment>;
  /** A clean checkout of the tree, set up, for as long as `use` needs it; null of `use` means that it was stopped. */
  inCheckout<T>(
    request: CheckoutRequest,
    tree: string,
    part: string,
    overlay: Overlay,
    signal: AbortSignal | undefined,
    use: (ready: ReadyCheckout) => Promise<T | null>,
  ): Promise<{ readonly kind: 'used'; readonly value: T } | TreeFailure>;
  /** `part` tells the checkouts of one request apart. */
  runTree(request: VerifyRequest, tree: string, part: string, overlay: Overlay, signal: AbortSignal | undefined): Promise<TreeRun>;
  /** As `runTree`, or the kept result: a base's always, a result's only where it was green at the first try. */
  runShared(request: VerifyRequest, tree: string, part: 'base' | 'result', signal: AbortSignal | undefined): Promise<TreeRun>;
}

/** Whether all output that the runs name is still there. */
export async function areKept(blobs: BlobStore, runs: readonly Pick<CommandRun, 'outputHash'>[]): Promise<boolean> {
  for (const run of runs) if (run.outputHash !== '' && !(await blobs.has(run.outputHash))) return false;
  return true;
}

/** Makes the runs of a verifier; `records` keeps what trees gave. */
export function createTreeRuns(options: VerifierOptions, records: RunRecords): TreeRuns {
  const { git, jail, blobs, paths } = options;
  const logsDir = join(paths.runsDir, 'logs');
  const setups = createSetupRunner({ jail, cacheDir: paths.setupCacheDir, logsDir });

  const environmentOf: TreeRuns['environmentOf'] = async (treeish, { setup, submodules }) => {
    const there = submodules === true ? await git.submodulesOf(treeish) : [];
    return {
      nodeVersion: options.nodeVersion,
      platform: `${process.platform}-${process.arch}`,
      jail: jail.kind,
      setup,
      lockfileHash: await lockfileHash(git, treeish),
      ...(there.length > 0 ? { submodules: there } : {}),
    };
  };

  const inCheckout: TreeRuns['inCheckout'] = async (request, tree, part, overlay, signal, use) => {
    // A name that says little and holds no space keeps paths short; the key itself may be long.
    const checkout = join(paths.checkoutsDir, `${sha256(request.runKey).slice(0, 12)}-${part}`);
    const environment = await environmentOf(tree, request);
    const key = setupKey(environment);
    const ask = await setupQuestion(git, request, tree, key);
    if (ask !== null) return ask;
    try {
      await rm(checkout, { recursive: true, force: true });
      await git.exportTree(tree, checkout);
      const missing = request.submodules === true ? await git.exportSubmodules(tree, checkout) : null;
      if (missing !== null) return { kind: 'setup-failed', reason: missing, log: '' };
      for (const file of overlay) {
        await makePlainFolders(checkout, file.path, true);
        await rm(join(checkout, file.path), { recursive: true, force: true });
        await writeFile(join(checkout, file.path), file.bytes, { flag: 'wx' });
      }
      const runKey = `${sha256(request.runKey).slice(0, 16)}-${part}`;
      const trackedFiles = await git.listFiles(tree);
      // What it produces inside a submodule is not told apart from the submodule's own files.
      const keep = overlay.length === 0 && environment.submodules === undefined;
      const setup = await setups.run(
        { runKey, checkout, setup: request.setup, timeoutMs: request.setupTimeoutMs, key, trackedFiles, keep },
        signal,
      );
      if (setup.kind === 'failed') return { kind: 'setup-failed', reason: setup.reason, log: setup.log };
      if (setup.kind === 'stopped') return { kind: 'stopped' };
      const value = await use({ checkout, runKey, logsDir });
      return value === null ? { kind: 'stopped' } : { kind: 'used', value };
    } finally {
      await rm(checkout, { recursive: true, force: true });
    }
  };

  const runTree: TreeRuns['runTree'] = async (request, tree, part, overlay, signal) => {
    const { commands, retries } = request;
    const done = await inCheckout(request, tree, part, overlay, signal, (ready) =>
      runCommands({ jail, blobs, checkout: ready.checkout, tag: `verify-${ready.runKey}`, logsDir, retries }, commands, signal),
    );
    return done.kind === 'used' ? { kind: 'ran', runs: done.value } : done;
  };

  const runShared: TreeRuns['runShared'] = async (request, tree, part, signal) => {
    const key = `tree-${sha256(`${tree}:${environmentHash(await environmentOf(tree, request), verifyHash(request.commands))}`)}`;
    const known = request.isFresh === true ? null : await records.read<readonly CommandRun[]>(key);
    const isGreen = known?.every((run) => run.exitCode === 0 && run.retries === 0) === true;
    if (known !== null && (part === 'base' || isGreen) && (await areKept(blobs, known))) return { kind: 'ran', runs: known };
    const result = await runTree(request, tree, part, [], signal);
    if (result.kind === 'ran') await records.write(key, result.runs);
    return result;
  };

  return { environmentOf, inCheckout, runTree, runShared };
}

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReceiptCommand, VerificationFacts } from '../../../shared/domain/receipt.js';
import type { GitRepository } from '../ports/git-repository.js';
import type { Jail } from '../ports/jail.js';
import type { BlobStore } from '../ports/journal.js';
import { runCommands } from './command-runs.js';
import type { CommandRun, VerifyCommandSpec } from './command-runs.js';
import { sha256 } from './canonical-json.js';
import { environmentHash, lockfileHash, setupKey } from './environment-hash.js';
import type { Environment } from './environment-hash.js';
import { makePlainFolders } from './plain-folders.js';
import { findProtectedChanges } from './protected-paths.js';
import { createRunRecords } from './run-records.js';
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
  /** true: every result is made anew, as `muster audit --rerun` wants it. Default false. */
  readonly isFresh?: boolean;
}

/** What a verification found; `verified` says that it was made, not that it is green. */
export type VerifyResult =
  | ({ readonly kind: 'verified'; readonly tree: string; readonly environmentHash: string; readonly verifyHash: string; readonly isReused: boolean } & Pick<
      VerificationFacts,
      'commands' | 'protectedChanges' | 'weakenedTests'
    >)
  | { readonly kind: 'setup-failed'; readonly reason: string; readonly log: string }
  | { readonly kind: 'stopped' };

type Verified = Extract<VerifyResult, { kind: 'verified' }>;
type TreeRun = { readonly kind: 'ran'; readonly runs: readonly CommandRun[] } | Exclude<VerifyResult, Verified>;

/** Verifies trees in clean checkouts. */
export interface Verifier {
  /** Rejects only when git or the disk fails. */
  verify(request: VerifyRequest, signal?: AbortSignal): Promise<VerifyResult>;
  /** The finished result of this key for the same tree and environment, or null. */
  probe(request: VerifyRequest): Promise<VerifyResult | null>;
  /** The environment that a tree would be verified in. */
  environmentOf(treeish: string, setup: VerifyRequest['setup']): Promise<Environment>;
  /** Removes checkouts that a killed run left; only while nothing is verified. */
  sweep(): Promise<void>;
}

/** What a verifier works with; the folders are absolute and outside of everything that a turn may write to. */
export interface VerifierOptions {
  readonly git: Pick<GitRepository, 'treeOf' | 'changedFiles' | 'readFile' | 'listFiles' | 'exportTree'>;
  readonly jail: Jail;
  readonly blobs: BlobStore;
  readonly paths: { readonly checkoutsDir: string; readonly setupCacheDir: string; readonly runsDir: string };
  readonly nodeVersion: string;
  /** Replaces a file as a whole, on disk when resolved. */
  readonly writeDurably: (path: string, text: string) => Promise<void>;
}

type Overlay = readonly { readonly path: string; readonly bytes: Buffer }[];

const withoutRuns = (weakened: readonly string[]): Verified['weakenedTests'] => (weakened.length === 0 ? null : { files: weakened, redCommands: [] });

function combine(commands: readonly VerifyCommandSpec[], runs: readonly CommandRun[], baseRuns: readonly CommandRun[] | null): readonly ReceiptCommand[] {
  return runs.map((run, at) => {
    const base = baseRuns?.find((other) => other.name === run.name);
    return { ...run, argv: commands[at]?.argv ?? [], baseExitCode: base?.exitCode ?? null, baseOutputHash: base?.outputHash ?? '', baseOutputBytes: base?.outputBytes ?? 0 };
  });
}

/** Makes a verifier. */
export function createVerifier(options: VerifierOptions): Verifier {
  const { git, jail, blobs, paths } = options;
  const records = createRunRecords(paths.runsDir, options.writeDurably);
  const logsDir = join(paths.runsDir, 'logs');
  const setups = createSetupRunner({ jail, cacheDir: paths.setupCacheDir, logsDir });

  const environmentOf: Verifier['environmentOf'] = async (treeish, setup) => ({
    nodeVersion: options.nodeVersion,
    platform: `${process.platform}-${process.arch}`,
    jail: jail.kind,
    setup,
    lockfileHash: await lockfileHash(git, treeish),
  });

  const runTree = async (request: VerifyRequest, tree: string, part: string, overlay: Overlay, signal: AbortSignal | undefined): Promise<TreeRun> => {
    // A name that says little and holds no space keeps paths short; the key itself may be long.
    const checkout = join(paths.checkoutsDir, `${sha256(request.runKey).slice(0, 12)}-${part}`);
    try {
      await rm(checkout, { recursive: true, force: true });
      await git.exportTree(tree, checkout);
      for (const file of overlay) {
        await makePlainFolders(checkout, file.path, true);
        await rm(join(checkout, file.path), { recursive: true, force: true });
        await writeFile(join(checkout, file.path), file.bytes, { flag: 'wx' });
      }
      const runKey = `${sha256(request.runKey).slice(0, 16)}-${part}`;
      const [key, trackedFiles] = [setupKey(await environmentOf(tree, request.setup)), await git.listFiles(tree)];
      const setup = await setups.run({ runKey, checkout, setup: request.setup, timeoutMs: request.setupTimeoutMs, key, trackedFiles, keep: overlay.length === 0 }, signal);
      if (setup.kind === 'failed') return { kind: 'setup-failed', reason: setup.reason, log: setup.log };
      if (setup.kind === 'stopped') return { kind: 'stopped' };
      const runs = await runCommands({ jail, blobs, checkout, tag: `verify-${runKey}`, logsDir, retries: request.retries }, request.commands, signal);
      return runs === null ? { kind: 'stopped' } : { kind: 'ran', runs };
    } finally {
      await rm(checkout, { recursive: true, force: true });
    }
  };

  /** Results are shared by tree and environment: a base always, a result only where it was green at the first try. */
  const runShared = async (request: VerifyRequest, tree: string, part: 'base' | 'result', signal: AbortSignal | undefined): Promise<TreeRun> => {
    const key = `tree-${sha256(`${tree}:${environmentHash(await environmentOf(tree, request.setup), verifyHash(request.commands))}`)}`;
    const known = request.isFresh === true ? null : await records.read<readonly CommandRun[]>(key);
    const isGreen = known?.every((run) => run.exitCode === 0 && run.retries === 0) === true;
    if (known !== null && (part === 'base' || isGreen) && (await areKept(blobs, known))) return { kind: 'ran', runs: known };
    const result = await runTree(request, tree, part, [], signal);
    if (result.kind === 'ran') await records.write(key, result.runs);
    return result;
  };

  const runWeakened = async (request: VerifyRequest, tree: string, changedTests: readonly string[], runs: readonly CommandRun[], signal: AbortSignal | undefined): Promise<Verified['weakenedTests'] | Exclude<VerifyResult, Verified>> => {
    const green = request.commands.filter((command) => runs.some((run) => run.name === command.name && run.exitCode === 0));
    if (request.base === null || changedTests.length === 0 || green.length === 0) return withoutRuns(changedTests);
    const overlay: { path: string; bytes: Buffer }[] = [];
    for (const path of changedTests) {
      const bytes = await git.readFile(request.base, path);
      if (bytes !== null) overlay.push({ path, bytes });
    }
    const result = await runTree({ ...request, commands: green }, tree, 'old-tests', overlay, signal);
    if (result.kind !== 'ran') return result;
    return { files: changedTests, redCommands: result.runs.filter((run) => run.exitCode !== 0).map((run) => run.name) };
  };

  const probe = async (request: VerifyRequest): Promise<Verified | null> => {
    const known = await records.read<Verified>(`run-${request.runKey}`);
    if (known === null) return null;
    const tree = await git.treeOf(request.treeish);
    const hash = environmentHash(await environmentOf(tree, request.setup), verifyHash(request.commands));
    const isSame = known.tree === tree && known.environmentHash === hash && (await areKept(blobs, known.commands));
    return isSame ? { ...known, isReused: true } : null;
  };

  const verify = async (request: VerifyRequest, signal?: AbortSignal): Promise<VerifyResult> => {
    const known = request.isFresh === true ? null : await probe(request);
    if (known !== null) return known;
    const tree = await git.treeOf(request.treeish);
    const baseTree = request.base === null ? null : await git.treeOf(request.base);
    const changes = baseTree === null ? { protectedChanges: [], changedTests: [] } : await findProtectedChanges(git, { from: baseTree, to: tree }, request.protect);
    const result = await runShared(request, tree, 'result', signal);
    if (result.kind !== 'ran') return result;
    const base = baseTree === null ? null : await runShared(request, baseTree, 'base', signal);
    if (base?.kind === 'stopped') return base;
    const weakened = await runWeakened(request, tree, changes.changedTests, result.runs, signal);
    if (weakened !== null && 'kind' in weakened) return weakened;
    const verified: Verified = {
      kind: 'verified',
      tree,
      environmentHash: environmentHash(await environmentOf(tree, request.setup), verifyHash(request.commands)),
      verifyHash: verifyHash(request.commands),
      isReused: false,
      // A base that cannot even be set up excuses nothing, and compares with nothing.
      commands: combine(request.commands, result.runs, base?.kind === 'ran' ? base.runs : null),
      protectedChanges: changes.protectedChanges,
      weakenedTests: weakened,
    };
    await records.write(`run-${request.runKey}`, verified);
    return verified;
  };

  return { verify, probe, environmentOf, sweep: () => rm(paths.checkoutsDir, { recursive: true, force: true }) };
}

async function areKept(blobs: BlobStore, runs: readonly Pick<CommandRun, 'outputHash'>[]): Promise<boolean> {
  for (const run of runs) if (run.outputHash !== '' && !(await blobs.has(run.outputHash))) return false;
  return true;
}

import { rm } from 'node:fs/promises';
import type { ReceiptCommand, VerificationFacts } from '../../../shared/domain/receipt.js';
import { hashOf } from './canonical-json.js';
import type { CommandRun, VerifyCommandSpec } from './command-runs.js';
import { environmentHash } from './environment-hash.js';
import type { Environment } from './environment-hash.js';
import { findProtectedChanges } from './protected-paths.js';
import { createRunRecords } from './run-records.js';
import { areKept, createTreeRuns } from './tree-runs.js';
import type { TreeFailure, TreeRuns, VerifierOptions, VerifyRequest } from './tree-runs.js';
import { verifyHash } from './verify-hash.js';

/** What a verification found; `verified` says that it was made, not that it is green. */
export type VerifyResult =
  | ({
      readonly kind: 'verified';
      readonly tree: string;
      readonly environmentHash: string;
      readonly verifyHash: string;
      readonly isReused: boolean;
    } & Pick<VerificationFacts, 'commands' | 'protectedChanges' | 'weakenedTests'>)
  | TreeFailure;

type Verified = Extract<VerifyResult, { kind: 'verified' }>;

/** What is on disk: the result, and a hash of what else it depends on than tree and environment. */
interface RunRecord {
  readonly result: Verified;
  readonly comparedWith: string;
}

/** Verifies trees in clean checkouts. */
export interface Verifier {
  /** Rejects only when git or the disk fails. */
  verify(request: VerifyRequest, signal?: AbortSignal): Promise<VerifyResult>;
  /** The finished result of this key for the same tree and environment, or null. */
  probe(request: VerifyRequest): Promise<VerifyResult | null>;
  /** The environment that a tree would be verified in. */
  environmentOf(treeish: string, how: Pick<VerifyRequest, 'setup' | 'submodules'>): Promise<Environment>;
  /** Removes checkouts that a killed run left; only while nothing is verified. */
  sweep(): Promise<void>;
}

function combine(
  commands: readonly VerifyCommandSpec[],
  runs: readonly CommandRun[],
  baseRuns: readonly CommandRun[] | null,
): readonly ReceiptCommand[] {
  return runs.map((run, at) => {
    const base = baseRuns?.find((other) => other.name === run.name);
    return {
      ...run,
      argv: commands[at]?.argv ?? [],
      baseExitCode: base?.exitCode ?? null,
      baseOutputHash: base?.outputHash ?? '',
      baseOutputBytes: base?.outputBytes ?? 0,
    };
  });
}

/** Runs the green commands again with changed tests put back to their base version. */
async function runOldTests(
  parts: { readonly git: VerifierOptions['git']; readonly trees: TreeRuns },
  request: VerifyRequest,
  found: { readonly tree: string; readonly changedTests: readonly string[]; readonly runs: readonly CommandRun[] },
  signal: AbortSignal | undefined,
): Promise<Verified['weakenedTests'] | TreeFailure> {
  const { base } = request;
  const files = found.changedTests;
  if (base === null || files.length === 0) return null;
  const commands = request.commands.filter((command) => found.runs.some((run) => run.name === command.name && run.exitCode === 0));
  if (commands.length === 0) return { files, redCommands: [] };
  const overlay: { path: string; bytes: Buffer }[] = [];
  for (const path of files) {
    const bytes = await parts.git.readFile(base, path);
    if (bytes !== null) overlay.push({ path, bytes });
  }
  const result = await parts.trees.runTree({ ...request, commands }, found.tree, 'old-tests', overlay, signal);
  if (result.kind !== 'ran') return result;
  return { files, redCommands: result.runs.filter((run) => run.exitCode !== 0).map((run) => run.name) };
}

/** Makes a verifier. */
export function createVerifier(options: VerifierOptions): Verifier {
  const { git, blobs, paths } = options;
  const records = createRunRecords(paths.runsDir, options.writeDurably);
  const trees = createTreeRuns(options, records);

  const identify = async (request: VerifyRequest) => {
    const tree = await git.treeOf(request.treeish);
    const baseTree = request.base === null ? null : await git.treeOf(request.base);
    const environment = environmentHash(await trees.environmentOf(tree, request), verifyHash(request.commands));
    return { tree, baseTree, environment, comparedWith: hashOf([baseTree, request.protect]) };
  };

  const probe = async (request: VerifyRequest): Promise<Verified | null> => {
    const known = await records.read<RunRecord>(`run-${request.runKey}`);
    if (known === null) return null;
    const { tree, environment, comparedWith } = await identify(request);
    const { result } = known;
    const isSame = result.tree === tree && result.environmentHash === environment && known.comparedWith === comparedWith;
    return isSame && (await areKept(blobs, result.commands)) ? { ...result, isReused: true } : null;
  };

  const verify = async (request: VerifyRequest, signal?: AbortSignal): Promise<VerifyResult> => {
    const known = request.isFresh === true ? null : await probe(request);
    if (known !== null) return known;
    const { tree, baseTree, environment, comparedWith } = await identify(request);
    const nothing = { protectedChanges: [], changedTests: [] };
    const changes = baseTree === null ? nothing : await findProtectedChanges(git, { from: baseTree, to: tree }, request.protect);
    const run = await trees.runShared(request, tree, 'result', signal);
    if (run.kind !== 'ran') return run;
    const base = baseTree === null ? null : await trees.runShared(request, baseTree, 'base', signal);
    if (base?.kind === 'stopped') return base;
    const found = { tree, changedTests: changes.changedTests, runs: run.runs };
    const weakenedTests = await runOldTests({ git, trees }, request, found, signal);
    if (weakenedTests !== null && 'kind' in weakenedTests) return weakenedTests;
    const result: Verified = {
      kind: 'verified',
      tree,
      environmentHash: environment,
      verifyHash: verifyHash(request.commands),
      isReused: false,
      // A base that cannot even be set up excuses nothing, and compares with nothing.
      commands: combine(request.commands, run.runs, base?.kind === 'ran' ? base.runs : null),
      protectedChanges: changes.protectedChanges,
      weakenedTests,
    };
    const record: RunRecord = { result, comparedWith };
    await records.write(`run-${request.runKey}`, record);
    return result;
  };

  const sweep = (): Promise<void> => rm(paths.checkoutsDir, { recursive: true, force: true });
  return { verify, probe, environmentOf: trees.environmentOf, sweep };
}

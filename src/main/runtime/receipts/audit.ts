import { instructionFilesAmong } from '../../../shared/domain/instruction-files.js';
import { revertSentence } from '../../../shared/domain/commit-message.js';
import { judgeReceipt } from '../../../shared/domain/receipt.js';
import type { Receipt } from '../../../shared/domain/receipt.js';
import { dayOf } from '../../../shared/kernel/time.js';
import type { GitRepository } from '../ports/git-repository.js';
import type { BlobStore } from '../ports/journal.js';
import { canonicalJson, sha256 } from './canonical-json.js';
import { receiptHashOf } from './receipt-store.js';
import type { VerifyRequest } from './tree-runs.js';
import type { Verifier } from './verifier.js';
import { verifyHash } from './verify-hash.js';

/** Nothing but git and blobs: what an audit says does not depend on the journal. */
export interface AuditSources {
  readonly git: Pick<GitRepository, 'treeOf' | 'parentOf' | 'messageOf' | 'patchId' | 'diff' | 'isAncestor' | 'changedFiles'>;
  readonly blobs: BlobStore;
  /** Refs on one of which the commit must stand; default: the receipt's target. */
  readonly refs?: readonly string[];
  /** The hash of the commands as the sprint fixed them, where it is known. */
  readonly pinnedVerifyHash?: string;
  /** When outputs were removed to keep within the disk cap, by their hash. */
  readonly pruned?: ReadonlyMap<string, string>;
}

type Finding = string | null;

const short = (name: string): string => name.slice(0, 10);

function auditItself(receipt: Receipt, pinned: string | undefined): readonly Finding[] {
  const judged = judgeReceipt(receipt);
  // Without a commit there was nothing to run the commands on, so the receipt names them and lists no run of them.
  const isAsFixed = (!receipt.hasCommit && receipt.commands.length === 0) || verifyHash(receipt.commands) === receipt.verifyHash;
  return [
    receiptHashOf(receipt) === receipt.receiptHash ? null : 'The receipt was changed after it was written: its own hash does not match.',
    isAsFixed ? null : 'The commands in the receipt are not the ones whose hash it names.',
    pinned === undefined || pinned === receipt.verifyHash
      ? null
      : 'The commands are not the ones that were fixed at the start of the sprint.',
    judged.badge === receipt.badge ? null : `The badge says ${receipt.badge}, but the facts in the receipt make it ${judged.badge}.`,
    canonicalJson(judged.gaps) === canonicalJson(receipt.gaps)
      ? null
      : 'The gaps listed are not the ones that the facts in the receipt have.',
  ];
}

async function auditBlob({ blobs, pruned }: AuditSources, hash: string, what: string, bytes: number | null): Promise<Finding> {
  if (hash === '') return null;
  try {
    const content = await blobs.get(hash);
    const prunedAt = pruned?.get(hash);
    if (content === null && prunedAt !== undefined)
      return `${what} was pruned on ${dayOf(prunedAt)}, at the disk cap (${short(hash)}); nobody can look at it any more.`;
    if (content === null) return `${what} is missing from the blobs (${short(hash)}).`;
    return bytes === null || content.length === bytes ? null : `${what} has ${content.length} bytes, but the receipt says ${bytes}.`;
  } catch {
    return `${what} was changed: its bytes do not have the hash ${short(hash)}.`;
  }
}

async function auditCommit(receipt: Receipt, { git, refs }: AuditSources): Promise<readonly Finding[]> {
  const { base, commit } = receipt;
  if (!receipt.hasCommit) return [];
  const name = `Commit ${short(commit)}`;
  const tree = await git.treeOf(commit).catch(() => null);
  if (tree === null) return [`${name} does not exist in the repository.`];
  const places = refs ?? [receipt.target];
  const standing = await Promise.all(places.map((ref) => git.isAncestor(commit, ref).catch(() => false)));
  const message = (await git.messageOf(commit)).split('\n');
  const findings: Finding[] = [
    tree === receipt.tree ? null : `${name} has the tree ${short(tree)}, but ${short(receipt.tree)} was verified.`,
    standing.includes(true) ? null : `${name} is not on ${places.join(' or ')}.`,
    (await git.parentOf(commit)) === base ? null : `${name} does not stand directly on its base ${short(base)}.`,
    message.includes(`Muster-Closeout: ${receipt.closeoutId}`)
      ? null
      : `${name} does not carry the trailer Muster-Closeout: ${receipt.closeoutId}.`,
    receipt.reverts === undefined || message.includes(revertSentence(receipt.reverts))
      ? null
      : `${name} does not say that it reverts commit ${short(receipt.reverts)}.`,
  ];
  const diff = await git.diff(base, commit).catch(() => null);
  if (diff === null) return [...findings, `The base ${short(base)} does not exist in the repository.`];
  const told = receipt.instructionChanges;
  const obeyed = told === undefined ? [] : instructionFilesAmong((await git.changedFiles(base, commit)).map(({ path }) => path));
  findings.push(
    (await git.patchId(base, commit)) === receipt.patchId ? null : `${name} has another patch id than the receipt.`,
    sha256(diff) === receipt.diffHash ? null : `The diff of ${short(commit)} is not the one whose hash the receipt names.`,
    diff === '' ? `${name} changes nothing.` : null,
    canonicalJson(told ?? []) === canonicalJson(obeyed)
      ? null
      : 'The files that agents obey and that changed are not the ones in the receipt.',
  );
  return findings;
}

/** Recomputes a receipt from git and blobs alone; every difference is one sentence. An empty list means that it holds. */
export async function auditReceipt(receipt: Receipt, sources: AuditSources): Promise<readonly string[]> {
  const outputs = receipt.commands.flatMap((command) => [
    auditBlob(sources, command.outputHash, `The output of ${command.name}`, command.outputBytes),
    auditBlob(sources, command.baseOutputHash, `The output of ${command.name} on the base`, command.baseOutputBytes),
  ]);
  for (const { name, outputHash, outputBytes } of receipt.hooks?.runs ?? [])
    outputs.push(auditBlob(sources, outputHash, `The output of the git hook ${name}`, outputBytes));
  if (receipt.hasCommit) outputs.push(auditBlob(sources, receipt.diffHash, 'The diff', null));
  const findings = [
    ...auditItself(receipt, sources.pinnedVerifyHash),
    ...(await auditCommit(receipt, sources)),
    ...(await Promise.all(outputs)),
  ];
  return findings.filter((finding) => finding !== null);
}

/** Runs `verify` again on the receipt's commit, from nothing, and compares the exit codes. */
export async function rerunReceipt(
  receipt: Receipt,
  verifier: Pick<Verifier, 'verify'>,
  how: Pick<VerifyRequest, 'commands' | 'setup' | 'submodules' | 'setupTimeoutMs' | 'protect' | 'retries'>,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const again = await verifier.verify(
    { ...how, runKey: `audit-${receipt.receiptHash.slice(0, 16)}`, treeish: receipt.commit, base: receipt.base, isFresh: true },
    signal,
  );
  if (again.kind === 'stopped') return ['The run was stopped before its end.'];
  if (again.kind === 'setup-failed') return [again.reason];
  if (again.kind === 'setup-asked') return ['The setup was not run: nobody accepted it.'];
  const say = (exitCode: number | null): string => (exitCode === null ? 'could not finish' : `exit code ${exitCode}`);
  const findings = receipt.commands.flatMap((before) => {
    const now = again.commands.find((command) => command.name === before.name);
    if (now === undefined) return [`${before.name} is no longer among the commands.`];
    return now.exitCode === before.exitCode
      ? []
      : [`${before.name} now says ${say(now.exitCode)}, but the receipt says ${say(before.exitCode)}.`];
  });
  if (canonicalJson(again.protectedChanges) !== canonicalJson(receipt.protectedChanges))
    findings.push('The protected files that changed are not the ones in the receipt.');
  if (canonicalJson(again.weakenedTests) !== canonicalJson(receipt.weakenedTests))
    findings.push('The changed tests do not fare as the receipt says.');
  if (again.environmentHash !== receipt.environmentHash)
    findings.push('It ran in another environment (Node, platform, jail, set-up or lockfiles) than the receipt.');
  return findings;
}

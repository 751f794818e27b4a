import { homedir } from 'node:os';
import { join } from 'node:path';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { shortBranchName } from '../../shared/domain/branch-name.js';
import { isLanded } from '../../shared/domain/board.js';
import type { Receipt } from '../../shared/domain/receipt.js';
import { isGreen } from '../../shared/domain/receipt.js';
import type { Revision, SprintTerms, State, Todo } from '../../shared/domain/state.js';
import { upcastEvent } from '../../shared/domain/upcast.js';
import { openGitRepository } from './git/git-repository-adapter.js';
import { createJail } from './jail/create-jail.js';
import type { CommandEntry } from './journal-entry.js';
import { commandRecord } from './journal-entry.js';
import { loadState, snapshotsOf } from './load-state.js';
import { findProgram } from './platform/find-program.js';
import { nodeProgram } from './platform/node-program.js';
import { createProcessGuardian } from './platform/process-guardian.js';
import type { Clock } from './ports/clock.js';
import type { GitRepository } from './ports/git-repository.js';
import { auditReceipt, rerunReceipt } from './receipts/audit.js';
import { canonicalJson, sha256 } from './receipts/canonical-json.js';
import { createVerifier } from './receipts/verifier.js';
import type { Verifier } from './receipts/verifier.js';
import { prunedPath } from './retention.js';
import { readPruned } from './retention/pruned-blobs.js';
import type { PrunedBlobs } from './retention/pruned-blobs.js';
import { FileBlobStore } from './workspace/blob-store.js';
import { loadConfiguration } from './workspace/configuration.js';
import { durableReplace } from './workspace/durable-replace.js';
import { projectRoot } from './workspace/find-workspace.js';
import { readJournal } from './workspace/journal-open.js';
import { workspaceLayout } from './workspace/layout.js';
import { workspaceState } from './workspace/state-folder.js';

/** What is audited, and how far. */
export interface AuditOptions {
  readonly workspaceDir: string;
  /** Also runs `verify` again, from nothing, on the commit of each receipt that landed; takes as long as that takes. */
  readonly rerun: boolean;
  readonly clock: Clock;
  /** Called before each receipt that is run again. */
  readonly onRerun?: (todoId: string, revision: number) => void;
  readonly signal?: AbortSignal;
}

/** One difference between what Muster says and what git, blobs and journal hold. */
export interface AuditFinding {
  /** Empty where the finding is about no todo: a commit, an archive. */
  readonly todoId: string;
  /** 0 where the finding is about no todo. */
  readonly revision: number;
  /** A sentence. */
  readonly finding: string;
}

/** What an audit found. Without findings every receipt holds. */
export interface Audit {
  readonly findings: readonly AuditFinding[];
  /** Receipts that were looked at. */
  readonly receipts: number;
  /** Receipts whose commands ran again. */
  readonly rerun: number;
  /** Commits on a target since a sprint began that no closeout made, newest first: a person's work, no finding. */
  readonly byPeople: readonly { readonly commit: string; readonly subject: string; readonly target: string }[];
}

/** What the journal says, read from its first record: the words that everything else is held against. */
interface Written {
  /** By sprint id. */
  readonly terms: Map<string, SprintTerms>;
  /** Canonical JSON of every receipt ever written. */
  readonly receipts: Set<string>;
  /** Commits that receipts name, by closeout id. */
  readonly commits: Map<string, Set<string>>;
}

interface Standing {
  readonly todo: Todo;
  readonly revision: Revision;
  readonly receipt: Receipt;
  /** The commit that the card names for it; null: none yet. */
  readonly commit: string | null;
  readonly isIntegrated: boolean;
  /** Other refs on one of which the commit stands as long as it is not integrated. */
  readonly refs: readonly string[];
}

const short = (name: string): string => name.slice(0, 10);
const general = (finding: string): AuditFinding => ({ todoId: '', revision: 0, finding });
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function readWritten(workspaceDir: string, clock: Clock): Promise<Written> {
  const written: Written = { terms: new Map(), receipts: new Set(), commits: new Map() };
  const journal = await readJournal(workspaceLayout(workspaceDir).runtime.journal, clock);
  for await (const record of journal.read(0)) {
    if (record.kind !== commandRecord.kind) continue;
    for (const event of (record.body as CommandEntry).events.map(upcastEvent)) {
      if (event.type === 'sprint-started') written.terms.set(event.sprint.sprintId, event.sprint.terms);
      if (event.type !== 'receipt-written') continue;
      const { closeoutId, commit } = event.receipt;
      written.receipts.add(canonicalJson(event.receipt));
      if (commit !== '') written.commits.set(closeoutId, (written.commits.get(closeoutId) ?? new Set()).add(commit));
    }
  }
  return written;
}

/** Todos on the board and those of ended sprints, whose detail is in archives. */
async function allTodos(workspaceDir: string, state: State, clock: Clock): Promise<{ readonly todos: Todo[]; findings: AuditFinding[] }> {
  const archives = snapshotsOf(workspaceDir, clock);
  const todos = Object.values(state.todos);
  const findings: AuditFinding[] = [];
  for (const sprint of Object.values(state.sprints).filter(({ isArchived }) => isArchived)) {
    try {
      const archive = (await archives.readArchive(sprint.sprintId)) as { readonly todos: readonly Todo[] } | null;
      if (archive) todos.push(...archive.todos);
      else findings.push(general(`The archive of sprint ${sprint.sprintId} is missing, and its receipts with it.`));
    } catch (error) {
      findings.push(general(messageOf(error)));
    }
  }
  return { todos, findings };
}

const standingOf = (todos: readonly Todo[]): Standing[] =>
  todos.flatMap((todo) => todo.revisions.flatMap((revision) => [...ownReceipt(todo, revision), ...revertReceipt(todo, revision)]));

const ownReceipt = (todo: Todo, revision: Revision): Standing[] => {
  const { receipt, commit, isIntegrated, branch } = revision;
  if (!receipt) return [];
  return [{ todo, revision, receipt, commit, isIntegrated, refs: [`refs/heads/${branch}`, `refs/muster/rebased/${receipt.closeoutId}`] }];
};

const revertReceipt = (todo: Todo, revision: Revision): Standing[] => {
  const { receipt, closeout, revertedAt } = revision.revert ?? {};
  if (!receipt || !closeout) return [];
  const isIntegrated = revertedAt !== null;
  return [{ todo, revision, receipt, commit: closeout.rebased, isIntegrated, refs: [`refs/muster/closeouts/${closeout.closeoutId}`] }];
};

/** A card that is DONE without a receipt, or with a red one, was not brought there by the rules. */
function auditCard(todo: Todo): AuditFinding[] {
  return todo.revisions.flatMap(({ number, receipt, isIntegrated, revert }) => {
    const isDone = number === todo.revision && isLanded(todo);
    const at = { todoId: todo.todoId, revision: number };
    if (revert && revert.revertedAt !== null && !(revert.receipt && isGreen(revert.receipt)))
      return [{ ...at, finding: 'It was reverted, but the revert has no green receipt.' }];
    if (receipt === null) return isDone || isIntegrated ? [{ ...at, finding: 'It is done, but there is no receipt.' }] : [];
    return isIntegrated && !isGreen(receipt) ? [{ ...at, finding: 'It is on the target, but its receipt is red.' }] : [];
  });
}

/** What a receipt is held against: itself, the journal, the blobs, git. */
async function auditStanding(
  { todo, revision, receipt, commit, isIntegrated, refs }: Standing,
  written: Written,
  sources: { readonly git: GitRepository; readonly blobs: FileBlobStore; readonly pruned: PrunedBlobs },
): Promise<AuditFinding[]> {
  const terms = written.terms.get(todo.sprintId);
  const own = await auditReceipt(receipt, {
    ...sources,
    refs: isIntegrated ? [receipt.target] : [receipt.target, ...refs],
    ...(terms ? { pinnedVerifyHash: terms.verifyHash } : {}),
  });
  const canonical = canonicalJson(receipt);
  const isKept = await sources.blobs.get(sha256(canonical)).catch(() => null);
  const findings = [
    ...own,
    written.receipts.has(canonical) ? null : 'The receipt is not the one in the journal.',
    isKept ? null : 'No blob holds the receipt as it stands: it was changed after it was written, or the blob is gone.',
    receipt.todoId === todo.todoId && receipt.revision === revision.number
      ? null
      : `The receipt is of ${receipt.todoId}, revision ${receipt.revision}.`,
    receipt === revision.receipt || receipt.reverts === revision.revert?.commit
      ? null
      : 'The receipt of the revert is about another commit than the one that the card says was undone.',
    commit === null || commit === receipt.commit
      ? null
      : `The card names commit ${short(commit)}, but the receipt is of ${short(receipt.commit)}.`,
  ];
  return findings.flatMap((finding) => (finding === null ? [] : [{ todoId: todo.todoId, revision: revision.number, finding }]));
}

/** Looks at every commit on a target since a sprint began: who made it, and does a receipt know it? */
async function auditTargets(
  git: GitRepository,
  written: Written,
): Promise<{ readonly findings: AuditFinding[]; byPeople: Map<string, Audit['byPeople'][number]> }> {
  const findings = new Map<string, AuditFinding>();
  const byPeople = new Map<string, Audit['byPeople'][number]>();
  for (const [sprintId, { kind, targetRef, baseCommit }] of written.terms) {
    if (kind !== 'repository') continue;
    const target = shortBranchName(targetRef);
    if (!(await git.isAncestor(baseCommit, targetRef).catch(() => false))) {
      const finding = `${target} does not contain ${short(baseCommit)} any more, which it stood at when sprint ${sprintId} began: its history was rewritten.`;
      findings.set(`${sprintId}:base`, general(finding));
      continue;
    }
    for (const { commit, closeoutId, subject } of await git.closeoutsSince(targetRef, baseCommit)) {
      if (closeoutId === null) byPeople.set(commit, { commit, subject, target });
      else if (!written.commits.has(closeoutId)) {
        const finding = `Commit ${short(commit)} on ${target} ("${subject}") carries the trailer Muster-Closeout: ${closeoutId}, which no receipt of this workspace knows. It was made by hand, or by another workspace.`;
        findings.set(commit, general(finding));
      } else if (!written.commits.get(closeoutId)?.has(commit)) {
        const finding = `Commit ${short(commit)} on ${target} ("${subject}") carries the trailer of ${closeoutId}, whose receipt is of another commit.`;
        findings.set(commit, general(finding));
      }
    }
  }
  return { findings: [...findings.values()], byPeople };
}

/** A verifier that shares nothing with the runtime's own: neither checkouts nor set-ups nor kept results. */
async function freshVerifier(
  options: AuditOptions,
  git: GitRepository,
): Promise<{ readonly verifier: Verifier; readonly dispose: () => Promise<void> }> {
  const { clock, workspaceDir } = options;
  const places = workspaceState(workspaceDir);
  await mkdir(places.root, { recursive: true });
  const folder = await mkdtemp(join(places.root, 'audit-'));
  await mkdir(join(folder, 'scratch'));
  const bwrapPath = await findProgram('bwrap', '/', process.env);
  const guardian = await createProcessGuardian({ ledgerDir: join(folder, 'processes'), clock, bwrapPath, nodePath: nodeProgram() });
  const jail = await createJail({
    guardian,
    bwrapPath,
    nodePath: nodeProgram(),
    path: process.env['PATH'] ?? '',
    hidden: [homedir(), workspaceDir],
    temporaryDir: join(folder, 'scratch'),
  });
  const verifier = createVerifier({
    git,
    jail,
    blobs: new FileBlobStore({ dir: join(folder, 'blobs'), clock }),
    paths: { checkoutsDir: join(folder, 'checkouts'), setupCacheDir: join(folder, 'setup-cache'), runsDir: join(folder, 'runs') },
    nodeVersion: process.version,
    writeDurably: async (path, text) => {
      await mkdir(join(path, '..'), { recursive: true });
      await durableReplace(path, text, { clock });
    },
  });
  const dispose = async (): Promise<void> => {
    await guardian.stopAll();
    await rm(folder, { recursive: true, force: true });
  };
  return { verifier, dispose };
}

/** Runs the commands of every landed receipt again and compares. */
async function rerunAll(
  options: AuditOptions,
  git: GitRepository,
  standing: readonly Standing[],
  written: Written,
): Promise<{ readonly findings: AuditFinding[]; rerun: number }> {
  const runnable = standing.filter(({ receipt }) => receipt.hasCommit && receipt.commands.length > 0);
  if (runnable.length === 0) return { findings: [], rerun: 0 };
  const findings: AuditFinding[] = [];
  const { verifier, dispose } = await freshVerifier(options, git);
  try {
    for (const { todo, revision, receipt } of runnable) {
      const terms = written.terms.get(todo.sprintId);
      if (!terms || (await git.treeOf(receipt.commit).catch(() => null)) === null) continue;
      options.onRerun?.(todo.todoId, revision.number);
      const how = {
        commands: terms.verify.map(({ name, command, timeoutSeconds, network }) => ({
          ...{ name, argv: command, timeoutMs: timeoutSeconds * 1000, network },
        })),
        setup: terms.setup,
        submodules: terms.submodules,
        setupTimeoutMs: terms.setupTimeoutSeconds * 1000,
        protect: terms.protect,
        retries: 1,
      };
      for (const finding of await rerunReceipt(receipt, verifier, how, options.signal))
        findings.push({ todoId: todo.todoId, revision: revision.number, finding });
    }
  } finally {
    await dispose();
  }
  return { findings, rerun: runnable.length };
}

/**
 * Holds every receipt of a workspace, of live and of ended sprints, against journal, blobs and git, and every commit on the targets
 * against the receipts. Takes no lock and changes nothing. Rejects with a sentence when configuration or journal cannot be read.
 */
export async function auditWorkspace(options: AuditOptions): Promise<Audit> {
  const { workspaceDir, clock } = options;
  const loaded = await loadConfiguration(workspaceDir);
  if (!loaded.ok) throw new Error(loaded.error.message);
  const written = await readWritten(workspaceDir, clock);
  const { state } = await loadState(workspaceDir, clock);
  const { todos, findings } = await allTodos(workspaceDir, state, clock);
  const standing = standingOf(todos);
  const git = openGitRepository({
    projectPath: projectRoot(workspaceDir, loaded.value.configuration.project),
    clock,
    emptyHooksDir: join(workspaceState(workspaceDir).root, 'no-hooks'),
  });
  const blobs = new FileBlobStore({ dir: workspaceLayout(workspaceDir).runtime.blobs, clock });
  findings.push(...todos.flatMap(auditCard));
  const pruned = await readPruned(prunedPath(workspaceLayout(workspaceDir)));
  for (const each of standing) findings.push(...(await auditStanding(each, written, { git, blobs, pruned })));
  const targets = await auditTargets(git, written);
  findings.push(...targets.findings);
  const again = options.rerun ? await rerunAll(options, git, standing, written) : { findings: [], rerun: 0 };
  findings.push(...again.findings);
  return { findings, receipts: standing.length, rerun: again.rerun, byPeople: [...targets.byPeople.values()] };
}

import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Receipt } from '../../../shared/domain/receipt.js';
import type { State, Todo } from '../../../shared/domain/state.js';
import { openGitRepository } from '../../runtime/git/git-repository-adapter.js';
import { createJail } from '../../runtime/jail/create-jail.js';
import { findProgram } from '../../runtime/platform/find-program.js';
import { createProcessGuardian } from '../../runtime/platform/process-guardian.js';
import type { GitRepository } from '../../runtime/ports/git-repository.js';
import { auditReceipt, rerunReceipt } from '../../runtime/receipts/audit.js';
import { createVerifier } from '../../runtime/receipts/verifier.js';
import type { Verifier } from '../../runtime/receipts/verifier.js';
import { FileBlobStore } from '../../runtime/workspace/blob-store.js';
import { durableReplace } from '../../runtime/workspace/durable-replace.js';
import { projectRoot } from '../../runtime/workspace/find-workspace.js';
import { workspaceLayout } from '../../runtime/workspace/layout.js';
import { workspaceState } from '../../runtime/workspace/state-folder.js';
import type { CommandSpec } from '../command-spec.js';
import type { Invocation } from '../invocation.js';
import { badgeText } from '../screens/show-card.js';
import { count, oneLine } from '../terminal-text.js';

interface Finding {
  readonly todoId: string;
  readonly title: string;
  readonly revision: number;
  readonly badge: Receipt['badge'];
  /** A sentence for each difference; empty: the receipt holds. */
  readonly differences: readonly string[];
}

interface Standing {
  readonly todo: Todo;
  readonly receipt: Receipt;
  readonly branch: string;
}

const standing = (state: State): Standing[] =>
  Object.values(state.todos).flatMap((todo) =>
    todo.revisions.flatMap(({ receipt, branch }) => (receipt ? [{ todo, receipt, branch }] : [])),
  );

/** Clean checkouts, caches and processes of the audit's own, so that it may run beside a working runtime. */
async function auditVerifier(
  invocation: Invocation,
  dir: string,
  git: GitRepository,
  blobs: FileBlobStore,
): Promise<{ readonly verifier: Verifier; readonly stop: () => Promise<void> }> {
  const { clock } = invocation.places;
  const root = join(workspaceState(dir).root, 'audit');
  const paths = { checkoutsDir: join(root, 'checkouts'), setupCacheDir: join(root, 'setup-cache'), runsDir: join(root, 'runs') };
  for (const folder of [...Object.values(paths), join(root, 'processes')]) await mkdir(folder, { recursive: true, mode: 0o700 });
  const bwrapPath = await findProgram('bwrap', '/', process.env);
  const guardian = await createProcessGuardian({ ledgerDir: join(root, 'processes'), clock, bwrapPath });
  const jail = await createJail({
    guardian,
    bwrapPath,
    nodePath: process.execPath,
    path: process.env['PATH'] ?? '',
    hidden: [homedir(), dir],
    temporaryDir: root,
  });
  const writeDurably = async (path: string, text: string): Promise<void> => {
    await mkdir(join(path, '..'), { recursive: true });
    await durableReplace(path, text, { clock });
  };
  return {
    verifier: createVerifier({ git, jail, blobs, paths, nodeVersion: process.version, writeDurably }),
    stop: () => guardian.stopAll(),
  };
}

async function rerun(verifier: Verifier, state: State, { todo, receipt }: Standing): Promise<readonly string[]> {
  const terms = state.sprints[todo.sprintId]?.terms;
  if (!receipt.hasCommit) return [];
  if (!terms) return ['The terms of its sprint are not in memory any more, so it was not run again.'];
  const commands = terms.verify.map(({ name, command, timeoutSeconds, network }) => ({
    name,
    argv: command as [string, ...string[]],
    timeoutMs: timeoutSeconds * 1000,
    network,
  }));
  return rerunReceipt(receipt, verifier, {
    commands,
    setup: terms.setup,
    setupTimeoutMs: terms.setupTimeoutSeconds * 1000,
    protect: terms.protect,
    retries: 1,
  });
}

async function audit(invocation: Invocation): Promise<number> {
  const dir = invocation.workspaceDir();
  const { clock, loadState } = invocation.places;
  const { state } = await loadState(dir);
  const blobs = new FileBlobStore({ dir: workspaceLayout(dir).runtime.blobs, clock });
  const projectPath = projectRoot(dir, state.configuration?.project ?? null);
  const git = openGitRepository({ projectPath, clock, emptyHooksDir: join(workspaceState(dir).root, 'no-hooks') });
  const again = invocation.options['rerun'] === true ? await auditVerifier(invocation, dir, git, blobs) : null;
  const findings: Finding[] = [];
  try {
    for (const each of standing(state)) {
      const { todo, receipt, branch } = each;
      const pinned = state.sprints[todo.sprintId]?.terms.verifyHash;
      const refs = [receipt.target, ...(branch ? [branch.startsWith('refs/') ? branch : `refs/heads/${branch}`] : [])].filter(Boolean);
      const differences = [
        ...(await auditReceipt(receipt, { git, blobs, refs, ...(pinned ? { pinnedVerifyHash: pinned } : {}) })),
        ...(again ? await rerun(again.verifier, state, each) : []),
      ];
      findings.push({ todoId: todo.todoId, title: todo.title, revision: receipt.revision, badge: receipt.badge, differences });
    }
  } finally {
    await again?.stop();
  }
  const isSound = findings.every(({ differences }) => differences.length === 0);
  invocation.show({ isSound, receipts: findings }, ({ receipts }) => auditLines(receipts));
  return isSound ? 0 : 1;
}

function auditLines(findings: readonly Finding[]): string[] {
  const broken = findings.filter(({ differences }) => differences.length > 0).length;
  return [
    ...findings.flatMap(({ todoId, title, revision, badge, differences }) => [
      `${differences.length === 0 ? 'holds ' : 'DIFFERS'} ${todoId} "${oneLine(title)}", revision ${revision}: ${badgeText(badge)}`,
      ...differences.map((difference) => `  ${oneLine(difference)}`),
    ]),
    findings.length === 0
      ? 'There is no receipt yet.'
      : `${count(findings.length, 'receipt')} recomputed from git and blobs: ${broken === 0 ? 'all hold' : `${broken} differ`}.`,
  ];
}

/** `muster audit`: recomputes every receipt from git and blobs alone. */
export const auditCommand: CommandSpec = {
  path: ['audit'],
  says: 'recompute every receipt from git and blobs, and list what differs',
  options: [{ usage: '--rerun', says: 'run the verification commands again, too' }],
  hasJson: true,
  run: audit,
};

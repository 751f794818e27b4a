import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from '../../../shared/domain/configuration.js';
import { emptyFold, foldTail, loadState, snapshotsOf } from '../../runtime/load-state.js';
import { isFolder } from '../../runtime/platform/is-folder.js';
import type { Clock } from '../../runtime/ports/clock.js';
import { loadConfiguration } from '../../runtime/workspace/configuration.js';
import { projectRoot } from '../../runtime/workspace/find-workspace.js';
import type { FoundWorkspace } from '../../runtime/workspace/find-workspace.js';
import { readJournal } from '../../runtime/workspace/journal-open.js';
import { planJournalRepair } from '../../runtime/plan-journal-repair.js';
import { workspaceLayout } from '../../runtime/workspace/layout.js';
import { workspaceState } from '../../runtime/workspace/state-folder.js';
import { readTrust } from '../../runtime/workspace/trust.js';
import { whatWouldRun } from '../../runtime/what-would-run.js';
import { livingOwner } from '../../host/attach.js';
import type { CliPlaces } from '../cli-places.js';
import type { Check } from './check.js';
import { fine, note, wrong } from './check.js';
import { diskCheck } from './disk-check.js';
import { projectCheck } from './project-checks.js';
import { hooksCheck } from './hooks-check.js';

/** What was found of a workspace, and what the other checks need of it. */
export interface WorkspaceFindings {
  readonly checks: readonly Check[];
  readonly configuration: Configuration | null;
  readonly projectDir: string | null;
}

/** Looks at the workspace without a lock: configuration, trust, owner, journal and snapshot. */
export async function workspaceChecks(found: FoundWorkspace, places: CliPlaces): Promise<WorkspaceFindings> {
  const { dir } = found;
  if (!found.isMade) {
    const none = note('workspace', `There is none at ${dir}.`, 'Make one with `muster init`, or name another with --workspace-root.');
    return { checks: [none], configuration: null, projectDir: null };
  }
  const loaded = await loadConfiguration(dir);
  const standing = [fine('workspace', dir)];
  const common = [await ownerCheck(dir), ...(await journalChecks(dir, places.clock)), await diskCheck(dir, places.clock)];
  if (!loaded.ok)
    return {
      checks: [...standing, wrong('configuration', loaded.error.message, 'Mend team_runtime.yaml.'), ...common],
      configuration: null,
      projectDir: null,
    };
  const { configuration, warnings, lookedUp } = loaded.value;
  const projectDir = projectRoot(dir, configuration.project);
  const isThere = await isFolder(projectDir).catch(() => false);
  const proof = [
    ...warnings.map(({ message }) => note('configuration', message)),
    ...lookedUp.map((says) => note('configuration', says)),
    configuration.verify.length > 0
      ? fine('verification', configuration.verify.map(({ name, command }) => `${name}: ${command.join(' ')}`).join('; '))
      : note('verification', 'No command proves the work, so no receipt will say verified.', 'Name one as `verify` in team_runtime.yaml.'),
  ];
  return {
    checks: [
      ...standing,
      fine('configuration', 'team_runtime.yaml is read'),
      await projectCheck(dir, projectDir, configuration, places),
      ...proof,
      // What it would run is not known without the project, whose git hooks are part of it.
      ...(isThere ? [await trustCheck(dir, configuration, places.clock), ...(await hooksCheck(dir, configuration, places.clock))] : []),
      ...common,
    ],
    configuration,
    projectDir: isThere ? projectDir : null,
  };
}

async function trustCheck(dir: string, configuration: Configuration, clock: Clock): Promise<Check> {
  const trust = await readTrust(workspaceState(dir), await whatWouldRun(dir, configuration, clock));
  if (trust.kind === 'trusted') return fine('trust', 'what it would run is accepted');
  return note('trust', trust.reasons.join(' '), 'Look at it and accept it with `muster trust`.');
}

async function ownerCheck(dir: string): Promise<Check> {
  const owner = await livingOwner(workspaceLayout(dir).runtime.root);
  switch (owner.kind) {
    case 'nobody':
      return fine('owner', 'nobody has it open');
    case 'running':
      return fine('owner', `open in process ${owner.owner.pid} on ${owner.owner.host}, ${owner.owner.address ?? 'which takes no calls'}`);
    case 'stopped':
      return wrong(
        'owner',
        `open in process ${owner.owner.pid}, which is stopped.`,
        `Let it go on with \`kill -CONT ${owner.owner.pid}\`, or end it.`,
      );
  }
}

async function journalChecks(dir: string, clock: Clock): Promise<Check[]> {
  try {
    const repair = await planJournalRepair(dir, clock);
    if (repair !== null) return [wrong('journal', repair.summary, 'Look at it with `muster journal repair`.')];
    const { newest, check } = await snapshotCheck(dir, clock);
    return [fine('journal', `whole, ${newest} records`), check];
  } catch (error) {
    return [wrong('journal', error instanceof Error ? error.message : String(error), 'Look at it with `muster journal repair`.')];
  }
}

/** The state from the newest snapshot and the state from the first record on must be the same. */
async function snapshotCheck(dir: string, clock: Clock): Promise<{ readonly newest: number; readonly check: Check }> {
  const { runtime } = workspaceLayout(dir);
  const { snapshot, notices } = await snapshotsOf(dir, clock).newest();
  const [quick, journal] = [await loadState(dir, clock), await readJournal(runtime.journal, clock)];
  const newest = quick.seq;
  if (snapshot === null) return { newest, check: notices[0] ? note('snapshot', notices[0].message) : fine('snapshot', 'none yet') };
  const whole = await foldTail(emptyFold(), journal);
  // A runtime at work may have added records between the two readings.
  const isComparable = whole.seq === quick.seq;
  if (!isComparable) return { newest, check: note('snapshot', 'Muster is writing now; ask again when it does not run.') };
  if (isDeepStrictEqual(asData(whole.state), asData(quick.state)))
    return { newest, check: fine('snapshot', `of record ${snapshot.seq}; the same as the journal from its beginning`) };
  return {
    newest,
    check: wrong(
      'snapshot',
      `The snapshot of record ${snapshot.seq} does not say what the journal says.`,
      `Delete ${runtime.snapshots}; it is made again.`,
    ),
  };
}

const asData = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

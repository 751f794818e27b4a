import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { IdSource } from '../../shared/kernel/ids.js';
import { roleSettings } from '../../shared/domain/configuration.js';
import type { Configuration } from '../../shared/domain/configuration.js';
import { changeRights } from '../../shared/domain/role-rights.js';
import { isSetupAccepted } from '../../shared/domain/state.js';
import type { Sprint, State, Turn } from '../../shared/domain/state.js';
import type { RuntimeCommand } from '../../shared/domain/vocabulary.js';
import { composeRunners } from './compose-runners.js';
import type { RunnerSeams } from './compose-runners.js';
import { composeHooks } from './compose-hooks.js';
import { composeActions } from './compose-actions.js';
import { createAddWorktree } from './effects/add-worktree.js';
import {
  createArchiveSprint,
  createCommit,
  createIntegrate,
  createRebase,
  createRemoveWorktree,
  createVerify,
} from './effects/closeout.js';
import type { EffectServices } from './effects/effect-services.js';
import { createGatherEvidence } from './effects/gather-evidence.js';
import { createRevert } from './effects/revert.js';
import { createRunAction } from './effects/run-action.js';
import { createRunTurn } from './effects/run-turn.js';
import { leaveLook } from './effects/turn-place.js';
import { untoldTokens } from './effects/turn-tokens.js';
import { createJail } from './jail/create-jail.js';
import { findProgram } from './platform/find-program.js';
import { nodeProgram } from './platform/node-program.js';
import { createProcessGuardian } from './platform/process-guardian.js';
import { readIfThere } from './platform/read-at-once.js';
import type { Clock } from './ports/clock.js';
import type { EffectHandlers } from './ports/effect-handler.js';
import type { GitRepository } from './ports/git-repository.js';
import type { Jail } from './ports/jail.js';
import type { BlobStore } from './ports/journal.js';
import type { ProcessGuardian } from './ports/process-guardian.js';
import type { Runner, TurnActivity } from './ports/runner.js';
import type { SecretGuard } from './ports/secret-guard.js';
import { globMatcher } from './receipts/path-globs.js';
import { setupKey } from './receipts/environment-hash.js';
import { storeReceipt } from './receipts/receipt-store.js';
import { createSetupRunner } from './receipts/setup-runner.js';
import { setupQuestion } from './receipts/tree-runs.js';
import { createVerifier } from './receipts/verifier.js';
import type { Verifier } from './receipts/verifier.js';
import { readSkills } from './roles/role-skills.js';
import { claudeLoginFile } from './runners/claude/claude-login.js';
import { codexLoginFile } from './runners/codex/codex-login.js';
import { createRunnerRegistry } from './runners/registry.js';
import { loginSecrets } from './secrets/login-secrets.js';
import { redactingBlobs, withoutSecretTexts } from './secrets/redacting-blobs.js';
import { createSecretKeeper } from './secrets/secret-keeper.js';
import { readWorkspaceEnvironment } from './workspace/dot-env.js';
import { durableReplace } from './workspace/durable-replace.js';
import { codeOf } from './workspace/file-problem.js';
import type { WorkspaceLayout } from './workspace/layout.js';
import { readRolePrompts } from './workspace/role-prompts.js';
import type { SnapshotStore } from './workspace/snapshot-store.js';
import type { WorkspaceState } from './workspace/state-folder.js';

/** What the services of one workspace are made of. */
export interface ServiceParts {
  readonly layout: WorkspaceLayout;
  readonly places: WorkspaceState;
  readonly projectDir: string;
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly blobs: BlobStore;
  readonly git: GitRepository | null;
  readonly snapshots: SnapshotStore;
  readonly state: () => State;
  readonly tell: (command: RuntimeCommand) => Promise<{ readonly ok: boolean }>;
  readonly onTurnActivity: (activity: TurnActivity) => void;
  /** Resolves when the files show everything that is in the state; after the archiving it is gone from there. */
  readonly beforeArchive: () => Promise<void>;
  /** 1: as the rehearsal says; 0: without waiting. */
  readonly rehearsalSpeed: number;
}

/** Where a test build may stand between the runtime and the outside; each gets the real thing and gives back what is used. */
export interface Seams extends RunnerSeams {
  readonly handlers?: (handlers: EffectHandlers) => EffectHandlers;
  readonly runner?: (runner: Runner) => Runner;
  readonly git?: (git: GitRepository) => GitRepository;
  readonly clock?: (clock: Clock) => Clock;
}

/** The working part of a runtime. */
export interface Services {
  readonly handlers: EffectHandlers;
  readonly guardian: ProcessGuardian;
  readonly jail: Jail;
  readonly verifier: Verifier | null;
  /** What a turn's attempts used that nobody was told of; their processes must be gone. */
  readonly untold: (turn: Turn) => Promise<Turn['tokens']>;
  /** Takes away a checkout that was made for a turn alone and that stands there still. */
  readonly leave: (turn: Turn) => Promise<void>;
}

async function documentsOf({ layout, blobs }: ServiceParts, sprint: Sprint | undefined): Promise<{ name: string; bytes: Buffer }[]> {
  const found = new Map<string, Buffer>();
  const { shared } = layout;
  const pages = [shared.planning, shared.decisionLog, shared.sharedHistory, shared.syncContract, shared.projectSchedule];
  const onDisk = [shared.backlog, shared.completedBacklog, shared.currentSprint, ...pages];
  if (sprint)
    onDisk.push(...(['kickoff', 'todo_backlog', 'iteration_log'] as const).map((name) => shared.sprintDocument(sprint.folder, name)));
  for (const [index, bytes] of (await Promise.all(onDisk.map(readIfThere))).entries())
    if (bytes) found.set(basename(onDisk[index] ?? ''), bytes);
  for (const [name, { sha256 }] of Object.entries(sprint?.documents ?? {})) {
    const bytes = await blobs.get(sha256);
    if (bytes) found.set(name, bytes);
  }
  return [...found].map(([name, bytes]) => ({ name, bytes }));
}

/** What of the workspace a role finds in its session's folder (sprint-runtime 9.2), beside the documents. */
const sessionCopies = ({ role: own, ...team }: WorkspaceLayout, role: string): readonly string[] => [
  ...[own.prompt, own.geminiPrompt, own.todo, own.history, own.journal, own.sources, own.agents, own.manifest].map((path) => path(role)),
  ...[team.communicationProtocol, team.fileContracts, team.commitPolicy, team.documents],
];

function createVerifying(
  parts: ServiceParts,
  jail: Jail,
): { readonly verifier: Verifier | null; readonly verify: EffectServices['verify']; readonly setUp: EffectServices['setUp'] } {
  const { git, places, layout, blobs, clock } = parts;
  const runsDir = join(layout.runtime.root, 'runs');
  const writeDurably = writer(clock);
  const verifier = git
    ? createVerifier({
        git,
        jail,
        blobs,
        paths: { checkoutsDir: places.checkouts, setupCacheDir: places.setupCache, runsDir },
        nodeVersion: process.version,
        writeDurably,
      })
    : null;
  const setups = createSetupRunner({ jail, cacheDir: places.setupCache, logsDir: join(runsDir, 'logs') });
  const mayRunSetup = (key: string): boolean => isSetupAccepted(parts.state(), key);
  return {
    verifier,
    verify: async ({ runKey, treeish, base, sprint: { terms } }, signal) => {
      if (!verifier) throw new Error('There is no repository to verify.');
      const commands = terms.verify.map(({ name, command, timeoutSeconds, network }) => ({
        name,
        argv: command as [string, ...string[]],
        timeoutMs: timeoutSeconds * 1000,
        network,
      }));
      return verifier.verify(
        {
          runKey,
          treeish,
          base,
          commands,
          setup: terms.setup,
          submodules: terms.submodules,
          mayRunSetup,
          setupTimeoutMs: terms.setupTimeoutSeconds * 1000,
          protect: terms.protect,
          retries: 1,
        },
        signal,
      );
    },
    setUp: async (checkout, { treeish, base }, { terms }, runKey, signal) => {
      if (!verifier || !git) return { ok: true };
      const key = setupKey(await verifier.environmentOf(treeish, terms));
      const question = await setupQuestion(git, { ...terms, base, mayRunSetup }, treeish, key);
      if (question !== null) return { ok: false, question };
      const result = await setups.run(
        {
          runKey,
          checkout,
          setup: terms.setup,
          timeoutMs: terms.setupTimeoutSeconds * 1000,
          key,
          trackedFiles: await git.listFiles(treeish),
          keep: false,
        },
        signal,
      );
      if (result.kind === 'ready') return { ok: true };
      return { ok: false, reason: result.kind === 'stopped' ? 'it was stopped.' : result.reason };
    },
  };
}

const writer =
  (clock: Clock) =>
  async (path: string, text: string): Promise<void> => {
    try {
      await durableReplace(path, text, { clock });
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      await mkdir(join(path, '..'), { recursive: true });
      await durableReplace(path, text, { clock });
    }
  };

/** Knows the secrets of `.env`, of the environment and of the CLIs' logins. */
const createSecrets = (dotEnv: string): Promise<SecretGuard> =>
  createSecretKeeper(async () => [
    ...(await readWorkspaceEnvironment(dotEnv, process.env, [])).secrets,
    ...(await loginSecrets([
      { label: 'codex login', path: codexLoginFile(process.env) },
      { label: 'claude login', path: claudeLoginFile(process.env) },
    ])),
  ]);

/** Handlers whose outcomes carry no secret into the journal, whatever they quote. */
const withoutSecretOutcomes = (handlers: EffectHandlers, secrets: SecretGuard): EffectHandlers =>
  Object.fromEntries(
    Object.entries(handlers).map(([type, handle]) => {
      const run = handle as (...given: Parameters<EffectHandlers['commit']>) => Promise<unknown>;
      return [type, async (...given: Parameters<EffectHandlers['commit']>) => withoutSecretTexts(await run(...given), secrets)];
    }),
  ) as unknown as EffectHandlers;

const pathsOf = ({ layout, places, projectDir }: ServiceParts): EffectServices['paths'] => ({
  workspace: layout.root,
  project: projectDir,
  worktrees: places.worktrees,
  scratch: places.scratch,
  turn: layout.runtime.turn,
  session: layout.role.session,
  spareSession: layout.runtime.spareSession,
});

/** Builds everything that effects need: guardian, jail, runners, verifier; ends what an earlier run left. */
export async function composeServices(parts: ServiceParts, seams: Seams): Promise<Services> {
  const { layout, places, clock, ids, snapshots } = parts;
  const secrets = await createSecrets(layout.dotEnv);
  const blobs = redactingBlobs(parts.blobs, secrets);
  for (const folder of [places.worktrees, places.checkouts, places.setupCache, layout.runtime.turns])
    await mkdir(folder, { recursive: true });
  const bwrapPath = await findProgram('bwrap', '/', process.env);
  const guardian = await createProcessGuardian({ ledgerDir: layout.runtime.processes, clock, bwrapPath, nodePath: nodeProgram() });
  await guardian.reap();
  // What is in it was an effect's that a kill ended; a repeat makes its own.
  await rm(places.scratch, { recursive: true, force: true });
  await mkdir(places.scratch);
  const jail = await createJail({
    guardian,
    bwrapPath,
    nodePath: nodeProgram(),
    path: process.env['PATH'] ?? '',
    hidden: [homedir(), layout.root],
    temporaryDir: places.scratch,
  });
  const made = await composeRunners({ ...parts, guardian, jail, bwrapPath }, seams);
  const runners = createRunnerRegistry(made.map((runner) => seams.runner?.(runner) ?? runner));
  const git = parts.git && (seams.git?.(parts.git) ?? parts.git);
  const verifying = createVerifying({ ...parts, git, blobs }, jail);
  await verifying.verifier?.sweep();
  const services: EffectServices = {
    state: parts.state,
    tell: (command) => parts.tell(withoutSecretTexts(command, secrets)),
    clock,
    ids,
    blobs,
    git,
    paths: pathsOf(parts),
    runnerFor: (role) => runners.get(roleSettings(parts.state().configuration ?? parts.configuration, role).runner),
    runnerOf: (id) => runners.get(id),
    verify: verifying.verify,
    setUp: verifying.setUp,
    ...composeHooks({
      ...{ layout, places, git, jail, blobs },
      writeDurably: writer(clock),
      configuration: () => parts.state().configuration ?? parts.configuration,
      isSetupAccepted: (key) => isSetupAccepted(parts.state(), key),
    }),
    actions: composeActions({ layout, projectDir: parts.projectDir, scratch: places.scratch }, jail, writer(clock)),
    seal: async (draft) => (await storeReceipt(blobs, draft)).receipt,
    readPrompts: (role, step) => readRolePrompts(layout.root, role, step),
    documentsOf: (sprint) => documentsOf(parts, sprint),
    skillsOf: (role) => readSkills(layout.role.skills(role)),
    sessionCopies: (role) => sessionCopies(layout, role),
    writeDurably: writer(clock),
    archive: async (name, value) => {
      await parts.beforeArchive();
      await snapshots.writeArchive(name, value);
    },
    secrets,
    rightsOf: (role) => {
      const { mayChange, mayNotChange } = changeRights(parts.state().configuration ?? parts.configuration, role);
      const [may, mayNot] = [globMatcher(mayChange), globMatcher(mayNotChange)];
      return { mayWrite: mayChange.length > 0, mayChange: (path) => may(path) && !mayNot(path) };
    },
    onTurnActivity: parts.onTurnActivity,
  };
  const handlers = withoutSecretOutcomes(createHandlers(services), secrets);
  const untold = (turn: Turn): Promise<Turn['tokens']> => untoldTokens(services, turn);
  return {
    handlers: seams.handlers?.(handlers) ?? handlers,
    guardian,
    jail,
    verifier: verifying.verifier,
    untold,
    leave: (turn) => leaveLook(services, turn),
  };
}

const createHandlers = (services: EffectServices): EffectHandlers => ({
  'add-worktree': createAddWorktree(services),
  'run-turn': createRunTurn(services),
  'gather-evidence': createGatherEvidence(services),
  commit: createCommit(services),
  rebase: createRebase(services),
  revert: createRevert(services),
  verify: createVerify(services),
  integrate: createIntegrate(services),
  'remove-worktree': createRemoveWorktree(services),
  'archive-sprint': createArchiveSprint(services),
  'run-action': createRunAction(services),
});

/** SHA-256 of a configuration's effective values. */
export const configurationHash = (configuration: Configuration): string =>
  createHash('sha256').update(JSON.stringify(configuration)).digest('hex');

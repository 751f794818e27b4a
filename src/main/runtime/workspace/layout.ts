import { join } from 'node:path';
import { internalRoles } from '../../../shared/domain/configuration.js';

/** Names of the two files that make a folder a workspace. */
export const configurationFileName = 'team_runtime.yaml';
export const discordConfigurationFileName = 'discord_agents_config.yaml';

const sprintDocuments = ['index', 'kickoff', 'milestone', 'plan', 'spec', 'todo_backlog', 'iteration_log', 'report'] as const;
export type SprintDocument = (typeof sprintDocuments)[number];

/** Where every file of a workspace is (sprint-runtime 1.3, and our own below `.teams_runtime`). All paths are absolute if the workspace is. */
export type WorkspaceLayout = ReturnType<typeof workspaceLayout>;

/** The one table of paths of the workspace at `root`. Ids are taken as they are: callers pass ids that the domain made or validated. */
export function workspaceLayout(root: string) {
  const runtime = join(root, '.teams_runtime');
  const shared = join(root, 'shared_workspace');
  const sprintFolder = (folder: string): string => join(shared, 'sprints', folder);
  return {
    root,
    configuration: join(root, configurationFileName),
    discordConfiguration: join(root, discordConfigurationFileName),
    dotEnv: join(root, '.env'),
    communicationProtocol: join(root, 'communication_protocol.md'),
    fileContracts: join(root, 'file_contracts.md'),
    commitPolicy: join(root, 'COMMIT_POLICY.md'),
    /** A person's own documents; the scaffold makes none. */
    documents: join(root, 'docs'),
    ...runtimeFiles(runtime),
    ...logFiles(join(root, 'logs')),
    ...roleFiles(root),
    shared: {
      root: shared,
      backlog: join(shared, 'backlog.md'),
      completedBacklog: join(shared, 'completed_backlog.md'),
      currentSprint: join(shared, 'current_sprint.md'),
      planning: join(shared, 'planning.md'),
      decisionLog: join(shared, 'decision_log.md'),
      sharedHistory: join(shared, 'shared_history.md'),
      syncContract: join(shared, 'sync_contract.md'),
      projectSchedule: join(shared, 'project_schedule.md'),
      attachments: join(shared, 'attachments'),
      sourcerReview: (requestId: string): string => join(shared, 'sourcer_reviews', `${requestId}.md`),
      blockedBacklogReview: (requestId: string): string => join(shared, 'blocked_backlog_reviews', `${requestId}.md`),
      sprints: join(shared, 'sprints'),
      sprintFolder,
      sprintDocument: (folder: string, document: SprintDocument): string => join(sprintFolder(folder), `${document}.md`),
      /** The file's name is percent-encoded, so that any name of an upload is one path segment. */
      sprintAttachment: (folder: string, attachmentId: string, fileName: string): string =>
        join(sprintFolder(folder), 'attachments', `${attachmentId}_${encodeURIComponent(fileName)}`),
      sprintHistoryIndex: join(shared, 'sprint_history', 'index.md'),
      sprintHistory: (sprintId: string): string => join(shared, 'sprint_history', `${sprintId}.md`),
    },
  };
}

function runtimeFiles(runtime: string) {
  const records = recordFiles(runtime);
  return {
    runtime: {
      root: runtime,
      ...records,
      journal: join(runtime, 'journal'),
      blobs: join(runtime, 'blobs'),
      snapshots: join(runtime, 'snapshots'),
      archive: join(runtime, 'archive'),
      turns: join(runtime, 'turns'),
      turn: (turnId: string): string => join(runtime, 'turns', turnId),
      /** Filled ahead for the role's next session, and renamed into its place. */
      spareSession: (role: string): string => join(runtime, 'spare_sessions', role),
      processes: join(runtime, 'processes'),
      ownerLock: join(runtime, 'owner.db'),
      ownerRecord: join(runtime, 'owner.json'),
      projectedLog: join(runtime, 'projected.log'),
      scaffoldManifest: join(runtime, 'scaffold.json'),
    },
  };
}

function recordFiles(runtime: string) {
  const relay = join(runtime, 'internal_relay');
  const agent = (role: string): string => join(runtime, 'agents', role);
  return {
    backlogItem: (backlogId: string): string => join(runtime, 'backlog', `${backlogId}.json`),
    backlog: join(runtime, 'backlog'),
    request: (requestId: string): string => join(runtime, 'requests', `${requestId}.json`),
    requests: join(runtime, 'requests'),
    sprint: (sprintId: string): string => join(runtime, 'sprints', `${sprintId}.json`),
    sprintEvents: (sprintId: string): string => join(runtime, 'sprints', `${sprintId}.events.jsonl`),
    sprints: join(runtime, 'sprints'),
    scheduler: join(runtime, 'sprint_scheduler.json'),
    discordSendLock: join(runtime, 'discord_send.lock'),
    roleSession: (role: string): string => join(runtime, 'role_sessions', `${role}.json`),
    archivedRoleSession: (sprintId: string, role: string, session: string): string =>
      join(runtime, 'archive', sprintId, role, `${session}.json`),
    operation: (operationId: string): string => join(runtime, 'operations', `${operationId}.json`),
    agent,
    servicePid: (role: string): string => join(agent(role), 'service.pid'),
    serviceLock: (role: string): string => join(agent(role), 'service.lock'),
    serviceState: (role: string): string => join(agent(role), 'service.json'),
    relayInbox: (role: string): string => join(relay, 'inbox', role),
    relayInboxFile: (role: string, relayId: string): string => join(relay, 'inbox', role, `${relayId}.json`),
    relayDeadLetter: (role: string): string => join(relay, 'dead_letter', role),
    relayArchive: (role: string): string => join(relay, 'archive', role),
    /** `suffix` is empty, `-invalid`, or a counter such as `-2`. */
    relayArchiveFile: (role: string, relayId: string, suffix = ''): string => join(relay, 'archive', role, `${relayId}${suffix}.json`),
  };
}

function logFiles(logs: string) {
  return {
    logs: {
      root: logs,
      agent: (role: string): string => join(logs, 'agents', `${role}.log`),
      /** `stamp` is `YYYYMMDDTHHMMSS`, with a counter such as `-2` where that second is taken. */
      archivedAgent: (role: string, stamp: string): string => join(logs, 'agents', 'archive', `${role}-${stamp}.log`),
      discord: (role: string): string => join(logs, 'discord', `${role}.jsonl`),
      operation: (operationId: string): string => join(logs, 'operations', `${operationId}.log`),
    },
  };
}

const isInternal = (role: string): boolean => internalRoles.some((internal) => internal === role);

function roleFiles(root: string) {
  const folder = (role: string): string => (isInternal(role) ? join(root, 'internal', role) : join(root, role));
  return {
    role: {
      folder,
      prompt: (role: string): string => join(folder(role), 'AGENTS.md'),
      geminiPrompt: (role: string): string => join(folder(role), 'GEMINI.md'),
      /** What its agents read beside the prompt; skills are below. */
      agents: (role: string): string => join(folder(role), '.agents'),
      skills: (role: string): string => join(folder(role), '.agents', 'skills'),
      stepPrompt: (role: string, step: string): string => join(folder(role), 'prompts', `${step}.md`),
      todo: (role: string): string => join(folder(role), 'todo.md'),
      history: (role: string): string => join(folder(role), 'history.md'),
      journal: (role: string): string => join(folder(role), 'journal.md'),
      sources: (role: string): string => join(folder(role), 'sources'),
      requestSnapshot: (role: string, requestId: string): string => join(folder(role), 'sources', `${requestId}.request.md`),
      /** `name` is 32 hexadecimal digits. */
      session: (role: string, name: string): string => join(folder(role), 'sessions', name),
      manifest: (role: string): string => join(folder(role), 'workspace_manifest.json'),
      closeoutReport: (slug: string): string => join(folder('planner'), 'sources', `planner-closeout-report-${slug}.closeout_report.json`),
      taskCommitPayload: (requestId: string): string =>
        join(folder('version_controller'), 'sources', `${requestId}.task.version_control.json`),
      closeoutCommitPayload: (sprintId: string): string =>
        join(folder('version_controller'), 'sources', `${sprintId}.closeout.version_control.json`),
    },
  };
}

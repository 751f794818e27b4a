import type { Operation } from '../../../../shared/domain/operation.js';
import type { BacklogItem, Request, Sprint, State, Todo } from '../../../../shared/domain/state.js';
import { currentRevision } from '../../../../shared/domain/state.js';
import { ownerOf } from '../../../../shared/domain/advance.js';

/** Fields whose own keys are names (of roles, documents, statuses), not field names. */
const namedBy: readonly string[] = ['params', 'members', 'documents', 'visits', 'tally'];

const snake = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Plain data with the field names of the records on disk; null becomes an empty string, as the reference writes it. */
export function snakeCased(value: unknown): unknown {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      snake(key),
      namedBy.includes(key) && typeof inner === 'object' && inner !== null
        ? Object.fromEntries(Object.entries(inner as object).map(([name, each]) => [name, snakeCased(each)]))
        : snakeCased(inner),
    ]),
  );
}

/** A record as it stands on disk: two spaces, a line break at the end. */
export const recordText = (record: unknown): string => `${JSON.stringify(record, null, 2)}\n`;

/** Backlog item as in sprint-runtime 4.4, and our own fields. */
export const backlogRecord = (item: BacklogItem): unknown => snakeCased({ ...item, carryOverOf: item.reworkOf });

/** Request as in sprint-runtime 4.2, and our own fields. */
export function requestRecord(request: Request): unknown {
  const { requestedBy, reports, ...rest } = request;
  const newest = reports.at(-1);
  return snakeCased({
    ...rest,
    intent: 'route',
    urgency: 'normal',
    artifacts: [...new Set(reports.flatMap((report) => report.artifacts))],
    params: {},
    nextRole: '',
    ownerRole: 'orchestrator',
    replyRoute: {
      authorId: requestedBy.id,
      authorName: requestedBy.id,
      via: requestedBy.kind === 'person' ? requestedBy.via : requestedBy.kind,
    },
    events: [
      { timestamp: request.createdAt, type: 'created', actor: requestedBy.id, summary: request.scope },
      ...reports.map((report) => ({ timestamp: report.at, type: 'role_report', actor: report.role, summary: report.summary })),
    ],
    result: newest ?? {},
  });
}

/** Run of an action as in sprint-runtime 4.11, and our own fields. */
export function operationRecord(operation: Operation): unknown {
  const { isJailed, timeoutSeconds, outputSha256, outputBytes, requestedBy, ...rest } = operation;
  return snakeCased({
    ...rest,
    pid: null,
    logFile: `logs/operations/${operation.operationId}.log`,
    requestedBy: requestedBy.id,
    jailed: isJailed,
    timeoutSeconds,
    outputSha256,
    outputBytes,
  });
}

/** Todo as in sprint-runtime 4.5, and our own fields. */
export function todoRecord(todo: Todo): unknown {
  const revision = currentRevision(todo);
  const { closeout, receipt } = revision;
  return snakeCased({
    ...todo,
    ownerRole: ownerOf(todo),
    artifacts: [...new Set(todo.reports.flatMap((report) => report.artifacts))],
    versionControlStatus: revision.commit ? 'committed' : todo.status === 'uncommitted' ? 'failed' : '',
    versionControlPaths: closeout?.paths ?? [],
    versionControlMessage: '',
    versionControlError: todo.status === 'uncommitted' ? (todo.blocker?.reason ?? '') : '',
    receiptBadge: receipt?.badge ?? '',
  });
}

const commitsOf = (todos: readonly Todo[]): string[] =>
  todos.flatMap((todo) => todo.revisions.map((revision) => revision.commit)).filter((commit): commit is string => commit !== null);

/** The fields of a sprint's record without its todos, as in sprint-runtime 4.6, and our own. */
export function sprintHead(sprint: Sprint, state: State, todos: readonly Todo[]): Record<string, unknown> {
  const { reports, activity, todoIds: _todoIds, isArchived: _isArchived, ...rest } = sprint;
  const commits = commitsOf(todos);
  return snakeCased({
    ...rest,
    sprintName: sprint.name,
    sprintDisplayName: sprint.name,
    sprintFolder: `shared_workspace/sprints/${sprint.folder}`,
    sprintFolderName: sprint.folder,
    requestedMilestoneTitle: sprint.requestedMilestone,
    kickoffBrief: sprint.brief,
    kickoffRequirements: sprint.requirements,
    kickoffRequestText: state.requests[sprint.sourceRequestId]?.body ?? '',
    kickoffSourceRequestId: sprint.sourceRequestId,
    trigger: 'manual_start',
    executionMode: 'manual',
    planningIterations: reports.map((report) => ({
      createdAt: report.at,
      phase: 'initial',
      step: report.step,
      turnId: report.turnId,
      summary: report.summary,
      insights: report.insights,
      artifacts: report.artifacts,
    })),
    recentActivity: activity.map((entry) => ({
      timestamp: entry.at,
      eventType: entry.type,
      role: entry.role,
      todoId: entry.todoId,
      summary: entry.summary,
    })),
    lastActivityAt: activity.at(-1)?.at ?? sprint.updatedAt,
    commitSha: commits.at(-1) ?? '',
    commitShas: commits,
    commitCount: commits.length,
    reportPath: `shared_workspace/sprints/${sprint.folder}/report.md`,
  }) as Record<string, unknown>;
}

/** A sprint's record with its todos in it; the text of each todo is given, so that one change does not write all of them anew. */
export function sprintRecordText(head: Record<string, unknown>, todoTexts: readonly string[]): string {
  const text = JSON.stringify({ ...head, todos: [] }, null, 2);
  const todos = todoTexts.length === 0 ? '[]' : `[\n${todoTexts.join(',\n')}\n  ]`;
  return `${text.replace(/"todos": \[\]\n\}$/, () => `"todos": ${todos}\n}`)}\n`;
}

/** A todo's record, indented as it stands in its sprint's. */
export const todoText = (todo: Todo): string => JSON.stringify(todoRecord(todo), null, 2).replace(/^/gm, '    ');

/** Session of a role as in sprint-runtime 4.8: the one that was used last. null when it has none. */
export function roleSessionRecord(role: string, state: State): unknown {
  let newest: { key: string; sessionId: string; runner: string; lastUsedAt: string } | null = null;
  for (const [key, session] of Object.entries(state.sessions)) {
    if (key.slice(key.lastIndexOf('/') + 1) !== role) continue;
    if (newest === null || session.lastUsedAt > newest.lastUsedAt) newest = { key, ...session };
  }
  if (newest === null) return null;
  const owner = newest.key.slice(0, newest.key.lastIndexOf('/'));
  const todo = state.todos[owner];
  return snakeCased({
    role,
    sprintId: todo?.sprintId ?? (state.sprints[owner] ? owner : ''),
    subjectId: owner,
    sessionId: newest.sessionId,
    runner: newest.runner,
    workspacePath: todo ? currentRevision(todo).worktreePath : '',
    lastUsedAt: newest.lastUsedAt,
  });
}

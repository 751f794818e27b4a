import type { Envelope, ReportDigest, State } from '../../../shared/domain/state.js';
import { relaySummary } from './relay-summary.js';

interface Subject {
  readonly title: string;
  readonly scope: string;
  readonly acceptanceCriteria: readonly string[];
  readonly requiredInputs: readonly string[];
  readonly reports: readonly ReportDigest[];
  readonly params: Readonly<Record<string, string>>;
}

function subjectOf(envelope: Envelope, state: State): Subject {
  const none = { acceptanceCriteria: [], requiredInputs: [] };
  const todo = state.todos[envelope.subjectId];
  if (todo) {
    const params = { sprint_id: todo.sprintId, todo_id: todo.todoId, backlog_id: todo.backlogId };
    const { title, scope, acceptanceCriteria, reports } = todo;
    return { title, scope: scope || title, acceptanceCriteria, requiredInputs: todo.blocker?.requiredInputs ?? [], reports, params };
  }
  const sprint = state.sprints[envelope.subjectId];
  if (sprint) {
    const { milestoneTitle: title, reports, sprintId } = sprint;
    return { ...none, title, scope: title, requiredInputs: sprint.requirements, reports, params: { sprint_id: sprintId } };
  }
  const request = state.requests[envelope.subjectId];
  return { ...none, title: request?.scope ?? '', scope: request?.scope ?? '', reports: request?.reports ?? [], params: {} };
}

/** The newest report from before the envelope, which led to it. */
const reportBehind = (envelope: Envelope, subject: Subject): ReportDigest | null =>
  subject.reports.findLast((report) => report.at <= envelope.createdAt) ?? null;

/** The summary of a hand-over, from the state. */
export function summaryOf(envelope: Envelope, state: State): string {
  const subject = subjectOf(envelope, state);
  const { title: subjectTitle, acceptanceCriteria, requiredInputs } = subject;
  return relaySummary({ envelope, subjectTitle, acceptanceCriteria, requiredInputs, report: reportBehind(envelope, subject) });
}

/** An envelope's file (sprint-runtime 4.9). It depends only on what was known when the envelope was made. */
export function envelopeRecord(envelope: Envelope, state: State): Record<string, unknown> {
  const subject = subjectOf(envelope, state);
  return {
    relay_id: envelope.relayId,
    transport: 'internal',
    created_at: envelope.createdAt,
    sender_role: envelope.from,
    target_role: envelope.to,
    kind: envelope.kind,
    envelope: {
      request_id: envelope.subjectId,
      intent: envelope.intent,
      urgency: 'normal',
      scope: subject.scope,
      artifacts: [...(reportBehind(envelope, subject)?.artifacts ?? [])],
      params: { _teams_kind: envelope.kind, turn_id: envelope.turnId, ...subject.params },
      body: envelope.body,
      from: envelope.from,
      to: envelope.to,
    },
  };
}

/** An archived envelope's file: as in the inbox, with the summary and when it was consumed (empty: never). */
export const archivedRecord = (envelope: Envelope, state: State): Record<string, unknown> => ({
  ...envelopeRecord(envelope, state),
  consumed_at: envelope.consumedAt ?? '',
  summary: summaryOf(envelope, state),
});

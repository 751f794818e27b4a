import type { Report } from '../report.js';
import type { ReportDigest, Turn } from '../state.js';
import type { Transition } from '../workflow.js';
import type { DecideContext } from '../vocabulary.js';

/** A report's transition as the workflow table reads it; what the report does not say is an empty string. */
export function transitionOf(report: Report): Transition {
  const said = report.proposals.workflowTransition;
  return {
    outcome: said?.outcome ?? '',
    targetPhase: said?.targetPhase ?? '',
    targetStep: said?.targetStep ?? '',
    requestedRole: said?.requestedRole ?? '',
    category: said?.reopenCategory ?? '',
    finalizePhase: said?.finalizePhase ?? false,
    reason: said?.reason || report.proposals.blockedReason || report.error || '',
  };
}

/** The part of a report that cards, prompts and documents go on needing. */
export function digestOf(report: Report, turn: Turn, reportSha256: string, notes: readonly string[], ctx: DecideContext): ReportDigest {
  const transition = transitionOf(report);
  const qa = report.proposals.qaValidation;
  return {
    turnId: turn.turnId,
    at: ctx.now,
    role: report.role,
    step: turn.step,
    revision: turn.subject.kind === 'todo' ? turn.subject.revision : 1,
    status: report.status,
    summary: report.summary,
    insights: [...report.insights],
    artifacts: [...report.artifacts],
    transition: {
      outcome: transition.outcome,
      targetStep: transition.targetStep,
      category: transition.category,
      reason: transition.reason,
      unresolved: [...(report.proposals.workflowTransition?.unresolvedItems ?? [])],
    },
    qa: qa ? { decision: qa.decision, findings: [...qa.findings] } : null,
    error: report.error,
    notes: [...report.validationNotes, ...notes],
    reportSha256,
  };
}

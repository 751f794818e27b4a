import type { Report } from '../report.js';
import type { ReportDigest, Turn } from '../state.js';
import type { Transition } from '../workflow.js';
import { fitted } from '../text-size.js';
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

/** What one event of the journal takes of an agent's words at most, bytes; larger things are blobs (rules 1: 16 KB). */
export const maxDigestBytes = 12_000;
/** What the reason and the needs of a report take, which stand beside each other in one event, bytes. */
const maxSaidBytes = 6_000;
/** What the problems of a report take, bytes. */
const maxProblemsBytes = 4_000;

/** Stands among the notes of a report whose words were cut. */
export const shortenedNote = 'The report is shortened here; the whole of it is in the turn.';

/** A report whose words are short enough for the events that carry them, with a note where any were cut; its items are not touched. */
export function shortenedReport(report: Report): Report {
  const { summary, error, proposals } = report;
  const { blockedReason, requiredInputs, revisedMilestoneTitle, workflowTransition } = proposals;
  const said = { summary, error, blockedReason, requiredInputs, revisedMilestoneTitle, workflowTransition };
  const short = fitted(said, maxSaidBytes);
  if (short === said) return report;
  const { summary: shortSummary, error: shortError, ...shortProposals } = short;
  return {
    ...report,
    summary: shortSummary,
    error: shortError,
    proposals: { ...proposals, ...shortProposals },
    validationNotes: [shortenedNote, ...report.validationNotes],
  };
}

/** What is wrong with a report as the events keep it that return it. */
export const shortenedProblems = (problems: readonly string[]): readonly string[] => fitted(problems, maxProblemsBytes);

/** The part of a report that cards, prompts and documents go on needing. */
export function digestOf(report: Report, turn: Turn, reportSha256: string, notes: readonly string[], ctx: DecideContext): ReportDigest {
  const transition = transitionOf(report);
  const qa = report.proposals.qaValidation;
  const whole: ReportDigest = {
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
  const short = fitted(whole, maxDigestBytes);
  if (short === whole || short.notes.includes(shortenedNote)) return short;
  return { ...short, notes: [shortenedNote, ...short.notes] };
}

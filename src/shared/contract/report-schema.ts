import { z } from 'zod';
import {
  evidenceResults,
  planningContracts,
  proposedKinds,
  qaDecisions,
  reopenCategories,
  reportStatuses,
  targetPhases,
  targetSteps,
  transitionOutcomes,
} from '../domain/report.js';

const maxTextLength = 20_000;
const maxListLength = 200;

const text = z.string().max(maxTextLength);
const optionalText = text.nullish();
const texts = z.array(text).max(maxListLength).nullish();
const required = text.min(1);

const workflowTransition = z.strictObject({
  outcome: z.enum(transitionOutcomes).nullish(),
  target_phase: z.enum(targetPhases).nullish(),
  target_step: z.enum(targetSteps).nullish(),
  requested_role: optionalText,
  reopen_category: z.enum(reopenCategories).nullish(),
  reason: optionalText,
  unresolved_items: texts,
  finalize_phase: z.boolean().nullish(),
});

const origin = z.strictObject({
  milestone_ref: optionalText,
  requirement_refs: texts,
  spec_refs: texts,
  research_refs: texts,
  request_id: optionalText,
});

const backlogItem = z.strictObject({
  backlog_id: optionalText,
  title: required,
  summary: optionalText,
  kind: z.enum(proposedKinds).nullish(),
  scope: optionalText,
  acceptance_criteria: texts,
  priority_rank: z.number().int().min(0).max(1_000_000).nullish(),
  depends_on: texts,
  milestone_title: optionalText,
  planned_in_sprint: z.boolean().nullish(),
  origin: origin.nullish(),
});

const backlogWrite = z.strictObject({ backlog_id: optionalText, artifact_path: optionalText, status: optionalText, changed_fields: texts });

const qaValidation = z.strictObject({
  methodology: z.literal('evidence_matrix'),
  decision: z.enum(qaDecisions),
  evidence_matrix: z
    .array(z.strictObject({ criterion: required, source: text, evidence: text, result: z.enum(evidenceResults) }))
    .max(maxListLength),
  passed_checks: texts,
  findings: texts,
  residual_risks: texts,
  not_checked: texts,
});

const controlAction = z.strictObject({
  kind: z.enum(['sprint_lifecycle', 'cancel_request', 'execute_action']),
  command: z.enum(['start', 'stop', 'restart', 'status']).nullish(),
  milestone_title: optionalText,
  kickoff_brief: optionalText,
  kickoff_requirements: texts,
  request_id: optionalText,
  action_name: optionalText,
  params: z
    .array(z.strictObject({ name: required, value: text }))
    .max(maxListLength)
    .nullish(),
});

const designFeedback = z.strictObject({
  entry_point: z.enum(['planning_route', 'message_readability', 'info_prioritization', 'ux_reopen']).nullish(),
  user_judgment: texts,
  message_priority: z.strictObject({ lead: optionalText, summary: optionalText, defer: optionalText }).nullish(),
  routing_rationale: optionalText,
  required_inputs: texts,
  acceptance_criteria: texts,
});

const sprintReportEntry = z.strictObject({
  title: required,
  why: optionalText,
  what_changed: optionalText,
  meaning: optionalText,
  how: optionalText,
  artifacts: texts,
  request_ids: texts,
});
const sprintReport = z.strictObject({
  headline: required,
  changes: z.array(sprintReportEntry).max(maxListLength).nullish(),
  timeline: texts,
  agent_contributions: z
    .array(z.strictObject({ role: required, summary: text, artifacts: texts }))
    .max(maxListLength)
    .nullish(),
  issues: texts,
  achievements: texts,
  highlight_artifacts: texts,
});

/** Proposals that have a shape; every other key is kept as JSON. */
export const knownProposals = {
  workflow_transition: workflowTransition.nullish(),
  required_inputs: texts,
  blocked_reason: optionalText,
  backlog_items: z.array(backlogItem).max(maxListLength).nullish(),
  backlog_writes: z.array(backlogWrite).max(maxListLength).nullish(),
  revised_milestone_title: optionalText,
  qa_validation: qaValidation.nullish(),
  request_handling: z.strictObject({ mode: z.literal('complete').nullish() }).nullish(),
  control_action: controlAction.nullish(),
  design_feedback: designFeedback.nullish(),
  sprint_report: sprintReport.nullish(),
  commit_message: optionalText,
};

const freeText = Object.fromEntries(planningContracts.map((key) => [key, optionalText]));
const everyRole = ['workflow_transition', 'required_inputs', 'blocked_reason'] as const;

/** What each role is offered in the schema of its answer, beside what every role is. Roles that are not listed get the common part. */
const offered: Readonly<Record<string, readonly (keyof typeof knownProposals)[]>> = {
  orchestrator: ['request_handling', 'control_action'],
  planner: ['backlog_items', 'backlog_writes', 'revised_milestone_title', 'sprint_report'],
  sourcer: ['backlog_items'],
  designer: ['design_feedback'],
  qa: ['qa_validation'],
  version_controller: ['commit_message'],
};

const topLevel = {
  request_id: optionalText,
  role: optionalText,
  status: z.enum(reportStatuses),
  summary: required,
  insights: texts,
  artifacts: texts,
  error: optionalText,
};

/** A report on the wire, after its aliases: strict but for the proposals' further keys. */
export const wireReport = z.strictObject({ ...topLevel, proposals: z.looseObject(knownProposals).nullish() });

export type WireReport = z.infer<typeof wireReport>;

/** What a role's answer is asked to look like; narrower than what is accepted. */
export function answerSchema(role: string): z.ZodType {
  const keys = [...everyRole, ...(offered[role] ?? [])];
  const known = Object.fromEntries(keys.map((key) => [key, knownProposals[key]]));
  return z.strictObject({ ...topLevel, proposals: z.strictObject({ ...known, ...(role === 'planner' ? freeText : {}) }) });
}
